import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { type RawBuilder, sql } from "kysely";

const sums = [
  sql<number>`coalesce(sum(trips), 0)::int`.as("trips"),
  sql<bigint>`coalesce(sum(distance_m), 0)::int8`.as("distance_m"),
  sql<bigint>`coalesce(sum(energy_wh), 0)::int8`.as("energy_wh"),
  sql<bigint>`coalesce(sum(co2_g), 0)::int8`.as("co2_g"),
] as const;

/**
 * The zone of a vehicle, to be joined to its trips: `vehicles.local_day(started_at, here.zone)` is then computed in
 * place, which a sub-select as its argument would make a call for each trip. `offset 0` keeps the zone from being looked up
 * for each trip as well: that took most of a claim.
 */
export const zoneHere = (vehicleId: Id<"vehicle">): RawBuilder<unknown> =>
  sql`(select vehicles.zone_of(${vehicleId}) as zone offset 0) here`;

const shapes = { day: "YYYY-MM-DD", month: "YYYY-MM", year: "YYYY" } as const;

/** Sums of a vehicle by local day, month or year, from the running totals. Between days, both included, the days are summed. */
export const seriesOf = (
  db: Db,
  of: { carId: bigint; vehicleId: Id<"vehicle">; from: string | null; to: string | null },
  period: "day" | "month" | "year",
) => {
  const shape = sql.lit(shapes[period]);
  if (period === "day" || of.from !== null || of.to !== null) {
    return db
      .selectFrom("vehicles.local_day_total")
      .select([sql<string>`to_char(day, ${shape})`.as("period"), ...sums])
      .where("car_id", "=", of.carId)
      .where("vehicle_id", "=", of.vehicleId)
      .where("trips", ">", 0)
      .$if(of.from !== null, (query) => query.where("day", ">=", of.from))
      .$if(of.to !== null, (query) => query.where("day", "<=", of.to))
      .groupBy(sql`1`)
      .orderBy(sql`1`)
      .execute();
  }
  return db
    .selectFrom("vehicles.local_month_total")
    .select([sql<string>`to_char(month, ${shape})`.as("period"), ...sums])
    .where("car_id", "=", of.carId)
    .where("vehicle_id", "=", of.vehicleId)
    .where("trips", ">", 0)
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
        .selectFrom("vehicles.local_month_total as t")
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

/** Sums by local month over named vehicles, or all of them. The cost grows with cars and months, not with trips. */
export const monthTotalRows = (db: Db, filter: MonthTotalFilter) =>
  db
    .selectFrom("vehicles.local_month_total as t")
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

/** Sums of vehicles together by day, each vehicle's days in its own zone. */
export const dayTotalRows = (db: Db, vehicles: readonly TotalsKey[]) =>
  db
    .selectFrom("vehicles.local_day_total as t")
    .select([
      sql<string>`t.day::text`.as("day"),
      sql<number>`sum(t.trips)::int`.as("trips"),
      sql<bigint>`sum(t.distance_m)::int8`.as("distance_m"),
      sql<bigint>`sum(t.co2_g)::int8`.as("co2_g"),
      sql<bigint>`sum(t.claimed_co2_g)::int8`.as("claimed_co2_g"),
    ])
    .where(ofVehicles(vehicles))
    .where("t.trips", ">", 0)
    .groupBy("t.day")
    .orderBy("t.day")
    .execute();

export type Days = { readonly from: string | null; readonly to: string | null };

const inDays = ({ from, to }: Days): RawBuilder<boolean> =>
  sql`(${from}::date is null or t.day >= ${from}::date) and (${to}::date is null or t.day <= ${to}::date)`;

/** Sums of vehicles together by day, month or year between two days, each vehicle's days in its own zone. */
export const periodRows = async (
  db: Db,
  vehicles: readonly TotalsKey[],
  period: "day" | "month" | "year",
  days: Days,
) =>
  vehicles.length === 0
    ? []
    : db
        .selectFrom("vehicles.local_day_total as t")
        .select([sql<string>`to_char(t.day, ${sql.lit(shapes[period])})`.as("period"), ...sums])
        .where(ofVehicles(vehicles))
        .where(inDays(days))
        .where("t.trips", ">", 0)
        .groupBy(sql`1`)
        .orderBy(sql`1`)
        .execute();

/** Sums of each vehicle between two days; a vehicle without trips is not in the list. */
export const vehicleRows = async (db: Db, vehicles: readonly TotalsKey[], days: Days) =>
  vehicles.length === 0
    ? []
    : db
        .selectFrom("vehicles.local_day_total as t")
        .select(["t.vehicle_id as id", ...sums])
        .where(ofVehicles(vehicles))
        .where(inDays(days))
        .where("t.trips", ">", 0)
        .groupBy("t.vehicle_id")
        .execute();

const keys = "(m.car_id, m.vehicle_id, m.period) = (k.car_id, k.vehicle_id, k.period)";

const columns = "trips, distance_m, energy_wh, co2_g";
const claimed = "claimed_trips, claimed_distance_m, claimed_co2_g";

/** Periods of one kind whose total is not what a recount of the trips finds. `period` is made of the trip `t`. */
const contradicted = (table: string, kind: string, period: string, compared: string): string => `
  select format('%s %s of %s', '${table}', coalesce(m.period, k.period), coalesce(m.vehicle_id, k.vehicle_id)) as wrong
  from (select t.car_id, t.vehicle_id, ${period} as period, count(*)::int as trips, sum(t.distance_m)::int8 as distance_m,
      coalesce(sum(t.energy_wh), 0)::int8 as energy_wh, sum(t.co2_g)::int8 as co2_g, count(t.request_id)::int as claimed_trips,
      coalesce(sum(t.distance_m) filter (where t.request_id is not null), 0)::int8 as claimed_distance_m,
      coalesce(sum(t.co2_g) filter (where t.request_id is not null), 0)::int8 as claimed_co2_g
    from vehicles.trip t group by 1, 2, 3) m
  full join (select *, ${kind} as period from vehicles.${table} where trips > 0) k on ${keys}
  where (${compared.replace(/\w+/g, "m.$&")}) is distinct from (${compared.replace(/\w+/g, "k.$&")})`;

/** Every running total that a recount of the trips contradicts: empty, or there is a bug. */
export const totalsAgainstRecount = async (db: Db): Promise<string[]> => {
  const both = `${columns}, ${claimed}`;
  const local = "vehicles.local_day(t.started_at, vehicles.zone_of(t.vehicle_id))";
  const { rows } = await sql<{ wrong: string }>`${sql.raw(
    [
      contradicted("day_total", "day", "(t.started_at at time zone 'UTC')::date", columns),
      contradicted("month_total", "month", "t.month", both),
      contradicted("local_day_total", "day", local, both),
      contradicted("local_month_total", "month", `date_trunc('month', ${local}::timestamp)::date`, both),
    ].join(" union all "),
  )}
    union all
    select format('month of trip %s', id) from vehicles.trip where month <> date_trunc('month', started_at at time zone 'UTC')::date
    order by 1`.execute(db);
  return rows.map((row) => row.wrong);
};

/** Counts the trips of a vehicle again by its local days. The caller holds the car's lock. */
export const recountLocalDays = async (tx: Tx, vehicle: TotalsKey): Promise<void> => {
  await sql`select vehicles.recount_local_days(${vehicle.car_id}, ${vehicle.id}, null, null)`.execute(tx);
};
