import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { sql } from "kysely";
import type { KeptTraces, Trace } from "../kept.ts";
import { startOfTripId } from "../trip-ids.ts";
import type { RequestScope } from "./claims.ts";

/** A request's drives in the order of time, as many at once as given. */
export async function* drivesOf(db: Db, request: RequestScope, portion: number) {
  for (const month of request.months)
    for (let after: Id<"trip"> | null = null; ; ) {
      const rows = await db
        .selectFrom("vehicles.trip")
        .select(["id", "distance_m", "odometer_end_m", sql<boolean>`precision = 'day'`.as("day")])
        .select(
          sql<boolean>`print is null and (precision <> 'day' or odometer_end_m is not null)`.as("unprinted"),
        )
        .select(sql<number>`extract(epoch from ended_at - started_at)::float8`.as("lasted_s"))
        .where("car_id", "=", request.carId)
        .where("month", "=", month)
        .where("request_id", "=", request.requestId)
        .where((eb) => (after === null ? eb.lit(true) : eb("id", ">", after)))
        .orderBy("id")
        .limit(portion)
        .execute();
      for (const { id, distance_m, odometer_end_m, day, lasted_s, unprinted } of rows) {
        const start = startOfTripId(id);
        const drive = { start, end: start + lasted_s * 1000, distance_m };
        yield { id, month, drive, day, odometerEnd_m: odometer_end_m, unprinted };
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

/** The traces of a request, save those that it has more often than so many times: habits. */
export const tracesOf = async (db: Db, requestId: Id<"request">, habit: number): Promise<Trace[]> => {
  const { rows } = await sql<{ feature: number; minute: number; rank: number }>`
    select feature::float8 as feature, minute, rank from (
      select *, count(*) over (partition by feature) as times from vehicles.trace where request_id = ${requestId} and not thread) own
    where times <= ${habit} order by minute, feature`.execute(db);
  return rows;
};

/** How many traces of each rank requests have. */
export const traceRanks = async (
  db: Db,
  requestIds: readonly Id<"request">[],
): Promise<Map<Id<"request">, { rank: number; traces: number }[]>> => {
  const { rows } = await sql<{ request_id: Id<"request">; rank: number; traces: number }>`
    select request_id, rank, count(*)::int as traces from vehicles.trace
    where request_id = any(${[...requestIds]}::text[]) and not thread group by 1, 2`.execute(db);
  return Map.groupBy(rows, ({ request_id }) => request_id);
};

export type MetRow = { at: number; request_id: Id<"request">; car_id: bigint; minute: number; rank: number };

/**
 * Where else the features are, by their place in the list: in other requests, and in the same one at another time. What
 * very many have is nobody's. A car's own trips at the same time are no copy: they were asked for again.
 */
export const tracesMet = async (
  db: Db,
  of: { carId: bigint; requestId: Id<"request"> },
  own: readonly Trace[],
): Promise<MetRow[]> => {
  if (own.length === 0) return [];
  const { rows } = await sql<MetRow>`
    select (own.at - 1)::int as at, other.request_id, other.minute, b.car_id, b.trace_rank as rank
    from unnest(${own.map(({ feature }) => String(feature))}::int8[], ${own.map(({ minute }) => minute)}::int4[])
        with ordinality as own (feature, minute, at)
      cross join lateral (
        select t.request_id, t.minute from vehicles.trace t
        where t.feature = own.feature and (t.request_id <> ${of.requestId} or t.minute <> own.minute)
        limit 60) other
      join vehicles.claim_basis b on b.request_id = other.request_id
    where b.car_id <> ${of.carId} or abs(other.minute - own.minute) > 5`.execute(db);
  return rows;
};

/** All threads of a request. */
export const threadsOf = async (db: Db, requestId: Id<"request">): Promise<Trace[]> => {
  const { rows } = await sql<Trace>`
    select feature::float8 as feature, minute, rank from vehicles.trace
    where request_id = ${requestId} and thread order by minute, feature`.execute(db);
  return rows;
};

/** The requests that have most of some threads, with the least rank of what they kept: `least` moments at least. */
export const threadsMet = async (
  db: Db,
  of: { carId: bigint; requestId: Id<"request"> },
  own: readonly Trace[],
  least: number,
): Promise<{ request_id: Id<"request">; car_id: bigint; rank: number }[]> => {
  if (own.length === 0) return [];
  const { rows } = await sql<{ request_id: Id<"request">; car_id: bigint; rank: number }>`
    select b.request_id, b.car_id, b.thread_rank as rank
    from unnest(${own.map(({ feature }) => String(feature))}::int8[], ${own.map(({ minute }) => minute)}::int4[])
        as own (feature, minute)
      cross join lateral (
        select t.request_id, t.minute from vehicles.trace t where t.thread and t.feature = own.feature
          and (t.request_id <> ${of.requestId} or t.minute <> own.minute)
        limit 60) other
      join vehicles.claim_basis b on b.request_id = other.request_id
    where b.car_id <> ${of.carId} or abs(other.minute - own.minute) > 5
    group by 1, 2, 3 having count(distinct own.minute) >= ${least}
    order by count(distinct own.minute) desc limit 20`.execute(db);
  return rows;
};
