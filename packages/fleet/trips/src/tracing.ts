import type { Db, Tx } from "@evx/db";
import { zoneOf as zoneNamed } from "@evx/formats";
import type { Id } from "@evx/kernel";
import { type BasisRow, basisRow, monthsOfRequest, zoneOf } from "./queries/claims.ts";
import { drivesOf, keepTraces, traceRanks, tracesMet, tracesOf } from "./queries/traces.ts";
import { printKey } from "./queries/twins.ts";
import { copiedOf, habit, Tracer } from "./traces.ts";

const portion = 20_000;

/** Keeps how the drives that a request took follow one another, whatever files they came in. */
export const traceRequest = async (tx: Tx, basis: Pick<BasisRow, "car_id" | "request_id" | "zone">) => {
  const { car_id: carId, request_id: requestId } = basis;
  const zone = zoneNamed(zoneOf(basis));
  const tracer = new Tracer((at) => zone.offsetAtLocal(at));
  const months = await monthsOfRequest(tx, carId, requestId);
  for await (const { drive, day } of drivesOf(tx, { carId, requestId, months }, portion))
    tracer.add(drive, day);
  await keepTraces(tx, requestId, tracer.end(await printKey(tx)));
};

/** How much of what a request has in its order is elsewhere in the same order, and in which other requests. */
export const tracedElsewhere = async (
  db: Db,
  requestId: Id<"request">,
): Promise<{ own: number; elsewhere: number; requestIds: Id<"request">[] }> => {
  const basis = await basisRow(db, requestId);
  const own = basis ? await tracesOf(db, requestId, habit) : [];
  if (!basis || own.length === 0) return { own: 0, elsewhere: 0, requestIds: [] };
  const rows = await tracesMet(db, { carId: basis.car_id, requestId }, own);
  const leasts = new Map(rows.map((row) => [row.request_id, row.rank]));
  const ranks = await traceRanks(db, [...leasts.keys()]);
  const comparable = (other: Id<"request">): number => {
    const least = Math.max(basis.trace_rank ?? 0, leasts.get(other) ?? 0);
    const theirs = (ranks.get(other) ?? []).filter(({ rank }) => rank >= least);
    return Math.min(
      own.filter(({ rank }) => rank >= least).length,
      theirs.reduce((sum, { traces }) => sum + traces, 0),
    );
  };
  const met = rows.map((row) => ({ at: row.at, requestId: row.request_id, otherMinute: row.minute }));
  const { places, requestIds } = copiedOf(own, met, comparable);
  requestIds.delete(requestId);
  return { own: own.length, elsewhere: places.size, requestIds: [...requestIds] };
};
