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
