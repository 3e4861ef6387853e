import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { Refusal, systemClock } from "@evx/kernel";
import * as v from "valibot";
import {
  defineEvent,
  defineJob,
  emit,
  enqueue,
  failedJobs,
  type Handler,
  handle,
  jobsHealth,
  on,
  outboxBacklog,
  retryJob,
  strandedNames,
  withoutJob,
  workAhead,
} from "./index.ts";
import { silentLog, until } from "./testing.ts";
import { startWorker, type WorkerOptions } from "./worker.ts";

const nothing = v.object({});
const named = v.object({ name: v.string() });
const arrived = defineEvent("test.arrived", named);

let t: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  t = await testDatabase({ max: 20 });
});
afterAll(() => t.close());

const working = (handlers: readonly Handler[], more: Partial<WorkerOptions> = {}) =>
  startWorker({ db: t.db, databaseUrl: t.url, clock: systemClock, log: silentLog, handlers, ...more });

const asked = (...names: string[]) =>
  t.transact(
    async (tx) => {
      for (const name of names) await enqueue(tx, defineJob(name, nothing), {});
    },
    { cause: "req-worker-test" },
  );

describe("two versions side by side", () => {
  test("a job that only the newer one knows stays until it comes, and is listed meanwhile", async () => {
    const done: string[] = [];
    const older = await working([handle(defineJob("test.known", nothing), async () => done.push("known"))], {
      name: "older",
    });
    try {
      await asked("test.future", "test.known");
      await until(() => done.length === 1);
      await Bun.sleep(300);
      expect((await outboxBacklog(t.db)).waiting).toBe(1n);
      const soon = new Date(systemClock.now().getTime() + 1_000);
      expect(await strandedNames(t.db, soon)).toMatchObject([
        { kind: "job", name: "test.future", waiting: 1n },
      ]);
      const newer = await working(
        [
          handle(defineJob("test.known", nothing), async () => done.push("known")),
          handle(defineJob("test.future", nothing), async () => done.push("future")),
        ],
        { name: "newer" },
      );
      await until(() => done.includes("future"));
      await newer.stop();
      expect(done).toEqual(["known", "future"]);
    } finally {
      await older.stop();
    }
  }, 30_000);

  test("an event reaches the listener that only the newer one has, whichever of the two relays it; an undeclared one stays", async () => {
    const heard: string[] = [];
    const listener = (queue: string) =>
      on(arrived, queue, async (_, { name }) => heard.push(`${queue} ${name}`));
    const older = await working([listener("test.first")], { name: "older" });
    const newer = await working([listener("test.first"), listener("test.second")], { name: "newer" });
    try {
      // The older one has beaten since the newer one came, so it knows of the second listener.
      await until(async () => (await jobsHealth(t.db, systemClock.now())).workers.working === 2);
      await Bun.sleep(5_200);
      await t.transact(async (tx) => {
        for (let at = 0; at < 60; at++) await emit(tx, arrived, { name: `n${at}` });
        await emit(tx, defineEvent("test.undeclared", nothing), {});
      });
      await until(() => heard.length >= 120);
      await Bun.sleep(200);
      expect(heard.length).toBe(120);
      expect(new Set(heard).size).toBe(120);
      expect((await outboxBacklog(t.db)).waiting).toBe(1n);
    } finally {
      await Promise.all([older.stop(), newer.stop()]);
    }
    const declared = await working([], { events: [defineEvent("test.undeclared", nothing)] });
    await until(async () => (await outboxBacklog(t.db)).waiting === 0n);
    await declared.stop();
  }, 30_000);
});

describe("slow work", () => {
  test("a second long job starts while the first runs, and a slow short one holds up no other of its queue or of others", async () => {
    const started: string[] = [];
    const release = Promise.withResolvers<void>();
    const slow = defineJob("test.slow", named);
    const worker = await working([
      handle(
        defineJob("test.import", named),
        async (_, { name }) => {
          started.push(name);
          await release.promise;
        },
        { long: true, concurrency: 2 },
      ),
      handle(slow, async (_, { name }) => {
        started.push(name);
        if (name === "mail 0") await release.promise;
      }),
      handle(defineJob("test.other", nothing), async () => started.push("other")),
    ]);
    try {
      const send = (...names: string[]) =>
        t.transact(async (tx) => {
          for (const name of names) await enqueue(tx, slow, { name });
        });
      await t.transact((tx) => enqueue(tx, defineJob("test.import", named), { name: "first" }));
      await until(() => started.includes("first"));
      await t.transact((tx) => enqueue(tx, defineJob("test.import", named), { name: "second" }));
      await until(() => started.includes("second"), 3_000);
      await send(...Array.from({ length: 30 }, (_, at) => `mail ${at}`));
      await until(() => started.filter((name) => name.startsWith("mail")).length === 30, 3_000);
      await send("mail after");
      await asked("test.other");
      await until(() => started.includes("mail after") && started.includes("other"), 3_000);
    } finally {
      release.resolve();
      await worker.stop();
    }
  }, 30_000);

  test("a job that outlives the heartbeat is kept alive and runs once; what was fetched and not begun is given back at the end", async () => {
    let runs = 0;
    const begun: string[] = [];
    const first = await working([
      handle(defineJob("test.lasting", nothing), async () => {
        runs++;
        await Bun.sleep(13_000);
      }),
      handle(
        defineJob("test.row", named),
        async (_, { name }) => {
          begun.push(name);
          await Bun.sleep(1_500);
        },
        { concurrency: 1 },
      ),
    ]);
    await asked("test.lasting");
    await until(() => runs === 1);
    await Bun.sleep(12_500);
    await t.transact(async (tx) => {
      for (const name of ["a", "b", "c"]) await enqueue(tx, defineJob("test.row", named), { name });
    });
    await until(() => begun.length === 1);
    await first.stop();
    expect(runs).toBe(1);
    expect(begun.length).toBe(1);
    const ahead = await workAhead(t.db, systemClock.now());
    expect(ahead.queues.find(({ queue }) => queue === "test.row")).toMatchObject({ waiting: 2, active: 0 });
    const second = await working([
      handle(defineJob("test.row", named), async (_, { name }) => begun.push(name)),
    ]);
    await until(() => begun.length === 3, 3_000);
    await second.stop();
    expect(begun.sort()).toEqual(["a", "b", "c"]);
  }, 40_000);
});

describe("a job that failed for good", () => {
  test("is kept with its error, counted, shown to the operator, and runs again when they ask", async () => {
    const said: object[] = [];
    let broken = true;
    const letter = defineJob("test.letter", v.object({ id: v.string(), sealedLink: v.string() }));
    const done: string[] = [];
    const worker = await working(
      [
        handle(letter, async (_, { id }) => {
          if (broken) throw new Error("the parser is broken");
          done.push(id);
        }),
      ],
      { log: { ...silentLog, error: (fields) => said.push(fields), info: (fields) => said.push(fields) } },
    );
    try {
      await t.transact((tx) => enqueue(tx, letter, { id: "l1", sealedLink: "secret" }), { cause: "req-77" });
      await until(() => said.length === 1);
      // Its thirteenth and last attempt, without waiting half an hour for it.
      await until(async () => {
        const { numAffectedRows } = await sql`
          update pgboss.job set retry_count = retry_limit - 1, start_after = now()
          where name = 'test.letter' and state = 'retry'`.execute(t.admin);
        return numAffectedRows === 1n;
      });
      await until(async () => (await jobsHealth(t.db, systemClock.now())).failed === 1);
      const { items } = await failedJobs(t.db, { limit: 10, after: null });
      expect(items).toMatchObject([
        {
          queue: "test.letter",
          state: "failed",
          attempts: 13,
          error: "the parser is broken",
          reason: { code: "unexpected" },
          cause: "req-77",
        },
      ]);
      expect(items[0]?.payload).toContain("l1");
      expect(items[0]?.payload).not.toContain("secret");
      expect(said.at(-1)).toMatchObject({ requestId: "req-77", attempts: 13 });
      expect((await workAhead(t.db, systemClock.now())).queues).toContainEqual({
        queue: "test.letter",
        waiting: 0,
        active: 0,
        failed: 1,
        oldest: null,
      });
      expect(await withoutJob(t.db, letter, "id", ["l1", "l2"])).toEqual(["l2"]);

      broken = false;
      const id = items[0]?.id ?? "";
      await t.transact((tx) => retryJob(tx, id));
      await until(() => done.length === 1);
      await until(() => said.some((fields) => "ms" in fields));
      expect(said.at(-1)).toMatchObject({ queue: "test.letter", requestId: "req-77" });
      expect((await jobsHealth(t.db, systemClock.now())).failed).toBe(0);
      const refusal = await t.transact((tx) => retryJob(tx, id)).catch((error) => error);
      expect(refusal).toBeInstanceOf(Refusal);
      expect(refusal.code).toBe("job_not_failed");
    } finally {
      await worker.stop();
    }
  }, 30_000);

  test("of an older version is taken over at the start", async () => {
    const worker = await working([handle(defineJob("test.old", nothing), async () => {})]);
    await worker.stop();
    await sql`insert into pgboss.job (name, data, state, retry_count, output, completed_on)
            values ('test.old', '{"payload":{},"cause":"old"}', 'failed', 12, '{"message":"gone"}', now())`.execute(
      t.admin,
    );
    for (let start = 0; start < 2; start++)
      await (await working([handle(defineJob("test.old", nothing), async () => {})])).stop();
    const { items } = await failedJobs(t.db, { limit: 10, after: null });
    expect(items).toMatchObject([{ queue: "test.old", attempts: 13, error: "gone", cause: "old" }]);
  }, 30_000);
});

describe("workers", () => {
  test("each reports under its own name: one of two that falls silent is seen, one that stops in order is not missed", async () => {
    const [one, two] = [await working([], { name: "one" }), await working([], { name: "two" })];
    const now = systemClock.now();
    expect((await jobsHealth(t.db, now)).workers).toEqual({ known: 2, working: 2, silent: [] });
    await two.stop();
    expect((await jobsHealth(t.db, now)).workers).toEqual({ known: 1, working: 1, silent: [] });
    await t.transact(async (tx) => {
      await tx
        .insertInto("jobs.beat")
        .values({ worker: "dead", at: new Date(now.getTime() - 31_000) })
        .execute();
      await tx
        .insertInto("jobs.beat")
        .values({ worker: "wrong clock", at: new Date(now.getTime() + 3_600_000) })
        .execute();
    });
    const { workers } = await jobsHealth(t.db, systemClock.now());
    expect(workers).toEqual({ known: 3, working: 1, silent: ["dead", "wrong clock"] });
    await one.stop();
  });
});

test("work that has to wait stays in its queue with its tries unspent, and is done once it may", async () => {
  const done: string[] = [];
  let closed = true;
  const worker = await working(
    [
      handle(defineJob("test.pays", nothing), async () => done.push("pays")),
      handle(defineJob("test.tells", nothing), async () => done.push("tells")),
    ],
    { name: "waiting", waits: async ({ queue }) => closed && queue === "test.pays" },
  );
  try {
    await asked("test.pays", "test.tells");
    await until(() => done.length === 1);
    await Bun.sleep(1_200);
    expect(done).toEqual(["tells"]);
    closed = false;
    await until(() => done.length === 2);
  } finally {
    await worker.stop();
  }
});
