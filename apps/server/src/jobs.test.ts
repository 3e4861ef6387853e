import { afterAll, beforeAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { sql } from "@evx/db";
import { until } from "@evx/jobs/testing";
import { systemClock } from "@evx/kernel";
import { type LiveWorld, startLiveWorld } from "./testing.ts";

let world: LiveWorld;
beforeAll(async () => {
  world = await startLiveWorld();
}, 60_000);
afterAll(() => world.close(), 30_000);

type Body = { status?: string; jobs?: { failed: number } };

const get = async (path: string): Promise<{ status: number; body: Body }> => {
  const response = await fetch(`${world.url}${path}`);
  const body = (await response.json()) as Body;
  return { status: response.status, body };
};

test("a job that failed for good makes health degraded, is a figure, and is an operator's to run again", async () => {
  await until(async () => (await get("/health")).body.status === "healthy");
  // A payload that its schema refuses fails whenever it is tried.
  await world.database.db
    .insertInto("jobs.outbox")
    .values({
      kind: "job",
      name: "notifications.send_email",
      payload: "{}",
      cause: "req-broken",
      at: systemClock.now(),
    })
    .execute();
  const { admin } = world.database;
  await until(async () => {
    const { numAffectedRows } = await sql`
      update pgboss.job set retry_count = retry_limit - 1, start_after = now()
      where name = 'notifications.send_email' and state = 'retry'`.execute(admin);
    return numAffectedRows === 1n;
  });
  await until(async () => (await get("/health")).body.jobs?.failed === 1);
  expect(await get("/health")).toMatchObject({
    status: 200,
    body: { status: "degraded", worker: "working", workers: { known: 1, working: 1 } },
  });
  const figures = await (await fetch(`${world.url}/metrics`)).text();
  expect(figures).toContain('evx_jobs_failed{queue="notifications.send_email"} 1');
  expect(figures).toContain('evx_workers{state="working"} 1');

  expect((await get("/api/admin/jobs")).status).toBe(401);
  const as = async (role: "admin" | "buyer") => {
    const actor = await aUser(world.database, { role });
    return world.runtime.callAs(
      world.runtime.createContext({
        actor,
        headers: new Headers(),
        ip: "127.0.0.1",
        requestId: "req-operator",
      }),
    );
  };
  await expect((await as("buyer")).jobs.list({})).rejects.toThrow("role");
  const operator = await as("admin");
  const { items } = await operator.jobs.list({});
  expect(items).toMatchObject([
    {
      ...{
        queue: "notifications.send_email",
        state: "failed",
        attempts: 13,
        cause: "req-broken",
        payload: "{}",
      },
      reason: { code: "unreadable", vi: expect.stringContaining("thiếu thông tin") },
    },
  ]);
  const { steps } = await operator.jobs.trace({ requestId: "req-broken" });
  expect(steps).toMatchObject([{ state: "failed_for_good", reason: { code: "unreadable" } }]);
  const id = items[0]?.id ?? "";
  await operator.jobs.retry({ id });
  expect((await operator.jobs.list({})).items).toEqual([]);
  await expect(operator.jobs.retry({ id })).rejects.toThrow("no such failed job");
  const { items: trail } = await operator.identity.audit.list({ action: "job.retry" });
  expect(trail).toMatchObject([{ object: id, actorId: expect.stringMatching(/^usr_/) }]);
  await until(async () => (await get("/health")).body.status === "healthy");
}, 60_000);

test("what no running worker knows is a figure, listed by name, and degrades health; so does one worker of two", async () => {
  const early = new Date(systemClock.now().getTime() - 120_000);
  await world.database.db
    .insertInto("jobs.outbox")
    .values({ kind: "job", name: "future.work", payload: "{}", cause: "req-future", at: early })
    .execute();
  await world.database.db.insertInto("jobs.beat").values({ worker: "gone", at: early }).execute();
  await until(async () => (await get("/health")).body.status === "degraded");
  expect((await get("/health")).body).toMatchObject({
    status: "degraded",
    worker: "partly",
    workers: { known: 2, working: 1 },
    jobs: { failed: 0, unknown: 1 },
  });
  const figures = await (await fetch(`${world.url}/metrics`)).text();
  expect(figures).toContain('evx_outbox_unknown{kind="job",name="future.work"} 1');
  expect(figures).toContain('evx_workers{state="silent"} 1');
}, 30_000);
