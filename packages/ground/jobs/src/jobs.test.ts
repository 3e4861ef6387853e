import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { systemClock } from "@evx/kernel";
import * as v from "valibot";
import {
  defineEvent,
  defineJob,
  emit,
  enqueue,
  every,
  handle,
  lastBeat,
  on,
  outboxBacklog,
} from "./index.ts";
import { drain, silentLog, tick, until } from "./testing.ts";
import { startWorker } from "./worker.ts";

const greet = defineJob("test.greet", v.object({ name: v.string() }));
const arrived = defineEvent("test.arrived", v.object({ name: v.string() }));

let t: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

describe("outbox", () => {
  test("a job exists only if its transaction commits", async () => {
    await expect(
      t.transact(async (tx) => {
        await enqueue(tx, greet, { name: "Lan" });
        throw new Error("undone");
      }),
    ).rejects.toThrow("undone");
    expect((await outboxBacklog(t.db)).waiting).toBe(0n);
  });

  test("drain does due jobs in order, each event once per listener, and leaves later ones", async () => {
    const heard: string[] = [];
    const handlers = [
      handle(greet, async (_, { name }) => heard.push(`greet ${name}`)),
      on(arrived, "test.a", async (job, { name }) => {
        heard.push(`a ${name} ${job.requestId}`);
        await job.transact((tx) => enqueue(tx, greet, { name: `${name}!` }));
      }),
      on(arrived, "test.b", async (_, { name }) => heard.push(`b ${name}`)),
      every("test.hourly", "0 * * * *", async () => heard.push("hour")),
    ];
    await t.transact(async (tx) => {
      await emit(tx, arrived, { name: "Lan" });
      await enqueue(tx, greet, { name: "later" }, { runAt: new Date(t.clock.now().getTime() + 1_000) });
    });
    await drain(t, handlers);
    expect(heard).toEqual(["a Lan test", "b Lan", "greet Lan!"]);
    t.clock.advance(1_000);
    await drain(t, handlers, { twice: true });
    await tick(t, handlers, "test.hourly");
    expect(heard.slice(3)).toEqual(["greet later", "greet later", "hour"]);
  });
});

describe("worker", () => {
  test("moves the outbox into queues, runs each job with its request's id, retries a failed one, and reports that it lives", async () => {
    const heard: string[] = [];
    let failures = 0;
    const worker = await startWorker({
      db: t.db,
      databaseUrl: t.url,
      clock: systemClock,
      log: silentLog,
      handlers: [
        handle(greet, async (job, { name }) => heard.push(`${name} ${job.requestId}`)),
        on(arrived, "test.flaky", async (_, { name }) => {
          if (failures++ === 0) throw new Error("first time");
          heard.push(`flaky ${name}`);
        }),
      ],
    });
    try {
      await t.transact(
        async (tx) => {
          await enqueue(tx, greet, { name: "Minh" });
          await emit(tx, arrived, { name: "Hoa" });
        },
        { cause: "req-1" },
      );
      await until(() => heard.length === 2);
      expect(heard.sort()).toEqual(["Minh req-1", "flaky Hoa"]);
      expect(failures).toBe(2);
      expect((await outboxBacklog(t.db)).waiting).toBe(0n);
      expect(await lastBeat(t.db)).toBeInstanceOf(Date);
    } finally {
      await worker.stop();
    }
  }, 30_000);

  test("two workers share the work and do each of 200 jobs once", async () => {
    const heard: string[] = [];
    const options = {
      db: t.db,
      databaseUrl: t.url,
      clock: systemClock,
      log: silentLog,
      handlers: [handle(greet, async (_, { name }) => heard.push(name), { concurrency: 4 })],
    };
    const workers = await Promise.all([
      startWorker({ ...options, name: "one" }),
      startWorker({ ...options, name: "two" }),
    ]);
    try {
      await t.transact(async (tx) => {
        for (let i = 0; i < 200; i++) await enqueue(tx, greet, { name: `n${i}` });
      });
      await until(() => heard.length >= 200);
      await Bun.sleep(200);
      expect(heard.length).toBe(200);
      expect(new Set(heard).size).toBe(200);
    } finally {
      await Promise.all(workers.map((worker) => worker.stop()));
    }
  }, 30_000);

  test("two handlers on one queue are refused at the start", async () => {
    const twice = [handle(greet, async () => {}), handle(greet, async () => {})];
    await expect(
      startWorker({ db: t.db, databaseUrl: t.url, clock: systemClock, log: silentLog, handlers: twice }),
    ).rejects.toThrow("share the queue");
  });
});
