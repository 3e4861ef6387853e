import { expect, test } from "bun:test";
import { amountOf, minorOf, totalText } from "./amounts.ts";

test("an amount is more than nothing and has at most six decimals", () => {
  expect(amountOf("0.000001")).toBe(1n);
  expect(amountOf("12")).toBe(12_000_000n);
  for (const typed of ["", "0", "0.000000", "-1", "1.0000001", "1e3", " 1", "1,5"])
    expect([typed, amountOf(typed)]).toEqual([typed, null]);
});

test("money is read in what its currency can write, and in no currency that is unknown", () => {
  expect(minorOf("12.34", "USD")).toBe(1_234n);
  expect(minorOf("12.345", "USD")).toBeNull();
  expect(minorOf("100000", "VND")).toBe(100_000n);
  expect(minorOf("1.00", "ZZZ")).toBeNull();
});

test("a total is computed as the order will be, to the minor unit, however large", () => {
  expect(totalText("0.500000", "13.00", "USD")).toBe("6.50");
  expect(totalText("900000000.000001", "9999999.99", "USD")).toBe("8999999991000010.00");
  expect(totalText("1", "a lot", "USD")).toBe("");
});
