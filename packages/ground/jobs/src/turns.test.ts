import { afterAll, beforeAll, expect, test } from "bun:test";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { systemClock } from "@evx/kernel";
import * as v from "valibot";
import { defineEvent, defineJob, emit, enqueue, handle, on, outboxBacklog } from "./index.ts";
import { drain, silentLog, until } from "./testing.ts";
import { startWorker } from "./worker.ts";

let t: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  t = await testDatabase({ max: 20 });
});
afterAll(() => t.close());

const numbered = v.object({ n: v.number() });
const paid = defineJob("turns.paid", numbered);
const mail = defineJob("turns.mail", numbered);
const count = defineJob("turns.count", numbered);

test("while somebody waits for a job in hand, two of those that nobody waits for run at once; afterwards as many as there are lanes", async () => {
  let [now, most, done] = [0, 0, 0];
  const slowly = async () => {
    most = Math.max(most, ++now);
    await Bun.sleep(30);
    now--;
    done++;
  };
  const release = Promise.withResolvers<void>();
  let held = false;
  const worker = await startWorker({
    ...{ db: t.db, databaseUrl: t.url, clock: systemClock, log: silentLog },
    handlers: [
      handle(
        paid,
        async () => {
          held = true;
          await release.promise;
        },
        { turn: "first" },
      ),
      handle(mail, slowly, { turn: "last", concurrency: 8 }),
      handle(count, slowly, { turn: "last", concurrency: 8 }),
    ],
  });
  try {
    await t.transact((tx) => enqueue(tx, paid, { n: 0 }));
    await until(() => held);
    await t.transact(async (tx) => {
      for (let n = 0; n < 40; n++) await enqueue(tx, n % 2 ? mail : count, { n });
    });
    await until(() => done >= 10);
    expect(most).toBe(2);
    release.resolve();
    await until(() => done === 40);
    expect(most).toBeGreaterThan(4);
  } finally {
    release.resolve();
    await worker.stop();
  }
}, 30_000);

const sold = defineEvent("turns.sold", v.object({ kind: v.picklist(["bid", "buy"]) }));

test("an event makes no job for a listener that has nothing to do for it; one that lacks the field does", async () => {
  const heard: unknown[] = [];
  const listening = on(sold, "turns.after_bid", async (_, { kind }) => heard.push(kind), {
    only: { kind: ["bid"] },
  });
  const lenient = { ...listening, run: async (_: unknown, payload: unknown) => void heard.push(payload) };
  const leave = () =>
    t.transact(async (tx) => {
      await emit(tx, sold, { kind: "buy" });
      await emit(tx, sold, { kind: "bid" });
      await sql`insert into jobs.outbox (kind, name, payload, cause, at)
        values ('event', 'turns.sold', '{}', 'older', ${tx.at})`.execute(tx);
    });
  await leave();
  expect((await drain(t, [lenient])).length).toBe(2);
  heard.length = 0;

  await leave();
  const worker = await startWorker({
    ...{ db: t.db, databaseUrl: t.url, clock: systemClock, log: silentLog, handlers: [lenient] },
  });
  await until(async () => (await outboxBacklog(t.db)).waiting === 0n && heard.length === 2);
  await worker.stop();
  expect(heard).toEqual([{ kind: "bid" }, {}]);
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count from pgboss.job where name = 'turns.after_bid'`.execute(t.admin);
  expect(rows[0]?.count).toBe(2n);
}, 30_000);
