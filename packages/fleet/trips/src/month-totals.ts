import type { Db } from "@evx/db";
import { allVehiclesOfOwner } from "@evx/garage";
import type { Grams, Id } from "@evx/kernel";
import { type Days, monthTotalRows, periodRows, vehicleRows } from "./queries/totals.ts";
import { tripPage } from "./queries/trip-pages.ts";

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

/** What vehicles drove between two days of their zones, together by day, month or year, and each by itself. */
export const driven = async (
  db: Db,
  vehicles: readonly { id: Id<"vehicle">; car_id: bigint }[],
  { by, ...days }: Days & { by: "day" | "month" | "year" },
) => {
  const [series, each] = await Promise.all([
    periodRows(db, vehicles, by, days),
    vehicleRows(db, vehicles, days),
  ]);
  return { series, each: new Map(each.map((row) => [row.id, row])) };
};

/** A vehicle's trips that began between two moments, the oldest first, in portions. */
export async function* tripsWithin(
  db: Db,
  { id, car_id }: { id: Id<"vehicle">; car_id: bigint },
  within: { from: Date; to: Date },
  portion: number,
) {
  const all = { status: null, flagged: null, importId: null, oldestFirst: true } as const;
  for (let after: Id<"trip"> | null = null; ; ) {
    const filter = { ...all, ...within, carId: car_id, vehicleId: id };
    const rows: Awaited<ReturnType<typeof tripPage>> = await tripPage(db, filter, portion, after);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < portion) return;
    after = last.id;
  }
}
