import { expect, test } from "bun:test";
import { chanceAt } from "./chance-at.ts";

const curve = [
  { pricePerCredit: "10.00", chance: 0.8 },
  { pricePerCredit: "12.00", chance: 0.4 },
];

test("a chance lies straight between the points of its curve and stays at its ends", () => {
  expect([8, 10, 11, 12, 20].map((price) => chanceAt(curve, price))).toEqual([
    0.8, 0.8, 0.6000000000000001, 0.4, 0.4,
  ]);
  expect(chanceAt([], 10)).toBe(0);
});
