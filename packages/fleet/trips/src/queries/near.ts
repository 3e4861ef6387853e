import type { Db } from "@evx/db";
import { sql } from "kysely";
import { nearness } from "../prints.ts";
import type { RequestScope } from "./claims.ts";
import { carsOf, ofRequest, type TwinRow, tripsOfCars } from "./twins.ts";

type Drive = { start: number; end: number; distance_m: number };

/** The drives of a request that have times, so many at most. */
export const fewDrives = async (db: Db, request: RequestScope, most: number): Promise<Drive[]> => {
  const { rows } = await sql<Drive>`
    select extract(epoch from started_at)::float8 * 1000 as start, extract(epoch from ended_at)::float8 * 1000 as "end",
      distance_m::float8 as distance_m
    from vehicles.trip mine where ${ofRequest(request)} and precision <> 'day' limit ${most}`.execute(db);
  return rows;
};

/**
 * Vehicles that drove nearly the same at nearly the same times, `least` drives of the request's or more. Drives of one
 * length are everybody's commute: three lengths at least must be among them.
 */
export const nearRows = async (
  db: Db,
  request: RequestScope,
  { prints, least }: { prints: readonly number[]; least: number },
): Promise<TwinRow[]> => {
  const met = await carsOf(db, sql`select unnest(${prints.map(String)}::int8[]) as print`);
  const cars = met.filter(({ car_id, month }) => car_id !== request.carId && request.months.includes(month));
  if (cars.length === 0) return [];
  const seconds = (nearness.minutes + 1) * 60;
  const { rows } = await sql<TwinRow>`
    with mine as materialized (
      select id, month, started_at, ended_at, distance_m from vehicles.trip mine
      where ${ofRequest(request)} and precision <> 'day'),
    pairs as materialized (
      select mine.id, mine.distance_m, other.vehicle_id, other.request_id
      from ${tripsOfCars(cars, sql`t.month, vehicle_id, request_id, started_at, ended_at, distance_m, precision`)}
      join mine on mine.month = other.month and other.precision <> 'day'
        and abs(extract(epoch from mine.started_at - other.started_at)) < ${seconds}::float8
        and abs(extract(epoch from mine.ended_at - other.ended_at)) < ${seconds}::float8
        and abs(mine.distance_m - other.distance_m) <= greatest(${nearness.metres + 50}::float8, mine.distance_m * ${nearness.share}::float8)),
    alike as (
      select vehicle_id from pairs group by vehicle_id
      having count(distinct id) >= ${least} and count(distinct round(distance_m / 1000.0)) >= 3)
    select p.vehicle_id, v.owner_id, count(distinct p.id)::int as trips,
      coalesce(array_agg(distinct p.request_id) filter (where p.request_id is not null), '{}') as request_ids,
      (select count(distinct id)::int from pairs join alike using (vehicle_id)) as of_all
    from pairs p join alike using (vehicle_id) join vehicles.vehicle v on v.id = p.vehicle_id
    group by p.vehicle_id, v.owner_id order by trips desc, p.vehicle_id limit 50`.execute(db);
  return rows;
};
