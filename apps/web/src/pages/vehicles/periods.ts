import type { Format } from "../../lib/format.ts";

type Period = { period: string; co2SavedKg: number };

/** The period before "2026-03-09", "2026-03" or "2026". */
const before = (period: string): string => {
  const [year = 0, month, day] = period.split("-").map(Number);
  if (month === undefined) return String(year - 1);
  if (day === undefined) return new Date(Date.UTC(year, month - 2, 1)).toISOString().slice(0, 7);
  return new Date(Date.UTC(year, month - 1, day - 1)).toISOString().slice(0, 10);
};

/**
 * The last periods up to the newest one with trips, without a hole: a month in which nobody drove is a bar of
 * nothing, not a month that is left out.
 */
const lastPeriods = (series: readonly Period[], most: number): Period[] => {
  const known = new Map(series.map((row) => [row.period, row]));
  const [first, last] = [series[0]?.period, series.at(-1)?.period];
  if (first === undefined || last === undefined) return [];
  const periods: Period[] = [];
  for (let period = last; periods.length < most && period >= first; period = before(period)) {
    periods.unshift(known.get(period) ?? { period, co2SavedKg: 0 });
  }
  return periods;
};

/** Points of a chart of savings; a January says its year, so that months of several years are told apart. */
export const pointsOf = (series: readonly Period[], most: number, f: Format) =>
  lastPeriods(series, most).map((row) => ({
    label: /^\d{4}-01$/.test(row.period) ? row.period.slice(0, 4) : f.period(row.period),
    heading: f.period(row.period, "long"),
    value: row.co2SavedKg,
  }));
