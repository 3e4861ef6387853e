import type { Db } from "@evx/db";
import type { Grams } from "@evx/kernel";
import { type MonthTotalFilter, monthTotalRows } from "./queries/totals.ts";

/** A month's sums over vehicles; `month` is "2026-03" (UTC). */
export type MonthTotal = {
  month: string;
  trips: number;
  distance_m: bigint;
  energy_wh: bigint;
  co2_g: Grams;
  claimed_co2_g: Grams;
};

/** Month sums of an owner's vehicles, of named ones, or of all; what they cost does not depend on how many trips there are. */
export const monthTotals = (db: Db, filter: MonthTotalFilter = {}): Promise<MonthTotal[]> =>
  monthTotalRows(db, filter);
