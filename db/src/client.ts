import { Kysely, PostgresDialect, sql, type Transaction } from "kysely";
import pg from "pg";
import { spareTrips } from "./named.ts";
import type { Database } from "./types.gen.ts";

/** What reads take: the pool, or any transaction. */
export type Db = Kysely<Database>;

/**
 * What verbs that write take: an open transaction with its one moment (`at`, from the clock)
 * its cause (the request's or job's id), and its origin (the client's address, where there is a client). A Tx can be passed wherever a Db is wanted.
 */
export type Tx = Transaction<Database> & {
  readonly at: Date;
  readonly cause: string;
  readonly origin: string | null;
};

export type Pool = pg.Pool;

export type PoolOptions = {
  /** Most connections at once; 10 unless told. */
  max?: number;
  /** Shown in pg_stat_activity. */
  name?: string;
  /** Told when an idle connection breaks. The pool replaces it by itself. */
  onError?: (error: Error) => void;
};

const { builtins } = pg.types;

type TypeId = Parameters<typeof pg.types.getTypeParser>[0];

/** The parser that pg already has for text[]: splits any array's text into strings and nulls. */
const texts: (text: string) => (string | null)[] = pg.types.getTypeParser(1009 as TypeId);

/** Types whose default parser in pg would lose digits or shift days. Keys are type OIDs. */
const parsers: Record<number, (text: string) => unknown> = {
  [builtins.INT8]: BigInt,
  [builtins.NUMERIC]: String,
  [builtins.DATE]: String,
  [builtins.INTERVAL]: String,
  1016: (text) => texts(text).map((item) => (item === null ? null : BigInt(item))), // int8[]
  1182: texts, // date[]
  1231: texts, // numeric[]
};

// Given to each pool, not set on pg as a whole: pg-boss has its own pool and expects pg's defaults.
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    (format !== "binary" && parsers[oid]) || pg.types.getTypeParser(oid, format),
};

/**
 * A pool of connections. int8 comes back as bigint, numeric, date and interval as string, timestamptz as Date.
 * It survives a lost connection: the statement in flight fails, the next one connects again.
 */
export const createPool = (url: string, options: PoolOptions = {}): Pool => {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.name ?? "evx",
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types,
  });
  // Without listeners, a connection that breaks would end the process: while it is idle, and also while somebody holds it
  // and is between two statements, who learns of it by the next one.
  pool.on("error", (error) => options.onError?.(error));
  pool.on("connect", (client) => {
    client.on("error", () => {});
    spareTrips(client);
  });
  return pool;
};

/** Kysely over a pool. `db.destroy()` ends the pool. */
export const createDb = (pool: Pool): Db => new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });

/**
 * A value for a json or jsonb column, as JSON text. Arrays and bare strings need it, because pg would send
 * an array as a Postgres array and a string as it is; objects may be passed without it.
 */
export const json = (value: unknown): string => JSON.stringify(value);

export type WalState = {
  /** Bytes of log that the server must keep for each replica's place; `active` is false for one that is away. */
  places: { name: string; active: boolean; kept: number }[];
  /** Whether the last file that was to be archived could not be. */
  archiveFails: boolean;
};

/** How far replicas and the archive are behind. Both can fill the disk with log that nobody may remove. */
export const walState = async (db: Db): Promise<WalState> => {
  const { rows } = await sql<{ name: string; active: boolean; kept: string }>`
    select slot_name::text as name, active, greatest(0, pg_wal_lsn_diff(
      case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, restart_lsn))::text as kept
    from pg_replication_slots where restart_lsn is not null order by slot_name`.execute(db);
  const { rows: archive } = await sql<{ fails: boolean }>`
    select coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as fails
    from pg_stat_archiver`.execute(db);
  return {
    places: rows.map(({ name, active, kept }) => ({ name, active, kept: Number(kept) })),
    archiveFails: archive[0]?.fails ?? false,
  };
};

/** The place in its log up to which a first server has written. */
export const logPlace = async (db: Db): Promise<string> => {
  const { rows } = await sql<{ place: string }>`select pg_current_wal_lsn()::text as place`.execute(db);
  return rows[0]?.place ?? "";
};

/** Whether a replica shows all that was written up to a place; never for a server that is no replica any more. */
export const hasPlayed = async (replica: Db, place: string): Promise<boolean> => {
  const { rows } = await sql<{ has: boolean | null }>`
    select pg_is_in_recovery() and pg_last_wal_replay_lsn() >= ${place}::pg_lsn as has`.execute(replica);
  return rows[0]?.has ?? false;
};

/** What time the database has at this moment, not the beginning of a transaction. */
export const databaseTime = async (db: Db): Promise<Date> => {
  const { rows } = await sql<{ at: Date }>`select clock_timestamp() as at`.execute(db);
  const [row] = rows;
  if (!row) throw new Error("The database does not say what time it is");
  return row.at;
};
