import type { Db, Tx } from "@evx/db";
import { zoneOf as zoneNamed } from "@evx/formats";
import { lockCar } from "@evx/garage";
import type { JobContext } from "@evx/jobs";
import type { Id } from "@evx/kernel";
import { printer } from "./prints.ts";
import { type BasisRow, basisRow, monthsOfRequest, zoneOf } from "./queries/claims.ts";
import {
  addPrints,
  drivesOf,
  keepTraces,
  threadsMet,
  threadsOf,
  traceRanks,
  tracesMet,
  tracesOf,
  unthreaded,
} from "./queries/traces.ts";
import { printKey } from "./queries/twins.ts";
import { leastRow, rareOf, threadedOf } from "./threads.ts";
import { copiedOf, habit, Tracer } from "./traces.ts";

const portion = 20_000;

/**
 * Keeps how the drives that a request took follow one another, whatever files they came in, and gives prints to those
 * that were recorded before there were any.
 */
export const traceRequest = async (tx: Tx, basis: Pick<BasisRow, "car_id" | "request_id" | "zone">) => {
  const { car_id: carId, request_id: requestId } = basis;
  const zone = zoneNamed(zoneOf(basis));
  const tracer = new Tracer((at) => zone.offsetAtLocal(at));
  const key = await printKey(tx);
  const printOf = printer(key);
  const months = await monthsOfRequest(tx, carId, requestId);
  let prints: Parameters<typeof addPrints>[2][number][] = [];
  for await (const { id, month, drive, day, odometerEnd_m, unprinted } of drivesOf(
    tx,
    { carId, requestId, months },
    portion,
  )) {
    tracer.add(drive, day);
    const print = unprinted ? printOf({ ...drive, precision: day ? "day" : "exact", odometerEnd_m }) : null;
    if (print === null) continue;
    prints.push({ id, month, print });
    if (prints.length < portion) continue;
    await addPrints(tx, carId, prints);
    prints = [];
  }
  await addPrints(tx, carId, prints);
  await keepTraces(tx, requestId, tracer.end(key));
};

/** Traces requests that a release before took in, one after the other; any number of times. */
export const traceOlder = async (job: Pick<JobContext, "db" | "transact" | "log">): Promise<number> => {
  let traced = 0;
  for (;;) {
    const some = await unthreaded(job.db, 50);
    for (const basis of some)
      await job.transact(async (tx) => {
        await lockCar(tx, basis.car_id);
        await traceRequest(tx, basis);
      });
    traced += some.length;
    if (some.length === 0) break;
  }
  if (traced > 0) job.log.info({ requests: traced }, "traced requests of before");
  return traced;
};

type Elsewhere = { own: number; elsewhere: number; requestIds: Id<"request">[] };

const nothing: Elsewhere = { own: 0, elsewhere: 0, requestIds: [] };

/** What lies elsewhere at one and the same distance in time. */
const tracesElsewhere = async (db: Db, basis: BasisRow): Promise<Elsewhere> => {
  const { request_id: requestId } = basis;
  const own = await tracesOf(db, requestId, habit);
  if (own.length === 0) return nothing;
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
  return { own: own.length, elsewhere: places.size, requestIds: [...requestIds] };
};

/** What is elsewhere in the same order, whatever the clock said there. */
const threadsElsewhere = async (db: Db, basis: BasisRow): Promise<Elsewhere> => {
  const { request_id: requestId, car_id: carId } = basis;
  const own = { rank: basis.thread_rank ?? 0, traces: await threadsOf(db, requestId) };
  const others = await threadsMet(db, { carId, requestId }, rareOf(own.traces, own.rank), leastRow);
  let most: Elsewhere = nothing;
  const requestIds: Id<"request">[] = [];
  for (const other of others) {
    const theirs =
      other.request_id === requestId
        ? own
        : { rank: other.rank, traces: await threadsOf(db, other.request_id) };
    // What the same car did at the same time was asked for again, and is no copy.
    const found = threadedOf(own, theirs, other.car_id === carId ? 6 : 0);
    if (!found.copied) continue;
    requestIds.push(other.request_id);
    if (found.elsewhere * most.own >= most.elsewhere * found.own) most = { ...found, requestIds };
  }
  return { own: most.own, elsewhere: most.elsewhere, requestIds };
};

/** How much of what a request has in its order is elsewhere in the same order, and in which other requests. */
export const tracedElsewhere = async (db: Db, requestId: Id<"request">): Promise<Elsewhere> => {
  const basis = await basisRow(db, requestId);
  if (!basis) return nothing;
  const [traces, threads] = [await tracesElsewhere(db, basis), await threadsElsewhere(db, basis)];
  const more = threads.elsewhere * traces.own > traces.elsewhere * threads.own || traces.elsewhere === 0;
  const { own, elsewhere } = more && threads.own > 0 ? threads : traces;
  const requestIds = new Set([...traces.requestIds, ...threads.requestIds]);
  requestIds.delete(requestId);
  return { own, elsewhere, requestIds: [...requestIds] };
};
