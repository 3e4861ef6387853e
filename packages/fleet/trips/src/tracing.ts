import { copiedOf, habit, leastRow, rareOf, type Trace, Tracer, threadedOf } from "@evx/copies";
import type { Db, Tx } from "@evx/db";
import { lockCar } from "@evx/garage";
import type { JobContext } from "@evx/jobs";
import { type Id, zoneOf as zoneNamed } from "@evx/kernel";
import { printer } from "./prints.ts";
import { type BasisRow, basisRow, monthsOfRequest, zoneOf } from "./queries/claims.ts";
import { printKey, settlePages } from "./queries/prints.ts";
import {
  addPrints,
  type CarTrace,
  drivesOf,
  keepTraces,
  threadsMet,
  threadsOf,
  traceRanks,
  tracesMet,
  tracesOf,
  unthreaded,
} from "./queries/traces.ts";
import { monthOf } from "./trip-ids.ts";

/** More at once cost memory; fewer, questions. */
const portion = 4_000;
/**
 * After so many trips what was read of them is given back: 1,000,000 trips hold no more than 3 MB at any moment, but the
 * engine lets 100 MB of read rows lie about before it looks.
 */
const swept = 10 * portion;

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
  const held = await monthsOfRequest(tx, carId, requestId);
  // What was asked for in small parts has the order of the whole: the month before is looked at as well.
  const before = held[0] === undefined ? [] : [monthOf(Date.parse(held[0]) - 1)];
  const months = [...before, ...held];
  let prints: Parameters<typeof addPrints>[2][number][] = [];
  const printed = new Map<string, number>();
  let seen = 0;
  for await (const { id, month, drive, day, odometerEnd_m, passing, ...row } of drivesOf(
    tx,
    { carId, requestId, months },
    portion,
  )) {
    tracer.add(drive, day, passing);
    if (++seen % swept === 0) Bun.gc(true);
    if (passing) continue;
    const print = row.printed ? null : printOf({ ...drive, precision: day ? "day" : "exact", odometerEnd_m });
    if (row.printed || print !== null) printed.set(month, (printed.get(month) ?? 0) + 1);
    if (print === null) continue;
    prints.push({ id, month, print });
    if (prints.length < portion) continue;
    await addPrints(tx, carId, prints);
    prints = [];
  }
  await addPrints(tx, carId, prints);
  await settlePages(tx, { carId, requestId }, printed);
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

/** What lies elsewhere at one and the same distance in time, of all that the request's car asked for. */
const tracesElsewhere = async (db: Db, basis: BasisRow): Promise<Elsewhere> => {
  const { request_id: requestId, car_id: carId } = basis;
  const own = await tracesOf(db, { carId, requestId, rank: basis.trace_rank ?? 0 }, habit);
  if (!own.some(({ request_id }) => request_id === requestId)) return nothing;
  const rows = await tracesMet(db, carId, own);
  const leasts = new Map<bigint, number>();
  for (const row of rows) leasts.set(row.car_id, Math.max(row.rank, leasts.get(row.car_id) ?? 0));
  const ranks = await traceRanks(db, [...leasts.keys()]);
  const isOwn = ({ request_id }: CarTrace) => request_id === requestId;
  const within = (some: (trace: CarTrace) => boolean) => {
    const comparable = (other: bigint): number => {
      const least = Math.max(basis.trace_rank ?? 0, leasts.get(other) ?? 0);
      const theirs = (ranks.get(other) ?? []).filter(({ rank }) => rank >= least);
      return Math.min(
        own.filter((trace) => trace.rank >= least && some(trace)).length,
        theirs.reduce((sum, { traces }) => sum + traces, 0),
      );
    };
    const met = rows
      .filter(({ at }) => some(own[at] as CarTrace))
      .map((row) => ({ at: row.at, carId: row.car_id, otherMinute: row.minute }));
    const { places, carIds } = copiedOf(own, met, comparable);
    if (![...places].some((at) => isOwn(own[at] as CarTrace))) return nothing;
    const requestIds = new Set(
      rows.flatMap((row) => (carIds.has(row.car_id) && places.has(row.at) ? [row.request_id] : [])),
    );
    return { own: own.filter(some).length, elsewhere: places.size, requestIds: [...requestIds].slice(0, 50) };
  };
  // A small copy would be lost in what else a car asked for; one in small parts is seen in all of it alone.
  const alone = within(isOwn);
  return alone.elsewhere > 0 ? alone : within(() => true);
};

/** What is elsewhere in the same order, whatever the clock said there. */
const threadsElsewhere = async (db: Db, basis: BasisRow): Promise<Elsewhere> => {
  const of = { carId: basis.car_id, requestId: basis.request_id, rank: basis.thread_rank ?? 0 };
  const own = { rank: of.rank, traces: await threadsOf(db, of) };
  const part = { rank: of.rank, traces: own.traces.filter(({ request_id }) => request_id === of.requestId) };
  const rare = new Set<Trace>(rareOf(own.traces, own.rank));
  const others = await threadsMet(
    db,
    of,
    own.traces.filter((trace) => rare.has(trace)),
    leastRow,
  );
  let most: Elsewhere = nothing;
  const requestIds: Id<"request">[] = [];
  for (const { car_id: carId, rank, request_ids } of others) {
    const theirs =
      carId === of.carId
        ? own
        : { rank, traces: await threadsOf(db, { carId, requestId: of.requestId, rank }) };
    // What the same car did at the same time was asked for again, and is no copy.
    const apart_min = carId === of.carId ? 6 : 0;
    const alone = threadedOf(part, theirs, apart_min);
    const found = alone.copied ? alone : threadedOf(own, theirs, apart_min);
    if (!found.copied) continue;
    requestIds.push(...request_ids);
    if (found.elsewhere * most.own >= most.elsewhere * found.own) most = { ...found, requestIds };
  }
  return { own: most.own, elsewhere: most.elsewhere, requestIds };
};

/**
 * How much of what a request's car has in its order is elsewhere in the same order, and in which other requests; nothing
 * where none of it is this request's. The car's other requests count: a copy may be asked for in parts of a few drives.
 */
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
