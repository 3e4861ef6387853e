import type { TimePoint } from "@evx/ui";
import type { Format } from "./format.ts";

type Period = { period: string };

/** "2026-03-09", "2026-03" or "2026" as moved by so many days, months or years. */
const moved = (period: string, by: number): string => {
  const [year = 0, month, day] = period.split("-").map(Number);
  if (month === undefined) return String(year + by);
  if (day === undefined) return new Date(Date.UTC(year, month - 1 + by, 1)).toISOString().slice(0, 7);
  return new Date(Date.UTC(year, month - 1, day + by)).toISOString().slice(0, 10);
};

const beginning = (period: string): number => {
  const [year = 0, month = 1, day = 1] = period.split("-").map(Number);
  return Date.UTC(year, month - 1, day);
};

/** Where a day, a month or a year begins and ends on a chart's axis, and its name. */
export const spanOf = (period: string, f: Format) => ({
  from: beginning(period),
  to: beginning(moved(period, 1)),
  heading: f.period(period, "long"),
});

/**
 * The last periods up to the newest one that is known, as points of a chart. A period between two that are known
 * counts as nothing: nobody drove, nobody bought.
 */
export const pointsOf = <Row extends Period>(
  series: readonly Row[],
  most: number,
  f: Format,
  value: (row: Row) => number,
): TimePoint[] => {
  const known = new Map(series.map((row) => [row.period, row]));
  const [first, last] = [series[0]?.period, series.at(-1)?.period];
  if (first === undefined || last === undefined) return [];
  const points: TimePoint[] = [];
  for (let period = last; points.length < most && period >= first; period = moved(period, -1)) {
    const row = known.get(period);
    points.unshift({ ...spanOf(period, f), value: row ? value(row) : 0 });
  }
  return points;
};
