import { afterAll, beforeAll, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { createPool } from "@evx/db";
import { type RunningPostgres, startPostgres } from "@evx/db/embedded";
import { databasesNamed, ensureDatabase, migrate } from "@evx/db/migrate";
import { openFolder } from "@evx/tooling/folders";
import { fromPrepared, isKept, keepPrepared } from "./worlds.ts";

const root = resolve(import.meta.dir, "../../..");
const folder = openFolder("evx-worlds-");
let postgres: RunningPostgres;

beforeAll(async () => {
  postgres = await startPostgres({ dataDir: folder, port: 0 });
}, 60_000);
afterAll(async () => {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Every table of a database with a digest of its rows. */
const contentOf = async (url: string): Promise<Record<string, string>> => {
  const pool = createPool(url);
  try {
    const tables = await pool.query<{ name: string }>(
      `select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables order by 1`,
    );
    const found: Record<string, string> = {};
    for (const { name } of tables.rows) {
      const { rows } = await pool.query<{ digest: string }>(
        `select count(*) || ' ' || coalesce(md5(string_agg(t::text, chr(10) order by t::text)), '') as digest from ${name} t`,
      );
      found[name] = rows[0]?.digest ?? "";
    }
    return found;
  } finally {
    await pool.end();
  }
};

test("a world that was prepared comes back equal in every row, also after the first copy was changed", async () => {
  const url = await ensureDatabase(postgres.url, "evx_half_one");
  await migrate(url);
  const laidOut = await contentOf(url);
  expect(Object.keys(laidOut).length).toBeGreaterThan(60);
  expect(await fromPrepared(postgres.url, { root, world: "town", name: "evx_half_two" })).toBeNull();
  await keepPrepared(postgres.url, { root, world: "town", name: "evx_half_one" });

  for (const name of ["evx_half_two", "evx_half_three"]) {
    const copy = await fromPrepared(postgres.url, { root, world: "town", name });
    if (!copy) throw new Error("nothing was prepared");
    expect(await contentOf(copy)).toEqual(laidOut);
    const pool = createPool(copy);
    await pool.query("create table public.changed (id int)");
    await pool.end();
    expect(await contentOf(copy)).not.toEqual(laidOut);
  }
}, 120_000);

test("a world of other sources or of yesterday is not taken, and only the newest is kept", async () => {
  await ensureDatabase(postgres.url, "evx_half_one");
  await keepPrepared(postgres.url, { root, world: "town", name: "evx_half_one" });
  expect(await fromPrepared(postgres.url, { root, world: "village", name: "evx_half_four" })).toBeNull();
  const [kept = ""] = await databasesNamed(postgres.url, "evx_world_");
  const old = kept.replace(/\d+$/, (hour) => String(Number(hour) - 13));
  const pool = createPool(postgres.url);
  await pool.query(`alter database ${kept} rename to ${old}`);
  await pool.end();
  expect(await fromPrepared(postgres.url, { root, world: "town", name: "evx_half_four" })).toBeNull();
  await keepPrepared(postgres.url, { root, world: "town", name: "evx_half_one" });
  expect(await databasesNamed(postgres.url, "evx_world_")).toEqual([kept]);
  expect([isKept("town"), isKept("street"), isKept(undefined)]).toEqual([true, false, false]);
}, 60_000);
