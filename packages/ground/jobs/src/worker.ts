import { type Db, type Tx, transact } from "@evx/db";
import type { Clock } from "@evx/kernel";
import { fromKysely, type JobResult, PgBoss, type WorkOptions } from "pg-boss";
import type { Handler, JobContext, Log } from "./define.ts";
import { recordBeat, takeFromOutbox } from "./queries.ts";

export type WorkerOptions = {
  db: Db;
  /** Where pg-boss connects with a pool of its own, which it needs to listen. */
  databaseUrl: string;
  clock: Clock;
  log: Log;
  handlers: readonly Handler[];
  /** Under which name it reports that it lives. */
  name?: string;
  /** Pause of the relay when the outbox was empty. */
  relayPauseMs?: number;
};

export type Worker = { stop(): Promise<void> };

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

/**
 * How a queue is emptied. Short jobs are fetched in batches, and a full batch is followed by the next at once; long ones
 * (an import) one by one, each by a fetcher of its own, so that none waits for another to end.
 */
const pace = (handler: Handler): WorkOptions =>
  handler.long
    ? { batchSize: 1, localConcurrency: handler.concurrency }
    : { batchSize: 25, burstWhenBatchFull: true };

const inParallel = async <In, Out>(
  items: readonly In[],
  width: number,
  work: (item: In) => Promise<Out>,
): Promise<Out[]> => {
  const results: Out[] = [];
  const waiting = [...items.entries()];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: width }, lane));
  return results;
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

/**
 * Runs the jobs: moves outbox rows into pg-boss and works its queues.
 * A row leaves the outbox in the same transaction in which its jobs enter pg-boss, so none is lost or doubled.
 * A job whose worker was killed starts again after about 11 s (missed heartbeats).
 */
export const startWorker = async (options: WorkerOptions): Promise<Worker> => {
  const { db, clock, log, handlers, name = "worker", relayPauseMs = 40 } = options;
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

  /** Runs a job and tells pg-boss how it went: one that fails must not take its batch with it. */
  const runOne = async (handler: Handler, job: { id: string; data: Parcel | null }): Promise<JobResult> => {
    const requestId = job.data?.cause ?? `job-${job.id}`;
    try {
      await handler.run(context(requestId), job.data?.payload ?? {});
      log.debug({ queue: handler.queue, requestId }, "job done");
      return { id: job.id, status: "completed" };
    } catch (error) {
      log.error(
        { error, queue: handler.queue, requestId, job: job.id },
        "job failed; it will be tried again",
      );
      return {
        id: job.id,
        status: "failed",
        output: { message: error instanceof Error ? error.message : String(error) },
      };
    }
  };

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
    await boss.work<Parcel | null, void, WorkOptions & { perJobResults: true }>(
      handler.queue,
      { ...pace(handler), perJobResults: true, notifyPollingIntervalSeconds: 2, pollingIntervalSeconds: 1 },
      (jobs) => inParallel(jobs, handler.concurrency, (job) => runOne(handler, job)),
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
        list.push({
          data: { payload: row.payload, cause: row.cause },
          ...(row.run_at ? { startAfter: row.run_at } : {}),
        });
      }
    }
    for (const [queue, jobs] of parcels) await boss.insert(queue, jobs, { db: fromKysely(tx) });
    return rows.length;
  };

  let running = true;
  let beaten = new Date(0);
  const beat = async () => {
    const now = clock.now();
    if (now.getTime() - beaten.getTime() < 5_000) return;
    await recordBeat(db, name, now);
    beaten = now;
  };
  const relaying = (async () => {
    while (running) {
      try {
        const moved = await transact(db, clock, relay, { cause: "relay" });
        await beat();
        if (moved === 0) await Bun.sleep(relayPauseMs);
      } catch (error) {
        log.warn({ error }, "the outbox relay failed; it tries again");
        await Bun.sleep(1_000);
      }
    }
  })();

  return {
    async stop() {
      running = false;
      await relaying;
      await boss.stop({ graceful: true, timeout: 8_000 });
    },
  };
};
