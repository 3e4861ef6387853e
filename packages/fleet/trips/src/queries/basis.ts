import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import { sql } from "kysely";
import { localYear, type RequestScope } from "./claims.ts";

const basisColumns = ["id", "started_at", "ended_at", "distance_m", "energy_wh", "co2_g", "quality"] as const;

/** A request's trips and the zone by whose years they are told apart. */
export type BasisScope = RequestScope & { zone: string };

const ofRequest = (db: Db, request: RequestScope) =>
  db
    .selectFrom("vehicles.trip")
    .where("car_id", "=", request.carId)
    .where("request_id", "=", request.requestId)
    .where("month", "=", sql<string>`any(${[...request.months]}::date[])`);

/** What a request's grams were computed from, in the order of the trips' ids. No position, no note. */
export const basisTrips = (db: Db, request: BasisScope, limit: number, after: Id<"trip"> | null) =>
  ofRequest(db, request)
    .select([...basisColumns, localYear(request.zone).as("year")])
    .where((eb) => (after === null ? eb.lit(true) : eb("id", ">", after)))
    .orderBy("month")
    .orderBy("id")
    .limit(limit)
    .execute();

export type BasisTripRow = Awaited<ReturnType<typeof basisTrips>>[number];

export const basisTripsByIds = (db: Db, request: BasisScope, ids: readonly Id<"trip">[]) =>
  ofRequest(db, request)
    .select([...basisColumns, localYear(request.zone).as("year")])
    .where("id", "in", ids)
    .execute();

/** How often each flag is raised among a request's trips, most first. */
export const flagCounts = async (
  db: Db,
  request: RequestScope,
): Promise<{ code: string; count: number }[]> => {
  const { rows } = await sql<{ code: string; count: number }>`
    select flag ->> 'code' as code, count(*)::int as count
    from vehicles.trip, jsonb_array_elements(flags) flag
    where car_id = ${request.carId} and month = any(${[...request.months]}::date[]) and request_id = ${request.requestId}
    group by 1 order by 2 desc, 1`.execute(db);
  return rows;
};
