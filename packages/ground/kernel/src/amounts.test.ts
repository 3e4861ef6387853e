import { describe, expect, test } from "bun:test";
import fc from "@evx/tooling/properties";
import { creditsFromGrams, gramsFromCredits } from "./grams.ts";
import { divideHalfEven, minorFromText, priceOf, shareOf, splitByWeights, textFromMinor } from "./money.ts";

const amount = fc.bigInt({ min: 0n, max: 10n ** 17n });

describe("grams", () => {
  test("credits written out are read back to the gram", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 17n }),
        (grams) => gramsFromCredits(creditsFromGrams(grams)) === grams,
      ),
    );
  });
  test("one credit is a million grams and six decimals are exact", () => {
    expect(gramsFromCredits("1")).toBe(1_000_000n);
    expect(gramsFromCredits("0.1")).toBe(100_000n);
    expect(creditsFromGrams(100_000n)).toBe("0.100000");
    expect(creditsFromGrams(-1n)).toBe("-0.000001");
  });
  test("anything but a plain decimal with at most six places is not credits", () => {
    for (const text of [
      "",
      "-1",
      "+1",
      "1e3",
      "0.1234567",
      "1.",
      ".5",
      " 1",
      "1,5",
      "NaN",
      "9".repeat(13),
      "٣",
    ])
      expect(gramsFromCredits(text)).toBeNull();
  });
});

describe("money", () => {
  test("an amount written out is read back to the minor unit, in currencies with and without one", () => {
    for (const currency of ["USD", "VND"] as const)
      fc.assert(
        fc.property(
          fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }),
          (minor) => minorFromText(textFromMinor(minor, currency), currency) === minor,
        ),
      );
  });
  test("more decimals than the currency has are refused unless they are zeros", () => {
    expect(minorFromText("12.345", "USD")).toBeNull();
    expect(minorFromText("12.340", "USD")).toBe(1234n);
    expect(minorFromText("12.5", "VND")).toBeNull();
    expect(minorFromText("1200000", "VND")).toBe(1_200_000n);
  });
  test("halves go to the even neighbour, on both sides of zero", () => {
    expect([5n, 15n, 25n, -5n, -15n, 14n, 16n].map((n) => divideHalfEven(n, 10n))).toEqual([
      0n,
      2n,
      2n,
      0n,
      -2n,
      1n,
      2n,
    ]);
  });
  test("a price is rounded once and is never off by more than half a unit", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 12n }),
        fc.bigInt({ min: 1n, max: 10n ** 8n }),
        (grams, price) => {
          const error = priceOf(grams, price) * 1_000_000n - grams * price;
          return error <= 500_000n && error >= -500_000n;
        },
      ),
    );
    expect(priceOf(100_000n, 1234n)).toBe(123n);
    expect(shareOf(10_000n, 250)).toBe(250n);
  });
  test("parts by weight sum to the whole, and none is off by a unit or more", () => {
    fc.assert(
      fc.property(
        amount,
        fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 20 }),
        (whole, weights) => {
          const sum = weights.reduce((total, weight) => total + weight, 0n);
          fc.pre(sum > 0n);
          const parts = splitByWeights(whole, weights);
          expect(parts.reduce((total, part) => total + part, 0n)).toBe(whole);
          parts.forEach((part, index) => {
            const off = part * sum - whole * (weights[index] as bigint);
            expect(off < sum && off > -sum).toBe(true);
          });
        },
      ),
    );
  });
});
