import { afterAll, expect, test } from "bun:test";
import { sql } from "kysely";
import { copyIn } from "./copy.ts";
import { testDatabase } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());

const lines = (rows: number) => [
  new TextEncoder().encode(Array.from({ length: rows }, (_, n) => `${n}\n`).join("")),
];

test("rows may be the first thing in a transaction, and go with it", async () => {
  await sql`create table first_copied (n int)`.execute(t.admin);
  await sql`grant select, insert on first_copied to public`.execute(t.admin);
  expect(await t.transact((tx) => copyIn(tx, "copy first_copied from stdin", lines(1_000)))).toBe(1_000);
  const left = t.transact(async (tx) => {
    await copyIn(tx, "copy first_copied from stdin", lines(500));
    throw new Error("undone");
  });
  await expect(left).rejects.toThrow("undone");
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from first_copied`.execute(
    t.db,
  );
  expect(rows[0]?.count).toBe(1_000);
});

test("rows sent by COPY belong to the transaction and are counted", async () => {
  const seen = await t.transact(async (tx) => {
    await sql`create temporary table copied (n int) on commit drop`.execute(tx);
    const sent = await copyIn(tx, "copy copied from stdin", lines(10_000));
    const { rows } = await sql<{ count: bigint }>`select count(*) from copied`.execute(tx);
    return { sent, count: rows[0]?.count };
  });
  expect(seen).toEqual({ sent: 10_000, count: 10_000n });
});

test("a row that the table refuses fails the transaction and leaves the connection usable", async () => {
  const attempt = t.transact(async (tx) => {
    await sql`create temporary table copied (n int check (n < 5)) on commit drop`.execute(tx);
    await copyIn(tx, "copy copied from stdin", lines(100_000));
  });
  await expect(attempt).rejects.toThrow("violates check constraint");
  expect((await sql<{ one: number }>`select 1 as one`.execute(t.db)).rows).toEqual([{ one: 1 }]);
});
