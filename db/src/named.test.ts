import { afterAll, expect, test } from "bun:test";
import { sql } from "kysely";
import { testDatabase } from "./testing.ts";

const t = await testDatabase({ max: 1 });
afterAll(() => t.close());

const prepared = async (like: string): Promise<number> => {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count from pg_prepared_statements where statement like ${like}`.execute(t.db);
  return Number(rows[0]?.count);
};

test("a statement that is asked often is prepared once; one that is asked once is not", async () => {
  for (let n = 0; n < 12; n++) await sql`select ${n}::int as often`.execute(t.db);
  await sql`select ${1}::int as seldom`.execute(t.db);
  expect(await prepared("select $1::int as often")).toBe(1);
  expect(await prepared("select $1::int as seldom")).toBe(0);
});

test("a column that a migration adds meanwhile disturbs neither a single statement nor a transaction", async () => {
  await sql`create table public.named (id int); insert into public.named values (1);
    grant select on public.named to public`.execute(t.admin);
  const read = (db: typeof t.db) => sql<object>`select * from public.named where id = ${1}`.execute(db);
  for (let n = 0; n < 8; n++) await read(t.db);
  expect(await prepared("select * from public.named%")).toBe(1);
  await sql`alter table public.named add column more int default 7`.execute(t.admin);
  expect((await read(t.db)).rows).toEqual([{ id: 1, more: 7 }]);

  for (let n = 0; n < 8; n++) await read(t.db);
  await sql`alter table public.named add column third int default 9`.execute(t.admin);
  let tries = 0;
  const { rows } = await t.transact(async (tx) => {
    tries++;
    return read(tx);
  });
  expect(rows).toEqual([{ id: 1, more: 7, third: 9 }]);
  expect(tries).toBe(2);
  expect((await read(t.db)).rows).toEqual(rows);
});
