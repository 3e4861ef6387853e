import { expect, test } from "bun:test";
import { againPath, canCancel, canReprice, standing } from "./listing-state.ts";

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

test("what is listed again begins with what was not sold, its price and its kind", () => {
  const ended = {
    listingType: "fixed",
    creditsAmount: "1.500000",
    sold: "0.250000",
    pricePerCredit: "12.00",
  } as const;
  expect(againPath(ended)).toBe("/owner/listings/new?credits=1.25&price=12.00&type=fixed");
  expect(againPath({ ...ended, sold: "0.500000" })).toContain("credits=1&");
});

test("a price changes while nothing is ordered, and an auction's never", () => {
  const row = {
    status: "active",
    listingType: "fixed",
    creditsAmount: "1.000000",
    creditsRemaining: "1.000000",
  } as const;
  expect(canReprice(row)).toBe(true);
  expect(canReprice({ ...row, creditsRemaining: "0.900000" })).toBe(false);
  expect(canReprice({ ...row, listingType: "auction" })).toBe(false);
});
