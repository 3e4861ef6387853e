import { hostname } from "node:os";
import { type Db, type Tx, transact } from "@evx/db";
import type { Clock } from "@evx/kernel";
import { hour_ms, logAbout } from "@evx/kernel";
import { fromKysely, PgBoss } from "pg-boss";
import type { Event, Handler, JobContext, Log } from "./define.ts";
import { type Fetched, type JobEnvelope, type Lanes, type Outcome, startLanes } from "./lanes.ts";
import {
  adoptOlderJobs,
  deadLetters,
  forgetBeat,
  forgetBeatsBefore,
  type KnownNames,
  listenersSince,
  recordBeat,
  takeFromOutbox,
} from "./queries/index.ts";

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
  /** Pause of the relay when the outbox was empty. */
  relayPauseMs?: number;
};

export type Worker = { readonly name: string; stop(): Promise<void> };

/** A listener of another worker gets its events for so long after it last reported. */
const listenerLivesMs = hour_ms;
/** A worker that was not stopped in order is missed for an hour, then forgotten: another has taken its place by then. */
const missedMs = hour_ms;
const beatMs = 5_000;
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

/** Which queues a row of the outbox goes to: a job's own, an event's every listener. */
export const queuesFor = (handlers: readonly Handler[], kind: "event" | "job", name: string): string[] =>
  handlers
    .filter(({ trigger }) =>
      kind === "job"
        ? "job" in trigger && trigger.job === name
        : "event" in trigger && trigger.event === name,
    )
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
  job: Fetched,
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
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
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

/**
 * Moves waiting rows of the outbox into their queues, within one transaction: so many rows, into these queues.
 * `elsewhere` are the queues that listen in other workers, by event.
 */
const moveRows = async (
  tx: Tx,
  boss: PgBoss,
  { handlers, known }: { handlers: readonly Handler[]; known: KnownNames },
  elsewhere: ReadonlyMap<string, readonly string[]>,
): Promise<{ moved: number; into: string[] }> => {
  const rows = await takeFromOutbox(tx, 500, known);
  const envelopes = new Map<string, { data: JobEnvelope; startAfter?: Date }[]>();
  for (const row of rows) {
    const own = queuesFor(handlers, row.kind, row.name);
    const others = row.kind === "event" ? (elsewhere.get(row.name) ?? []) : [];
    for (const queue of new Set([...own, ...others])) {
      const list = envelopes.get(queue) ?? [];
      envelopes.set(queue, list);
      list.push({
        data: { payload: row.payload, cause: row.cause },
        ...(row.run_at ? { startAfter: row.run_at } : {}),
      });
    }
  }
  for (const [queue, jobs] of envelopes) await boss.insert(queue, jobs, { db: fromKysely(tx) });
  return { moved: rows.length, into: [...envelopes.keys()] };
};

const openBoss = (databaseUrl: string, log: Log): PgBoss => {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    schema: "pgboss",
    application_name: "evx-worker",
    max: 6,
    migrate: false,
    createSchema: false,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
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

/**
 * Runs the jobs: moves outbox rows into pg-boss and works its queues.
 * A row leaves the outbox in the same transaction in which its jobs enter pg-boss, so none is lost or doubled. Rows whose
 * names this version does not know stay for a worker that does.
 * A job whose worker was killed starts again after about 11 s (missed heartbeats).
 */
export const startWorker = async (options: WorkerOptions): Promise<Worker> => {
  const { db, clock, log, handlers, relayPauseMs = 40 } = options;
  const name = options.name ?? `${hostname()}:${process.pid}`;
  const queues = byQueue(handlers);
  const known = knownTo(handlers, options.events ?? []);
  const listeners = listenersIn(handlers);
  const boss = await startBoss(options, queues);

  let elsewhere = new Map<string, string[]>();
  const beat = async (tx: Tx) => {
    await recordBeat(tx, name, listeners);
    elsewhere = await listenersSince(tx, new Date(tx.at.getTime() - listenerLivesMs));
    await forgetBeatsBefore(tx, new Date(tx.at.getTime() - missedMs));
  };
  await transact(db, clock, beat, { cause: "beat" }).catch(async (error) => {
    await boss.stop({ graceful: false });
    throw error;
  });

  const lanes = new Map<string, Lanes>();
  for (const handler of queues.values())
    lanes.set(
      handler.queue,
      startLanes({
        ...{ boss, db, handler, log },
        waits: async () => (await options.waits?.(handler)) === true,
        run: (job) => runOne(options, handler, job),
      }),
    );

  const relay = (tx: Tx) => moveRows(tx, boss, { handlers, known }, elsewhere);
  let running = true;
  let beaten = performance.now();
  const relaying = (async () => {
    while (running) {
      try {
        const { moved, into } = await transact(db, clock, relay, { cause: "relay" });
        for (const queue of into) lanes.get(queue)?.wake();
        if (performance.now() - beaten >= beatMs) {
          await transact(db, clock, beat, { cause: "beat" });
          beaten = performance.now();
        }
        if (moved === 0) await Bun.sleep(relayPauseMs);
      } catch (error) {
        log.warn({ error }, "the outbox relay failed; it tries again");
        await Bun.sleep(1_000);
      }
    }
  })();

  return {
    name,
    async stop() {
      running = false;
      await relaying;
      await Promise.all([...lanes.values()].map((one) => one.stop(8_000)));
      await forgetBeat(db, name).catch((error) => log.warn({ error }, "the worker could not sign off"));
      await boss.stop({ graceful: true, timeout: 1_000 });
    },
  };
};
