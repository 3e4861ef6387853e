/** A world that version 0.1.0 made, with work in its queues, is taken over by today's migrations and today's worker. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyAudit } from "@evx/audit";
import { publicCertificate } from "@evx/certificates";
import { createDb, createPool, type Db, type Pool } from "@evx/db";
import { dropDatabases, ensureDatabase, type Migrated, migrate } from "@evx/db/migrate";
import { loadRows } from "@evx/db/rows";
import { testDatabase } from "@evx/db/testing";
import { until } from "@evx/jobs/testing";
import { startWorker } from "@evx/jobs/worker";
import { fixedClock } from "@evx/kernel";
import { auditBooks } from "@evx/ledger";
import { verifyCertificate } from "@evx/proof";
import { compose, type Runtime, readConfig } from "@evx/runtime";

const name = `evx_released_${process.pid}`;
/** Made for that world alone, which was thrown away: letters that wait in its queue are sealed with them. */
const itsKeys = "k1:G9HZBUYtXl5FfUGWuvrBfGapk-IRiDojpn1LCjUz794";
const place = await testDatabase();
let adminUrl: string;
let adminPool: Pool;
let admin: Db;
let dataDir: string;
let first: Migrated;
let runtime: Runtime;

beforeAll(async () => {
  adminUrl = await ensureDatabase(place.adminUrl, name);
  const packed = Bun.file(join(import.meta.dir, "../../../db/released/0.1.0.gz")).stream();
  await loadRows(adminUrl, packed.pipeThrough(new DecompressionStream("gzip")));
  first = await migrate(adminUrl);
  adminPool = createPool(adminUrl, { max: 2 });
  admin = createDb(adminPool);
  dataDir = await mkdtemp(join(tmpdir(), "evx-released-"));
  const url = new URL(adminUrl);
  url.searchParams.set("options", "-c role=evx_both_for_tests");
  runtime = await compose(
    readConfig({
      DATABASE_URL: url.toString(),
      DATA_DIR: dataDir,
      DATA_KEYS: itsKeys,
      LOG_LEVEL: "silent",
      BCRYPT_COST: "4",
    }),
    "worker",
    // Past the end of its auction and the time to pay for its orders.
    fixedClock("2026-12-01T00:00:00Z"),
  );
}, 60_000);

afterAll(async () => {
  await runtime.close();
  await adminPool.end();
  await dropDatabases(place.adminUrl, name);
  await rm(dataDir, { recursive: true, force: true });
  await place.close();
});

test("its database is brought to the present schema, once", async () => {
  expect(first.migrations).toContain("0005_jobs_listener");
  expect(first.functions).toContain("ledger.post");
  expect(await migrate(adminUrl)).toEqual({ migrations: [], functions: [] });
});

test("its books balance and its audit trail is whole", async () => {
  expect(await auditBooks(admin)).toEqual([]);
  const { rows, broken } = await verifyAudit(admin);
  expect(broken).toEqual([]);
  expect(rows).toBe(26n);
});

test("its certificates are shown and hold their signatures", async () => {
  const known = await admin.selectFrom("verification.certificate").select("number").execute();
  expect(known).toHaveLength(11);
  for (const { number } of known) {
    const file = JSON.parse(
      JSON.stringify(await publicCertificate(admin, runtime.ports.verification, number, new Date())),
    );
    const { ok, checks } = await verifyCertificate(file);
    expect({ number, ok, failed: checks.filter((check) => check.ok === false) }).toEqual({
      number,
      ok: true,
      failed: [],
    });
  }
});

test("its people sign in with the passwords that they had", async () => {
  const context = runtime.createContext({
    actor: null,
    headers: new Headers(),
    ip: "127.0.0.1",
    requestId: "released",
  });
  const { user } = await runtime
    .callAs(context)
    .identity.login({ email: "owner@demo.evx", password: "demo-password-1" });
  expect(user.email).toBe("owner@demo.evx");
});

test("events and jobs that it left in the outbox, and those that wait in the queue, are done by today's worker", async () => {
  const left = await admin
    .selectFrom("jobs.outbox")
    .select("name")
    .where("cause", "!=", "released")
    .execute();
  expect(left.map((row) => row.name).sort()).toEqual([
    "identity.send_letter",
    "identity.user_registered",
    "marketplace.bid_placed",
    "marketplace.expire_order",
    "marketplace.order_placed",
    "notifications.send_email",
    // Of the migrations, which have the past counted.
    "reports.count_all",
  ]);
  // Auctions end by the database's clock, which nobody can set.
  await adminPool.query("update marketplace.auction set first_ends_at = now(), ends_at = now()");
  await adminPool.query("update jobs.outbox set run_at = null");
  await adminPool.query("update pgboss.job_common set start_after = now() where state = 'created'");
  const worker = await startWorker({
    db: runtime.db,
    databaseUrl: runtime.config.DATABASE_URL,
    clock: runtime.clock,
    log: runtime.log,
    handlers: runtime.handlers,
    events: runtime.events,
  });
  const openWork = async () => {
    const { rows } = await adminPool.query<{ name: string }>(
      `select name from jobs.outbox
       union all select name from pgboss.job
         where state in ('created', 'active', 'retry') and name !~ '^__pgboss__' and start_after <= $1`,
      [runtime.clock.now()],
    );
    return rows;
  };
  try {
    await until(async () => (await openWork()).length === 0, 30_000);
  } finally {
    await worker.stop();
  }
  const { rows: failed } = await adminPool.query(
    "select name, output from pgboss.job where state = 'failed'",
  );
  expect(failed).toEqual([]);
  const { rows: orders } = await adminPool.query<{ status: string }>(
    `select status from marketplace."order" where kind = 'purchase' and status <> 'completed'`,
  );
  expect(orders).toEqual([{ status: "expired" }]);
  const { rows: auctions } = await adminPool.query("select status from marketplace.auction");
  // Its one bid does not reach the seller's reserve.
  expect(auctions).toEqual([{ status: "closed_unsold" }]);
  expect((await readdir(join(dataDir, "mail"))).length).toBeGreaterThanOrEqual(2);
  expect(await auditBooks(admin)).toEqual([]);
}, 60_000);
