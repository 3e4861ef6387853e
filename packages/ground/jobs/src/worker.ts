import { hostname } from "node:os";
import { type Db, type Tx, transact } from "@evx/db";
import type { Clock } from "@evx/kernel";
import { hour_ms, logAbout } from "@evx/kernel";
import { PgBoss } from "pg-boss";
import type { Event, Handler, JobContext, Log } from "./define.ts";
import { type Failure, Lanes, type Outcome } from "./lanes.ts";
import {
  type Attempt,
  adoptOlderJobs,
  type Claimed,
  claimJobs,
  completeJobs,
  deadLetters,
  forgetBeat,
  forgetBeatsBefore,
  giveBack,
  type KnownNames,
  listenersSince,
  moveOutbox,
  type Route,
  recordBeat,
  silentQueues,
  touchJobs,
  type Ways,
  waysOf,
} from "./queries/index.ts";
import { reasonOf } from "./reasons.ts";

export type WorkerOptions = {
  db: Db;
  /** Where pg-boss connects with a pool of its own. */
  databaseUrl: string;
  clock: Clock;
  log: Log;
  handlers: readonly Handler[];
  /** Every event that this version declares. One that is not among them is left for a newer worker. */
  events?: readonly Event[];
  /** Under which name it reports that it lives; no two workers that run have the same. Host and process unless told. */
  name?: string;
  /** Whether a handler's work is to wait for now: it stays in its queue, and what was fetched and not begun goes back. */
  waits?: (handler: Handler) => Promise<boolean>;
  /** Pause between two rounds. What came meanwhile is moved, claimed and marked as done together. */
  roundMs?: number;
};

export type Worker = { readonly name: string; stop(): Promise<void> };

/** A listener of another worker gets its events for so long after it last reported. */
const listenerLivesMs = hour_ms;
/** A worker that was not stopped in order is missed for an hour, then forgotten: another has taken its place by then. */
const missedMs = hour_ms;
const beatMs = 5_000;
/** All queues are looked at this often; what this process itself moved there, or may have left there, at once. */
const lookMs = 1_000;
/** Jobs in hand say that they live this often; pg-boss gives one up after 10 s of silence. */
const touchMs = 3_000;
/** Old jobs are thrown away, and queues counted, this often. */
const tidyMs = 600_000;
/** For so long a worker that stops waits for its jobs in hand. */
const patienceMs = 8_000;
/** Rows of the outbox that are moved at once. */
const mostMoved = 500;
const year_s = 365 * 86_400;

/** 12 further tries with growing pauses, about half an hour; then the job goes to the dead letters, where it stays. */
const queueOptions = {
  notify: false,
  retryLimit: 12,
  retryDelay: 1,
  retryDelayMax: 300,
  retryBackoff: true,
  heartbeatSeconds: 10,
  expireInSeconds: 3_600,
  retentionSeconds: year_s,
  deadLetter: deadLetters,
};

/** Checks that queue names are unique: two handlers on one queue would each get half of the work. */
const byQueue = (handlers: readonly Handler[]): Map<string, Handler> => {
  const queues = new Map<string, Handler>();
  for (const handler of handlers) {
    if (queues.has(handler.queue)) throw new Error(`Two handlers share the queue ${handler.queue}`);
    queues.set(handler.queue, handler);
  }
  return queues;
};

/** Whether a handler has something to do for a payload. A field that the payload lacks tells nothing. */
const concerns = ({ only = {} }: Handler, payload: unknown): boolean =>
  Object.entries(only).every(([field, values]) => {
    const fields = payload as Readonly<Record<string, unknown>>;
    return !(field in fields) || values.includes(fields[field]);
  });

/** Which queues a row of the outbox goes to: a job's own, an event's every listener that it concerns. */
export const queuesFor = (
  handlers: readonly Handler[],
  { kind, name, payload }: { kind: "event" | "job"; name: string; payload: unknown },
): string[] =>
  handlers
    .filter(({ trigger }) =>
      kind === "job"
        ? "job" in trigger && trigger.job === name
        : "event" in trigger && trigger.event === name,
    )
    .filter((handler) => concerns(handler, payload))
    .map(({ queue }) => queue);

const knownTo = (handlers: readonly Handler[], events: readonly Event[]): KnownNames => ({
  jobs: handlers.flatMap(({ trigger }) => ("job" in trigger ? [trigger.job] : [])),
  events: [
    ...new Set([
      ...events.map(({ name }) => name),
      ...handlers.flatMap(({ trigger }) => ("event" in trigger ? [trigger.event] : [])),
    ]),
  ],
});

const listenersIn = (handlers: readonly Handler[]) =>
  handlers.flatMap(({ trigger, queue }) => ("event" in trigger ? [{ event: trigger.event, queue }] : []));

/** Runs a job once. What it throws is logged with the request in which the work began, and answered. */
const runOne = async (
  { db, clock, log }: Pick<WorkerOptions, "db" | "clock" | "log">,
  handler: Handler,
  job: Claimed,
): Promise<Outcome> => {
  const requestId = job.data?.cause ?? `job-${job.id}`;
  const about = { queue: handler.queue, requestId, job: job.id };
  const context: JobContext = {
    db,
    clock,
    log: logAbout(log, { requestId }),
    requestId,
    transact: (work) => transact(db, clock, work, { cause: requestId }),
  };
  const start = performance.now();
  try {
    await handler.run(context, job.data?.payload ?? {});
    const ms = Math.round(performance.now() - start);
    // What runs by the calendar, mostly to find nothing, would fill the log.
    log["cron" in handler.trigger ? "debug" : "info"]({ ...about, ms }, "job done");
    return { ok: true };
  } catch (error) {
    const last = job.retryCount >= job.retryLimit;
    log.error(
      { error, ...about, attempts: job.retryCount + 1 },
      last ? "job failed for good; an operator has to look at it" : "job failed; it will be tried again",
    );
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, failure: { message, reason: reasonOf(error) } };
  }
};

/** Makes the queues, or brings those of an older version up to date. */
const prepareQueues = async (boss: PgBoss, db: Db, queues: ReadonlyMap<string, Handler>): Promise<void> => {
  await boss.createQueue(deadLetters, { retentionSeconds: 50 * year_s, deleteAfterSeconds: 0 });
  for (const { queue, trigger } of queues.values()) {
    await boss.createQueue(queue, queueOptions);
    await boss.updateQueue(queue, { deadLetter: deadLetters, retentionSeconds: year_s });
    if ("cron" in trigger) await boss.schedule(queue, trigger.cron);
  }
  await adoptOlderJobs(db, [...queues.keys()]);
};

/** From every name that this version knows to the queues that hear of it, here and in other workers. */
const routesOf = (
  handlers: readonly Handler[],
  elsewhere: ReadonlyMap<string, readonly string[]>,
): Route[] => {
  const own = handlers.flatMap(({ trigger, queue, only = null }): Route[] => {
    if ("job" in trigger) return [{ kind: "job", name: trigger.job, queue, only }];
    return "event" in trigger ? [{ kind: "event", name: trigger.event, queue, only }] : [];
  });
  const mine = new Set(own.map(({ name, queue }) => `${name} ${queue}`));
  const others = [...elsewhere].flatMap(([name, queues]) =>
    queues
      .filter((queue) => !mine.has(`${name} ${queue}`))
      .map((queue) => ({ kind: "event" as const, name, queue, only: null })),
  );
  return [...own, ...others];
};

const openBoss = (databaseUrl: string, log: Log): PgBoss => {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    schema: "pgboss",
    application_name: "evx-worker",
    max: 6,
    migrate: false,
    createSchema: false,
    // Asked for by our own rounds, and only of the queues that need it: on its own it runs several statements a queue.
    supervise: false,
    monitorIntervalSeconds: 1,
  });
  boss.on("error", (error) => log.warn({ error }, "pg-boss reported an error"));
  return boss;
};

/** pg-boss, started, with all queues made. Leaves nothing open when that fails, so that it may be tried again. */
const startBoss = async (
  { databaseUrl, db, log }: Pick<WorkerOptions, "databaseUrl" | "db" | "log">,
  queues: ReadonlyMap<string, Handler>,
): Promise<PgBoss> => {
  const boss = openBoss(databaseUrl, log);
  try {
    await boss.start();
    await prepareQueues(boss, db, queues);
    return boss;
  } catch (error) {
    await boss
      .stop({ graceful: false })
      .catch((also) => log.warn({ error: also }, "pg-boss could not be stopped"));
    throw error;
  }
};

type Paths = { routes: readonly Route[]; ways: Ways };

const pathsOf = (known: KnownNames, ...from: Parameters<typeof routesOf>): Paths => {
  const routes = routesOf(...from);
  return { routes, ways: waysOf(known, routes) };
};

type Floor = WorkerOptions & { boss: PgBoss; lanes: Lanes };

/** What one round does, over and over: marks what is done, moves the outbox, claims. */
const rounds = ({ db, log, handlers, waits, lanes }: Floor) => {
  let looked = Number.NEGATIVE_INFINITY;
  /** What is to wait for now keeps its place; what was claimed of it and not begun goes back. */
  const paused = async (): Promise<Set<string>> => {
    const queues = new Set<string>();
    if (waits) for (const handler of handlers) if (await waits(handler)) queues.add(handler.queue);
    const unbegun = [...queues].flatMap((queue) => lanes.letGo(queue));
    if (unbegun.length > 0) await giveBack(db, unbegun).catch(unbegunWait(log));
    return queues;
  };
  /** Answers whether there is more to do at once. */
  return async ({ routes, ways }: Paths): Promise<boolean> => {
    await lanes.settle((attempts) => completeJobs(db, attempts));
    const closed = await paused();
    const free = routes.map(({ queue }) => (closed.has(queue) ? 0 : lanes.room(queue)));
    const { moved, left, begun } = await moveOutbox(db, ways, free, mostMoved);
    lanes.begin(begun);
    lanes.expect(left);
    const all = performance.now() - looked >= lookMs;
    if (all) looked = performance.now();
    const rooms = lanes.rooms(all ? "all" : "more").filter(({ queue }) => !closed.has(queue));
    if (rooms.length > 0) lanes.begin(await claimJobs(db, rooms), rooms);
    return moved === mostMoved;
  };
};

const unbegunWait = (log: Log) => (error: unknown) =>
  log.warn({ error }, "jobs that were not begun start again after 10 s");

/** Says of the jobs in hand, from time to time, that they live. Answers how to stop that. */
const keepAlive = ({ db, log, lanes }: Floor) => {
  const touching = setInterval(() => {
    const attempts = lanes.inHand;
    if (attempts.length > 0)
      touchJobs(db, attempts).catch((error) => log.warn({ error }, "jobs in hand could not be kept alive"));
  }, touchMs);
  return () => clearInterval(touching);
};

/** Lets pg-boss give up the jobs of workers that fell silent, and from time to time throw away what is old. */
const supervision = ({ db, boss, log }: Floor) => {
  let tidied = performance.now() - Math.random() * tidyMs;
  return async (): Promise<void> => {
    for (const queue of await silentQueues(db)) await boss.supervise(queue);
    if (performance.now() - tidied < tidyMs) return;
    tidied = performance.now();
    boss.supervise().catch((error) => log.warn({ error }, "old jobs could not be thrown away"));
  };
};

const failWith =
  (boss: PgBoss, log: Log) =>
  async ({ queue, id, retryCount }: Attempt, failure: Failure): Promise<void> => {
    try {
      await boss.fail(queue, { id, retryCount }, failure);
    } catch (error) {
      log.warn({ error, queue, job: id }, "a job's failure could not be noted; it runs again after 10 s");
    }
  };

/** Begins nothing more, gives back what was not begun, and waits a while for the jobs in hand. */
const leave = async ({ db, log, lanes }: Floor): Promise<void> => {
  lanes.close();
  const unbegun = lanes.letGo();
  if (unbegun.length > 0) await giveBack(db, unbegun).catch(unbegunWait(log));
  const end = performance.now() + patienceMs;
  while (lanes.running > 0 && performance.now() < end) await Bun.sleep(10);
  await lanes
    .settle((attempts) => completeJobs(db, attempts))
    .catch((error) => log.warn({ error }, "jobs that are done could not be marked as done; they run again"));
};

/**
 * Runs the jobs: moves outbox rows into pg-boss's queues and empties them, all of them in one round after the other.
 * A row leaves the outbox in the same statement in which its jobs enter the queues, so none is lost or doubled. Rows whose
 * names this version does not know stay for a worker that does.
 * A job whose worker was killed starts again after about 11 s (missed heartbeats).
 */
export const startWorker = async (options: WorkerOptions): Promise<Worker> => {
  const { db, clock, log, handlers, roundMs = 40 } = options;
  const name = options.name ?? `${hostname()}:${process.pid}`;
  const queues = byQueue(handlers);
  const listeners = listenersIn(handlers);
  const boss = await startBoss(options, queues);

  const known = knownTo(handlers, options.events ?? []);
  let paths = pathsOf(known, handlers, new Map());
  const beat = async (tx: Tx) => {
    await recordBeat(tx, name, listeners);
    const since = new Date(tx.at.getTime() - listenerLivesMs);
    paths = pathsOf(known, handlers, await listenersSince(tx, since));
    await forgetBeatsBefore(tx, new Date(tx.at.getTime() - missedMs));
  };
  await transact(db, clock, beat, { cause: "beat" }).catch(async (error) => {
    await boss.stop({ graceful: false });
    throw error;
  });

  let wake = () => {};
  const lanes = new Lanes({
    handlers: queues.values(),
    run: (handler, job) => runOne(options, handler, job),
    fail: failWith(boss, log),
    hungry: () => wake(),
  });
  const floor: Floor = { ...options, boss, lanes };
  const round = rounds(floor);
  const supervise = supervision(floor);
  const letDie = keepAlive(floor);
  let running = true;
  let beaten = performance.now();
  const turn = async (): Promise<void> => {
    const rest = Promise.withResolvers<void>();
    wake = rest.resolve;
    const more = await round(paths);
    if (performance.now() - beaten >= beatMs) {
      await transact(db, clock, beat, { cause: "beat" });
      await supervise();
      beaten = performance.now();
    }
    if (more) return;
    const timer = setTimeout(rest.resolve, roundMs);
    await rest.promise;
    clearTimeout(timer);
  };
  const working = (async () => {
    while (running)
      await turn().catch((error) => {
        log.warn({ error }, "a worker's round failed; it tries again");
        return Bun.sleep(1_000);
      });
  })();

  return {
    name,
    async stop() {
      running = false;
      wake();
      await working;
      await leave(floor);
      letDie();
      await forgetBeat(db, name).catch((error) => log.warn({ error }, "the worker could not sign off"));
      await boss.stop({ graceful: true, timeout: 1_000 });
    },
  };
};
