import { expect, test } from "bun:test";
import { earningsFor, gramsFor } from "./estimate.ts";

const basis = { gramsPer10000km: "1000000", platformFeePercent: 2.5, cvaFeePercent: 1 };

test("kilometres become grams by the method in force, and grams money by the price, less both fees", () => {
  expect(gramsFor(12_400, basis)).toBe(1_240_000n);
  expect(earningsFor(1_240_000n, "16.38", basis)).toBe("19.60");
  expect(earningsFor(1_000_000n, "100.00", basis)).toBe("96.50");
});

test("a currency without decimals stays without, nothing is nothing, and cents are rounded down", () => {
  expect(earningsFor(1_240_000n, "430000", basis)).toBe("514538");
  expect(earningsFor(0n, "16.38", basis)).toBe("0.00");
  expect(earningsFor(1_000n, "16.38", basis)).toBe("0.01");
});
