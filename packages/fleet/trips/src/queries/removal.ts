import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { type RawBuilder, sql } from "kysely";
import { monthOf } from "../trip-ids.ts";
import { dropPages } from "./prints.ts";
import { zoneHere } from "./totals.ts";

/** How many of an import's trips a request holds. */
export const claimedOfImport = async (db: Db, carId: bigint, id: Id<"import">): Promise<number> => {
  const row = await db
    .selectFrom("vehicles.trip")
    .select(sql<number>`count(*)::int`.as("trips"))
    .where("car_id", "=", carId)
    .where("import_id", "=", id)
    .where("request_id", "is not", null)
    .executeTakeFirstOrThrow();
  return row.trips;
};

/** Takes an import's trips back, with their tracks and what they added to the running totals. */
export const removeTripsOfImport = async (
  tx: Tx,
  of: { carId: bigint; vehicleId: Id<"vehicle">; importId: Id<"import"> },
): Promise<number> => {
  await dropPages(tx, of);
  return removeTrips(tx, of, sql`import_id = ${of.importId}`);
};

/** Takes back a vehicle's trips that end after a moment, as those after a hand-over. None of them may be claimed. */
export const removeTripsAfter = (
  tx: Tx,
  of: { carId: bigint; vehicleId: Id<"vehicle">; at: Date },
): Promise<number> =>
  removeTrips(
    tx,
    of,
    sql`ended_at > ${of.at} and month >= ${monthOf(of.at.getTime())}::date - interval '1 month'`,
  );

const removeTrips = async (
  tx: Tx,
  of: { carId: bigint; vehicleId: Id<"vehicle"> },
  which: RawBuilder<unknown>,
): Promise<number> => {
  const { rows } = await sql<{ trips: number }>`
    with gone as (
      delete from vehicles.trip where car_id = ${of.carId} and vehicle_id = ${of.vehicleId} and ${which}
      returning month, id, (started_at at time zone 'UTC')::date as day, started_at, distance_m, energy_wh, co2_g),
    tracks as (
      delete from vehicles.track t using gone where t.car_id = ${of.carId} and t.month = gone.month and t.trip_id = gone.id),
    local_days as (
      update vehicles.local_day_total d set trips = d.trips - s.trips, distance_m = d.distance_m - s.distance_m,
        energy_wh = d.energy_wh - s.energy_wh, co2_g = d.co2_g - s.co2_g
      from (select vehicles.local_day(started_at, here.zone) as day, count(*)::int as trips, sum(distance_m)::int8 as distance_m,
        coalesce(sum(energy_wh), 0)::int8 as energy_wh, sum(co2_g)::int8 as co2_g
        from gone, ${zoneHere(of.vehicleId)} group by 1) s
      where d.car_id = ${of.carId} and d.vehicle_id = ${of.vehicleId} and d.day = s.day),
    days as (
      update vehicles.day_total d set trips = d.trips - s.trips, distance_m = d.distance_m - s.distance_m,
        energy_wh = d.energy_wh - s.energy_wh, co2_g = d.co2_g - s.co2_g
      from (select day, count(*)::int as trips, sum(distance_m)::int8 as distance_m,
        coalesce(sum(energy_wh), 0)::int8 as energy_wh, sum(co2_g)::int8 as co2_g from gone group by day) s
      where d.car_id = ${of.carId} and d.vehicle_id = ${of.vehicleId} and d.day = s.day),
    months as (
      update vehicles.month_total m set trips = m.trips - s.trips, distance_m = m.distance_m - s.distance_m,
        energy_wh = m.energy_wh - s.energy_wh, co2_g = m.co2_g - s.co2_g
      from (select month, count(*)::int as trips, sum(distance_m)::int8 as distance_m,
        coalesce(sum(energy_wh), 0)::int8 as energy_wh, sum(co2_g)::int8 as co2_g from gone group by month) s
      where m.car_id = ${of.carId} and m.vehicle_id = ${of.vehicleId} and m.month = s.month)
    select count(*)::int as trips from gone`.execute(tx);
  return rows[0]?.trips ?? 0;
};
