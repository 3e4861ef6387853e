import { afterAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aUser } from "@evx/accounts/testing";
import { sql } from "@evx/db";
import { dropDatabase } from "@evx/db/migrate";
import { testDatabase } from "@evx/db/testing";
import { sequencePending } from "@evx/log";
import { compose, readConfig } from "@evx/runtime";
import { drill, makeBackup, restoreBackup } from "./backups.ts";

const t = await testDatabase();
const folder = await mkdtemp(join(tmpdir(), "evx-cli-backup-"));
const file = join(folder, "venue.backup");
const adminUrl = t.adminUrl;
const database = `evx_back_${crypto.randomUUID().slice(0, 8)}`;
afterAll(async () => {
  await dropDatabase(adminUrl, database);
  await t.close();
  await rm(folder, { recursive: true });
});

test("only the database's owner keeps or restores the venue", async () => {
  expect(() => makeBackup({ file, adminUrl: undefined })).toThrow(/DATABASE_ADMIN_URL is not set/);
  await expect(restoreBackup({ file, database, adminUrl: undefined })).rejects.toThrow(/DATABASE_ADMIN_URL/);
});

test("a backup passes its drill, which leaves no database behind, and restores under the name it is given", async () => {
  await aUser(t, { role: "admin" });
  // As a worker would have by then: a log without a checkpoint is a fault.
  const { ports, close } = await compose(
    readConfig({ NODE_ENV: "test", DATABASE_URL: t.url, LOG_LEVEL: "silent" }),
    "test",
  );
  await t.transact((tx) => sequencePending(tx, ports.verification.log));
  await close();
  await makeBackup({ file, adminUrl });
  const proven = await drill({ file, adminUrl });
  expect(proven).toMatchObject({ books: "whole", registry: { faults: [] } });
  const left = await sql<{
    datname: string;
  }>`select datname from pg_database where datname ~ '^evx_(drill|part)_'`.execute(t.admin);
  expect(left.rows).toEqual([]);
  const restored = await restoreBackup({ file, database, adminUrl });
  expect(restored.url).not.toContain(new URL(adminUrl).password || "\0");
  await expect(restoreBackup({ file, database, adminUrl })).rejects.toThrow(/already/);
}, 120_000);

test("a drill of a world whose books do not agree fails and says where", async () => {
  const broken = await testDatabase();
  const other = join(folder, "broken.backup");
  try {
    await sql`insert into ledger.account (id, asset, kind, holder, balance, min_balance, opened_at)
      values ('gCO2e/wallet/usr_x', 'gCO2e', 'wallet', 'usr_x', 5, 0, now())`.execute(broken.admin);
    await makeBackup({ file: other, adminUrl: broken.adminUrl });
  } finally {
    await broken.close();
  }
  await expect(drill({ file: other, adminUrl })).rejects.toThrow(/books have \d+ fault/);
}, 120_000);
