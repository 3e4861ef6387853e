import { expect, test } from "bun:test";
import { type Bidding, bidProblem, mostOf, namedBids, rungsOf } from "./bidding.ts";

const bidding: Bidding = { currency: "USD", minimum: "12.00", creditsAmount: "0.500000", leads: false };

test("a bid under the least is low, the least itself is not", () => {
  expect(bidProblem("11.99", bidding)).toBe("low");
  expect(bidProblem("12.00", bidding)).toBeNull();
});

test("who leads may name any amount: the server judges a raise", () => {
  expect(bidProblem("0.01", { ...bidding, leads: true })).toBeNull();
});

test("what is no amount is said to be unreadable, also to who leads", () => {
  for (const typed of ["", "abc", "-5", "1.234"])
    expect([typed, bidProblem(typed, { ...bidding, leads: true })]).toEqual([typed, "unreadable"]);
});

test("the most that a bid can cost is the whole lot at that price, and nothing while it cannot be read", () => {
  expect(mostOf("13.00", bidding)).toBe("6.50");
  expect(mostOf("", bidding)).toBeNull();
});

test("the same amount again is the same bid; another amount is another", () => {
  let made = 0;
  const idOf = namedBids(() => `bid_${++made}`);
  const first = idOf("12.00");
  expect(idOf("12.00")).toBe(first);
  const second = idOf("13.00");
  expect(second).not.toBe(first);
  expect(idOf("12.00")).not.toBe(first);
});

test("a ladder begins at the least that is heard, and goes on by the step that led there", () => {
  expect(rungsOf({ price: "15.36", minimum: "15.52", currency: "USD" })).toEqual([
    "15.52",
    "15.68",
    "15.84",
    "16.00",
  ]);
  expect(rungsOf({ price: null, minimum: "10.00", currency: "USD" })[1]).toBe("10.50");
  expect(rungsOf({ price: null, minimum: "9", currency: "VND" })).toEqual(["9", "10", "11", "12"]);
});
