import { expect, test } from "bun:test";
import { canCancel, standing } from "./listing-state.ts";

const listing = { status: "active", bidCount: 0, creditsRemaining: "0.100000" } as const;

test("only what nobody bids on or has ordered whole can be withdrawn", () => {
  expect(canCancel(listing)).toBe(true);
  expect(canCancel({ ...listing, bidCount: 1 })).toBe(false);
  expect(canCancel({ ...listing, creditsRemaining: "0.000000" })).toBe(false);
  expect(canCancel({ ...listing, status: "sold" })).toBe(false);
});

test("a listing that is wholly ordered waits; a sold one is sold", () => {
  expect(standing(listing)).toBe("active");
  expect(standing({ ...listing, creditsRemaining: "0.000000" })).toBe("waiting");
  expect(standing({ ...listing, status: "sold", creditsRemaining: "0.000000" })).toBe("sold");
});
