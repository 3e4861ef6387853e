import { expect, test } from "bun:test";
import type { Format } from "../../lib/format.ts";
import { pointsOf } from "./periods.ts";

const f = { period: (period: string, length?: string) => `${length ?? "short"} ${period}` } as Format;
const labels = (periods: string[], most: number) =>
  pointsOf(
    periods.map((period) => ({ period, co2SavedKg: 5 })),
    most,
    f,
  ).map(({ label, value }) => [label, value]);

test("a month in which nobody drove is a bar of nothing, also across the turn of a year", () => {
  expect(labels(["2025-11", "2026-02"], 12)).toEqual([
    ["short 2025-11", 5],
    ["short 2025-12", 0],
    ["2026", 0],
    ["short 2026-02", 5],
  ]);
});

test("days go on over the end of a month, and over a leap day", () => {
  expect(labels(["2024-02-28", "2024-03-01"], 10).map(([label]) => label)).toEqual([
    "short 2024-02-28",
    "short 2024-02-29",
    "short 2024-03-01",
  ]);
});

test("only the last ones are shown, and nothing of nothing", () => {
  expect(labels(["2020", "2026"], 2).map(([label]) => label)).toEqual(["short 2025", "short 2026"]);
  expect(labels([], 12)).toEqual([]);
});
