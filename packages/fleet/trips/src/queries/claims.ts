import type { Db, Tx } from "@evx/db";
import { countedSql, type FrozenFactors, flatSql, gridTable, meteredSql, yearOfTrip } from "@evx/emissions";
import type { Id } from "@evx/kernel";
import { type RawBuilder, sql } from "kysely";
import { refuse } from "../errors.ts";
import { momentPrefix, monthOf, startOfTripId } from "../trip-ids.ts";
import { zoneHere } from "./totals.ts";
import { tripsOfCar } from "./trip-pages.ts";

/** Which of a vehicle's trips a request takes. */
export type ClaimScope = {
  carId: bigint;
  vehicleId: Id<"vehicle">;
  from: Date | null;
  to: Date | null;
  tripIds: readonly Id<"trip">[] | null;
};

/** Below every id of a trip that starts then or later: a period's ends are then looked up in the key. */
const idAt = (at: Date): string => `trp_${momentPrefix(at.getTime())}`;

const inScope = ({ carId, vehicleId, from, to, tripIds }: ClaimScope): RawBuilder<boolean> => sql`
  car_id = ${carId} and vehicle_id = ${vehicleId} and status in ('recorded', 'released')
  ${from ? sql`and started_at >= ${from} and month >= ${monthOf(from.getTime())}::date and id >= ${idAt(from)}` : sql``}
  ${to ? sql`and started_at < ${to} and month <= ${monthOf(to.getTime())}::date and id < ${idAt(to)}` : sql``}
  ${tripIds ? sql`and id = any(${[...tripIds]}::text[]) and month = any(${[...new Set(tripIds.map((id) => monthOf(startOfTripId(id))))]}::date[])` : sql``}`;

/**
 * Computes trips again that were recorded under another version of the factors, with the running totals.
 * Answers how many changed; nearly always none.
 */
export const refreshGrams = async (
  tx: Tx,
  scope: ClaimScope,
  factors: FrozenFactors & { version: number },
): Promise<number> => {
  const { rows } = await sql<{ trips: number }>`
    with fresh as (
      select month, id, ${countedSql(factors)} as co2_g from vehicles.trip left join ${gridTable(factors)} on grid.year = ${yearOfTrip}
      where ${inScope(scope)} and (factors_version <> ${factors.version} or co2_g <> ${countedSql(factors)})),
    changed as (
      update vehicles.trip t set co2_g = fresh.co2_g, factors_version = ${factors.version} from fresh
      where t.car_id = ${scope.carId} and t.month = fresh.month and t.id = fresh.id
      returning t.month, (t.started_at at time zone 'UTC')::date as day, t.started_at, new.co2_g - old.co2_g as delta),
    local_days as (
      update vehicles.local_day_total d set co2_g = d.co2_g + s.delta
      from (select vehicles.local_day(started_at, here.zone) as day, sum(delta)::int8 as delta
        from changed, ${zoneHere(scope.vehicleId)} group by 1) s
      where d.car_id = ${scope.carId} and d.vehicle_id = ${scope.vehicleId} and d.day = s.day),
    days as (
      update vehicles.day_total d set co2_g = d.co2_g + s.delta
      from (select day, sum(delta)::int8 as delta from changed group by day) s
      where d.car_id = ${scope.carId} and d.vehicle_id = ${scope.vehicleId} and d.day = s.day),
    months as (
      update vehicles.month_total m set co2_g = m.co2_g + s.delta
      from (select month, sum(delta)::int8 as delta from changed group by month) s
      where m.car_id = ${scope.carId} and m.vehicle_id = ${scope.vehicleId} and m.month = s.month)
    select count(*)::int as trips from changed`.execute(tx);
  return rows[0]?.trips ?? 0;
};

/** Marks the scope's trips as the request's and moves the running totals along. Answers the months taken from. */
export const takeTrips = async (
  tx: Tx,
  scope: ClaimScope,
  requestId: Id<"request">,
): Promise<{ month: string; trips: number }[]> => {
  const { rows } = await sql<{ month: string; trips: number }>`
    with taken as (
      update vehicles.trip set status = 'claimed', request_id = ${requestId}, release_reason = null
      where ${inScope(scope)} returning month, started_at, distance_m, co2_g),
    local_days as (
      update vehicles.local_day_total d set claimed_trips = d.claimed_trips + s.trips,
        claimed_distance_m = d.claimed_distance_m + s.distance_m, claimed_co2_g = d.claimed_co2_g + s.co2_g
      from (select vehicles.local_day(started_at, here.zone) as day, count(*)::int as trips,
        sum(distance_m)::int8 as distance_m, sum(co2_g)::int8 as co2_g
        from taken, ${zoneHere(scope.vehicleId)} group by 1) s
      where d.car_id = ${scope.carId} and d.vehicle_id = ${scope.vehicleId} and d.day = s.day),
    sums as (
      select month, count(*)::int as trips, sum(distance_m)::int8 as distance_m, sum(co2_g)::int8 as co2_g
      from taken group by month),
    moved as (
      update vehicles.month_total m set claimed_trips = m.claimed_trips + s.trips,
        claimed_distance_m = m.claimed_distance_m + s.distance_m, claimed_co2_g = m.claimed_co2_g + s.co2_g
      from sums s where m.car_id = ${scope.carId} and m.vehicle_id = ${scope.vehicleId} and m.month = s.month)
    select month::text, trips from sums order by month`.execute(tx);
  return rows;
};

const ofRequest = (request: {
  carId: bigint;
  requestId: Id<"request">;
  months: readonly string[];
}): RawBuilder<boolean> =>
  sql`car_id = ${request.carId} and month = any(${[...request.months]}::date[]) and request_id = ${request.requestId}`;

export type RequestScope = Parameters<typeof ofRequest>[0];

/** A day's record stands for its whole day; the milliseconds that tell a day's records apart are no time of their own. */
const spanSql = sql`tstzrange(case precision when 'day' then date_trunc('second', started_at) else started_at end, ended_at)`;

/**
 * Enters the time that the request's trips cover, cut by month, where the constraint one_claim_per_moment guards it.
 * Answers whether trips of the request itself overlap: `range_agg` would hide that, so durations are compared. Nearly all trips
 * are of one month and go straight into its sum; days' records and what reaches over a month's end are few.
 */
const enterClaims = async (tx: Tx, request: RequestScope): Promise<{ overlapping: boolean }> => {
  const monthEnd = sql`(month + interval '1 month') at time zone 'UTC'`;
  const isWhole = sql`precision <> 'day' and ended_at <= ${monthEnd}`;
  const { rows } = await sql<{ overlapping: boolean | null }>`
    with spans as (
      select distinct month, case when precision = 'day' then null else id end as one, ${spanSql} as span
      from vehicles.trip where ${ofRequest(request)} and not (${isWhole})),
    pieces as (
      select month, tstzrange(started_at, ended_at) as piece from vehicles.trip where ${ofRequest(request)} and ${isWhole}
      union all
      select (m at time zone 'UTC')::date, span * tstzrange(m, m + interval '1 month')
      from spans, generate_series(month::timestamp at time zone 'UTC', upper(span) - interval '1 microsecond', interval '1 month') m),
    by_month as materialized (
      select month, range_agg(piece) as during, sum(upper(piece) - lower(piece)) as lasting from pieces group by month),
    entered as (
      insert into vehicles.claim (car_id, month, request_id, during)
      select ${request.carId}, month, ${request.requestId}, during from by_month)
    select bool_or((select sum(upper(part) - lower(part)) from unnest(during) part) <> lasting) as overlapping
    from by_month`.execute(tx);
  return { overlapping: rows[0]?.overlapping === true };
};

const pgCode = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;

/** The same. Refuses `trips_claimed_elsewhere` where another request holds a moment of these trips (exclusion_violation). */
export const enterTaken = async (tx: Tx, request: RequestScope): Promise<void> => {
  let overlapping: boolean;
  try {
    ({ overlapping } = await enterClaims(tx, request));
  } catch (cause) {
    if (pgCode(cause) === "23P01") throw refuse("trips_claimed_elsewhere", {}, { cause });
    throw cause;
  }
  if (overlapping) throw new Error(`Trips of ${request.requestId} overlap one another`);
};

/**
 * Months into which the request's trips reach, so that their partitions of claims can be made. Trips of a car do not overlap,
 * so the last of each month says how far; one that did would find no partition, and nothing is claimed.
 */
export const monthsReached = async (tx: Tx, request: RequestScope): Promise<string[]> => {
  const { rows } = await sql<{ month: string }>`
    select distinct m::date::text as month
    from unnest(${[...request.months]}::date[]) as held (month)
      cross join lateral (select ended_at from vehicles.trip t
        where t.car_id = ${request.carId} and t.month = held.month and t.request_id = ${request.requestId}
        order by t.id desc limit 1) latest,
      generate_series(held.month::timestamp at time zone 'UTC', greatest(latest.ended_at, held.month::timestamp at time zone 'UTC'), interval '1 month') m
    order by 1`.execute(tx);
  return rows.map((row) => row.month);
};

export const dropClaims = (tx: Tx, carId: bigint, requestId: Id<"request">) =>
  tx.deleteFrom("vehicles.claim").where("car_id", "=", carId).where("request_id", "=", requestId).execute();

export type BasisRow = NonNullable<Awaited<ReturnType<typeof basisRow>>>;

export const basisRow = (db: Db, requestId: Id<"request">) =>
  db.selectFrom("vehicles.claim_basis").selectAll().where("request_id", "=", requestId).executeTakeFirst();

/** Only what was taken before zones were kept, of a vehicle that is gone, has none. */
export const zoneOf = (basis: Pick<BasisRow, "zone">): string => basis.zone ?? "UTC";

export const insertBasis = (
  tx: Tx,
  basis: {
    requestId: Id<"request">;
    carId: bigint;
    vehicleId: Id<"vehicle">;
    ownerId: Id<"user">;
    countryCode: string;
    factors: FrozenFactors;
  },
) =>
  tx
    .insertInto("vehicles.claim_basis")
    .values({
      request_id: basis.requestId,
      car_id: basis.carId,
      vehicle_id: basis.vehicleId,
      owner_id: basis.ownerId,
      country_code: basis.countryCode,
      factors: JSON.stringify(basis.factors),
      claimed_at: tx.at,
    })
    .execute();

/** Months of which the request holds time: the partitions in which its trips are. */
export const monthsOfRequest = async (db: Db, carId: bigint, requestId: Id<"request">): Promise<string[]> => {
  const rows = await db
    .selectFrom("vehicles.claim")
    .select(sql<string>`month::text`.as("month"))
    .where("car_id", "=", carId)
    .where("request_id", "=", requestId)
    .orderBy("month")
    .execute();
  return rows.map((row) => row.month);
};

/** The calendar year in which a trip begins in a zone: its vintage. */
export const localYear = (zone: string): RawBuilder<number> =>
  sql`extract(year from vehicles.local_day(started_at, ${zone}))::int`;

/** Sums of what a request holds, by tier of quality and by year of driving in a zone. */
export const requestSums = async (
  db: Db,
  request: RequestScope,
  { factors, zone }: { factors: FrozenFactors; zone: string },
) => {
  const { rows } = await sql<{
    quality: "connected" | "export" | "manual";
    year: number;
    trips: number;
    flagged: number;
    energy_trips: number;
    metered_trips: number;
    distance_m: bigint;
    energy_wh: bigint;
    co2_g: bigint;
    flat_g: bigint;
    metered_g: bigint;
    first_at: Date;
    last_at: Date;
    first_day: string;
    last_day: string;
  }>`
    with year as (
      select number, make_date(number, 1, 1)::timestamp at time zone ${zone} as first
      from generate_series(extract(year from ${request.months[0]}::date)::int - 1, extract(year from ${request.months.at(-1)}::date)::int + 1) number),
    sums as (
      select quality, width_bucket(started_at, (select array_agg(first order by number) from year)) as place, count(*) as trips,
        count(flags) as flagged, count(energy_wh) as energy_trips, count(${meteredSql(factors)}) as metered_trips,
        sum(distance_m) as distance_m, sum(energy_wh) as energy_wh, sum(co2_g) as co2_g, sum(${flatSql(factors)}) as flat_g,
        sum(${meteredSql(factors)}) as metered_g, min(started_at) as first_at, max(started_at) as latest, max(ended_at) as last_at
      from vehicles.trip left join ${gridTable(factors)} on grid.year = ${yearOfTrip}
      where ${ofRequest(request)} group by 1, 2)
    select quality, ((select min(number) from year) + place - 1)::int as year, trips::int, flagged::int, energy_trips::int, metered_trips::int, distance_m::int8,
      coalesce(energy_wh, 0)::int8 as energy_wh, co2_g::int8, flat_g::int8, coalesce(metered_g, 0)::int8 as metered_g, first_at, last_at,
      vehicles.local_day(first_at, ${zone})::text as first_day, vehicles.local_day(latest, ${zone})::text as last_day
    from sums order by 2, 1`.execute(db);
  return rows;
};

/** A page of a request's trips by start. */
export const requestTrips = (
  db: Db,
  request: RequestScope,
  page: { limit: number; after: Id<"trip"> | null; flagged: boolean | null },
) =>
  tripsOfCar(db, request.carId)
    .where("request_id", "=", request.requestId)
    .where("month", "=", sql<string>`any(${[...request.months]}::date[])`)
    .$if(page.flagged === true, (query) => query.where("flags", "is not", null))
    .$if(page.flagged === false, (query) => query.where("flags", "is", null))
    .where((eb) =>
      page.after === null
        ? eb.lit(true)
        : eb.and([eb("month", ">=", monthOf(startOfTripId(page.after))), eb("id", ">", page.after)]),
    )
    .orderBy("month")
    .orderBy("id")
    .limit(page.limit)
    .execute();

/** Gives trips back from a request, with a reason for each, and moves the running totals along. */
export const giveBack = async (
  tx: Tx,
  request: RequestScope & { vehicleId: Id<"vehicle"> },
  reason: string | null,
  trips: readonly { tripId: Id<"trip">; reason: string | null }[] | null,
): Promise<number> => {
  const named = trips ? sql`and id = any(${trips.map((trip) => trip.tripId)}::text[])` : sql``;
  const why = trips
    ? sql`(select named.reason from unnest(${trips.map((trip) => trip.tripId)}::text[], ${trips.map((trip) => trip.reason)}::text[]) as named (id, reason) where named.id = t.id limit 1)`
    : sql`${reason}::text`;
  const { rows } = await sql<{ trips: number }>`
    with given as (
      update vehicles.trip t set status = 'released', request_id = null, release_reason = ${why}
      where ${ofRequest(request)} and status = 'claimed' ${named}
      returning t.month, t.started_at, t.distance_m, t.co2_g),
    local_days as (
      update vehicles.local_day_total d set claimed_trips = d.claimed_trips - s.trips,
        claimed_distance_m = d.claimed_distance_m - s.distance_m, claimed_co2_g = d.claimed_co2_g - s.co2_g
      from (select vehicles.local_day(started_at, here.zone) as day, count(*)::int as trips,
        sum(distance_m)::int8 as distance_m, sum(co2_g)::int8 as co2_g
        from given, ${zoneHere(request.vehicleId)} group by 1) s
      where d.car_id = ${request.carId} and d.vehicle_id = ${request.vehicleId} and d.day = s.day),
    sums as (
      select month, count(*)::int as trips, sum(distance_m)::int8 as distance_m, sum(co2_g)::int8 as co2_g
      from given group by month),
    moved as (
      update vehicles.month_total m set claimed_trips = m.claimed_trips - s.trips,
        claimed_distance_m = m.claimed_distance_m - s.distance_m, claimed_co2_g = m.claimed_co2_g - s.co2_g
      from sums s where m.car_id = ${request.carId} and m.vehicle_id = ${request.vehicleId} and m.month = s.month)
    select coalesce(sum(trips), 0)::int as trips from sums`.execute(tx);
  return rows[0]?.trips ?? 0;
};

export const markVerified = async (tx: Tx, request: RequestScope): Promise<number> => {
  const { rows } = await sql<{ trips: number }>`
    with verified as (
      update vehicles.trip set status = 'verified' where ${ofRequest(request)} and status = 'claimed' returning 1)
    select count(*)::int as trips from verified`.execute(tx);
  return rows[0]?.trips ?? 0;
};

/** The end of the last time of a car that any request holds. */
export const lastClaimedAt = async (db: Db, carId: bigint): Promise<Date | null> => {
  const row = await db
    .selectFrom("vehicles.claim")
    .select(sql<Date | null>`max(upper(during))`.as("last"))
    .where("car_id", "=", carId)
    .executeTakeFirstOrThrow();
  return row.last;
};
