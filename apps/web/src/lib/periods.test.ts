import { expect, test } from "bun:test";
import type { Format } from "./format.ts";
import { pointsOf } from "./periods.ts";

const f = { period: (period: string) => period } as Format;
const points = (periods: string[], most: number) =>
  pointsOf(
    periods.map((period) => ({ period, kg: 5 })),
    most,
    f,
    ({ kg }) => kg,
  );
const values = (periods: string[], most: number) =>
  points(periods, most).map(({ heading, value }) => [heading, value]);

test("a month in which nobody drove is a bar of nothing, also across the turn of a year", () => {
  expect(values(["2025-11", "2026-02"], 12)).toEqual([
    ["2025-11", 5],
    ["2025-12", 0],
    ["2026-01", 0],
    ["2026-02", 5],
  ]);
});

test("days go on over the end of a month, and over a leap day", () => {
  expect(points(["2024-02-28", "2024-03-01"], 10).map(({ heading }) => heading)).toEqual([
    "2024-02-28",
    "2024-02-29",
    "2024-03-01",
  ]);
});

test("each period ends where the next begins, whatever its length", () => {
  const spans = points(["2024-01", "2024-04"], 12);
  expect(spans.slice(1).map(({ from }) => from)).toEqual(spans.slice(0, -1).map(({ to }) => to ?? 0));
  expect(spans.map(({ from, to = 0 }) => (to - from) / 86_400_000)).toEqual([31, 29, 31, 30]);
});

test("only the last ones are shown, and nothing of nothing", () => {
  expect(points(["2020", "2026"], 2).map(({ heading }) => heading)).toEqual(["2025", "2026"]);
  expect(points([], 12)).toEqual([]);
});
