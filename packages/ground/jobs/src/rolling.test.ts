import { afterAll, beforeAll, expect, test } from "bun:test";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { systemClock } from "@evx/kernel";
import * as v from "valibot";
import {
  defineEvent,
  defineJob,
  emit,
  enqueue,
  type Handler,
  handle,
  jobsHealth,
  on,
  outboxBacklog,
} from "./index.ts";
import { silentLog, until } from "./testing.ts";
import { startWorker } from "./worker.ts";

const numbered = v.object({ n: v.number() });
const known = defineJob("rolling.known", numbered);
const added = defineJob("rolling.added", numbered);
const happened = defineEvent("rolling.happened", numbered);
const newEvent = defineEvent("rolling.new_event", numbered);

let t: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  t = await testDatabase({ max: 20 });
});
afterAll(() => t.close());

/** How often each piece of work was done, and by which version. */
const done = new Map<string, ("older" | "newer")[]>();
const doing =
  (version: "older" | "newer", what: string) =>
  async (_: unknown, { n }: { n: number }) => {
    await Bun.sleep(5);
    done.set(`${what} ${n}`, [...(done.get(`${what} ${n}`) ?? []), version]);
  };

const olderHandlers: Handler[] = [
  handle(known, doing("older", "known")),
  on(happened, "rolling.first", doing("older", "first")),
];
const newerHandlers: Handler[] = [
  handle(known, doing("newer", "known")),
  handle(added, doing("newer", "added"), { long: true }),
  on(happened, "rolling.first", doing("newer", "first")),
  on(happened, "rolling.second", doing("newer", "second")),
  on(newEvent, "rolling.third", doing("newer", "third")),
];
const working = (name: "older" | "newer", handlers: readonly Handler[], events = [happened]) =>
  startWorker({ db: t.db, databaseUrl: t.url, clock: systemClock, log: silentLog, handlers, events, name });

/** One of each kind a number, twenty numbers a transaction, as servers of both versions leave them. */
const leave = async (from: number, to: number) => {
  for (let start = from; start < to; start += 20)
    await t.transact(async (tx) => {
      for (let n = start; n < start + 20; n++) {
        await enqueue(tx, known, { n });
        await enqueue(tx, added, { n });
        await emit(tx, happened, { n });
        await emit(tx, newEvent, { n });
      }
    });
};

const timesOf = (what: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => done.get(`${what} ${from + index}`)?.length ?? 0);

test("a rolling start under a queue of hundreds: old and new side by side do each thing once, and lose nothing", async () => {
  const older = await working("older", olderHandlers);
  await leave(0, 100);
  await until(() => done.size > 40);
  const newer = await working("newer", newerHandlers, [happened, newEvent]);
  try {
    await leave(100, 200);
    await until(() => [...done.values()].flat().includes("newer"));
    await older.stop();
    await leave(200, 300);
    await until(async () => (await outboxBacklog(t.db)).waiting === 0n, 60_000);
    const open = async () => {
      const { rows } =
        await sql`select from pgboss.job where name like 'rolling.%' and state <= 'active'`.execute(t.db);
      return rows.length;
    };
    await until(async () => (await open()) === 0, 60_000);
  } finally {
    await newer.stop();
  }
  for (const what of ["known", "added", "first", "third"])
    expect({ what, times: new Set(timesOf(what, 0, 300)) }).toEqual({ what, times: new Set([1]) });
  // A listener gets what happens from when it is there: all that came after the older one had stopped.
  expect(new Set(timesOf("second", 200, 300))).toEqual(new Set([1]));
  expect(Math.max(...timesOf("second", 0, 200))).toBeLessThanOrEqual(1);
  const by = (what: string) =>
    new Set([...done].filter(([name]) => name.startsWith(what)).flatMap(([, who]) => who));
  expect(by("known")).toEqual(new Set(["older", "newer"]));
  expect(by("added")).toEqual(new Set(["newer"]));
  expect(await jobsHealth(t.db, systemClock.now())).toMatchObject({ failed: 0, unknown: 0 });
}, 120_000);
