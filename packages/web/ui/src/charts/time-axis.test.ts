import { expect, test } from "bun:test";
import { scaleUtc } from "d3-scale";
import { timeTicks } from "./time-axis.ts";

const day = (month: number, date: number) => Date.UTC(2026, month - 1, date);

test("the last label ends at the edge and does not run into the one before", () => {
  const LABEL = 64;
  const days = [day(1, 10), day(3, 13), day(6, 28), day(10, 22), day(11, 24)];
  const x = scaleUtc([day(1, 10), day(11, 27)], [40, 680]);
  const centres = timeTicks(days, x, "vi", LABEL).map(({ at }) => Math.min(x(at), 680 - LABEL / 2));
  expect(centres.length).toBeGreaterThan(2);
  for (const [place, centre] of centres.slice(1).entries())
    expect(centre - (centres[place] ?? 0)).toBeGreaterThanOrEqual(LABEL);
});

test("days with holes between them are not named in turn: round moments stand where they fall", () => {
  const x = scaleUtc([day(1, 1), day(12, 31)], [40, 900]);
  const days = [3, 5, 12, 40, 41, 44, 90, 97, 99, 140, 150, 152, 200, 230, 231, 280, 300, 305, 330, 350];
  const ticks = timeTicks(
    days.map((date) => day(1, date)),
    x,
    "en",
    64,
  );
  expect(ticks.map(({ label }) => label)).toContain("Oct");
  expect(ticks.every(({ at }) => new Date(at).getUTCDate() === 1)).toBe(true);
});

test("a Vietnamese axis numbers its months, the first with its year", () => {
  const months = [7, 8, 9, 10].map((month) => Date.UTC(2026, month, 1));
  const x = scaleUtc([Date.UTC(2026, 7, 1), Date.UTC(2026, 11, 1)], [60, 680]);
  expect(timeTicks(months, x, "vi", 64).map(({ label }) => label)).toEqual(["T8/2026", "T9", "T10", "T11"]);
});
