import type { Db } from "@evx/db";
import type { JobWithMetadata, PgBoss } from "pg-boss";
import type { Handler, Log } from "./define.ts";
import { giveBack } from "./queries/index.ts";

/** What lies in a queue: the payload and the request in which the work began. */
export type JobEnvelope = { payload: unknown; cause: string };

export type Fetched = JobWithMetadata<JobEnvelope | null>;

/** How one run of a job ended. */
export type Outcome = { ok: true } | { ok: false; message: string };

export type Lanes = {
  /** Looks for work at once rather than at the next look. */
  wake(): void;
  /** Fetches nothing more, and waits for the jobs in hand until the deadline. */
  stop(patienceMs: number): Promise<void>;
};

/** An idle queue is looked at this often; work that this process queued itself wakes it at once. */
const lookMs = 1_000;
/** Jobs in hand say that they live this often; pg-boss gives one up after 10 s of silence. */
const touchMs = 3_000;
/** Short jobs are fetched so many at a time, because a fetch costs as much as a short job. */
const shortBuffer = 25;

type Options = {
  boss: PgBoss;
  db: Db;
  handler: Handler;
  log: Log;
  /** Whether nothing of this queue may be begun for now. */
  waits(): Promise<boolean>;
  run(job: Fetched): Promise<Outcome>;
};

/** What was fetched and not begun goes back at once, with its attempts unspent. */
const returnUnbegun = async (
  { db, queue, log }: { db: Db; queue: string; log: Log },
  waiting: Fetched[],
  inHand: Map<string, Fetched>,
): Promise<void> => {
  const ids = waiting.splice(0).map(({ id }) => id);
  for (const id of ids) inHand.delete(id);
  if (ids.length > 0)
    await giveBack(db, queue, ids).catch((error) =>
      log.warn({ error, queue }, "jobs that were not begun start again after 10 s"),
    );
};

/** Says of the jobs in hand, from time to time, that they live. Answers how to stop that. */
const keepAlive = (
  { boss, queue, log }: Pick<Options, "log"> & { boss: PgBoss; queue: string },
  inHand: ReadonlyMap<string, Fetched>,
) => {
  const touching = setInterval(() => {
    const attempts = [...inHand.values()].map(({ id, retryCount }) => ({ id, retryCount }));
    if (attempts.length > 0)
      boss
        .touch(queue, attempts)
        .catch((error) => log.warn({ error, queue }, "jobs in hand could not be kept alive"));
  }, touchMs);
  return () => clearInterval(touching);
};

/** Whether there may be more at once; not when the look failed, which is written down. */
const noted = (look: Promise<boolean>, queue: string, log: Log): Promise<boolean> =>
  look.catch((error) => {
    log.warn({ error, queue }, "a queue could not be looked at; it is tried again");
    return false;
  });

/**
 * Empties one queue in `handler.concurrency` lanes. A lane that is done takes the next job, whatever the others still do,
 * so a slow job holds up its own lane and nothing else. Long jobs are fetched only when a lane is free for them, so that
 * none waits here while another worker is idle.
 */
export const startLanes = ({ boss, db, handler, log, waits, run }: Options): Lanes => {
  const { queue, concurrency } = handler;
  const waiting: Fetched[] = [];
  const inHand = new Map<string, Fetched>();
  const settled = settler(boss, queue, log);
  const letDie = keepAlive({ boss, queue, log }, inHand);
  let running = 0;
  let stopping = false;
  let wakeUp = () => {};

  const fill = () => {
    while (!stopping && running < concurrency) {
      const job = waiting.shift();
      if (!job) return;
      running++;
      void run(job)
        .then((outcome) => settled(job, outcome))
        .finally(() => {
          running--;
          inHand.delete(job.id);
          fill();
          wakeUp();
        });
    }
  };

  const fetchSome = async (): Promise<boolean> => {
    const free = concurrency - running - waiting.length;
    if (free <= 0) return false;
    const batchSize = handler.long ? free : Math.max(free, shortBuffer);
    const jobs = await boss.fetch<JobEnvelope | null>(queue, { batchSize, includeMetadata: true });
    for (const job of jobs) inHand.set(job.id, job);
    waiting.push(...jobs);
    fill();
    return jobs.length === batchSize;
  };

  const letGo = () => returnUnbegun({ db, queue, log }, waiting, inHand);

  const lookOnce = async (): Promise<boolean> => {
    if (!(await waits())) return fetchSome();
    await letGo();
    return false;
  };

  const looking = (async () => {
    while (!stopping) {
      const pause = Promise.withResolvers<void>();
      wakeUp = pause.resolve;
      if ((await noted(lookOnce(), queue, log)) && running + waiting.length < concurrency) continue;
      const timer = setTimeout(pause.resolve, lookMs);
      await pause.promise;
      clearTimeout(timer);
    }
  })();

  return {
    wake: () => wakeUp(),
    async stop(patienceMs) {
      stopping = true;
      wakeUp();
      await looking;
      const end = performance.now() + patienceMs;
      await letGo();
      while (running > 0 && performance.now() < end) await Bun.sleep(10);
      letDie();
      await settled.done();
    },
  };
};

/**
 * Tells pg-boss how jobs ended. Jobs that end while one statement is under way share the next, so that short jobs do not
 * cost a statement each.
 */
const settler = (boss: PgBoss, queue: string, log: Log) => {
  let done: { id: string; retryCount: number }[] = [];
  let flushing: Promise<void> | null = null;
  const flush = async () => {
    while (done.length > 0) {
      const batch = done;
      done = [];
      try {
        await boss.complete(queue, batch);
      } catch (error) {
        log.warn(
          { error, queue, jobs: batch.length },
          "jobs that are done could not be marked as done; they run again",
        );
      }
    }
    flushing = null;
  };
  const settle = async ({ id, retryCount }: Fetched, outcome: Outcome): Promise<void> => {
    if (outcome.ok) {
      done.push({ id, retryCount });
      flushing ??= flush();
      return flushing;
    }
    try {
      await boss.fail(queue, { id, retryCount }, { message: outcome.message });
    } catch (error) {
      log.warn({ error, queue, job: id }, "a job's failure could not be noted; it runs again after 10 s");
    }
  };
  return Object.assign(settle, { done: async () => void (await flushing) });
};
