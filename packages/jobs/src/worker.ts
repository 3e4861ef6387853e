import { type Db, type Tx, transact } from "@evx/db";
import type { Clock } from "@evx/kernel";
import { fromKysely, PgBoss } from "pg-boss";
import type { Handler, JobContext, Log } from "./define.ts";
import { takeFromOutbox } from "./queries.ts";

export type WorkerOptions = {
  db: Db;
  /** Where pg-boss connects with a pool of its own, which it needs to listen. */
  databaseUrl: string;
  clock: Clock;
  log: Log;
  handlers: readonly Handler[];
  /** Pause of the relay when the outbox was empty. */
  relayPauseMs?: number;
};

export type Worker = { stop(): Promise<void>; readonly lastBeat: () => Date };

type Parcel = { payload: unknown; cause: string };

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
    .filter(({ trigger }) => (kind === "job" ? "job" in trigger && trigger.job === name : "event" in trigger && trigger.event === name))
    .map(({ queue }) => queue);

/**
 * Runs the jobs: moves outbox rows into pg-boss and works its queues.
 * A row leaves the outbox in the same transaction in which its jobs enter pg-boss, so none is lost or doubled.
 * A job whose worker was killed starts again after about 11 s (missed heartbeats).
 */
export const startWorker = async (options: WorkerOptions): Promise<Worker> => {
  const { db, clock, log, handlers, relayPauseMs = 40 } = options;
  const queues = byQueue(handlers);
  const boss = new PgBoss({
    connectionString: options.databaseUrl,
    schema: "pgboss",
    application_name: "evx-worker",
    max: 6,
    migrate: false,
    createSchema: false,
    useListenNotify: true,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  });
  boss.on("error", (error) => log.warn({ error }, "pg-boss reported an error"));
  await boss.start();

  const context = (requestId: string): JobContext => ({
    db,
    clock,
    log,
    requestId,
    transact: (work) => transact(db, clock, work, { cause: requestId }),
  });

  for (const handler of queues.values()) {
    await boss.createQueue(handler.queue, {
      notify: true,
      retryLimit: 12,
      retryDelay: 1,
      retryDelayMax: 300,
      retryBackoff: true,
      heartbeatSeconds: 10,
      expireInSeconds: 3_600,
    });
    await boss.work<Parcel | null>(
      handler.queue,
      { localConcurrency: handler.concurrency, notifyPollingIntervalSeconds: 2, pollingIntervalSeconds: 1 },
      async ([job]) => {
        if (!job) return;
        const requestId = job.data?.cause ?? `job-${job.id}`;
        try {
          await handler.run(context(requestId), job.data?.payload ?? {});
          log.debug({ queue: handler.queue, requestId }, "job done");
        } catch (error) {
          log.error({ error, queue: handler.queue, requestId, job: job.id }, "job failed; it will be tried again");
          throw error;
        }
      },
    );
    if ("cron" in handler.trigger) await boss.schedule(handler.queue, handler.trigger.cron);
  }

  const relay = async (tx: Tx): Promise<number> => {
    const rows = await takeFromOutbox(tx, 500);
    const parcels = new Map<string, { data: Parcel; startAfter?: Date }[]>();
    for (const row of rows) {
      for (const queue of queuesFor(handlers, row.kind, row.name)) {
        const list = parcels.get(queue) ?? [];
        parcels.set(queue, list);
        list.push({ data: { payload: row.payload, cause: row.cause }, ...(row.run_at ? { startAfter: row.run_at } : {}) });
      }
    }
    for (const [queue, jobs] of parcels) await boss.insert(queue, jobs, { db: fromKysely(tx) });
    return rows.length;
  };

  let beat = clock.now();
  let running = true;
  const relaying = (async () => {
    while (running) {
      try {
        const moved = await transact(db, clock, relay, { cause: "relay" });
        beat = clock.now();
        if (moved === 0) await Bun.sleep(relayPauseMs);
      } catch (error) {
        log.warn({ error }, "the outbox relay failed; it tries again");
        await Bun.sleep(1_000);
      }
    }
  })();

  return {
    lastBeat: () => beat,
    async stop() {
      running = false;
      await relaying;
      await boss.stop({ graceful: true, timeout: 8_000 });
    },
  };
};
