import type { KeptTraces, Trace } from "@evx/copies";
import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { sql } from "kysely";
import { startOfTripId } from "../trip-ids.ts";
import type { RequestScope } from "./claims.ts";

/**
 * What a car drove within some months and asked for, by whatever request, in the order of time, as many at once as given.
 * `passing` are other requests' drives.
 */
export async function* drivesOf(db: Db, request: RequestScope, portion: number) {
  for (const month of request.months)
    for (let after: Id<"trip"> | null = null; ; ) {
      const rows = await db
        .selectFrom("vehicles.trip")
        .select(["id", "distance_m", "odometer_end_m", sql<boolean>`precision = 'day'`.as("day")])
        .select(sql<boolean>`print is not null`.as("printed"))
        .select(sql<boolean>`request_id <> ${request.requestId}`.as("passing"))
        .select(sql<number>`extract(epoch from ended_at - started_at)::float8`.as("lasted_s"))
        .where("car_id", "=", request.carId)
        .where("month", "=", month)
        .where("request_id", "is not", null)
        .where((eb) => (after === null ? eb.lit(true) : eb("id", ">", after)))
        .orderBy("id")
        .limit(portion)
        .execute();
      for (const { id, distance_m, odometer_end_m, day, lasted_s, printed, passing } of rows) {
        const start = startOfTripId(id);
        const drive = { start, end: start + lasted_s * 1000, distance_m };
        yield { id, month, drive, day, odometerEnd_m: odometer_end_m, printed, passing };
      }
      after = rows.at(-1)?.id ?? null;
      if (rows.length < portion) break;
    }
}

/** Prints of trips that were recorded before trips had them. */
export const addPrints = async (
  tx: Tx,
  carId: bigint,
  prints: readonly { id: Id<"trip">; month: string; print: number }[],
): Promise<void> => {
  if (prints.length === 0) return;
  await sql`update vehicles.trip set print = new.print
    from unnest(${prints.map(({ id }) => id)}::text[], ${prints.map(({ month }) => month)}::date[],
      ${prints.map(({ print }) => String(print))}::int8[]) as new (id, month, print)
    where car_id = ${carId} and trip.month = new.month and trip.id = new.id and trip.print is null`.execute(
    tx,
  );
};

/** Keeps the traces and threads of a request in place of those that it had. */
export const keepTraces = async (
  tx: Tx,
  requestId: Id<"request">,
  { traces, threads }: { traces: KeptTraces; threads: KeptTraces },
): Promise<void> => {
  await tx.deleteFrom("vehicles.trace").where("request_id", "=", requestId).execute();
  const kept = [traces, threads].flatMap((kind) =>
    kind.traces.map((trace) => ({ ...trace, thread: kind === threads })),
  );
  if (kept.length > 0)
    await sql`
      insert into vehicles.trace (request_id, feature, minute, rank, thread)
      select ${requestId}, * from unnest(${kept.map(({ feature }) => String(feature))}::int8[],
        ${kept.map(({ minute }) => minute)}::int4[], ${kept.map(({ rank }) => rank)}::int2[],
        ${kept.map(({ thread }) => thread)}::boolean[])`.execute(tx);
  await tx
    .updateTable("vehicles.claim_basis")
    .set({ trace_rank: traces.rank, thread_rank: threads.rank })
    .where("request_id", "=", requestId)
    .execute();
};

/** Requests whose threads were not taken yet: of a release before. */
export const unthreaded = (db: Db, limit: number) =>
  db
    .selectFrom("vehicles.claim_basis")
    .select(["request_id", "car_id", "zone"])
    .where("thread_rank", "is", null)
    .orderBy("request_id")
    .limit(limit)
    .execute();

/** The request holds nothing any more: what it held may be asked for again by anybody. */
export const dropTraces = (tx: Tx, requestId: Id<"request">) =>
  tx.deleteFrom("vehicles.trace").where("request_id", "=", requestId).execute();

/** So many features of a car are compared at most; those of its latest requests. */
const compared = 6_000;

export type CarTrace = Trace & { request_id: Id<"request"> };

/** Of a car: this request first, and only requests that keep as much of themselves as it does. */
export type OfCar = { carId: bigint; requestId: Id<"request">; rank: number };

/** The traces of a car's requests, save those that it has more often than so many times: habits. */
export const tracesOf = async (db: Db, of: OfCar, habit: number): Promise<CarTrace[]> => {
  const { rows } = await sql<CarTrace>`
    select feature::float8 as feature, minute, rank, request_id from (
      select *, count(*) over (partition by feature) as times from (
        select t.* from vehicles.claim_basis b join vehicles.trace t on t.request_id = b.request_id and not t.thread
        where b.car_id = ${of.carId} and b.trace_rank <= ${of.rank}
        order by (b.request_id = ${of.requestId}) desc, b.request_id desc limit ${compared}) latest) own
    where times <= ${habit} order by minute, feature`.execute(db);
  return rows;
};

/** How many traces of each rank cars have. */
export const traceRanks = async (
  db: Db,
  carIds: readonly bigint[],
): Promise<Map<bigint, { rank: number; traces: number }[]>> => {
  const { rows } = await sql<{ car_id: bigint; rank: number; traces: number }>`
    select b.car_id, t.rank, count(*)::int as traces
    from vehicles.claim_basis b join vehicles.trace t on t.request_id = b.request_id and not t.thread
    where b.car_id = any(${carIds.map(String)}::int8[]) group by 1, 2`.execute(db);
  return Map.groupBy(rows, ({ car_id }) => car_id);
};

export type MetRow = { at: number; request_id: Id<"request">; car_id: bigint; minute: number; rank: number };

const arrayOf = (own: readonly CarTrace[]) => sql`unnest(${own.map(({ feature }) => String(feature))}::int8[],
  ${own.map(({ minute }) => minute)}::int4[], ${own.map(({ request_id }) => request_id)}::text[])`;

/**
 * Where else a car's features are, by their place in the list: at other cars, and at the same one at another time. What
 * very many have is nobody's. A car's own trips at the same time are no copy: they were asked for again.
 */
export const tracesMet = async (db: Db, carId: bigint, own: readonly CarTrace[]): Promise<MetRow[]> => {
  if (own.length === 0) return [];
  const { rows } = await sql<MetRow>`
    select (own.at - 1)::int as at, other.request_id, other.minute, b.car_id, b.trace_rank as rank
    from ${arrayOf(own)} with ordinality as own (feature, minute, request_id, at)
      cross join lateral (
        select t.request_id, t.minute from vehicles.trace t
        where t.feature = own.feature and (t.request_id <> own.request_id or t.minute <> own.minute)
        limit 60) other
      join vehicles.claim_basis b on b.request_id = other.request_id
    where b.car_id <> ${carId} or abs(other.minute - own.minute) > 5`.execute(db);
  return rows;
};

/** The threads of a car's requests. */
export const threadsOf = async (db: Db, of: OfCar): Promise<CarTrace[]> => {
  const { rows } = await sql<CarTrace>`
    select t.feature::float8 as feature, t.minute, t.rank, t.request_id
    from vehicles.claim_basis b join vehicles.trace t on t.request_id = b.request_id and t.thread
    where b.car_id = ${of.carId} and b.thread_rank <= ${of.rank}
    order by (b.request_id = ${of.requestId}) desc, b.request_id desc limit ${compared}`.execute(db);
  return rows;
};

export type MetCar = { car_id: bigint; rank: number; request_ids: Id<"request">[] };

/** The cars that have most of some threads, one of the request's own at least: `least` moments or more. */
export const threadsMet = async (
  db: Db,
  of: OfCar,
  own: readonly CarTrace[],
  least: number,
): Promise<MetCar[]> => {
  if (own.length === 0) return [];
  const { rows } = await sql<MetCar>`
    select b.car_id, max(b.thread_rank)::int as rank, (array_agg(distinct b.request_id))[1:50] as request_ids
    from ${arrayOf(own)} as own (feature, minute, request_id)
      cross join lateral (
        select t.request_id, t.minute from vehicles.trace t where t.thread and t.feature = own.feature
          and (t.request_id <> own.request_id or t.minute <> own.minute)
        limit 60) other
      join vehicles.claim_basis b on b.request_id = other.request_id
    where b.car_id <> ${of.carId} or abs(other.minute - own.minute) > 5
    group by 1 having count(distinct own.minute) >= ${least} and bool_or(own.request_id = ${of.requestId})
    order by count(distinct own.minute) desc limit 20`.execute(db);
  return rows;
};
