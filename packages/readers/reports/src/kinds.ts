/** The kinds of rows that are counted. */
export const kinds = [
  "users",
  "cars",
  "requests",
  "decisions",
  "batches",
  "listings",
  "sales",
  "retirements",
  "payouts",
  "disputes",
  "objections",
] as const;

export type Kind = (typeof kinds)[number];
