import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { readFunctions } from "./functions.ts";
import { ensureDatabase, migrate, readMigrations } from "./migrate.ts";
import { foreignSchemas } from "./table-types.ts";
import { testDatabase } from "./testing.ts";

const t = await testDatabase();
const server = new pg.Client({ connectionString: t.adminUrl });
await server.connect();
afterAll(async () => {
  await server.end();
  await t.close();
});

describe("functions are applied whenever their text changed", () => {
  let folder: string;
  let url: string;
  let name: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "evx-functions-"));
    name = `evx_try_${process.pid}_${crypto.randomUUID().slice(0, 8)}`;
    url = await ensureDatabase(t.adminUrl, name);
    await write("migrations/0001_ground.sql", "create schema a; create table a.t (id int primary key);");
    await Bun.write(join(folder, "functions/.keep"), "");
  });

  afterEach(async () => {
    await server.query(`drop database ${name} with (force)`);
    await rm(folder, { recursive: true });
  });

  const write = (file: string, text: string) => Bun.write(join(folder, file), text);
  const put = (file: string, body: string, result = "int") =>
    write(
      `functions/a/${file}.sql`,
      `create or replace function a.${file}() returns ${result} language sql as $$ ${body} $$;\n`,
    );
  const run = () =>
    migrate(url, { folder: join(folder, "migrations"), functions: join(folder, "functions"), jobs: false });
  const query = async (text: string): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  };

  test("each once, and again only when its text is another", async () => {
    await put("one", "select 1");
    await put("two", "select 2");
    expect((await run()).functions).toEqual(["a.one", "a.two"]);
    expect((await run()).functions).toEqual([]);
    await put("two", "select 22");
    expect((await run()).functions).toEqual(["a.two"]);
    expect(await query("select a.one() as one, a.two() as two")).toEqual([{ one: 1, two: 22 }]);
  });

  test("a function may call one whose name comes later", async () => {
    await put("caller", "select a.later()");
    await put("later", "select 7");
    await run();
    expect(await query("select a.caller() as n")).toEqual([{ n: 7 }]);
  });

  test("a checkout that changes line ends changes no function", async () => {
    await put("one", "select\n 1");
    await run();
    await put("one", "select\r\n 1");
    expect((await run()).functions).toEqual([]);
  });

  test("one that fails leaves all of them as they were, and is named", async () => {
    await put("one", "select 1");
    await run();
    await put("one", "select 11");
    await write("functions/a/two.sql", "create or replace function a.two() returns nothing language sql;");
    await expect(run()).rejects.toThrow("db/functions/a/two.sql failed");
    expect(await query("select a.one() as n")).toEqual([{ n: 1 }]);
    await put("two", "select 2");
    expect((await run()).functions).toEqual(["a.one", "a.two"]);
  });

  test("two that start at once apply each text once between them", async () => {
    for (const file of ["one", "two", "three"]) await put(file, "select 1");
    const both = await Promise.all([run(), run()]);
    expect(both.flatMap(({ functions }) => functions).sort()).toEqual(["a.one", "a.three", "a.two"]);
  });

  test("rights that were granted outlive a new text", async () => {
    await put("one", "select 1");
    await run();
    await query("revoke execute on function a.one from public");
    await put("one", "select 2");
    await run();
    expect(
      await query("select has_function_privilege('pg_monitor', 'a.one()', 'execute') as everyone"),
    ).toEqual([{ everyone: false }]);
  });

  test("another signature needs a drop in a migration, and then goes through", async () => {
    await put("one", "select 1");
    await run();
    await put("one", "select 'one'", "text");
    await expect(run()).rejects.toThrow("cannot change return type");
    await write("migrations/0002_one.sql", "drop function a.one();");
    expect(await run()).toEqual({ migrations: ["0002_one"], functions: ["a.one"] });
    expect(await query("select a.one() as one")).toEqual([{ one: "one" }]);
  });

  test("a function that was dropped with its file may come back with the same text", async () => {
    await put("one", "select 1");
    await run();
    await rm(join(folder, "functions/a/one.sql"));
    await write("migrations/0002_drop.sql", "drop function a.one();");
    await run();
    await put("one", "select 1");
    expect((await run()).functions).toEqual(["a.one"]);
  });

  test("a migration gets the function that its trigger needs, and refuses one without a file", async () => {
    await write(
      "functions/a/guard.sql",
      "create or replace function a.guard() returns trigger language plpgsql as $$ begin return null; end $$;",
    );
    await write(
      "migrations/0002_guard.sql",
      "-- needs function a.guard\ncreate trigger guard before insert on a.t for each row execute function a.guard();",
    );
    expect(await run()).toEqual({ migrations: ["0001_ground", "0002_guard"], functions: [] });
    expect(await query("insert into a.t values (1) returning id")).toEqual([]);
    await write("migrations/0003_other.sql", "-- needs function a.nowhere\nselect 1;");
    await expect(run()).rejects.toThrow("0003_other needs function a.nowhere, which has no file");
  });
});

/** Migrations from before functions had files. They stay as they were applied; no other joins them. */
const beforeFiles = [
  "0001_ground",
  "0004_jobs_emit",
  "0010_ledger",
  "0020_identity",
  "0030_vehicles",
  "0043_credits_claw_back",
  "0050_verification",
  "0061_payments_settle",
  "0070_marketplace",
];

/** What follows the head of each "create or replace function" in a file: its name and its body. */
const definitions = (text: string) =>
  [
    ...text.matchAll(/^create or replace function ([a-z_]+\.[a-z_]+)\([\s\S]*?\bas \$\$([\s\S]*?)\$\$;$/gm),
  ].map(([, name, body]) => ({ name: name as string, body: body as string }));

describe("the present text of every function stands in db/functions", async () => {
  const files = await readFunctions();

  test("no function of the database has a text that is not there, and none there is missing", async () => {
    const { rows } = await server.query<{ name: string; body: string }>(
      `select n.nspname || '.' || p.proname as name, p.prosrc as body
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where not (${foreignSchemas}) and not exists (select from pg_depend e
         where e.classid = 'pg_proc'::regclass and e.objid = p.oid and e.deptype = 'e')`,
    );
    const line = ({ name, body }: { name: string; body: string }) => `${name}:${body}`;
    expect(rows.map(line).sort()).toEqual(files.flatMap(({ text }) => definitions(text).map(line)).sort());
    expect(rows.length).toBeGreaterThan(20);
  });

  test("a file holds the function that it is named after, and no other", () => {
    for (const { name, text } of files)
      expect([name, ...new Set(definitions(text).map((each) => each.name))]).toEqual([name, name]);
  });

  test("no later migration contains a function's body", async () => {
    const makes = (text: string) =>
      /\bcreate\s+(or\s+replace\s+)?(function|procedure)\b/i.test(text.replace(/--.*$/gm, ""));
    const makers = (await readMigrations()).filter(({ text }) => makes(text)).map(({ name }) => name);
    expect(makers).toEqual(beforeFiles);
  });

  test("no body is longer than 70 lines", () => {
    const long = files
      .flatMap(({ text }) => definitions(text))
      .filter(({ body }) => body.trim().split("\n").length > 70);
    expect(long.map(({ name }) => name)).toEqual([]);
  });
});
