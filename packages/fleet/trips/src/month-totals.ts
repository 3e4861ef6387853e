import type { Db } from "@evx/db";
import { allVehiclesOfOwner } from "@evx/garage";
import type { Grams, Id } from "@evx/kernel";
import { monthTotalRows } from "./queries/totals.ts";

/** A month's sums over vehicles, each one's month in its own zone; `month` is "2026-03". */
export type MonthTotal = {
  month: string;
  trips: number;
  distance_m: bigint;
  energy_wh: bigint;
  co2_g: Grams;
  claimed_co2_g: Grams;
};

/** Which vehicles are summed up, and which months ("2026-03-01", both inclusive). All of them where nothing is said. */
export type MonthTotalsInput = {
  vehicleIds?: readonly Id<"vehicle">[];
  ownerId?: Id<"user">;
  from?: string;
  to?: string;
};

/** Month sums of an owner's vehicles, of named ones, or of all; what they cost does not depend on how many trips there are. */
export const monthTotals = async (
  db: Db,
  { ownerId, ...filter }: MonthTotalsInput = {},
): Promise<MonthTotal[]> =>
  monthTotalRows(db, {
    ...filter,
    ...(ownerId === undefined ? {} : { vehicles: await allVehiclesOfOwner(db, ownerId) }),
  });
