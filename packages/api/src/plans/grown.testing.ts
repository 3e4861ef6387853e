/** A large database made of a small one: each row many times, under other names. */

import { sql } from "@evx/db";
import type { TestDatabase } from "@evx/db/testing";

/** Tables that stay small in the largest venue: settings, catalogues, what a process says of itself. */
export const small: ReadonlySet<string> = new Set([
  "identity.signing_key",
  "identity.two_factor",
  "jobs.beat",
  "jobs.listener",
  "ledger.account_kind",
  "log.tile",
  "marketplace.facet",
  "payments.invoice_counter",
  "pricing.model_run",
  "public.applied_function",
  "public.migration",
  "reports.platform_month",
  "rules.rule",
  "vehicles.grid_factor",
  "vehicles.print_key",
  "verification.signing_key",
  "verification.withdrawn_key",
]);

type Column = {
  name: string;
  type: string;
  /** Part of a key: copies must differ in it. */
  keyed: boolean;
  /** Part of a key that holds no text, so that a number must make the difference. */
  alone: boolean;
  generated: boolean;
};

type Table = { name: string; columns: Column[] };

const tablesOf = async ({ admin }: TestDatabase): Promise<Table[]> => {
  const { rows } = await sql<{ table: string; columns: Column[] }>`
    select n.nspname || '.' || c.relname as table,
      json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null),
        'generated', a.attgenerated <> '' or (a.attidentity <> '' and not coalesce(k.keyed, false)),
        'alone', coalesce(k.alone, false), 'keyed', coalesce(k.keyed, false)) order by a.attnum) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join lateral (select true as keyed, bool_or(not exists (
          select from pg_attribute o where o.attrelid = c.oid and o.attnum = any(i.indkey)
            and o.atttypid in ('text'::regtype, 'bytea'::regtype))) as alone
        from pg_index i where i.indrelid = c.oid and (i.indisunique or i.indisexclusion) and a.attnum = any(i.indkey)
        having count(*) > 0) k on true
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^(pg_|information_schema|pgboss)'
    group by 1 order by 1`.execute(admin);
  return rows.map(({ table, columns }) => ({ name: table, columns })).filter(({ name }) => !small.has(name));
};

/** Who copies belong to: the same people, who then have much, or others. */
type Whose = "same" | "others";

/** Columns that name a person: the same people's copies stay theirs. */
const persons = /^(user|owner|buyer|seller|holder|bidder|actor|cva|person)_id$|^(holder|leader)$/;

/** How a column of the n-th copy is written. Names that look like ids are others' names in copies of others. */
const copied = ({ name, type, keyed, alone }: Column, whose: Whose): string => {
  const column = `t."${name}"`;
  const mark = `'${whose === "same" ? "a" : "z"}' || n`;
  if (/^timestamp/.test(type)) return `${column} - n * interval '7 minutes'`;
  if (whose === "same" && persons.test(name)) return column;
  if (type === "text" && (keyed || whose === "others"))
    return `case when ${column} ~ '^[0-9a-f]{64}$' then encode(sha256(convert_to(${column} || ${mark}, 'UTF8')), 'hex')
      when ${column} ~ '^[0-9A-Za-z_-]{16,}$' and '${name}' ~ 'hash|token|digest|cause' then md5(${column} || ${mark})
      when ${column} ~ '_[0-9a-z]{20,}' or (${keyed} and ${column} ~ '[0-9]' and ${column} !~ '/') then ${column} || ${mark}
      else ${column} end`;
  if (type === "bytea" && (keyed || (whose === "others" && /digest|hash/.test(name))))
    return `sha256(convert_to(${mark}, 'UTF8') || ${column})`;
  // Cars are told by number: others have others.
  if (name === "car_id" && whose === "others") return `${column} + n * 100000`;
  if (/^(bigint|integer)$/.test(type) && alone)
    return `(${column} + n * ${whose === "same" ? 1_000 : 100_000})::${type}`;
  return column;
};

/**
 * Copies every row that is there. Triggers and foreign keys rest meanwhile: the copies stand for others' rows, not for a
 * world that holds together. Answers what could not be copied, and why.
 */
const copy = async (t: TestDatabase, whose: Whose, upTo: number): Promise<string[]> => {
  const failed: string[] = [];
  for (const { name, columns } of await tablesOf(t)) {
    const [schema = "", table = ""] = name.split(".");
    const place = `${schema}."${table}"`;
    const written = columns.filter(({ generated }) => !generated);
    const values = written.map((column) => copied(column, whose));
    const { rows } = await sql<{ count: bigint }>`select count(*) as count from ${sql.raw(place)}`.execute(
      t.admin,
    );
    const have = Number(rows[0]?.count ?? 0);
    if (have === 0) continue;
    const times = Math.ceil(upTo / have);
    try {
      await t.admin.transaction().execute(async (tx) => {
        await sql`set local session_replication_role = replica`.execute(tx);
        await sql
          .raw(
            `insert into ${place} (${written.map((one) => `"${one.name}"`).join(", ")}) overriding system value
             select ${values.join(", ")} from ${place} t cross join generate_series(1, ${times}) n on conflict do nothing`,
          )
          .execute(tx);
      });
    } catch (error) {
      failed.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return failed;
};

/**
 * Grows a database: `each` more rows for the same people in every table, so that a query in a loop shows, then up to
 * `rows` of others', so that reading a table to its end shows.
 */
export const grow = async (
  t: TestDatabase,
  { each, rows }: { each: number; rows: number },
): Promise<string[]> => {
  const failed = [...(await copy(t, "same", each)), ...(await copy(t, "others", rows))];
  await sql`analyze`.execute(t.admin);
  return failed;
};

/** How many rows each table has, by name. */
export const sizes = async ({ admin }: TestDatabase): Promise<Map<string, number>> => {
  const { rows } = await sql<{ name: string; rows: number }>`
    select n.nspname || '.' || c.relname as name, greatest(c.reltuples, 0)::float8 as rows
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p')`.execute(
    admin,
  );
  return new Map(rows.map(({ name, rows: count }) => [name, count]));
};
