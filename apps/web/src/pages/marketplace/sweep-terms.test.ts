import { expect, test } from "bun:test";
import { askOf, canAsk, emptyTerms, termsIn } from "./sweep-terms.ts";

test("what was left empty is not asked for", () => {
  expect(askOf({ ...emptyTerms, credits: "12.5", maxPrice: "17", vintageFrom: "2025" })).toEqual({
    creditsAmount: "12.5",
    maxPrice: "17",
    vintageFrom: "2025",
  });
});

test("an address that makes no sense asks for nothing of it", () => {
  const terms = termsIn({ credits: "12.5", vintageFrom: "soon", country: "vn", quality: "best" });
  expect(terms).toEqual({ ...emptyTerms, credits: "12.5" });
  expect(canAsk(terms)).toBe(true);
  expect(canAsk(termsIn({ credits: "0" }))).toBe(false);
  expect(canAsk(termsIn({ credits: "0.0000001" }))).toBe(false);
});
