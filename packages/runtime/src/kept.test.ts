import { afterAll, beforeAll, expect, test } from "bun:test";
import { programLines } from "@evx/audit";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { logAbout, minute_ms } from "@evx/kernel";
import { keepingLog } from "./kept.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const lines = async (filter: { level?: "warn" | "error"; requestId?: string } = {}) =>
  (await programLines(t.db, { limit: 100, ...filter })).items;

test("warnings and errors are kept with their request and person, and without what is secret", async () => {
  const { log, flush } = keepingLog(quiet, { db: t.db, clock: () => t.clock, service: "server" });
  const asked = logAbout(log, { requestId: "req_1", userId: "usr_1" });
  asked.info({ path: "/fine" }, "nothing of note");
  asked.error(
    {
      error: new TypeError("x is not a function"),
      path: "/orders",
      authorization: "Bearer abc",
      body: { a: 1 },
    },
    "a request failed",
  );
  log.warn({ requestId: "req_2", password: "hunter2" }, "a gateway is slow");
  await flush();
  expect((await lines()).map(({ message }) => message)).toEqual(["a gateway is slow", "a request failed"]);
  expect(await lines({ level: "error" })).toMatchObject([
    {
      requestId: "req_1",
      userId: "usr_1",
      service: "server",
      about: { error: "TypeError: x is not a function", path: "/orders" },
    },
  ]);
  expect(JSON.stringify(await lines())).not.toMatch(/hunter2|Bearer|"a":1/);
  expect(await lines({ requestId: "req_2" })).toHaveLength(1);
});

test("a storm of lines keeps sixty a minute and says how many it did not", async () => {
  const { log, flush } = keepingLog(quiet, { db: t.db, clock: () => t.clock, service: "storm" });
  for (let turn = 0; turn < 500; turn++) log.warn({ requestId: "storm" }, "the gateway is away");
  t.clock.advance(minute_ms);
  log.warn({}, "calm again");
  await flush();
  expect(await lines({ requestId: "storm" })).toHaveLength(60);
  expect((await lines()).slice(0, 2)).toMatchObject([
    { message: "calm again" },
    { about: { repeated: 440 } },
  ]);
});

test("while the database is away lines wait, and its absence is no new line", async () => {
  let away = true;
  const answered = new Proxy(t.db, {
    get: (db, name) => {
      if (away) throw new Error("the database is away");
      const value: unknown = Reflect.get(db, name);
      return typeof value === "function" ? value.bind(db) : value;
    },
  });
  const { log, flush } = keepingLog(quiet, { db: answered, clock: () => t.clock, service: "worker" });
  log.error({ requestId: "later" }, "a job failed");
  await flush();
  expect(await lines({ requestId: "later" })).toEqual([]);
  away = false;
  await flush();
  expect(await lines({ requestId: "later" })).toHaveLength(1);
});
