import { expect, test } from "bun:test";
import { formatDecimal, readDecimal } from "./decimal.ts";

test("numbers are read as the reader's locale writes them", () => {
  expect(readDecimal("1,200.5", "en-US")).toBe("1200.5");
  expect(readDecimal("1.200,5", "vi-VN")).toBe("1200.5");
  expect(readDecimal("1.200.000", "vi-VN")).toBe("1200000");
  expect(readDecimal("1 200,5", "vi-VN")).toBe("1200.5");
});

test("the other convention's mark is a decimal mark where it cannot be grouping", () => {
  expect(readDecimal("0.5", "vi-VN")).toBe("0.5");
  expect(readDecimal("0.500", "vi-VN")).toBe("0.500");
  expect(readDecimal("12.34", "vi-VN")).toBe("12.34");
  expect(readDecimal("0,5", "en-US")).toBe("0.5");
});

test("what is no number is refused, not guessed", () => {
  for (const text of ["abc", "1e5", "-1", "1.2.3", "1,2,3", "12 kg", "."])
    expect(readDecimal(text, "en-US")).toBeNull();
  expect(readDecimal("", "en-US")).toBe("");
});

test("typing in steps never loses a digit", () => {
  expect(readDecimal("5.", "en-US")).toBe("5");
  expect(readDecimal(".5", "en-US")).toBe("0.5");
});

test("writing keeps every digit, far beyond what a float holds", () => {
  expect(formatDecimal("12345678901234567890.123456", "en-US")).toBe("12,345,678,901,234,567,890.123456");
  expect(formatDecimal("1200.50", "vi-VN")).toBe("1.200,50");
  expect(formatDecimal("not a number", "en-US")).toBe("not a number");
});
