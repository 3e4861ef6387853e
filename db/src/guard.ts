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

/** Settings of a role or a database by which triggers sleep, or other objects are found by the same names. */
const binding = [
  "session_replication_role",
  "row_security",
  "search_path",
  "role",
  "session_preload_libraries",
  "local_preload_libraries",
];

const disabled = sql<{ fault: string }>`
  with ours as (
    select oid from pg_catalog.pg_roles
    where rolname in ('evx_app', 'evx_serving', 'evx_working', 'evx_former', 'evx_serve', 'evx_work')
  ), owned as (
    select c.oid::regclass::text as what, c.relowner as owner, c.relnamespace as space from pg_catalog.pg_class c
    where c.relkind in ('r', 'p', 'v', 'm', 'S')
    union all
    select 'Function ' || p.oid::regprocedure, p.proowner, p.pronamespace from pg_catalog.pg_proc p
    union all
    select 'Type ' || y.oid::regtype, y.typowner, y.typnamespace from pg_catalog.pg_type y where y.typtype in ('d', 'e')
    union all
    select 'Schema ' || n.nspname, n.nspowner, n.oid from pg_catalog.pg_namespace n
    where n.nspname !~ '^pg_(temp|toast)' and n.nspowner <> 'pg_database_owner'::regrole
    union all
    select 'Database ' || d.datname, d.datdba, 0 from pg_catalog.pg_database d where d.datname = current_database()
  )
  select format('Trigger %s of %s is switched off.', t.tgname, t.tgrelid::regclass) as fault
  from pg_catalog.pg_trigger t where t.tgenabled <> 'O'
  union all
  select format('Rule %s of %s.%s is none of this version.', rulename, schemaname, tablename) from pg_catalog.pg_rules
  where schemaname not in ('pg_catalog', 'information_schema', 'pgboss') and rulename <> '_RETURN'
  union all
  select format('Event trigger %s is none of this version.', evtname) from pg_catalog.pg_event_trigger
  union all
  select format('Role %s has rights over the whole cluster.', m.rolname) from pg_catalog.pg_roles m
  where m.oid in (select oid from ours) and (m.rolsuper or m.rolcreaterole or m.rolbypassrls or m.rolreplication)
  union all
  select format('Role %s belongs to %s, which is none of this version.', r.rolname, g.rolname)
  from pg_catalog.pg_auth_members m join pg_catalog.pg_roles r on r.oid = m.member join pg_catalog.pg_roles g on g.oid = m.roleid
  where m.member in (select oid from ours) and m.roleid not in (select oid from ours)
    and g.rolname not in ('pg_monitor', 'pg_read_all_settings', 'pg_read_all_stats', 'pg_stat_scan_tables')
  union all
  select format('%s is set to %L by %s.', split_part(c, '=', 1), split_part(c, '=', 2),
    coalesce(nullif(concat_ws(' in ', 'role ' || r.rolname, 'database ' || d.datname), ''), 'everybody'))
  from pg_catalog.pg_db_role_setting s cross join unnest(s.setconfig) c
  left join pg_catalog.pg_roles r on r.oid = s.setrole left join pg_catalog.pg_database d on d.oid = s.setdatabase
  where (s.setdatabase = 0 or d.datname = current_database()) and (s.setrole = 0 or s.setrole in (select oid from ours))
    and split_part(c, '=', 1) in (${sql.join(binding)})
  union all
  select 'session_replication_role is set to ''' || setting || ''' for whoever connects.' from pg_catalog.pg_settings
  where name = 'session_replication_role' and setting <> 'origin'
  union all
  select format('%s belongs to %s, %s.', o.what, r.rolname, case when pg_catalog.pg_has_role(r.oid, 'evx_app', 'member')
    then 'a role of the application' else 'who does not own the rest' end)
  from owned o join pg_catalog.pg_roles r on r.oid = o.owner
  where o.space <> coalesce(to_regnamespace('pgboss')::oid, 0) and not r.rolsuper and (pg_catalog.pg_has_role(r.oid, 'evx_app', 'member')
    or r.oid <> (select relowner from pg_catalog.pg_class where oid = 'public.migration'::regclass))
  union all
  select format('What %s makes from now on is open to %s from the start.', d.defaclrole::regrole,
    case when x.grantee = 0 then 'everybody' else x.grantee::regrole::text end)
  from pg_catalog.pg_default_acl d cross join aclexplode(d.defaclacl) x
  where x.grantee <> d.defaclrole and (x.grantee <> 0 or d.defaclobjtype not in ('f', 'T'))
    and d.defaclnamespace <> coalesce(to_regnamespace('pgboss')::oid, 0)`;

/** Who could write around what keeps the tables: triggers that are asleep, rules, rights and settings of the application's roles. */
export const rightsFaults = async (db: Db): Promise<string[]> =>
  (await disabled.execute(db)).rows.map(({ fault }) => fault);

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
    const faults = await rightsFaults(tx);
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

/** Postgres's own word for a function that is not there. */
const isNoFunction = (error: unknown): error is Error =>
  error instanceof Error && "code" in error && error.code === "42883";

/** Why a check could not be made, in a sentence: somebody took its function away, or what it reads. */
export const uncheckedFault = (what: string, error: unknown): string => {
  const [, name] = isNoFunction(error) ? (/function (\S+?)\(/.exec(error.message) ?? []) : [];
  return name
    ? `Function ${name} of the database is missing, so this was not checked: ${what}.`
    : `This could not be checked (${error instanceof Error ? error.message : error}): ${what}.`;
};

/** Faults that a check finds; that it cannot be made is one, and keeps nobody from the others. */
export const faultsBy = async (
  what: string,
  check: () => Promise<readonly string[]>,
): Promise<readonly string[]> => {
  try {
    return await check();
  } catch (error) {
    return [uncheckedFault(what, error)];
  }
};
