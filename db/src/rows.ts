/// <reference path="./pg-copy-streams.d.ts" />
/**
 * All rows of a database as text in pieces, and back into an empty one: how a world of a released version is kept beside the code
 * that has to take it over. `rows.ts FILE` writes those of DATABASE_ADMIN_URL (the owner's), gzipped.
 */
import { createWriteStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { Dump } from "./dump.ts";
import { migrate, readMigrations } from "./migrate.ts";

const connect = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: url, application_name: "evx rows" });
  client.on("error", () => {});
  await client.connect();
  return client;
};

// pg-boss makes its own version and schedules again; the migrations' notes are written by migrating.
const leftOut = ["public.migration", "public.applied_function", "pgboss.version", "pgboss.instance"];

/** Partitions first (their parents take the rows), then tables with the columns that can be written, then sequences. */
const partitions = `
  select format('create table if not exists %s partition of %s %s', c.oid::regclass, i.inhparent::regclass,
    pg_get_expr(c.relpartbound, c.oid)) as text
  from pg_class c join pg_inherits i on i.inhrelid = c.oid join pg_namespace n on n.oid = c.relnamespace
  where c.relispartition and c.relkind in ('r', 'p') and n.nspname <> 'pgboss' order by 1`;

const tables = `
  select c.oid::regclass::text as name,
    string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and case n.nspname when 'pgboss' then c.relkind = 'r' else c.relkind in ('r', 'p') and not c.relispartition end
  group by c.oid order by 1`;

const sequences = `
  select format('select setval(%L, %s)', format('%I.%I', schemaname, sequencename), last_value) as text
  from pg_sequences where last_value is not null and schemaname <> 'pgboss' order by 1`;

/**
 * Statements in lines, rows between `copy … from stdin` and `\.`, the migrations that made the schema on top: as bytes, in
 * the pieces in which the database sends them, so that a world of any size needs no memory.
 */
export async function* dumpRows(adminUrl: string): AsyncGenerator<Uint8Array> {
  const client = await connect(adminUrl);
  const lines = (texts: readonly string[]) => Buffer.from(texts.map((text) => `${text}\n`).join(""));
  try {
    await client.query("begin isolation level repeatable read read only");
    await client.query("set local search_path to pg_catalog");
    const made = await client.query<{ name: string; checksum: string }>(
      "select name, checksum from public.migration order by name",
    );
    yield lines(made.rows.map(({ name, checksum }) => `-- migration ${name} ${checksum}`));
    const texts = async (query: string) =>
      (await client.query<{ text: string }>(query)).rows.map((row) => row.text);
    yield lines(await texts(partitions));
    const { rows } = await client.query<{ name: string; columns: string }>(tables);
    for (const { name, columns } of rows) {
      if (leftOut.includes(name)) continue;
      let some = false;
      for await (const chunk of client.query(copyTo(`copy (select ${columns} from ${name}) to stdout`))) {
        if (!some) yield lines([`copy ${name} (${columns}) from stdin`]);
        some = true;
        yield chunk as Uint8Array;
      }
      if (some) yield lines(["\\."]);
    }
    yield lines(await texts(sequences));
  } finally {
    await client.end();
  }
}

/** Rows of a release after this one, whose schema this one cannot make. */
export class NewerRelease extends Error {
  override readonly name = "NewerRelease";
  constructor(readonly migration: string) {
    super(`Migration ${migration} is of a newer release.`);
  }
}

/** The files of those migrations alone, in a folder of their own, which goes afterwards. */
const migrateAsThen = async (
  adminUrl: string,
  wanted: readonly { name: string; checksum: string }[],
): Promise<void> => {
  const files = await readMigrations();
  const unknown = wanted.find(({ name }) => !files.some((each) => each.name === name));
  if (unknown) throw new NewerRelease(unknown.name ?? "");
  const folder = await mkdtemp(join(tmpdir(), "evx-then-"));
  try {
    for (const { name, checksum } of wanted) {
      const file = files.find((each) => each.name === name);
      if (file?.checksum !== checksum)
        throw new Error(`Migration ${name} is no longer what it was in that release.`);
      await writeFile(join(folder, `${name}.sql`), file?.text ?? "");
    }
    // Releases before the functions had files made them in their migrations.
    const own = wanted.some(({ name }) =>
      /^-- needs function /m.test(files.find((one) => one.name === name)?.text ?? ""),
    );
    await migrate(adminUrl, { folder, ...(own ? {} : { functions: join(folder, "functions") }) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/**
 * Makes an empty database what `dumpRows` saw: the schema of those migrations (their functions too), and all rows, past
 * triggers and foreign keys; read once, and never held whole. Needs a superuser's url. Throws when a migration's file has
 * changed since.
 */
export const loadRows = async (adminUrl: string, content: AsyncIterable<Uint8Array>): Promise<void> => {
  const dump = new Dump(content);
  const made: { name: string; checksum: string }[] = [];
  let line = await dump.line();
  for (; line?.startsWith("-- migration "); line = await dump.line()) {
    const [name = "", checksum = ""] = line.slice("-- migration ".length).split(" ");
    made.push({ name, checksum });
  }
  await migrateAsThen(adminUrl, made);
  const client = await connect(adminUrl);
  try {
    await client.query("begin");
    await client.query("set local session_replication_role = replica");
    for (; line !== null; line = await dump.line()) {
      if (line === "" || line.startsWith("--")) continue;
      if (!line.startsWith("copy ")) {
        await client.query(line);
        continue;
      }
      const table = line.slice("copy ".length, line.indexOf(" ("));
      // What the migrations wrote themselves is in the rows too.
      await client.query(`delete from ${table}`);
      await pipeline(Readable.from(dump.rows()), client.query(copyFrom(line)));
    }
    await client.query("commit");
  } finally {
    await client.end();
  }
};

if (import.meta.main) {
  const url = Bun.env.DATABASE_ADMIN_URL;
  const file = process.argv[2];
  if (!url || !file) throw new Error("Usage: DATABASE_ADMIN_URL=… bun src/rows.ts FILE.gz");
  await pipeline(Readable.from(dumpRows(url)), createGzip({ level: 9 }), createWriteStream(file));
}
