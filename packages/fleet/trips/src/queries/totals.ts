import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import { type RawBuilder, sql } from "kysely";

const sums = [
  sql<number>`coalesce(sum(trips), 0)::int`.as("trips"),
  sql<bigint>`coalesce(sum(distance_m), 0)::int8`.as("distance_m"),
  sql<bigint>`coalesce(sum(energy_wh), 0)::int8`.as("energy_wh"),
  sql<bigint>`coalesce(sum(co2_g), 0)::int8`.as("co2_g"),
] as const;

/** Sums of a vehicle by day, month or year (UTC), from the running totals. */
export const seriesOf = (
  db: Db,
  of: { carId: bigint; vehicleId: Id<"vehicle">; from: string | null; to: string | null },
  period: "day" | "month" | "year",
) => {
  if (period === "day") {
    return db
      .selectFrom("vehicles.day_total")
      .select(["trips", "distance_m", "energy_wh", "co2_g", sql<string>`day::text`.as("period")])
      .where("car_id", "=", of.carId)
      .where("vehicle_id", "=", of.vehicleId)
      .where("trips", ">", 0)
      .$if(of.from !== null, (query) => query.where("day", ">=", of.from))
      .$if(of.to !== null, (query) => query.where("day", "<=", of.to))
      .orderBy("day")
      .execute();
  }
  const shape = period === "month" ? "YYYY-MM" : "YYYY";
  return db
    .selectFrom("vehicles.month_total")
    .select([sql<string>`to_char(month, ${sql.lit(shape)})`.as("period"), ...sums])
    .where("car_id", "=", of.carId)
    .where("vehicle_id", "=", of.vehicleId)
    .where("trips", ">", 0)
    .$if(of.from !== null, (query) => query.where("month", ">=", of.from))
    .$if(of.to !== null, (query) => query.where("month", "<=", of.to))
    .groupBy(sql`1`)
    .orderBy(sql`1`)
    .execute();
};

/** A vehicle as its running totals are kept: under its car. */
export type TotalsKey = { id: Id<"vehicle">; car_id: bigint };

/** Totals of some vehicles, found by the primary key. */
const ofVehicles = (vehicles: readonly TotalsKey[]): RawBuilder<boolean> =>
  sql`(t.car_id, t.vehicle_id) in (select * from unnest(${vehicles.map(({ car_id }) => String(car_id))}::int8[], ${vehicles.map(({ id }) => id)}::text[]))`;

/** Whole sums of vehicles, by id; a vehicle without trips is not in the list. */
export const sumsOfVehicles = (db: Db, vehicles: readonly TotalsKey[]) =>
  vehicles.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom("vehicles.month_total as t")
        .select([
          "t.vehicle_id as id",
          sql<number>`sum(t.trips)::int`.as("trips"),
          sql<bigint>`sum(t.distance_m)::int8`.as("distance_m"),
          sql<bigint>`sum(t.co2_g)::int8`.as("co2_g"),
          sql<number>`sum(t.claimed_trips)::int`.as("claimed_trips"),
          sql<bigint>`sum(t.claimed_co2_g)::int8`.as("claimed_co2_g"),
        ])
        .where(ofVehicles(vehicles))
        .groupBy("t.vehicle_id")
        .execute();

export type MonthTotalFilter = {
  vehicles?: readonly TotalsKey[];
  vehicleIds?: readonly Id<"vehicle">[];
  from?: string;
  to?: string;
};

/** Month sums over named vehicles, or all of them. The cost grows with cars and months, not with trips. */
export const monthTotalRows = (db: Db, filter: MonthTotalFilter) =>
  db
    .selectFrom("vehicles.month_total as t")
    .select([
      sql<string>`to_char(t.month, 'YYYY-MM')`.as("month"),
      sql<number>`sum(t.trips)::int`.as("trips"),
      sql<bigint>`sum(t.distance_m)::int8`.as("distance_m"),
      sql<bigint>`sum(t.energy_wh)::int8`.as("energy_wh"),
      sql<bigint>`sum(t.co2_g)::int8`.as("co2_g"),
      sql<bigint>`sum(t.claimed_co2_g)::int8`.as("claimed_co2_g"),
    ])
    .$if(filter.vehicles !== undefined, (query) => query.where(ofVehicles(filter.vehicles ?? [])))
    .$if(filter.vehicleIds !== undefined, (query) =>
      query.where("t.vehicle_id", "=", sql<Id<"vehicle">>`any(${[...(filter.vehicleIds ?? [])]}::text[])`),
    )
    .$if(filter.from !== undefined, (query) => query.where("t.month", ">=", filter.from as string))
    .$if(filter.to !== undefined, (query) => query.where("t.month", "<=", filter.to as string))
    .where("t.trips", ">", 0)
    .groupBy("t.month")
    .orderBy("t.month")
    .execute();

/** Sums of vehicles together by day (UTC). */
export const dayTotalRows = (db: Db, vehicles: readonly TotalsKey[]) =>
  db
    .selectFrom("vehicles.day_total as t")
    .select([
      sql<string>`t.day::text`.as("day"),
      sql<number>`sum(t.trips)::int`.as("trips"),
      sql<bigint>`sum(t.distance_m)::int8`.as("distance_m"),
      sql<bigint>`sum(t.co2_g)::int8`.as("co2_g"),
    ])
    .where(ofVehicles(vehicles))
    .where("t.trips", ">", 0)
    .groupBy("t.day")
    .orderBy("t.day")
    .execute();

/** Every running total that a recount of the trips contradicts: empty, or there is a bug. */
export const totalsAgainstRecount = async (db: Db): Promise<string[]> => {
  const { rows } = await sql<{ wrong: string }>`
    with day as (
      select car_id, vehicle_id, (started_at at time zone 'UTC')::date as period, count(*)::int as trips,
        sum(distance_m)::int8 as distance_m, coalesce(sum(energy_wh), 0)::int8 as energy_wh, sum(co2_g)::int8 as co2_g
      from vehicles.trip group by 1, 2, 3),
    month as (
      select car_id, vehicle_id, month as period, count(*)::int as trips, sum(distance_m)::int8 as distance_m,
        coalesce(sum(energy_wh), 0)::int8 as energy_wh, sum(co2_g)::int8 as co2_g,
        (count(*) filter (where request_id is not null))::int as claimed_trips,
        coalesce(sum(distance_m) filter (where request_id is not null), 0)::int8 as claimed_distance_m,
        coalesce(sum(co2_g) filter (where request_id is not null), 0)::int8 as claimed_co2_g
      from vehicles.trip group by 1, 2, 3)
    select format('day %s of %s', coalesce(d.period, k.day), coalesce(d.vehicle_id, k.vehicle_id)) as wrong
      from day d full join (select * from vehicles.day_total where trips > 0) k
        on (k.car_id, k.vehicle_id, k.day) = (d.car_id, d.vehicle_id, d.period)
      where (d.trips, d.distance_m, d.energy_wh, d.co2_g) is distinct from (k.trips, k.distance_m, k.energy_wh, k.co2_g)
    union all
    select format('month %s of %s', coalesce(m.period, k.month), coalesce(m.vehicle_id, k.vehicle_id))
      from month m full join (select * from vehicles.month_total where trips > 0) k
        on (k.car_id, k.vehicle_id, k.month) = (m.car_id, m.vehicle_id, m.period)
      where (m.trips, m.distance_m, m.energy_wh, m.co2_g, m.claimed_trips, m.claimed_distance_m, m.claimed_co2_g)
        is distinct from (k.trips, k.distance_m, k.energy_wh, k.co2_g, k.claimed_trips, k.claimed_distance_m, k.claimed_co2_g)
    union all
    select format('month of trip %s', id) from vehicles.trip where month <> date_trunc('month', started_at at time zone 'UTC')::date
    order by 1`.execute(db);
  return rows.map((row) => row.wrong);
};
