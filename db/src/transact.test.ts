import { afterAll, beforeEach, expect, test } from "bun:test";
import { sql } from "kysely";
import type { Db, Tx } from "./client.ts";
import { testDatabase } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());

await sql`create table public.counter (id text primary key, value int not null)`.execute(t.admin);
await sql`grant select, insert, update, delete on public.counter to evx_app`.execute(t.admin);

beforeEach(async () => {
  await sql`delete from public.counter`.execute(t.db);
  await sql`insert into public.counter values ('a', 0), ('b', 0)`.execute(t.db);
});

const values = async (db: Db): Promise<number[]> =>
  (await sql<{ value: number }>`select value from public.counter order by id`.execute(db)).rows.map(
    (row) => row.value,
  );

const add = (db: Db, id: string) =>
  sql`update public.counter set value = value + 1 where id = ${id}`.execute(db);

/** Answers once `count` callers wait here; later callers (retries) pass at once. */
const meeting = (count: number) => {
  let here = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  return () => {
    if (++here === count) resolve();
    return promise;
  };
};

test("a transaction has one moment, its cause, and read committed isolation", async () => {
  t.clock.set("2026-03-01T08:00:00Z");
  const seen = await t.transact(
    async (tx) => {
      t.clock.advance(60_000);
      const { rows } = await sql<{
        level: string;
      }>`select current_setting('transaction_isolation') as level`.execute(tx);
      return { at: tx.at, cause: tx.cause, level: rows[0]?.level };
    },
    { cause: "request-1" },
  );
  expect(seen).toEqual({ at: new Date("2026-03-01T08:00:00Z"), cause: "request-1", level: "read committed" });
});

test("whatever is thrown rolls everything back, is not tried again, and reaches the caller as it is", async () => {
  const trouble = new Error("no");
  let attempts = 0;
  const outcome = t.transact(async (tx) => {
    attempts++;
    await add(tx, "a");
    throw trouble;
  });
  expect(await outcome.catch((error: unknown) => error)).toBe(trouble);
  expect(attempts).toBe(1);
  expect(await values(t.db)).toEqual([0, 0]);
});

test("two transactions that lock in opposite order both succeed after a deadlock", async () => {
  const meet = meeting(2);
  let attempts = 0;
  const both = (first: string, second: string) =>
    t.transact(async (tx) => {
      attempts++;
      await add(tx, first);
      await meet();
      await add(tx, second);
    });
  await Promise.all([both("a", "b"), both("b", "a")]);
  expect(attempts).toBe(3);
  expect(await values(t.db)).toEqual([2, 2]);
});

test("two serializable transactions that read what the other writes: the loser runs again and sees the winner", async () => {
  const meet = meeting(2);
  let attempts = 0;
  // Each writes one more than the sum that it reads; one after the other gives 1 and 2, a skew would give 1 and 1.
  const sumInto = (id: string) =>
    t.transact(
      async (tx) => {
        attempts++;
        const sum = (await values(tx)).reduce((total, value) => total + value, 0);
        await meet();
        await sql`update public.counter set value = ${sum + 1} where id = ${id}`.execute(tx);
      },
      { isolation: "serializable" },
    );
  await Promise.all([sumInto("a"), sumInto("b")]);
  expect(attempts).toBe(3);
  expect((await values(t.db)).sort()).toEqual([1, 2]);
});

test("retries are bounded: a conflict that never passes is thrown after the last try", async () => {
  let attempts = 0;
  const outcome = t.transact(
    async (tx) => {
      attempts++;
      await sql`do $$ begin raise exception 'again' using errcode = '40001'; end $$`.execute(tx);
    },
    { retries: 2 },
  );
  await expect(outcome).rejects.toThrow("again");
  expect(attempts).toBe(3);
});

test("a transaction that was wrapped in another error is still tried again", async () => {
  let attempts = 0;
  await t.transact(async (tx) => {
    if (++attempts > 1) return;
    await sql`do $$ begin raise exception 'again' using errcode = '40P01'; end $$`
      .execute(tx)
      .catch((cause) => {
        throw new Error("posting failed", { cause });
      });
  });
  expect(attempts).toBe(2);
});

test("a transaction that is over refuses further statements", async () => {
  let kept: Tx | undefined;
  await t.transact(async (tx) => {
    kept = tx;
  });
  await expect(add(kept as Tx, "a")).rejects.toThrow("already committed");
});
