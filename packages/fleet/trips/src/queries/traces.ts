import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { sql } from "kysely";
import type { Trace } from "../traces.ts";
import { startOfTripId } from "../trip-ids.ts";
import type { RequestScope } from "./claims.ts";

/** A request's drives in the order of time, as many at once as given. */
export async function* drivesOf(db: Db, request: RequestScope, portion: number) {
  for (const month of request.months)
    for (let after: Id<"trip"> | null = null; ; ) {
      const rows = await db
        .selectFrom("vehicles.trip")
        .select(["id", "distance_m", sql<boolean>`precision = 'day'`.as("day")])
        .select(sql<number>`extract(epoch from ended_at - started_at)::float8`.as("lasted_s"))
        .where("car_id", "=", request.carId)
        .where("month", "=", month)
        .where("request_id", "=", request.requestId)
        .where((eb) => (after === null ? eb.lit(true) : eb("id", ">", after)))
        .orderBy("id")
        .limit(portion)
        .execute();
      for (const { id, distance_m, day, lasted_s } of rows) {
        const start = startOfTripId(id);
        yield { drive: { start, end: start + lasted_s * 1000, distance_m }, day };
      }
      after = rows.at(-1)?.id ?? null;
      if (rows.length < portion) break;
    }
}

/** Keeps the traces of a request in place of those that it had. */
export const keepTraces = async (
  tx: Tx,
  requestId: Id<"request">,
  { rank, traces }: { rank: number; traces: readonly Trace[] },
): Promise<void> => {
  await tx.deleteFrom("vehicles.trace").where("request_id", "=", requestId).execute();
  if (traces.length > 0)
    await sql`
      insert into vehicles.trace (request_id, feature, minute, rank)
      select ${requestId}, * from unnest(${traces.map(({ feature }) => String(feature))}::int8[],
        ${traces.map(({ minute }) => minute)}::int4[], ${traces.map((trace) => trace.rank)}::int2[])`.execute(
      tx,
    );
  await tx
    .updateTable("vehicles.claim_basis")
    .set({ trace_rank: rank })
    .where("request_id", "=", requestId)
    .execute();
};

/** The request holds nothing any more: what it held may be asked for again by anybody. */
export const dropTraces = (tx: Tx, requestId: Id<"request">) =>
  tx.deleteFrom("vehicles.trace").where("request_id", "=", requestId).execute();

/** The traces of a request, save those that it has more often than so many times: habits. */
export const tracesOf = async (db: Db, requestId: Id<"request">, habit: number): Promise<Trace[]> => {
  const { rows } = await sql<{ feature: number; minute: number; rank: number }>`
    select feature::float8 as feature, minute, rank from (
      select *, count(*) over (partition by feature) as times from vehicles.trace where request_id = ${requestId}) own
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
    where request_id = any(${[...requestIds]}::text[]) group by 1, 2`.execute(db);
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
