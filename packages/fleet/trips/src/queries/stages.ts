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

/**
 * Months in which a request holds trips: of those that the totals name, each looked into by its key until the first such
 * trip. As `exists` it was planned as a join, which read all trips of all months.
 */
export const monthsHeld = async (db: Db, carId: bigint, requestId: Id<"request">): Promise<string[]> => {
  const { rows } = await sql<{ month: string }>`
    select m.month::text from (select distinct month from vehicles.month_total where car_id = ${carId}) m
    cross join lateral (select from vehicles.trip t
      where t.car_id = ${carId} and t.month = m.month and t.request_id = ${requestId} order by t.id limit 1) held
    order by 1`.execute(db);
  return rows.map(({ month }) => month);
};

/** Free trips of vehicles by the year, of each one's zone, in which they started: all vehicles in one statement. */
export const freeByYear = async (
  db: Db,
  of: readonly { id: Id<"vehicle">; car_id: bigint; zone: string }[],
): Promise<{ id: Id<"vehicle">; year: number; trips: number }[]> => {
  if (of.length === 0) return [];
  const { rows } = await sql<{ id: Id<"vehicle">; year: number; trips: number }>`
    select v.id, free.year, free.trips
    from unnest(${of.map(({ id }) => id)}::text[], ${of.map(({ car_id }) => car_id)}::bigint[],
      ${of.map(({ zone }) => zone)}::text[]) v(id, car_id, zone)
    cross join lateral (
      select extract(year from t.started_at at time zone v.zone)::int as year, count(*)::int as trips
      from vehicles.trip t
      where t.car_id = v.car_id and t.vehicle_id = v.id and t.status in ('recorded', 'released')
      group by 1) free
    order by 1, 2`.execute(db);
  return rows;
};
