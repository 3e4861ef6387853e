import { expect, test } from "bun:test";
import { leftOf } from "./left.ts";

const detail = (refusedTrips: number, trips: [number, boolean][]) => ({
  request: { creditsRequested: "0.012345" },
  refusedTrips,
  trips: trips.map(([co2SavedKg, refused]) => ({
    co2SavedKg,
    rejection: refused ? { reason: "other" } : null,
  })),
});

test("what is left is the request less its refused trips, to the gram", () => {
  expect(
    leftOf(
      detail(1, [
        [4.001, true],
        [8.344, false],
      ]),
    ),
  ).toBe("0.008344");
  expect(leftOf(detail(0, [[4.001, false]]))).toBe("0.012345");
});

test("no sum is said while a refused trip is not known here", () => {
  expect(leftOf(detail(2, [[4.001, true]]))).toBeNull();
});
