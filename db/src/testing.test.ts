import { expect, test } from "bun:test";
import { sql } from "kysely";
import pg from "pg";
import { testDatabase } from "./testing.ts";

const exists = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
};

const insertRule = (t: Awaited<ReturnType<typeof testDatabase>>) =>
  t.db
    .insertInto("rules.rule")
    .values({
      name: "test.rule",
      version: 1,
      value: { bps: 250 },
      reason: "First",
      effective_at: t.clock.now(),
    })
    .execute();

test("two test databases know nothing of each other, and close drops them", async () => {
  const [one, two] = await Promise.all([testDatabase(), testDatabase()]);
  await insertRule(one);
  expect((await two.db.selectFrom("rules.rule").selectAll().execute()).length).toBe(0);
  await Promise.all([one.close(), two.close()]);
  expect([await exists(one.adminUrl), await exists(two.adminUrl)]).toEqual([false, false]);
});

test("db acts with the application's rights, and cannot take the owner's back", async () => {
  const t = await testDatabase();
  await sql`reset role`.execute(t.db);
  expect((await sql`select current_user as role`.execute(t.db)).rows).toEqual([
    { role: "evx_both_for_tests" },
  ]);
  await expect(sql`create table public.mine (id int)`.execute(t.db)).rejects.toThrow("permission denied");
  await t.close();
});

test("append-only rows are kept by the grants, and behind them by a trigger that stops the owner too", async () => {
  const t = await testDatabase();
  await insertRule(t);
  const change = t.db.updateTable("rules.rule").set({ reason: "Other" });
  await expect(change.execute()).rejects.toThrow("permission denied");
  for (const statement of [
    sql`update rules.rule set reason = 'Other'`,
    sql`delete from rules.rule`,
    sql`truncate rules.rule`,
  ]) {
    await expect(statement.execute(t.admin)).rejects.toThrow("rules.rule is append-only");
  }
  await t.close();
});

test("close fails when a transaction was left open, and says which statement it stands at", async () => {
  const t = await testDatabase();
  const client = await t.pool.connect();
  await client.query("begin");
  await client.query("select 'left open'");
  await expect(t.close()).rejects.toThrow("idle in transaction: select 'left open'");
  expect(await exists(t.adminUrl)).toBe(false);
});

test("close fails when a connection was never given back", async () => {
  const t = await testDatabase();
  await t.pool.connect();
  await expect(t.close()).rejects.toThrow("1 connection never given back");
});

test("close waits for a statement that is about to end", async () => {
  const t = await testDatabase();
  const running = sql`select pg_sleep(0.1)`.execute(t.db);
  await t.close();
  await running;
});
