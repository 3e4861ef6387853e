import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { enqueue } from "@evx/jobs";
import { drain, tick } from "@evx/jobs/testing";
import { day_ms, minute_ms } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { type Actor, createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { someTrips } from "@evx/trips/testing";
import { writeExport } from "./events.ts";
import { reportsJobs } from "./jobs.ts";
import { beginRun, exportRow, insertPart } from "./queries/exports.ts";
import { reportsRouter } from "./router.ts";
import { aSale } from "./testing.ts";

let t: Awaited<ReturnType<typeof testDatabase>>;
let owner: Actor;
let other: Actor;
let admin: Actor;
const as = (actor: Actor) => createCallerFactory(reportsRouter)(testContext(t, actor)).exports;
const write = (how: { twice?: true | "beside" } = {}) => drain(t, reportsJobs, how);

beforeAll(async () => {
  t = await testDatabase();
  other = await aUser(t, { role: "buyer" });
  admin = await aUser(t, { role: "admin" });
});
afterAll(() => t.close());
beforeEach(async () => {
  owner = await aUser(t, { role: "ev_owner" });
  await aSale(t, owner.id, other.id, "2026-02-01T00:00:00Z");
});

const bytesOf = async (id: `exp_${string}`, who = owner): Promise<Uint8Array> => {
  const { content } = await as(who).file({ id });
  return new Uint8Array(await new Response(content as ReadableStream<Uint8Array>).arrayBuffer());
};
const parts = () => t.db.selectFrom("reports.export_part").select(["export_id", "run"]).execute();

test("a file is written by a job, tells how far it is, and can be fetched by its person alone, also when two jobs write it", async () => {
  const { export: asked } = await as(owner).ask({ report: "revenue", format: "csv" });
  expect(asked).toMatchObject({ status: "queued", url: null, rowsDone: 0 });
  expect(await refusalCode(as(owner).file({ id: asked.id }))).toBe("export_not_ready");
  await write({ twice: "beside" });
  const { export: done } = await as(owner).one({ id: asked.id });
  expect(done).toMatchObject({ status: "done", rowsDone: 1, rowsTotal: 1, fileName: "revenue.csv" });
  expect(done.url).toBe(`/api/reports/exports/${asked.id}/file`);
  expect(new TextDecoder().decode(await bytesOf(asked.id))).toContain("2026-02,0.100000,1,10.00");
  expect(
    new Set((await parts()).filter((one) => one.export_id === asked.id).map(({ run }) => run)).size,
  ).toBe(1);
  for (const stranger of [other, admin])
    expect(await refusalCode(as(stranger).file({ id: asked.id }))).toBe("export_not_found");
});

test("its link expires after a week, and the file is removed", async () => {
  const { export: asked } = await as(owner).ask({ report: "revenue", format: "xlsx" });
  await write();
  expect((await bytesOf(asked.id)).slice(0, 2)).toEqual(new Uint8Array([80, 75]));
  t.clock.advance(7 * day_ms + 1_000);
  expect(await refusalCode(as(owner).file({ id: asked.id }))).toBe("export_expired");
  expect((await as(owner).list()).items[0]).toMatchObject({ status: "expired", url: null });
  await tick(t, reportsJobs, "reports.clear_exports");
  expect(await refusalCode(as(owner).one({ id: asked.id }))).toBe("export_not_found");
  expect((await parts()).filter((one) => one.export_id === asked.id)).toEqual([]);
});

test("a file whose job was lost is queued again", async () => {
  const { export: asked } = await as(owner).ask({ report: "personal", format: "pdf" });
  await t.admin.deleteFrom("jobs.outbox").execute();
  t.clock.advance(6 * minute_ms);
  await tick(t, reportsJobs, "reports.clear_exports");
  await write();
  expect((await as(owner).one({ id: asked.id })).export.status).toBe("done");
  expect(new TextDecoder("latin1").decode((await bytesOf(asked.id)).slice(0, 5))).toBe("%PDF-");
}, 60_000);

test("a file whose job failed for good is said to be failed, holds up no others, and is written when its job runs again", async () => {
  const { export: asked } = await as(owner).ask({ report: "revenue", format: "csv" });
  await t.admin.deleteFrom("jobs.outbox").execute();
  await t.transact((tx) => beginRun(tx, asked.id, "cut off"));
  await sql`
    insert into pgboss.queue (name, policy, retry_limit, retry_delay, retry_backoff, expire_seconds, retention_seconds,
      deletion_seconds, partition, table_name)
    values ('jobs.dead_letter', 'standard', 2, 0, false, 900, 1209600, 604800, false, 'job_common') on conflict do nothing`.execute(
    t.admin,
  );
  await sql`
    insert into pgboss.job (name, data, source_name)
    values ('jobs.dead_letter', ${JSON.stringify({ payload: { exportId: asked.id }, cause: "x" })}, 'reports.write_export')`.execute(
    t.admin,
  );
  t.clock.advance(6 * minute_ms);
  await tick(t, reportsJobs, "reports.clear_exports");
  expect((await as(owner).one({ id: asked.id })).export).toMatchObject({ status: "failed", url: null });
  expect(await write()).toEqual([]);
  expect(await refusalCode(as(owner).file({ id: asked.id }))).toBe("export_failed");
  await t.transact((tx) => enqueue(tx, writeExport, { exportId: asked.id }));
  await write();
  expect((await as(owner).one({ id: asked.id })).export.status).toBe("done");
});

test("a file is read on from any byte to any other, across its parts, as it was written", async () => {
  const { export: asked } = await as(owner).ask({ report: "revenue", format: "csv" });
  await write();
  const { run } = (await exportRow(t.db, asked.id)) as { run: string };
  const whole = crypto.getRandomValues(new Uint8Array(1_000));
  await t.transact(async (tx) => {
    await sql`delete from reports.export_part where export_id = ${asked.id}`.execute(tx);
    for (const [seq, [from, to]] of (
      [
        [0, 300],
        [300, 301],
        [301, 999],
        [999, 1_000],
      ] as const
    ).entries())
      await insertPart(tx, { export_id: asked.id, run, seq, content: whole.slice(from, to) });
    await tx.updateTable("reports.export").set({ bytes: 1_000n }).where("id", "=", asked.id).execute();
  });
  expect(await bytesOf(asked.id)).toEqual(whole);
  const { resumable } = await as(owner).file({ id: asked.id });
  expect(resumable).toMatchObject({ bytes: 1_000, tag: `"${run}"` });
  for (const [from, to] of [
    [0, 0],
    [0, 999],
    [299, 300],
    [300, 300],
    [301, 998],
    [500, 999],
    [999, 999],
  ] as const)
    expect(await new Response(resumable?.slice(from, to)).bytes()).toEqual(whole.slice(from, to + 1));
});

test("single rows come part by part and not on paper", async () => {
  const vehicle = await aVehicle(t, owner);
  await someTrips(t, { id: vehicle.id }, { count: 25, distanceKm: 40 });
  expect(await refusalCode(as(owner).ask({ report: "trips", format: "pdf" }))).toBe("export_format_unsuited");
  const { export: asked } = await as(owner).ask({ report: "trips", format: "csv" });
  await write();
  const lines = new TextDecoder()
    .decode(await bytesOf(asked.id))
    .trim()
    .split("\r\n");
  expect(lines.length).toBe(26);
  expect((await as(owner).one({ id: asked.id })).export).toMatchObject({ rowsDone: 25, rowsTotal: 25 });
});

test("nobody asks for another's, for everybody's or for the venue's but an operator; five at once are enough", async () => {
  const csv = { format: "csv" } as const;
  expect(await refusalCode(as(owner).ask({ report: "platform", ...csv }))).toBe("report_not_found");
  expect(await refusalCode(as(owner).ask({ report: "sales", everybody: true, ...csv }))).toBe(
    "report_not_found",
  );
  await expect(as(owner).ask({ report: "revenue", userId: other.id, ...csv })).rejects.toThrow();
  expect(await refusalCode(as(owner).ask({ report: "sales", from: "1926-01-01", ...csv }))).toBe(
    "report_period_too_long",
  );
  for (let file = 0; file < 5; file++) await as(admin).ask({ report: "sales", everybody: true, ...csv });
  expect(await refusalCode(as(admin).ask({ report: "platform", ...csv }))).toBe("exports_full");
  await write();
  expect((await as(admin).list()).items.every(({ status }) => status === "done")).toBe(true);
});
