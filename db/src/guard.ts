import { join } from "node:path";
import { sql } from "kysely";
import type { Db } from "./client.ts";
import { schemaDump } from "./schema-dump.ts";

/** Objects of a dump by their first line. */
const objectsOf = (dump: string): Map<string, string> =>
  new Map(
    dump.split(/\n\n(?=create |CREATE )/).map((block) => [block.split("\n", 1)[0] ?? "", block.trim()]),
  );

const isFunction = (line: string): boolean => /^CREATE (OR REPLACE )?(FUNCTION|PROCEDURE) /.test(line);

const nameIn = (line: string): string =>
  line.replace(/ (\(|as)$/, "").replace(/^CREATE OR REPLACE /, "create ");

/** The first line of `block` that is not in `other`. */
const differing = (block: string, other: string): string => {
  const known = new Set(other.split("\n"));
  return block.split("\n").find((line) => !known.has(line)) ?? "";
};

const disabled = sql<{ fault: string }>`
  select format('Trigger %s of %s is switched off.', t.tgname, t.tgrelid::regclass) as fault
  from pg_catalog.pg_trigger t where t.tgenabled <> 'O'
  union all
  select format('Rule %s of %s.%s is none of this version.', rulename, schemaname, tablename) from pg_catalog.pg_rules
  where schemaname not in ('pg_catalog', 'information_schema', 'pgboss') and rulename <> '_RETURN'
  union all
  select format('Event trigger %s is none of this version.', evtname) from pg_catalog.pg_event_trigger
  union all
  select format('Role %s has rights over the whole cluster.', m.rolname) from pg_catalog.pg_roles m
  where m.rolname in ('evx_app', 'evx_serving', 'evx_working', 'evx_former')
    and (m.rolsuper or m.rolcreaterole or m.rolbypassrls or m.rolreplication)
  union all
  select format('%s belongs to %s, a role of the application.', c.oid::regclass, o.rolname)
  from pg_catalog.pg_class c join pg_catalog.pg_roles o on o.oid = c.relowner
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname <> 'pgboss' and c.relkind in ('r', 'p', 'v') and not o.rolsuper
    and pg_catalog.pg_has_role(o.oid, 'evx_app', 'member')`;

/** The major version of PostgreSQL by which db/schema.sql was made; others print tables in other words. */
const dumpedBy = 18;

/**
 * Where the database is not the one that this version's migrations and functions make: another text of a function, a
 * table with other columns, constraints, triggers or grants, a trigger that is switched off, a role with more rights.
 * Whoever owns the database can change each of them, and everything else that is checked leans on them.
 */
export const schemaFaults = async (db: Db): Promise<string[]> => {
  const wanted = objectsOf(await Bun.file(join(import.meta.dir, "../schema.sql")).text());
  return db.transaction().execute(async (tx) => {
    await sql`set local search_path to ''`.execute(tx);
    const read = async <T extends object>(query: string) => (await sql.raw<T>(query).execute(tx)).rows;
    const found = objectsOf(await schemaDump(read));
    const [version] = await read<{ major: number }>(
      "select current_setting('server_version_num')::int / 10000 as major",
    );
    const judged = (line: string) => version?.major === dumpedBy || isFunction(line);
    const faults = (await disabled.execute(tx)).rows.map(({ fault }) => fault);
    for (const [line, block] of wanted) {
      const now = found.get(line);
      if (!judged(line) || now === block) continue;
      faults.push(
        now === undefined
          ? `The database has no "${nameIn(line)}" as this version makes it.`
          : `The database's "${nameIn(line)}" is not that of this version: "${differing(now, block) || differing(block, now)}".`,
      );
    }
    for (const line of found.keys())
      if (judged(line) && !wanted.has(line))
        faults.push(`The database has "${nameIn(line)}", which this version does not make.`);
    return faults;
  });
};
