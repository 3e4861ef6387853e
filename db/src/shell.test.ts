import { afterAll, expect, test } from "bun:test";
import { sql } from "kysely";
import { openShell } from "./shell.ts";
import { splitStatements } from "./statements.ts";
import { testDatabase } from "./testing.ts";

const t = await testDatabase();
const shell = await openShell(t.url);

/** Whether the shell's long statement has reached the database. */
const isRunning = async (): Promise<boolean> => {
  const { rows } = await sql`select from pg_stat_activity
    where application_name = 'evx shell' and query = 'select pg_sleep(20)' and datname = current_database()`.execute(
    t.admin,
  );
  return rows.length > 0;
};

afterAll(async () => {
  await shell.close();
  await t.close();
});

test("a semicolon in a text, a name, a comment or a body ends no statement", () => {
  const text = `select ';''', ";""", e'\\';' ; -- one; two
    /* a; /* b; */ c; */ do $$ begin; end $$; select $x$ ; $$ ; $x$; select a$b;`;
  const { statements, rest } = splitStatements(`${text} select 'open;`);
  expect(statements).toHaveLength(4);
  expect(statements[1]).toContain("do $$ begin; end $$");
  expect(statements[3]).toBe("select a$b");
  expect(rest).toBe("select 'open;");
});

test("rows are printed as the database writes them, numbers to the right, nulls told from empty texts", async () => {
  const said = await shell.run(
    "select 9007199254740993::int8 as grams, 'ấm' as word, null as gone, '' as empty, 1.10::numeric as price",
  );
  expect(said).toBe(
    [
      "grams            | word | gone | empty | price",
      "-----------------+------+------+-------+------",
      "9007199254740993 | ấm   | null |       |  1.10",
      "(1 row)",
    ].join("\n"),
  );
});

test("a statement may go over lines, and several may stand in one", async () => {
  expect(await shell.line("select 1")).toBe("");
  expect(shell.isPending()).toBe(true);
  expect(await shell.line("  + 1 as two; select 3 as three;")).toBe(
    "two\n---\n  2\n(1 row)\nthree\n-----\n    3\n(1 row)",
  );
  expect(shell.isPending()).toBe(false);
});

test("what would change a row is refused without --write, and done with it", async () => {
  const change = "insert into jobs.beat (worker, at) values ('shell', now())";
  await expect(shell.run(change)).rejects.toThrow("cannot execute INSERT in a read-only transaction");
  const writer = await openShell(t.url, { write: true });
  expect(await writer.run(change)).toBe("INSERT 1");
  await writer.close();
  expect(await shell.run("select worker from jobs.beat")).toContain("shell");
});

test("an error says code, line and hint, and the shell goes on", async () => {
  await expect(shell.run("select 1,\n  two")).rejects.toThrow(
    'ERROR 42703: column "two" does not exist (line 2)',
  );
  expect(await shell.run("select 1 as one")).toContain("(1 row)");
});

test("the commands show tables, their columns and triggers, functions and their text", async () => {
  expect(await shell.run("\\dt ledger")).toContain("block_move");
  expect(await shell.run("\\dt ledger.acc*")).not.toContain("block_move");
  const described = await shell.run("\\d ledger.entry");
  expect(described).toContain("transfer_id | text");
  expect(described).toContain("append_only");
  expect(await shell.run("\\d ledger.nothing")).toBe("There is no table or view ledger.nothing.");
  expect(await shell.run("\\df ledger.post")).toContain("p_releases text[]");
  expect(await shell.run("\\sf ledger.post")).toContain("FUNCTION ledger.post(");
  expect(await shell.run("\\?")).toContain("\\dt [NAME]");
});

test("\\x turns rows into blocks and back", async () => {
  await shell.line("\\x");
  expect(await shell.run("select 1 as a, 2 as longer")).toBe("-[ 1 ]-\na      | 1\nlonger | 2\n(1 row)");
  await shell.line("\\x");
  expect(await shell.run("select 1 as a")).toBe("a\n-\n1\n(1 row)");
});

test("a statement that runs is broken off, and \\q ends", async () => {
  const owner = await openShell(t.adminUrl);
  const long = owner.run("select pg_sleep(20)").catch(String);
  while (!(await isRunning())) await Bun.sleep(10);
  await owner.cancel();
  expect(await long).toContain("ERROR 57014");
  expect(await owner.line("\\q")).toBeNull();
  await owner.close();
});
