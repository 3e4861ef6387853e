/** What is added up for a person, by month. Amounts are grams or minor units of the venue's currency, or counts. */
export const personalMetrics = [
  "issued_g",
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
] as const;

export type PersonalMetric = (typeof personalMetrics)[number];

/** What is added up for the venue, by month. */
export const platformMetrics = [
  "users",
  "issued_g",
  "traded_g",
  "retired_g",
  "trades",
  "volume_minor",
  "platform_fee_minor",
  "cva_fee_minor",
  "disputes",
] as const;

export type PlatformMetric = (typeof platformMetrics)[number];

/** The month of a moment in UTC: "2026-03". */
export const monthOf = (at: Date): string => at.toISOString().slice(0, 7);

export type Sums<M extends string> = Record<M, bigint>;

/** All metrics at zero, then the given ones added. */
export const sumsOf = <M extends string>(
  metrics: readonly M[],
  rows: readonly { metric: string; amount: bigint }[],
): Sums<M> => {
  const sums = Object.fromEntries(metrics.map((metric) => [metric, 0n])) as Sums<M>;
  for (const { metric, amount } of rows) if (Object.hasOwn(sums, metric)) sums[metric as M] += amount;
  return sums;
};

/** Rows by month, oldest first; months in which nothing happened are left out. */
export const byMonth = <M extends string>(
  metrics: readonly M[],
  rows: readonly { month: string; metric: string; amount: bigint }[],
): { month: string; sums: Sums<M> }[] =>
  [...new Set(rows.map(({ month }) => month))].sort().map((month) => ({
    month,
    sums: sumsOf(
      metrics,
      rows.filter((row) => row.month === month),
    ),
  }));
