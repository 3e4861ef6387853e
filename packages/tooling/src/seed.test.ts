import { expect, test } from "bun:test";
import fc from "./properties.ts";
import { seedOf } from "./seed.ts";

test("without a wish every machine plays the same sequences", () => {
  expect(seedOf(undefined)).toBe(seedOf(""));
  const played = () => fc.sample(fc.integer(), { numRuns: 5, seed: fc.readConfigureGlobal().seed });
  expect(played()).toEqual(played());
});

test("a number is played as it is, also a negative one, as fast-check prints them", () => {
  expect([seedOf("7"), seedOf("-1450187312")]).toEqual([7, -1_450_187_312]);
});

test("random is another each time, and what is no seed is refused", () => {
  expect(new Set(Array.from({ length: 20 }, () => seedOf("random"))).size).toBeGreaterThan(15);
  for (const given of ["x", "1.5", "4294967296"])
    expect(() => seedOf(given)).toThrow("SEED is a whole number");
});

test("a failing property prints the seed that it played", () => {
  const failing = () => fc.assert(fc.property(fc.integer(), () => false));
  expect(failing).toThrow(`seed: ${fc.readConfigureGlobal().seed}`);
});
