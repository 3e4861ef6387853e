import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import { type RawBuilder, sql } from "kysely";
import type { RequestScope } from "./claims.ts";

export type TwinRow = {
  vehicle_id: Id<"vehicle">;
  owner_id: Id<"user">;
  /** The requests that hold the other's trips. */
  request_ids: Id<"request">[];
  trips: number;
  /** How many of the request's trips have a twin at any car. */
  of_all: number;
};

const ofRequest = ({ carId, months, requestId }: RequestScope) =>
  sql`mine.car_id = ${carId} and mine.month = any(${[...months]}::date[]) and mine.request_id = ${requestId}`;

/** So many prints are looked for at once. */
const together = 1_000;

/** The cars, by month, that have any of the prints that `own` selects as `print`. */
const carsOf = (own: RawBuilder<unknown>) => sql`
  select distinct found.car_id, found.month from (
    select array_agg(print) as prints from (select print, row_number() over () / ${together}::int as batch from (${own}) one) numbered
    group by batch) looked cross join lateral vehicles.cars_of_prints(looked.prints) found`;

/** The same for very many prints where others have not many more in those months: all of theirs are read once. */
const carsReadThrough = ({ carId, months }: RequestScope) => sql`
  select distinct theirs.car_id, theirs.month from mine join (
    select car_id, month, unnest(prints) as print from vehicles.print_page
    where month = any(${[...months]}::date[]) and car_id <> ${carId}) theirs on theirs.print = mine.print`;

/** To look for a print costs as much as to read so many. */
const readsForOne = 20;

/** Whether reading all that others have in a request's months costs less than looking for each of its prints. */
const isReadThrough = async (db: Db, { carId, months }: RequestScope): Promise<boolean> => {
  const pages = db.selectFrom("vehicles.print_page").where("month", "in", [...months]);
  const trips = sql<number>`coalesce(sum(trips), 0)::float8`.as("trips");
  const own = await pages.select(trips).where("car_id", "=", carId).executeTakeFirstOrThrow();
  if (own.trips < 20 * together) return false;
  const others = await pages.select(trips).where("car_id", "<>", carId).executeTakeFirstOrThrow();
  return others.trips < own.trips * readsForOne;
};

/** Few cars of very many: read by their key, one after the other, whatever the planner thinks of it. */
const tripsOfCars = sql`(select * from vehicles.trip t where t.car_id = cars.car_id and t.month = cars.month offset 0)`;

/**
 * Vehicles for which a request's trips are recorded too: the same minutes and distance, and no other energy or places
 * where both tell them. Most trips first.
 */
export const twinRows = async (db: Db, request: RequestScope): Promise<TwinRow[]> => {
  const near = (column: string) =>
    sql`coalesce(abs(mine.${sql.ref(column)} - other.${sql.ref(column)}) <= 3000, true)`;
  const cars = (await isReadThrough(db, request))
    ? carsReadThrough(request)
    : carsOf(sql`select print from mine`);
  const { rows } = await sql<TwinRow>`
    with mine as materialized (
      select id, month, print, energy_wh, start_lat_e6, start_lon_e6, end_lat_e6, end_lon_e6 from vehicles.trip mine
      where ${ofRequest(request)} and print is not null),
    cars as materialized (${cars}),
    pairs as materialized (
      select mine.id, other.vehicle_id, other.request_id
      from cars cross join lateral ${tripsOfCars} other
      join mine on mine.month = other.month and mine.print = other.print
      where cars.car_id <> ${request.carId} and cars.month = any(${[...request.months]}::date[])
        and coalesce(abs(mine.energy_wh - other.energy_wh) * 20 <= mine.energy_wh, true)
        and ${near("start_lat_e6")} and ${near("start_lon_e6")} and ${near("end_lat_e6")} and ${near("end_lon_e6")})
    select p.vehicle_id, v.owner_id, count(distinct p.id)::int as trips,
      coalesce(array_agg(distinct p.request_id) filter (where p.request_id is not null), '{}') as request_ids,
      (select count(distinct id)::int from pairs) as of_all
    from pairs p join vehicles.vehicle v on v.id = p.vehicle_id
    group by p.vehicle_id, v.owner_id order by trips desc, p.vehicle_id limit 50`.execute(db);
  return rows;
};

/** A car that repeats a shape more often has a habit: a commute that is written down in quarters of an hour. */
const habit = 8;

/**
 * How many different shapes a request's trips have, how many of them are found elsewhere (at another car, or at this one
 * at another time), and which other requests hold those.
 */
export const shapeCounts = async (
  db: Db,
  request: RequestScope,
): Promise<{ own: number; elsewhere: number; requestIds: Id<"request">[] }> => {
  const { rows } = await sql<{ own: number; elsewhere: number; requestIds: Id<"request">[] }>`
    with own as materialized (
      select distinct mine.shape from vehicles.trip mine
      where ${ofRequest(request)} and mine.shape is not null limit 2000),
    cars as materialized (${carsOf(sql`select shape as print from own`)}),
    found as (
      select own.shape, array_agg(other.request_id) as held, count(*) filter (where other.car_id <> ${request.carId}) as others,
        count(*) filter (where other.car_id = ${request.carId}) as same
      from cars cross join lateral ${tripsOfCars} other
      join own on own.shape = other.shape group by own.shape),
    elsewhere as (select * from found where others > 0 or same between 2 and ${habit + 1})
    select (select count(*)::int from own) as own, (select count(*)::int from elsewhere) as elsewhere,
      array(select distinct one from elsewhere, unnest(held) one
        where one <> ${request.requestId} limit 50) as "requestIds"`.execute(db);
  return rows[0] ?? { own: 0, elsewhere: 0, requestIds: [] };
};
