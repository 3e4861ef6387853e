import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import { sql } from "kysely";
import { monthOf } from "../trip-ids.ts";

/** Months in which a vehicle has trips that no request holds, from the running totals. */
export const freeMonths = async (
  db: Db,
  of: { carId: bigint; vehicleId: Id<"vehicle">; from: Date | null; to: Date | null },
): Promise<{ month: string; trips: number }[]> => {
  const rows = await db
    .selectFrom("vehicles.month_total")
    .select([sql<string>`month::text`.as("month"), sql<number>`(trips - claimed_trips)::int`.as("trips")])
    .where("car_id", "=", of.carId)
    .where("vehicle_id", "=", of.vehicleId)
    .where(sql<boolean>`trips > claimed_trips`)
    .$if(of.from !== null, (query) => query.where("month", ">=", monthOf((of.from as Date).getTime())))
    .$if(of.to !== null, (query) => query.where("month", "<=", monthOf((of.to as Date).getTime())))
    .orderBy("month")
    .execute();
  return rows;
};

/** Months in which a request holds trips. */
export const monthsHeld = async (db: Db, carId: bigint, requestId: Id<"request">): Promise<string[]> => {
  const rows = await db
    .selectFrom("vehicles.trip")
    .select(sql<string>`month::text`.as("month"))
    .distinct()
    .where("car_id", "=", carId)
    .where("request_id", "=", requestId)
    .orderBy("month")
    .execute();
  return rows.map(({ month }) => month);
};

/** Free trips of a vehicle by the year of a zone in which they started. */
export const freeByYear = async (
  db: Db,
  of: { id: Id<"vehicle">; carId: bigint; zone: string },
): Promise<{ year: number; trips: number }[]> => {
  const { rows } = await sql<{ year: number; trips: number }>`
    select extract(year from started_at at time zone ${of.zone})::int as year, count(*)::int as trips
    from vehicles.trip
    where car_id = ${of.carId} and vehicle_id = ${of.id} and status in ('recorded', 'released')
    group by 1 order by 1`.execute(db);
  return rows;
};
