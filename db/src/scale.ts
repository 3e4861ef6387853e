/**
 * Beyond one machine: spreads what cars write over the nodes of a Citus cluster, by car. The ledger, the market and all
 * else stay where they are. Everything is looked at before anything is changed, and the change is one transaction.
 */
import { Client } from "pg";

/** What a person reads who asks for what cannot be done. Nothing was changed. */
export class ScaleError extends Error {
  override readonly name = "ScaleError";
}

/** Copied whole to each node: every statement about a car asks for them. */
const everywhere = ["vehicles.car", "vehicles.vehicle"] as const;

/** Partitions that are made ahead, so that no import waits for one: on a cluster each is 32 tables. */
const MONTHS_AHEAD = 12;

/** The first of these that PostgreSQL must be: older ones have no exclusion constraint on a table of partitions. */
const LEAST_VERSION = 180_000;

export type Spread = { table: string; by: string | null };

/** What is known of a database before it is spread. */
export type Facts = {
  version: number;
  /** Whether the server loads the extension, and whether this database has it. */
  extension: "none" | "loaded" | "made";
  /** Tables that are to be spread, with the column by which. */
  wanted: { table: string; by: string }[];
  /** Those that are spread already; `by` is null for one that is everywhere. */
  spread: Spread[];
  /** Keys of such tables that do not hold their column. */
  keys: string[];
  /** Rows that no node could take. */
  rows: string[];
};

export type Plan = { done: boolean; steps: { say: string; sql: string }[] };

const list = (names: readonly string[]): string => names.join(", ");

/** What is to be done, or why it cannot be. Throws a ScaleError. */
export const planOf = ({ version, extension, wanted, spread, keys, rows }: Facts): Plan => {
  if (version < LEAST_VERSION)
    throw new ScaleError(
      `The server is PostgreSQL ${Math.floor(version / 10_000)}, and 18 is needed. Nothing was changed.`,
    );
  if (extension === "none")
    throw new ScaleError(
      "The server does not load the extension citus: shared_preload_libraries has no such name. Nothing was changed.",
    );
  if (keys.length > 0)
    throw new ScaleError(
      `A key must hold the column by which its table is spread, and these do not: ${list(keys)}. Nothing was changed.`,
    );
  if (rows.length > 0)
    throw new ScaleError(`There are rows that no node could take: ${list(rows)}. Nothing was changed.`);
  const known = new Map(spread.map(({ table, by }) => [table, by]));
  const strange = [
    ...everywhere.filter((table) => known.has(table) && known.get(table) !== null),
    ...wanted
      .filter(({ table, by }) => known.has(table) && known.get(table) !== by)
      .map(({ table }) => table),
  ];
  if (strange.length > 0)
    throw new ScaleError(
      `These are spread in another way than this version wants: ${list(strange)}. Nothing was changed.`,
    );
  const all = [...everywhere, ...wanted.map(({ table }) => table)];
  const left = all.filter((table) => !known.has(table));
  if (left.length > 0 && left.length < all.length)
    throw new ScaleError(
      `The database is half spread: ${list(left)} are not, the others are. Take them back with undistribute_table, or spread them by hand. Nothing was changed.`,
    );
  const ahead = {
    say: `Make the partitions of the next ${MONTHS_AHEAD} months`,
    sql: ["trip", "claim"]
      .map(
        (kind) =>
          `select vehicles.ensure_months('${kind}', array(select generate_series(date_trunc('month', now()),
             date_trunc('month', now()) + interval '${MONTHS_AHEAD} months', interval '1 month')::date))`,
      )
      .join("; "),
  };
  if (left.length === 0) return { done: true, steps: [ahead] };
  const [first, ...others] = wanted;
  return {
    done: false,
    steps: [
      ...(extension === "made" ? [] : [{ say: "Make the extension", sql: "create extension citus" }]),
      {
        // Triggers of these tables look at their own row alone.
        say: "Allow triggers on spread tables",
        sql: "set local citus.enable_unsafe_triggers to on; set local citus.multi_shard_modify_mode to 'sequential'",
      },
      ...everywhere.map((table) => ({
        say: `Copy ${table} to every node`,
        sql: `select create_reference_table('${table}')`,
      })),
      ...(first ? [{ say: `Spread ${first.table} by ${first.by}`, sql: spreading(first) }] : []),
      ...others.map((one) => ({
        say: `Spread ${one.table} by ${one.by}, beside ${first?.table}`,
        sql: spreading(one, first?.table),
      })),
      ahead,
    ],
  };
};

const spreading = ({ table, by }: { table: string; by: string }, beside?: string): string =>
  `select create_distributed_table('${table}', '${by}'${beside ? `, colocate_with => '${beside}'` : ""})`;

const connected = async <T>(adminUrl: string, work: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

const namesOf = async (client: Client, text: string): Promise<string[]> =>
  (await client.query<{ name: string }>(text)).rows.map(({ name }) => name);

/** Tables of cars' own rows, as their comments say; the others' comments are for the day on which they outgrow a machine. */
export const wantedTables = async (client: Client): Promise<Facts["wanted"]> => {
  const { rows } = await client.query<{ table: string; by: string }>(`
    select c.oid::regclass::text as table, 'car_id' as by from pg_class c
    join pg_description d on d.objoid = c.oid and d.classoid = 'pg_class'::regclass and d.objsubid = 0
    where d.description = 'distributed by car_id' and c.relnamespace = 'vehicles'::regnamespace
    order by c.relname <> 'trip', c.relname`);
  return rows;
};

const brokenKeys = `
  select format('%s: %s', i.indrelid::regclass, i.indexrelid::regclass) as name
  from pg_description d join pg_index i on i.indrelid = d.objoid
  join pg_class c on c.oid = d.objoid and c.relnamespace = 'vehicles'::regnamespace
  join pg_attribute a on a.attrelid = d.objoid and a.attname = 'car_id'
  where d.classoid = 'pg_class'::regclass and d.objsubid = 0 and d.description = 'distributed by car_id'
    and (i.indisunique or i.indisexclusion) and a.attnum <> all (i.indkey::int2[])
  order by 1`;

/** Rows without a car, or of a car that is not there: the foreign key to a table that is everywhere would refuse them. */
export const brokenRows = async (client: Client, wanted: Facts["wanted"]): Promise<string[]> => {
  const found: string[] = [];
  for (const { table, by } of wanted) {
    const { rows } = await client.query<{ count: string }>(
      `select count(*)::text as count from (select 1 from ${table} r
       where r.${by} is null or not exists (select from vehicles.car c where c.car_id = r.${by}) limit 1001) broken`,
    );
    const count = Number(rows[0]?.count ?? 0);
    if (count > 0) found.push(`${count > 1_000 ? "more than 1000" : count} of ${table} without their car`);
  }
  return found;
};

/** Looks at everything and changes nothing. */
export const scaleFacts = (adminUrl: string): Promise<Facts> =>
  connected(adminUrl, async (client) => {
    const version = Number((await client.query("show server_version_num")).rows[0].server_version_num);
    const loads = await client.query("select current_setting('shared_preload_libraries') ~ 'citus' as yes");
    const made = await client.query("select from pg_extension where extname = 'citus'");
    const extension = made.rowCount ? "made" : loads.rows[0].yes ? "loaded" : "none";
    const wanted = await wantedTables(client);
    const spread =
      extension === "made"
        ? (
            await client.query<Spread>(`
              select logicalrelid::text as table, case when partmethod = 'n' then null
                else column_to_column_name(logicalrelid, partkey) end as by
              from pg_dist_partition`)
          ).rows
        : [];
    return {
      version,
      extension,
      wanted,
      spread,
      keys: await namesOf(client, brokenKeys),
      rows: extension === "none" ? [] : await brokenRows(client, wanted),
    };
  });

/** Says what it would do; with `go` does it, all or nothing. A database that is spread gets its partitions ahead. */
export const scale = async (
  adminUrl: string,
  { go }: { go: boolean },
): Promise<{ spread: boolean; steps: string[] }> => {
  const plan = planOf(await scaleFacts(adminUrl));
  const steps = plan.steps.map(({ say }) => say);
  if (!go) return { spread: plan.done, steps };
  await connected(adminUrl, async (client) => {
    await client.query("begin");
    try {
      for (const step of plan.steps) await client.query(step.sql);
      await client.query("commit");
    } catch (error) {
      await client.query("rollback").catch(() => {});
      throw new ScaleError(`${(error as Error).message}. Everything was taken back.`);
    }
  });
  return { spread: true, steps };
};
