import { expect, test } from "bun:test";
import { clipped, rangeOf } from "./ranges.ts";

test("a serial number names its batch and its grams; what is none names nothing", () => {
  expect(rangeOf("EVX-VN-flat-v1-2026-000009-1-30000")).toEqual({ batch: "000009", from: 1n, to: 30_000n });
  expect(rangeOf("EVX-VN-flat-v1")).toBeNull();
});

test("of a batch's runs those parts remain that lie within the range", () => {
  const runs = [
    { grams: 100n, state: "held" },
    { grams: 50n, state: "listed" },
    { grams: 50n, state: "retired" },
  ] as const;
  expect(clipped(runs, { batch: "000001", from: 91n, to: 160n })).toEqual([
    { grams: 10n, state: "held" },
    { grams: 50n, state: "listed" },
    { grams: 10n, state: "retired" },
  ]);
  expect(clipped(runs, { batch: "000001", from: 101n, to: 150n })).toEqual([{ grams: 50n, state: "listed" }]);
});
