/** A worker in a process of its own, for tests that kill it: `bun testing/counting.ts <database url> <name>`. */
import { createDb, createPool, sql, type Tx } from "@evx/db";
import { systemClock } from "@evx/kernel";
import * as v from "valibot";
import { defineEvent, defineJob, type Event, type Handler, handle, type Job, on } from "../index.ts";
import { silentLog } from "../testing.ts";
import { startWorker } from "../worker.ts";

const numbered = v.object({ n: v.number() });
export const count: Job<typeof numbered> = defineJob("test.count", numbered);
export const counted: Event<typeof numbered> = defineEvent("test.counted", numbered);

/** Writes each number down once, however often it runs; the tries are counted beside it. */
export const countingHandlers = (slowly: boolean): Handler[] =>
  [
    handle(count, (job, { n }) => job.transact((tx) => note(tx, "job", n))),
    on(counted, "test.note", (job, { n }) => job.transact((tx) => note(tx, "event", n))),
  ].map((handler) => ({
    ...handler,
    run: async (context, payload) => {
      if (slowly) await Bun.sleep(20);
      await handler.run(context, payload);
    },
  }));

const note = async (tx: Tx, kind: string, n: number) => {
  await sql`insert into public.done (kind, n, tries) values (${kind}, ${n}, 1)
    on conflict (kind, n) do update set tries = done.tries + 1`.execute(tx);
};

if (import.meta.main) {
  const [url, name] = Bun.argv.slice(2) as [string, string];
  const pool = createPool(url, { max: 10, name, onError: () => {} });
  const worker = await startWorker({
    db: createDb(pool),
    databaseUrl: url,
    clock: systemClock,
    log: silentLog,
    handlers: countingHandlers(true),
    name,
  });
  console.log(`${worker.name} works`);
  await new Promise(() => {});
}
