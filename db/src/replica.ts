/**
 * A streaming replica of the embedded server, from its own binaries alone: pg_basebackup is not among them, so the files are
 * copied between the beginning and the end of a backup in one session. And the way back when the first is gone.
 */
import { chown, cp, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Client } from "pg";
import { reachablePlace, runAs } from "./binaries.ts";
import { type RunningPostgres, startPostgres } from "./embedded.ts";

/** Of the running server alone: a copy has its own, or makes them when it starts. */
const ownFiles = new Set(["postmaster.pid", "postmaster.opts", "evx.log", "standby.signal"]);
/** What lies in these is of no use to a copy; the folders are. */
const emptied = new Set(["pg_wal", "pg_replslot", "pg_stat_tmp", "pg_notify", "pg_dynshmem"]);

const asking = async <T>(url: string, work: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

/** Copies the files of a server that runs; what changes meanwhile is mended from its log. */
const copyFiles = async (from: string, to: string): Promise<void> => {
  await mkdir(to, { recursive: true, mode: 0o700 });
  await cp(from, to, {
    recursive: true,
    filter: (file) =>
      !(dirname(file) === from && ownFiles.has(basename(file))) && !emptied.has(basename(dirname(file))),
  });
  // The folder for the log's state must be there, as initdb made it.
  await mkdir(join(to, "pg_wal", "archive_status"), { recursive: true, mode: 0o700 });
};

const giveTo = async (folder: string, user: Awaited<ReturnType<typeof runAs>>): Promise<void> => {
  if (!user) return;
  await chown(folder, user.uid, user.gid);
  for (const name of await readdir(folder, { recursive: true }))
    await chown(join(folder, name), user.uid, user.gid);
};

/** A name for a replica's place in the log, and for its connection. */
const isName = /^[a-z_]{1,30}$/;

/**
 * Makes a replica of a running embedded server in an empty folder and starts it. Until it is gone the first keeps its log for
 * it (`name` is its place there).
 */
export const startReplica = async (
  primary: RunningPostgres,
  { dataDir, port, name }: { dataDir: string; port: number; name: string },
): Promise<RunningPostgres> => {
  if (!isName.test(name)) throw new Error(`A replica's name is of small letters, not ${name}`);
  const user = await runAs();
  const place = await reachablePlace(dataDir, user);
  await rm(place, { recursive: true, force: true });
  if (place !== resolve(dataDir)) {
    await mkdir(dataDir, { recursive: true });
    await writeFile(join(dataDir, "where.txt"), `${place}\n`);
  }
  await asking(primary.url, async (client) => {
    const from = (await client.query<{ data_directory: string }>("show data_directory")).rows[0]
      ?.data_directory;
    if (!from) throw new Error("The server does not say where its files are");
    await client.query(
      "select pg_create_physical_replication_slot($1, true) where not exists (select from pg_replication_slots where slot_name = $1)",
      [name],
    );
    await client.query("select pg_backup_start($1, true)", [name]);
    await copyFiles(from, place);
    const { rows } = await client.query<{ labelfile: string }>("select labelfile from pg_backup_stop(false)");
    await writeFile(join(place, "backup_label"), rows[0]?.labelfile ?? "");
  });
  const { username, password, port: at } = new URL(primary.url);
  const line = `host=127.0.0.1 port=${at} user=${username} password=${decodeURIComponent(password)} application_name=${name}`;
  await writeFile(
    join(place, "postgresql.auto.conf"),
    `primary_conninfo = '${line}'\nprimary_slot_name = '${name}'\nhot_standby_feedback = on\n`,
  );
  await writeFile(join(place, "standby.signal"), "");
  await giveTo(place, user);
  return startPostgres({ dataDir, port });
};

/**
 * Lets every commit on the first wait until this replica has written it and shows it: nothing that was acknowledged is lost
 * with the first, and whoever wrote reads it on the replica. An empty name ends that.
 */
export const waitForReplica = (primary: RunningPostgres, name: string): Promise<void> =>
  asking(primary.url, async (client) => {
    if (name !== "" && !isName.test(name))
      throw new Error(`A replica's name is of small letters, not ${name}`);
    await client.query(`alter system set synchronous_standby_names = '${name}'`);
    await client.query(`alter system set synchronous_commit = '${name === "" ? "on" : "remote_apply"}'`);
    await client.query("select pg_reload_conf()");
    for (let tries = 0; name !== "" && tries < 300; tries++) {
      const { rows } = await client.query<{ yes: boolean }>(
        "select exists (select from pg_stat_replication where application_name = $1 and sync_state = 'sync') as yes",
        [name],
      );
      if (rows[0]?.yes) return;
      await Bun.sleep(100);
    }
    if (name !== "")
      throw new Error("The replica did not become one that commits wait for within 30 seconds");
  });

/** Makes a replica the first. The old one must be dead: two that take writes are two truths. */
export const promote = (replica: RunningPostgres): Promise<void> =>
  asking(replica.url, async (client) => {
    const { rows } = await client.query<{ done: boolean }>("select pg_promote(true, 30) as done");
    if (!rows[0]?.done) throw new Error("The replica did not become the first within 30 seconds");
    // It waits for nobody until there is another.
    await client.query("alter system set synchronous_standby_names = ''");
    await client.query("select pg_reload_conf()");
  });

/**
 * Puts the files of a promoted replica, which is stopped, where the first server's were, so that the next start finds them there.
 * The dead one's are kept beside them until the next time: they may hold what was never acknowledged.
 */
export const takePlace = async (replicaDir: string, firstDir: string): Promise<void> => {
  const user = await runAs();
  const [from, to] = [await reachablePlace(replicaDir, user), await reachablePlace(firstDir, user)];
  await rm(`${to}.dead`, { recursive: true, force: true });
  await rename(to, `${to}.dead`);
  await rename(from, to);
  await rm(replicaDir, { recursive: true, force: true });
};

/** Whether a server takes a question within a second. */
export const isAnswering = async (url: string): Promise<boolean> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000, query_timeout: 1_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
};
