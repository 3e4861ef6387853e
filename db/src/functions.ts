import { join } from "node:path";
import { Glob } from "bun";
import type pg from "pg";

const folder = join(import.meta.dir, "../functions");

/** One file of functions/: the function's name ("ledger.post"), its text, and the SHA-256 of the text in hex. */
export type FunctionFile = { name: string; text: string; checksum: string };

/** Every function file in the order of their names. A folder that is not there has none. */
export const readFunctions = async (from = folder): Promise<FunctionFile[]> => {
  const files = (await Array.fromAsync(new Glob("*/*.sql").scan({ cwd: from })).catch(() => [])).sort();
  return Promise.all(
    files.map(async (file) => {
      // A checkout may change line ends; that is no change of the function.
      const text = (await Bun.file(join(from, file)).text()).replaceAll("\r\n", "\n");
      const checksum = new Bun.CryptoHasher("sha256").update(text).digest("hex");
      return { name: file.slice(0, -".sql".length).replaceAll("\\", "/").replace("/", "."), text, checksum };
    }),
  );
};

/**
 * Runs one file. Bodies are not checked while they are made, so that functions may call each other whatever the
 * order of their names; the tests run each one's example, which is the better check.
 */
export const runFunction = async (
  client: pg.ClientBase,
  { name, text, checksum }: FunctionFile,
): Promise<void> => {
  await client.query("set local check_function_bodies = off");
  await client.query(text).catch((cause: unknown) => {
    throw new Error(
      `db/functions/${name.replace(".", "/")}.sql failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  });
  await client.query(
    `insert into public.applied_function (name, checksum) values ($1, $2)
     on conflict (name) do update set checksum = excluded.checksum, applied_at = now()`,
    [name, checksum],
  );
};

/** Makes the table that notes which text of which function a database has. */
export const prepareFunctions = (client: pg.ClientBase): Promise<unknown> =>
  client.query(
    `create table if not exists public.applied_function (
      name text primary key, checksum text not null, applied_at timestamptz not null default now())`,
  );

/**
 * Gives the database today's text of every function whose noted text is another, and answers their names. All of them
 * and their notes are one transaction: either each is of one release or none has changed. Call it under the lock of
 * `migrate`, after the migrations.
 */
export const applyFunctions = async (client: pg.ClientBase, files: FunctionFile[]): Promise<string[]> => {
  const noted = await client.query<{ name: string; checksum: string }>(
    "select name, checksum from public.applied_function",
  );
  const known = new Map(noted.rows.map(({ name, checksum }) => [name, checksum]));
  const changed = files.filter(({ name, checksum }) => known.get(name) !== checksum);
  const names = files.map(({ name }) => name);
  const gone = noted.rows.some(({ name }) => !names.includes(name));
  if (changed.length === 0 && !gone) return [];
  await client.query("begin");
  try {
    for (const file of changed) await runFunction(client, file);
    // A function whose file is gone was dropped by a migration; were it to come back, its text must run again.
    await client.query("delete from public.applied_function where name <> all ($1::text[])", [names]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
  return changed.map(({ name }) => name);
};
