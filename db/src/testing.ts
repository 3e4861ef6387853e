import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { fixedClock } from "@evx/kernel";
import { sql } from "kysely";
import pg from "pg";
import { createDb, createPool, type Db, type Pool, type Tx } from "./client.ts";
import { startPostgres } from "./embedded.ts";
import { readFunctions } from "./functions.ts";
import { migrate, readMigrations } from "./migrate.ts";
import { type TransactOptions, transact } from "./transact.ts";

export { watchStatements } from "./named.ts";

export type TestDatabase = {
  /** With the rights of server and worker together and no more: every test exercises the grants. */
  db: Db;
  pool: Pool;
  /** The url of `db`, for a process of its own. */
  url: string;
  /** With the owner's rights: to look behind the grants, or to break what they protect. */
  admin: Db;
  adminUrl: string;
  /** Stands at 2026-03-01T00:00:00Z until it is moved. */
  clock: ReturnType<typeof fixedClock>;
  transact<T>(fn: (tx: Tx) => Promise<T>, options?: TransactOptions): Promise<T>;
  /** Drops the database. Throws if a transaction or a connection was left open. */
  close(): Promise<void>;
};

export type TestDatabaseOptions = {
  /** Connections of `db`; 10 unless told. */
  max?: number;
  /** One process's rights alone, for `db` and `url`. */
  role?: "evx_serving" | "evx_working";
};

/** Server and worker in one, as a test process is. */
const testRole = "evx_both_for_tests";

/** Less free memory than this, and the test cluster stays on the disk. It takes about 0.3 GB. */
const roomInMemory_bytes = 4 * 2 ** 30;

/**
 * The folder of the shared cluster: in memory where Linux offers it. On ext4 a clone of 600 files takes 0.3-3 s
 * while databases come and go, since the kernel passes over the inodes of files that were just deleted;
 * in memory it takes 0.08 s.
 */
const clusterDir = async (): Promise<string> => {
  const root = join(import.meta.dir, "../..");
  const onDisk = join(root, ".data/test-postgres");
  if (process.platform !== "linux") return onDisk;
  const checkout = new Bun.CryptoHasher("sha256").update(root).digest("hex").slice(0, 12);
  const inMemory = `/dev/shm/evx-test-${process.getuid?.()}-${checkout}`;
  if (await Bun.file(join(inMemory, "evx.log")).exists()) return inMemory;
  const memory = await statfs("/dev/shm").catch(() => null);
  return memory && memory.bavail * memory.bsize > roomInMemory_bytes ? inMemory : onDisk;
};

/** Any two numbers that nothing else locks: the building of templates, and a test database in use. */
const building = 0x45_56_58_02;
const using = 0x45_56_58_03;

let maintenance: Promise<{ client: pg.Client; url: string }> | undefined;
let open = 0;
let made = 0;

/** One connection of this process to the cluster's own database; it holds the locks of the test databases. */
const connectCluster = async () => {
  const url = Bun.env.TEST_DATABASE_URL || (await startTestCluster()).url;
  const client = new pg.Client({ connectionString: url, application_name: "evx test" });
  client.on("error", () => {});
  await client.connect();
  await dropOrphans(client);
  return { client, url };
};

/** The cluster that all test processes of this checkout share. It stays, so that the next run starts at once. */
export const startTestCluster = async () =>
  startPostgres({ dataDir: await clusterDir(), port: 0, durable: false });

/** Drops what killed test processes left: their locks went with their connections. */
const dropOrphans = async (client: pg.Client): Promise<void> => {
  const found = await client.query<{ datname: string }>(
    "select datname from pg_catalog.pg_database where datname like 'evx\\_test\\_%'",
  );
  for (const { datname } of found.rows) {
    const lock = await client.query<{ free: boolean }>(
      "select pg_try_advisory_lock($1, hashtext($2)) as free",
      [using, datname],
    );
    if (!lock.rows[0]?.free) continue;
    await client.query(`drop database if exists ${client.escapeIdentifier(datname)} with (force)`);
    await client.query("select pg_advisory_unlock($1, hashtext($2))", [using, datname]);
  }
};

/** Changes with every migration, every function and pg-boss's version: another text, another template. */
const templateName = async (): Promise<string> => {
  const hasher = new Bun.CryptoHasher("sha256");
  for (const { name, checksum } of [...(await readMigrations()), ...(await readFunctions())])
    hasher.update(`${name} ${checksum}\n`);
  hasher.update(await Bun.file(join(import.meta.dir, "../package.json")).text());
  return `evx_tpl_${hasher.digest("hex").slice(0, 16)}`;
};

const withDatabase = (url: string, name: string): string => {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
};

/**
 * Builds the template unless it is there; call it under the lock. Migrated under another name and renamed,
 * so a template that exists is whole. Connections to it are forbidden, since one would block cloning.
 */
const buildTemplate = async (client: pg.Client, url: string, name: string): Promise<void> => {
  const known = await client.query("select from pg_catalog.pg_database where datname = $1", [name]);
  if (known.rowCount) return;
  const half = `${name}_half`;
  await client.query(`drop database if exists ${half} with (force)`);
  await client.query(`create database ${half}`);
  await migrate(withDatabase(url, half));
  const both = await client.query("select from pg_catalog.pg_roles where rolname = $1", [testRole]);
  if (!both.rowCount) await client.query(`create role ${testRole} nologin`);
  await client.query(`grant evx_serving, evx_working to ${testRole}`);
  await withoutFacts(withDatabase(url, half));
  await client.query(`alter database ${half} with allow_connections false`);
  await client.query(`alter database ${half} rename to ${name}`);
  // The newest few stay, because another checkout or an older process may still clone them.
  const old = await client.query<{ datname: string }>(
    `select datname from pg_catalog.pg_database
     where datname like 'evx\\_tpl\\_%' and datname <> $1 order by oid desc offset 4`,
    [name],
  );
  for (const { datname } of old.rows) await client.query(`drop database if exists ${datname} with (force)`);
};

/** Rooms' tests issue grams without trips, requests and certificates; `strictly` makes the database ask for them again. */
const withoutFacts = async (url: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("alter table credits.batch disable trigger has_tree");
  await client.query("alter table ledger.transfer disable trigger has_fact");
  await client.end();
};

/** From now on the database refuses grams without a batch, and batches without trips: as it does outside of tests. */
export const strictly = async ({ admin }: Pick<TestDatabase, "admin">): Promise<void> => {
  await sql`alter table credits.batch enable trigger has_tree`.execute(admin);
  await sql`alter table ledger.transfer enable trigger has_fact`.execute(admin);
};

/** Clones the template into a new database whose lock this process holds. */
const clone = async (client: pg.Client, url: string, name: string): Promise<void> => {
  await client.query("select pg_advisory_lock($1, hashtext($2))", [using, name]);
  for (;;) {
    const template = await templateName();
    await client.query("select pg_advisory_lock($1)", [building]);
    try {
      await buildTemplate(client, url, template);
    } finally {
      await client.query("select pg_advisory_unlock($1)", [building]);
    }
    try {
      await client.query(`create database ${name} template ${template}`);
      break;
    } catch (error) {
      // 3D000: dropped between the two steps. Build it again.
      if (!(error instanceof pg.DatabaseError && error.code === "3D000")) throw error;
    }
  }
  // Settings of a database are not cloned with it.
  await client.query(`alter database ${name} set timezone to 'UTC'`);
};

/** A database of its own, migrated, empty. Takes about 30 ms once the template is there. */
export const testDatabase = async (options: TestDatabaseOptions = {}): Promise<TestDatabase> => {
  open++;
  maintenance ??= connectCluster();
  const { client, url: clusterUrl } = await maintenance.catch((error: unknown) => {
    maintenance = undefined;
    open--;
    throw error;
  });
  const name = `evx_test_${process.pid}_${crypto.randomUUID().slice(0, 8)}_${++made}`;
  await clone(client, clusterUrl, name);

  const adminUrl = withDatabase(clusterUrl, name);
  const appUrl = new URL(adminUrl);
  // The session starts as the application's role, so `reset role` cannot give the owner's rights back.
  appUrl.searchParams.set("options", `-c role=${options.role ?? testRole}`);
  const pool = createPool(appUrl.toString(), { max: options.max ?? 10, name: "evx test" });
  const adminPool = createPool(adminUrl, { max: 3, name: "evx test admin" });
  // A leaked connection is broken when its database is dropped; that must not end the process.
  for (const each of [pool, adminPool]) each.on("connect", (connection) => connection.on("error", () => {}));
  const db = createDb(pool);
  const clock = fixedClock("2026-03-01T00:00:00Z");
  let closed = false;

  return {
    db,
    pool,
    url: appUrl.toString(),
    admin: createDb(adminPool),
    adminUrl,
    clock,
    transact: (fn, transactOptions) => transact(db, clock, fn, { cause: "test", ...transactOptions }),
    close: async () => {
      if (closed) return;
      closed = true;
      const leaks = await findLeaks(client, name, [pool, adminPool]);
      // Not awaited when something leaked: the pool would wait for it for ever.
      const ended = Promise.all([pool.end(), adminPool.end()]);
      if (leaks.length === 0) await ended;
      await client.query(`drop database if exists ${name} with (force)`);
      await client.query("select pg_advisory_unlock($1, hashtext($2))", [using, name]);
      if (--open === 0) {
        maintenance = undefined;
        await client.end();
      }
      if (leaks.length > 0) throw new Error(`The test left work open:\n${leaks.join("\n")}`);
    },
  };
};

/** What is still open half a second after the test says that it is done. */
const findLeaks = async (client: pg.Client, name: string, pools: Pool[]): Promise<string[]> => {
  for (let tries = 0; ; tries++) {
    const found = await client.query<{ state: string; query: string }>(
      `select state, query from pg_catalog.pg_stat_activity
       where datname = $1 and backend_type = 'client backend' and state <> 'idle' order by pid`,
      [name],
    );
    const leaks = found.rows.map(
      ({ state, query }) => `- ${state}: ${query.replace(/\s+/g, " ").slice(0, 300)}`,
    );
    const held = pools.reduce((sum, pool) => sum + pool.totalCount - pool.idleCount, 0);
    const kept = held - found.rows.length;
    if (kept > 0) leaks.push(`- ${kept} ${kept === 1 ? "connection" : "connections"} never given back`);
    if (leaks.length === 0 || tries === 25) return leaks;
    await Bun.sleep(20);
  }
};

/**
 * Does work in a transaction whose connection is cut right before it would commit, as when its process is killed: for
 * tests of what is left behind. Throws when it was not cut.
 */
export const cutOff = async (t: TestDatabase, work: (tx: Tx) => Promise<unknown>): Promise<void> => {
  let reached = false;
  const outcome = await t
    .transact(async (tx) => {
      await work(tx);
      reached = true;
      await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx);
    })
    .then(
      () => "committed",
      (error: unknown) => error,
    );
  if (outcome === "committed") throw new Error("the transaction was not cut off");
  if (!reached) throw outcome;
};
