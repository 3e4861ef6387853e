import { afterAll, afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { PgBoss } from "pg-boss";
import { readFunctions } from "./functions.ts";
import { ensureDatabase, ensureLogin, migrate, readMigrations } from "./migrate.ts";
import { testDatabase } from "./testing.ts";

const t = await testDatabase();
const server = new pg.Client({ connectionString: t.adminUrl });
await server.connect();
const logins: string[] = [];
let folder: string;
let url: string;
let name: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "evx-migrations-"));
  name = `evx_try_${process.pid}_${crypto.randomUUID().slice(0, 8)}`;
  url = await ensureDatabase(t.adminUrl, name);
  await write("0001_ground", "create table public.a (id int primary key);");
});

afterEach(async () => {
  await server.query(`drop database ${name} with (force)`);
  for (const login of logins.splice(0)) await server.query(`drop owned by ${login}; drop role ${login}`);
  await rm(folder, { recursive: true });
});

afterAll(async () => {
  await server.end();
  await t.close();
});

const write = (file: string, text: string) => Bun.write(join(folder, `${file}.sql`), text);
const run = async () => (await migrate(url, { folder, functions: folder, jobs: false })).migrations;

const query = async (text: string, at = url): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: at });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
};

test("every migration is applied once, in order of name", async () => {
  await write("0020_third", "alter table public.b add column c int;");
  await write("0010_second", "create table public.b (id int primary key);");
  expect(await run()).toEqual(["0001_ground", "0010_second", "0020_third"]);
  expect(await run()).toEqual([]);
});

test("a lower number that comes later is applied too, since rooms number in ranges of their own", async () => {
  await write("0070_late", "create table public.b (id int primary key);");
  await run();
  await write("0010_early", "create table public.c (id int primary key);");
  expect(await run()).toEqual(["0010_early"]);
});

test("two that migrate at once apply each file once between them", async () => {
  await write("0002_slow", "select pg_sleep(0.1); create table public.b (id int primary key);");
  const applied = await Promise.all([run(), run()]);
  expect(applied.flat().sort()).toEqual(["0001_ground", "0002_slow"]);
});

test("a file that was changed after it was applied is refused, and nothing is applied", async () => {
  await run();
  await write("0001_ground", "create table public.a (id bigint primary key);");
  await write("0002_next", "create table public.b (id int primary key);");
  await expect(run()).rejects.toThrow("Migration 0001_ground was changed after it was applied.");
  expect(await query("select to_regclass('public.b') as b")).toEqual([{ b: null }]);
});

test("a checkout that changes line ends changes no migration", async () => {
  await write("0002_lines", "create table public.b (\n  id int primary key\n);\n");
  await run();
  await write("0002_lines", "create table public.b (\r\n  id int primary key\r\n);\r\n");
  expect(await run()).toEqual([]);
});

test("a file that was applied and is gone is refused", async () => {
  await write("0002_gone", "select 1;");
  await run();
  await rm(join(folder, "0002_gone.sql"));
  await expect(run()).rejects.toThrow(
    "Migration 0002_gone was applied to this database, but its file is gone.",
  );
});

test("a failing migration leaves nothing of itself, says its line, and keeps those before it", async () => {
  await write(
    "0002_bad",
    "create table public.b (id int primary key);\ninsert into public.nowhere values (1);",
  );
  await expect(run()).rejects.toThrow(/Migration 0002_bad failed: line 2: .*nowhere/);
  expect(
    await query("select to_regclass('public.a') is not null as a, to_regclass('public.b') as b"),
  ).toEqual([{ a: true, b: null }]);
});

test("the product's own migrations apply twice in a row, with pg-boss's schema beside them", async () => {
  const first = await migrate(url);
  expect(first.migrations).toHaveLength((await readMigrations()).length);
  const noted = await query("select count(*)::int as files from public.applied_function");
  expect(noted).toEqual([{ files: (await readFunctions()).length }]);
  expect(await migrate(url)).toEqual({ migrations: [], functions: [] });
  expect(await query("select to_regclass('pgboss.job') is not null as job")).toEqual([{ job: true }]);
}, 20_000);

test("the application's login works with jobs and rows, and may neither make tables nor change history", async () => {
  const user = `evx_login_${crypto.randomUUID().slice(0, 8)}`;
  logins.push(user);
  const appUrl = await ensureLogin(t.adminUrl, { user, password: "first", rights: "evx_serving" });
  const again = await ensureLogin(t.adminUrl, { user, password: "sec'ond/:@", rights: "evx_serving" });
  expect(await query("select current_user as role", again)).toEqual([{ role: user }]);
  await expect(query("select 1", appUrl)).rejects.toThrow("password");
  for (const forbidden of [
    "create table public.mine (id int)",
    "create schema mine",
    "update rules.rule set reason = ''",
    "delete from rules.rule",
    "drop table jobs.outbox",
    "create table pgboss.mine (id int)",
  ]) {
    await expect(query(forbidden, again)).rejects.toThrow(/permission denied|must be owner/);
  }

  const boss = new PgBoss({ connectionString: again, migrate: false, createSchema: false, supervise: false });
  boss.on("error", () => {});
  await boss.start();
  await boss.createQueue("test.queue");
  await boss.send("test.queue", { word: "hello" });
  const jobs = await boss.fetch<{ word: string }>("test.queue", {});
  await boss.complete(
    "test.queue",
    jobs.map((job) => job.id),
  );
  await boss.stop({ graceful: false });
  expect(jobs.map((job) => job.data.word)).toEqual(["hello"]);
});
