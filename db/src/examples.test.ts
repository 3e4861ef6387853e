import { afterAll, describe, expect, test } from "bun:test";
import pg from "pg";
import { readExample, type Step } from "./examples.ts";
import { readFunctions } from "./functions.ts";
import { testDatabase } from "./testing.ts";

const t = await testDatabase();
const client = new pg.Client({ connectionString: t.adminUrl });
await client.connect();
afterAll(async () => {
  await client.end();
  await t.close();
});

/** What Postgres wrote, untouched. */
const asText = { getTypeParser: () => String };

const outcome = async ({ sql, error }: Step): Promise<{ rows: string[] } | { error: string }> => {
  await client.query("savepoint step");
  try {
    const { rows } = await client.query<(string | null)[]>({ text: sql, rowMode: "array", types: asText });
    return { rows: rows.map((row) => row.map((value) => value ?? "null").join(" | ")) };
  } catch (thrown) {
    await client.query("rollback to savepoint step");
    if (!(thrown instanceof Error)) throw thrown;
    // Shown whole where it is not the one that the example names.
    return { error: error && thrown.message.includes(error) ? error : thrown.message };
  }
};

/** The example as it runs: a statement that says no rows may answer any. */
const run = async (steps: Step[]): Promise<unknown[]> => {
  const outcomes: unknown[] = [];
  await client.query("begin");
  try {
    for (const step of steps) {
      const got = await outcome(step);
      const silent = step.rows.length === 0 && !step.error && "rows" in got;
      outcomes.push(silent ? { sql: step.sql, rows: [] } : { sql: step.sql, ...got });
    }
  } finally {
    await client.query("rollback");
  }
  return outcomes;
};

const promised = (steps: Step[]): unknown[] =>
  steps.map(({ sql, rows, error }) => (error ? { sql, error } : { sql, rows }));

describe("each function does what the example at the head of its file says", async () => {
  for (const { name, text } of await readFunctions())
    test(name, async () => {
      const steps = readExample(text);
      expect(steps.map(({ sql }) => sql).join("\n")).not.toBe("");
      expect(await run(steps)).toEqual(promised(steps));
    });
});

describe("an example that is not true is seen", () => {
  const file = (...lines: string[]) =>
    ["-- Adds.", "--", "-- Example:", ...lines.map((line) => `--   ${line}`), "create"].join("\n");
  const differs = async (text: string) => {
    const steps = readExample(text);
    return !Bun.deepEquals(await run(steps), promised(steps));
  };

  test("by another value, another row, another error, none where one is promised", async () => {
    expect(await differs(file("select 1 + 1;", "=> 2"))).toBe(false);
    expect(await differs(file("select 1 + 1;", "=> 3"))).toBe(true);
    expect(await differs(file("values (1, null), (2, true);", "=> 1 | null", "=> 2 | t"))).toBe(false);
    expect(await differs(file("values (1), (2);", "=> 1"))).toBe(true);
    expect(await differs(file("select 1 / 0;", "=! division by zero"))).toBe(false);
    expect(await differs(file("select 1 / 0;", "=! out of range"))).toBe(true);
    expect(await differs(file("select 1;", "=! division by zero"))).toBe(true);
    expect(await differs(file("select 1 / 0;", "select 1;", "=> 1"))).toBe(true);
  });

  test("and so is a file without one, or one that says no result", () => {
    expect(() => readExample("-- Adds.\ncreate")).toThrow("no line");
    expect(() => readExample(file("select 1;"))).toThrow("no result");
    expect(() => readExample(file("select 1"))).toThrow("ends within");
    expect(() => readExample(file("=> 1"))).toThrow("follows no statement");
  });
});
