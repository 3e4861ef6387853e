import { afterAll, expect, test } from "bun:test";
import { sql } from "kysely";
import { json } from "./client.ts";
import { testDatabase } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());

test("values come back without losing digits or shifting days", async () => {
  const { rows } = await sql`
    select 9007199254740993::int8 as int8, array[9007199254740993, null]::int8[] as int8s,
      0.10::numeric as num, array[0.10]::numeric[] as nums, '2026-03-01'::date as day, array['2026-03-01'::date] as days,
      '2026-03-01T00:00:00Z'::timestamptz as moment, array['a,"b', null]::text[] as texts, interval '1 day 2 hours' as span`.execute(
    t.db,
  );
  expect(rows).toEqual([
    {
      int8: 9007199254740993n,
      int8s: [9007199254740993n, null],
      num: "0.10",
      nums: ["0.10"],
      day: "2026-03-01",
      days: ["2026-03-01"],
      moment: new Date("2026-03-01T00:00:00Z"),
      texts: ['a,"b', null],
      span: "1 day 02:00:00",
    },
  ]);
});

test("a bigint parameter arrives whole, and json() stores arrays and strings as JSON", async () => {
  const { rows } = await sql`
    select ${9007199254740993n}::int8 as int8, ${json([1, "two"])}::jsonb as list, ${json("text")}::jsonb as text,
      ${{ a: [1] }}::jsonb as object`.execute(t.db);
  expect(rows).toEqual([{ int8: 9007199254740993n, list: [1, "two"], text: "text", object: { a: [1] } }]);
});

test("after a lost connection the next statements connect again", async () => {
  const lost = sql`select pg_sleep(10)`.execute(t.db).catch((error: Error) => error.message);
  while ((await terminate()) === 0) await Bun.sleep(5);
  expect(await lost).toContain("terminat");
  // The socket closes a moment after the server's last word.
  await Bun.sleep(50);
  expect((await sql`select 1 as one`.execute(t.db)).rows).toEqual([{ one: 1 }]);
});

const terminate = async (): Promise<number> => {
  const { rows } = await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query like 'select pg_sleep%' and state = 'active'`.execute(
    t.admin,
  );
  return rows.length;
};

test("the session's time zone is UTC, so a day begins at the same instant everywhere", async () => {
  const { rows } = await sql`select '2026-03-01T23:30:00Z'::timestamptz::date as day`.execute(t.db);
  expect(rows).toEqual([{ day: "2026-03-01" }]);
});
