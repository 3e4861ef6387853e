import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDb, createPool, type Db, sql } from "@evx/db";
import { type RunningPostgres, startPostgres } from "@evx/db/embedded";
import { startReplica } from "@evx/db/replica";
import { freePorts } from "@evx/tooling/ports";
import { followReplica, type Replica } from "./replica.ts";

let folder: string;
let first: RunningPostgres;
let second: RunningPostgres;
let primary: Db;
let replica: Replica;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "evx-follow-"));
  const port = await freePorts(2);
  first = await startPostgres({ dataDir: join(folder, "first"), port });
  second = await startReplica(first, { dataDir: join(folder, "second"), port: port + 1, name: "second" });
  primary = createDb(createPool(first.url, { max: 2 }));
  replica = followReplica(second.url, { primary, log: quiet, max: 2 });
}, 120_000);
afterAll(async () => {
  await replica.stop();
  await primary.destroy();
  await second.stop().catch(() => {});
  await first.stop();
  await rm(folder, { recursive: true, force: true });
});

const report = { path: "reports.personal", actorId: "usr_1" };
const until = async (holds: () => boolean): Promise<void> => {
  const end = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error("It did not come to hold within 20 seconds");
    await Bun.sleep(50);
  }
};

test("reports are read on the replica with their age, what somebody decides by is not", async () => {
  await until(() => replica.reading(report) !== null);
  const found = replica.reading(report);
  expect(found?.age_ms).toBeLessThan(5_000);
  const answer = await sql<{ there: boolean }>`select pg_is_in_recovery() as there`.execute(found?.db as Db);
  expect(answer.rows).toEqual([{ there: true }]);
  for (const path of ["payments.balance", "marketplace.listings.byId", "marketplace.bids.list"])
    expect(replica.reading({ ...report, path })).toBeNull();
});

test("who wrote reads the first server until the replica has it; others are not kept from it", async () => {
  await until(() => replica.reading(report) !== null);
  replica.wrote("usr_1");
  expect(replica.reading(report)).toBeNull();
  expect(replica.reading({ ...report, actorId: "usr_2" })).not.toBeNull();
  await until(() => replica.reading(report) !== null);
});

test("a replica that has stopped playing, or is gone, is read by nobody, and again when it is back", async () => {
  const there = createDb(createPool(second.url, { max: 1 }));
  await sql`select pg_wal_replay_pause()`.execute(there);
  await sql`create table written_meanwhile (n integer)`.execute(primary);
  await until(() => replica.reading(report) === null);
  await sql`select pg_wal_replay_resume()`.execute(there);
  await there.destroy();
  await until(() => replica.reading(report) !== null);
  await second.stop();
  await until(() => replica.reading(report) === null);
});
