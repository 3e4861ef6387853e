import { day_ms, minute_ms } from "@evx/kernel";

/** What is added up: grams, minor units of the venue's currency, seconds, or counts. */
export const metrics = [
  "users",
  "joined_ev_owner",
  "joined_buyer",
  "joined_cva",
  "joined_admin",
  "cars",
  "requests",
  "issued_g",
  "listings",
  "sold_g",
  "bought_g",
  "retired_g",
  "sales",
  "purchases",
  "gross_minor",
  "platform_fee_minor",
  "cva_fee_minor",
  "net_minor",
  "spent_minor",
  "paid_out_minor",
  "disputes",
  "decided",
  "approved",
  "rejected",
  "reviewed_trips",
  "refused_trips",
  "approved_g",
  "review_s",
] as const;

export type Metric = (typeof metrics)[number];

export type Sums = Record<Metric, bigint>;

/** The subject of the venue's own sums; every other one is a person or a vehicle. */
export const venue = "venue";

/** Sums are kept by the quarter of an hour: no zone's midnight lies within one. */
const quarter_ms = 15 * minute_ms;

export const quarterOf = (at: Date): Date => new Date(Math.floor(at.getTime() / quarter_ms) * quarter_ms);

export const noSums = (): Sums => Object.fromEntries(metrics.map((metric) => [metric, 0n])) as Sums;

type Row = { period: string; metric: string; amount: bigint };

const isMetric = (name: string): name is Metric => (metrics as readonly string[]).includes(name);

/** All rows as one sum. */
export const sumsOf = (rows: readonly Row[]): Sums => {
  const sums = noSums();
  for (const { metric, amount } of rows) if (isMetric(metric)) sums[metric] += amount;
  return sums;
};

/** Rows by period, in their order; periods in which nothing happened are left out. */
export const byPeriod = (rows: readonly Row[]): Map<string, Sums> => {
  const found = new Map<string, Sums>();
  for (const { period, metric, amount } of rows) {
    const sums = found.get(period) ?? noSums();
    if (isMetric(metric)) sums[metric] += amount;
    found.set(period, sums);
  }
  return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
};

export const steps = ["day", "month", "year"] as const;
export type Step = (typeof steps)[number];

/** How long a period may be at most, by what it is divided into: so that a page has an end. */
export const mostYears = 10;
export const mostDays = 3 * 366;

/** What is asked for, whole: both days included; null is open. */
export type Period = {
  readonly from: string | null;
  readonly to: string | null;
  readonly zone: string;
  readonly by: Step;
};

const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / day_ms) + 1;

export type PeriodFault =
  | { code: "backwards" }
  | { code: "ahead"; today: string }
  | { code: "too_long"; years: number }
  | { code: "too_fine"; days: number };

/** What is wrong with a period, or null. `today` ends one that is open. */
export const faultOf = ({ from, to, by }: Period, today: string): PeriodFault | null => {
  const last = to ?? today;
  if (from !== null && to !== null && from > to) return { code: "backwards" };
  if (from === null) return null;
  if (from > today) return { code: "ahead", today };
  const days = daysBetween(from, last);
  if (days > mostYears * 366) return { code: "too_long", years: Math.round(days / 365.25) };
  return by === "day" && days > mostDays ? { code: "too_fine", days } : null;
};
