import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import { sql } from "kysely";
import type { RequestScope } from "./claims.ts";

/** The key of prints. It never leaves the server. */
export const printKey = async (db: Db): Promise<Uint8Array> => {
  const row = await db.selectFrom("vehicles.print_key").select("key").executeTakeFirstOrThrow();
  return row.key;
};

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

/**
 * Vehicles for which a request's trips are recorded too: the same minutes and distance, and no other energy or places
 * where both tell them. Most trips first.
 */
export const twinRows = async (db: Db, request: RequestScope): Promise<TwinRow[]> => {
  const near = (column: string) =>
    sql`coalesce(abs(mine.${sql.ref(column)} - other.${sql.ref(column)}) <= 3000, true)`;
  const { rows } = await sql<TwinRow>`
    with pairs as materialized (
      select mine.id, other.vehicle_id, other.request_id from vehicles.trip mine
      join vehicles.trip other on other.month = mine.month and other.print = mine.print and other.car_id <> mine.car_id
      where ${ofRequest(request)} and mine.print is not null
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
    with own as (
      select distinct mine.shape from vehicles.trip mine
      where ${ofRequest(request)} and mine.shape is not null limit 2000),
    found as (
      select own.shape, array(
        select other.request_id from vehicles.trip other
        where other.shape = own.shape and other.car_id <> ${request.carId} limit 20) as others, array(
        select same.request_id from vehicles.trip same
        where same.shape = own.shape and same.car_id = ${request.carId} limit ${habit + 2}) as same
      from own)
    select count(*)::int as own,
      count(*) filter (where cardinality(others) > 0 or cardinality(same) between 2 and ${habit + 1})::int as elsewhere,
      array(select distinct held from found, unnest(others || same) held
        where held <> ${request.requestId} limit 50) as "requestIds"
    from found`.execute(db);
  return rows[0] ?? { own: 0, elsewhere: 0, requestIds: [] };
};
