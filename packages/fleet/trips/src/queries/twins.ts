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

export const ofRequest = ({ carId, months, requestId }: RequestScope) =>
  sql`mine.car_id = ${carId} and mine.month = any(${[...months]}::date[]) and mine.request_id = ${requestId}`;

/** So many prints are looked for at once. */
const together = 1_000;

type CarMonth = { car_id: bigint; month: string };

/** The cars, by month, that have any of the prints that `own` selects as `print`. */
export const carsOf = async (db: Db, own: RawBuilder<unknown>): Promise<CarMonth[]> => {
  const { rows } = await sql<CarMonth>`
    select distinct found.car_id, found.month::text from (
      select array_agg(print) as prints from (select print, row_number() over () / ${together}::int as batch from (${own}) one) numbered
      group by batch) looked cross join lateral vehicles.cars_of_prints(looked.prints) found`.execute(db);
  return rows;
};

/**
 * The same for very many prints where others have not many more in those months: all pages are read once and no trip. What
 * else the car's pages hold is looked for along with it; whose trips those are is seen where trips are compared.
 */
const carsReadThrough = async (db: Db, { carId, months }: RequestScope): Promise<CarMonth[]> => {
  const pages = (which: RawBuilder<boolean>) => sql`
    select car_id, month, unnest(prints) as print from vehicles.print_page where month = any(${[...months]}::date[]) and ${which}`;
  const { rows } = await sql<CarMonth>`
    select distinct theirs.car_id, theirs.month::text from (${pages(sql`car_id = ${carId}`)}) own
      join (${pages(sql`car_id <> ${carId}`)}) theirs on theirs.month = own.month and theirs.print = own.print`.execute(
    db,
  );
  return rows;
};

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

/** As a table `cars`. Few of very many: their trips are read by their key, one after the other, whatever the planner thinks. */
export const tripsOfCars = (cars: readonly CarMonth[], columns: RawBuilder<unknown>) => sql`
  unnest(${cars.map(({ car_id }) => String(car_id))}::int8[], ${cars.map(({ month }) => month)}::date[]) as cars (car_id, month)
  cross join lateral (select ${columns} from vehicles.trip t
    where t.car_id = cars.car_id and t.month = cars.month offset 0) other`;

const compared = sql`month, print, energy_wh, start_lat_e6, start_lon_e6, end_lat_e6, end_lon_e6`;

/**
 * Vehicles for which a request's trips are recorded too: the same minutes and distance, and no other energy or places
 * where both tell them. Most trips first. Only months in which another car has any of the prints are gone through.
 */
export const twinRows = async (db: Db, request: RequestScope): Promise<TwinRow[]> => {
  const near = (column: string) =>
    sql`coalesce(abs(mine.${sql.ref(column)} - other.${sql.ref(column)}) <= 3000, true)`;
  const met = (await isReadThrough(db, request))
    ? await carsReadThrough(db, request)
    : await carsOf(
        db,
        sql`select print from vehicles.trip mine where ${ofRequest(request)} and print is not null`,
      );
  const held = new Set(request.months);
  const cars = met.filter(({ car_id, month }) => car_id !== request.carId && held.has(month));
  if (cars.length === 0) return [];
  const months = [...new Set(cars.map(({ month }) => month))];
  const { rows } = await sql<TwinRow>`
    with mine as materialized (
      select id, ${compared} from vehicles.trip mine where ${ofRequest({ ...request, months })} and print is not null),
    pairs as materialized (
      select mine.id, other.vehicle_id, other.request_id
      from ${tripsOfCars(cars, sql`vehicle_id, request_id, ${compared}`)}
      join mine on mine.month = other.month and mine.print = other.print
      where coalesce(abs(mine.energy_wh - other.energy_wh) * 20 <= mine.energy_wh, true)
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

/** So many shapes of a request are compared: the lowest, which are the same ones wherever the trips lie. */
const shapesCompared = 2_000;

const shapesOf = async (db: Db, request: RequestScope): Promise<string[]> => {
  const { rows } = await sql<{ shape: string }>`
    select distinct shape::text, shape as lowest from vehicles.trip mine
    where ${ofRequest(request)} and shape is not null order by lowest limit ${shapesCompared}`.execute(db);
  return rows.map(({ shape }) => shape);
};

/**
 * How many different shapes a request's trips have, how many of them are found elsewhere (at another car, or at this one
 * at another time), and which other requests hold those.
 */
export const shapeCounts = async (
  db: Db,
  request: RequestScope,
): Promise<{ own: number; elsewhere: number; requestIds: Id<"request">[] }> => {
  const own = await shapesOf(db, request);
  if (own.length === 0) return { own: 0, elsewhere: 0, requestIds: [] };
  const shapes = sql`${own}::int8[]`;
  const cars = await carsOf(db, sql`select unnest(${shapes}) as print`);
  const { rows } = await sql<{ elsewhere: number; requestIds: Id<"request">[] }>`
    with found as materialized (
      select other.shape, other.car_id = ${request.carId} as same, other.request_id
      from ${tripsOfCars(cars, sql`t.car_id, shape, request_id`)} where other.shape = any(${shapes})),
    elsewhere as (
      select shape from found group by shape
      having not bool_and(same) or count(*) between 2 and ${habit + 1})
    select (select count(*)::int from elsewhere) as elsewhere,
      array(select distinct found.request_id from found join elsewhere using (shape)
        where found.request_id <> ${request.requestId} limit 50) as "requestIds"`.execute(db);
  return { own: own.length, elsewhere: rows[0]?.elsewhere ?? 0, requestIds: rows[0]?.requestIds ?? [] };
};
