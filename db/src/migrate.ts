import { readdir } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { PgBoss } from "pg-boss";
import {
  applyFunctions,
  type FunctionFile,
  prepareFunctions,
  readFunctions,
  runFunction,
} from "./functions.ts";

const folder = join(import.meta.dir, "../migrations");

/** One file of migrations/: its name without ".sql", its text, and the SHA-256 of the text in hex. */
export type Migration = { name: string; text: string; checksum: string };

/** Every migration of a folder in the order of their names. */
export const readMigrations = async (from = folder): Promise<Migration[]> => {
  const files = (await readdir(from)).filter((file) => file.endsWith(".sql")).sort();
  return Promise.all(
    files.map(async (file) => {
      // A checkout may change line ends; that is no change of the migration.
      const text = (await Bun.file(join(from, file)).text()).replaceAll("\r\n", "\n");
      const checksum = new Bun.CryptoHasher("sha256").update(text).digest("hex");
      return { name: file.slice(0, -".sql".length), text, checksum };
    }),
  );
};

export type MigrateOptions = {
  /** Another folder of migrations. */
  folder?: string;
  /** Another folder of functions. */
  functions?: string;
  /** False leaves pg-boss's schema out. */
  jobs?: boolean;
};

/** Runs `fn` on a connection of its own. */
const connected = async <T>(url: string, fn: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url, application_name: "evx migrate" });
  // The query in flight fails with the same error; unheard here, it would end the process.
  client.on("error", () => {});
  await client.connect();
  try {
    return await fn(client);
  } finally {
    await client.end();
  }
};

/** Any number that nothing else in the database locks. */
const migrating = 0x45_56_58_01;

/** The names of the migrations that were applied, and of the functions that were given another text. */
export type Migrated = { migrations: string[]; functions: string[] };

/**
 * Brings a database up to date: the migrations that it has not seen, then each function whose text it does not have.
 * Each migration is one transaction, recorded with its checksum; unapplied files run in order even if a higher number
 * was applied before. Several may call it at once: they wait for each other.
 * Needs a role that owns the database (or a superuser). Throws if an applied file has changed or is gone.
 */
export const migrate = async (adminUrl: string, options: MigrateOptions = {}): Promise<Migrated> => {
  const migrations = await readMigrations(options.folder);
  const functions = await readFunctions(options.functions);
  return connected(adminUrl, async (client) => {
    await client.query("select pg_advisory_lock($1)", [migrating]);
    await prepareFunctions(client);
    const applied = await apply(client, migrations, functions);
    const changed = await applyFunctions(client, functions);
    if (options.jobs ?? true) await prepareJobs(client, adminUrl);
    return { migrations: applied, functions: changed };
  });
};

/**
 * The functions that a text's lines "-- needs function x.y" name, and before each those that it needs itself: a trigger
 * of a migration may call one while the migration runs.
 */
const neededBy = (
  { name, text }: Pick<Migration, "name" | "text">,
  functions: FunctionFile[],
): FunctionFile[] =>
  [...text.matchAll(/^-- needs function ([a-z_]+\.[a-z_]+)$/gm)].flatMap(([, wanted]) => {
    const file = functions.find((each) => each.name === wanted);
    if (!file) throw new Error(`${name} needs function ${wanted}, which has no file.`);
    return [...neededBy(file, functions), file];
  });

const apply = async (
  client: pg.Client,
  migrations: Migration[],
  functions: FunctionFile[],
): Promise<string[]> => {
  await client.query(
    `create table if not exists public.migration (
      name text primary key, checksum text not null, applied_at timestamptz not null default now())`,
  );
  const done = await client.query<{ name: string; checksum: string }>(
    "select name, checksum from public.migration order by name",
  );
  for (const { name, checksum } of done.rows) {
    const file = migrations.find((migration) => migration.name === name);
    if (!file) throw new Error(`Migration ${name} was applied to this database, but its file is gone.`);
    if (file.checksum !== checksum) {
      throw new Error(`Migration ${name} was changed after it was applied. Add a new migration instead.`);
    }
  }
  const known = new Set(done.rows.map((row) => row.name));
  const applied: string[] = [];
  for (const migration of migrations) {
    const { name, text, checksum } = migration;
    if (known.has(name)) continue;
    const needed = neededBy(migration, functions);
    await client.query("begin");
    try {
      for (const file of needed) await runFunction(client, file);
      await client.query("set local check_function_bodies = on");
      await client.query(text);
      await client.query("insert into public.migration (name, checksum) values ($1, $2)", [name, checksum]);
      await client.query("commit");
    } catch (cause) {
      await client.query("rollback");
      throw new Error(`Migration ${name} failed: ${describe(cause, text)}`, { cause });
    }
    applied.push(name);
  }
  return applied;
};

/** Postgres's sentence with the line of the file that it points at. */
const describe = (error: unknown, text: string): string => {
  if (!(error instanceof Error)) return String(error);
  const position = error instanceof pg.DatabaseError ? Number(error.position) : Number.NaN;
  return Number.isNaN(position)
    ? error.message
    : `line ${text.slice(0, position).split("\n").length}: ${error.message}`;
};

/** Creates or updates pg-boss's schema with the owner's rights, so that the application's role need not own tables. */
const prepareJobs = async (client: pg.Client, adminUrl: string): Promise<void> => {
  const boss = new PgBoss({
    connectionString: adminUrl,
    schema: "pgboss",
    supervise: false,
    schedule: false,
    max: 2,
  });
  boss.on("error", () => {});
  await boss.start();
  await boss.stop({ graceful: false });
  await client.query(`
    grant usage on schema pgboss to evx_app;
    grant select, insert, update, delete on all tables in schema pgboss to evx_app;
    grant usage, select on all sequences in schema pgboss to evx_app;
    grant execute on all functions in schema pgboss to evx_app;
  `);
};

/**
 * Makes (or updates the password of) a role that may log in and has the application's rights and no more.
 * Answers the url that this role connects with.
 */
export const ensureLogin = async (
  adminUrl: string,
  { user, password, rights }: { user: string; password: string; rights: "evx_serving" | "evx_working" },
): Promise<string> => {
  await connected(adminUrl, async (client) => {
    const role = client.escapeIdentifier(user);
    // Two that start together would collide on the catalogue's rows.
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock($1)", [migrating]);
    const known = await client.query("select from pg_catalog.pg_roles where rolname = $1", [user]);
    await client.query(
      `${known.rowCount ? "alter" : "create"} role ${role} login password ${client.escapeLiteral(password)}`,
    );
    await client.query(`grant ${rights} to ${role}`);
    // A client that hangs must not keep its locks: the venue would stand still with it.
    await client.query(`alter role ${role} set idle_in_transaction_session_timeout to '30s'`);
    await client.query(`alter role ${role} set statement_timeout to '60s'`);
    // Whoever waits for a row is told to ask again; the worker has time, and its jobs are tried again anyway.
    const patience = rights === "evx_serving" ? "5s" : "20s";
    await client.query(`alter role ${role} set lock_timeout to '${patience}'`);
    await client.query("commit");
  });
  const url = new URL(adminUrl);
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password);
  return url.toString();
};

/** The url of another database of the same cluster. */
const urlOf = (adminUrl: string, name: string): string => {
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(name)}`;
  return url.toString();
};

/** The url of a database, or null where there is none of that name. */
export const findDatabase = (adminUrl: string, name: string): Promise<string | null> =>
  connected(adminUrl, async (client) => {
    const known = await client.query("select from pg_catalog.pg_database where datname = $1", [name]);
    return known.rowCount ? urlOf(adminUrl, name) : null;
  });

/** Creates a database unless it exists, and answers its url. */
export const ensureDatabase = async (adminUrl: string, name: string): Promise<string> => {
  await connected(adminUrl, async (client) => {
    const known = await client.query("select from pg_catalog.pg_database where datname = $1", [name]);
    if (known.rowCount) return;
    await client.query(`create database ${client.escapeIdentifier(name)}`).catch((error: unknown) => {
      // 42P04, 23505: another one has just made it.
      if (!(error instanceof pg.DatabaseError && ["42P04", "23505"].includes(error.code ?? ""))) throw error;
    });
  });
  return urlOf(adminUrl, name);
};

/** Drops all databases whose names begin so, breaking off whoever uses them. */
export const dropDatabases = (adminUrl: string, beginning: string): Promise<void> =>
  connected(adminUrl, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      "select datname from pg_catalog.pg_database where starts_with(datname, $1)",
      [beginning],
    );
    for (const { datname } of rows)
      await client.query(`drop database if exists ${client.escapeIdentifier(datname)} with (force)`);
  });

/** Drops the database of exactly this name, breaking off whoever uses it. */
export const dropDatabase = (adminUrl: string, name: string): Promise<void> =>
  connected(adminUrl, async (client) => {
    await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`);
  });

/** Gives a database another name, breaking off whoever still uses it, and answers its new url. */
export const renameDatabase = (adminUrl: string, from: string, to: string): Promise<string> =>
  connected(adminUrl, async (client) => {
    await client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [from]);
    await client.query(
      `alter database ${client.escapeIdentifier(from)} rename to ${client.escapeIdentifier(to)}`,
    );
    return urlOf(adminUrl, to);
  });

if (import.meta.main) {
  const url = Bun.env.DATABASE_ADMIN_URL ?? Bun.env.DATABASE_URL;
  if (!url) throw new Error("Set DATABASE_ADMIN_URL (or DATABASE_URL) to the owner's url of the database.");
  const { migrations, functions } = await migrate(url);
  const applied = [...migrations, ...functions.map((name) => `function ${name}`)];
  console.log(applied.length > 0 ? `Applied:\n  ${applied.join("\n  ")}` : "Nothing to apply.");
}
