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

test("a transaction's beginning goes with its first statement, and one without any never begins", async () => {
  await sql`create table public.opened (id int primary key); grant all on public.opened to public`.execute(
    t.admin,
  );
  const put = (db: typeof t.db, id: number) => sql`insert into public.opened values (${id})`.execute(db);
  const ids = async () =>
    (await sql<{ id: number }>`select id from public.opened order by id`.execute(t.admin)).rows.map(
      ({ id }) => id,
    );
  const inside = async (db: typeof t.db) =>
    (
      await sql<{
        level: string;
        id: string | null;
      }>`select current_setting('transaction_isolation') as level,
      pg_current_xact_id_if_assigned()::text as id where ${true}`.execute(db)
    ).rows[0];

  await t.transact(async () => {});
  // Ten times, so that its statement is prepared on the way.
  for (let n = 0; n < 10; n++) {
    await t.transact(async (tx) => {
      await put(tx, n);
      expect((await inside(tx))?.id).toBeString();
    });
    expect((await inside(t.db))?.id).toBeNull();
  }
  expect(await ids()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(t.transact((tx) => inside(tx), { isolation: "repeatable read" })).resolves.toMatchObject({
    level: "repeatable read",
  });

  // Whatever fails first undoes all of it, and the connection is good afterwards.
  expect(t.transact((tx) => put(tx, 5))).rejects.toThrow("duplicate key");
  await expect(
    t.transact(async (tx) => {
      await put(tx, 20);
      throw new Error("never mind");
    }),
  ).rejects.toThrow("never mind");
  await expect(
    t.transact(async (tx) => {
      await sql`insert into public.opened values (21); insert into public.opened values (5)`.execute(tx);
    }),
  ).rejects.toThrow("duplicate key");
  expect(await ids()).toHaveLength(10);
  await t.transact((tx) =>
    sql`insert into public.opened values (30); insert into public.opened values (31)`.execute(tx),
  );
  expect(await ids()).toHaveLength(12);
});

test("where the beginning fails, its statement is not done, and is prepared the next time", async () => {
  const client = await t.pool.connect();
  try {
    const put = async (id: number) => {
      await client.query("begin isolation level nonsense");
      return client.query("insert into public.opened values ($1), ($1 + 1000)", [id]);
    };
    for (let n = 0; n < 8; n++) await expect(put(100 + n)).rejects.toThrow("nonsense");
    for (let n = 0; n < 8; n++) {
      await client.query("begin");
      await client.query("insert into public.opened values ($1), ($1 + 1000)", [100 + n]);
      await client.query("rollback");
    }
    const { rows } = await client.query("select count(*) as count from public.opened where id > $1", [90]);
    expect(rows).toEqual([{ count: 0n }]);
  } finally {
    client.release();
  }
});
