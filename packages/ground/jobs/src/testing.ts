import { type Db, transact } from "@evx/db";
import type { Clock } from "@evx/kernel";
import type { Handler, JobContext, Log } from "./define.ts";
import { takeFromOutbox } from "./queries/index.ts";
import { queuesFor } from "./worker.ts";

/** A logger that says nothing. */
export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** The context of a job in a test. */
export const jobContext = (world: { db: Db; clock: Clock }, requestId = "test"): JobContext => ({
  db: world.db,
  clock: world.clock,
  log: silentLog,
  requestId,
  transact: (work) => transact(world.db, world.clock, work, { cause: requestId }),
});

/** Runs a handler beside itself, as two workers would that both hold the job; the one that fails is tried again. */
const runBeside = async (handler: Handler, context: JobContext, payload: unknown): Promise<void> => {
  const run = () => handler.run(context, payload);
  const ends = await Promise.allSettled([run(), run()]);
  if (ends.every(({ status }) => status === "rejected")) throw (ends[0] as PromiseRejectedResult).reason;
  if (ends.some(({ status }) => status === "rejected")) await run();
};

/**
 * Does all jobs that wait in the outbox and are due, and what they leave there in turn, each one twice when
 * `twice` is set, one after the other or `"beside"` itself: a handler that is not idempotent fails then. Answers what
 * was done, in order.
 */
export const drain = async (
  world: { db: Db; clock: Clock },
  handlers: readonly Handler[],
  { twice = false }: { twice?: boolean | "beside" } = {},
): Promise<{ queue: string; payload: unknown }[]> => {
  const done: { queue: string; payload: unknown }[] = [];
  for (let round = 0; round < 50; round++) {
    const rows = await transact(world.db, world.clock, (tx) => takeFromOutbox(tx, 1_000), { cause: "drain" });
    const due = rows.filter((row) => row.run_at === null || row.run_at <= world.clock.now());
    const later = rows.filter((row) => !due.includes(row));
    for (const row of due) {
      for (const queue of queuesFor(handlers, row)) {
        const handler = handlers.find((candidate) => candidate.queue === queue) as Handler;
        if (twice === "beside") await runBeside(handler, jobContext(world, row.cause), row.payload);
        else
          for (let time = 0; time < (twice ? 2 : 1); time++)
            await handler.run(jobContext(world, row.cause), row.payload);
        done.push({ queue, payload: row.payload });
      }
    }
    if (later.length > 0) await putBack(world, later);
    if (due.length === 0) return done;
  }
  throw new Error("drain: jobs go on making jobs after 50 rounds");
};

const putBack = (world: { db: Db; clock: Clock }, rows: Awaited<ReturnType<typeof takeFromOutbox>>) =>
  transact(
    world.db,
    world.clock,
    async (tx) => {
      await tx
        .insertInto("jobs.outbox")
        .values(rows.map(({ id: _, payload, ...row }) => ({ ...row, payload: JSON.stringify(payload) })))
        .execute();
    },
    { cause: "drain" },
  );

/** Runs a scheduled handler once, as if its hour had come. */
export const tick = (
  world: { db: Db; clock: Clock },
  handlers: readonly Handler[],
  queue: string,
): Promise<void> => {
  const handler = handlers.find((candidate) => candidate.queue === queue);
  if (!handler) throw new Error(`No handler on the queue ${queue}`);
  return handler.run(jobContext(world), {});
};

/** Waits until something holds; throws when it does not within the patience. */
export const until = async (holds: () => boolean | Promise<boolean>, patienceMs = 15_000): Promise<void> => {
  const end = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error("waited in vain");
    await Bun.sleep(20);
  }
};
