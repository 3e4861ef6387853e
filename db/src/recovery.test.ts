/** Back to a moment: the archive of docker-compose.yml and the settings of the handbook, on a server of its own. */
import { afterAll, expect, test } from "bun:test";
import { appendFile, chmod, chown, cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { runAs } from "./binaries.ts";
import { type RunningPostgres, startPostgres } from "./embedded.ts";

const root = join(import.meta.dir, "../..");
const folder = await mkdtemp(join(tmpdir(), "evx-recovery-"));
await chmod(folder, 0o755);
const archive = join(folder, "archive");
const running: RunningPostgres[] = [];
afterAll(async () => {
  for (const server of running) await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const asked = async (url: string, text: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
};

const start = async (dataDir: string): Promise<RunningPostgres> => {
  const server = await startPostgres({ dataDir, port: 0 });
  running.push(server);
  return server;
};

const stopLast = async () => running.pop()?.stop();

/** What belongs to the server's user must go on belonging to it. */
const giveTo = async (path: string) => {
  const user = await runAs();
  if (!user) return;
  await chown(path, user.uid, user.gid);
  for (const entry of await readdir(path, { recursive: true }))
    await chown(join(path, entry), user.uid, user.gid);
};

/** The archive's command as the composition gives it, and the way back as the handbook writes it, for a shell. */
const shipped = async (moment: string) => {
  const compose = await Bun.file(join(root, "docker-compose.yml")).text();
  const command = /archive_command=([^"]+)"/.exec(compose)?.[1] ?? "";
  const handbook = await Bun.file(join(root, "docs/operations.md")).text();
  const back = /^mv "\$PGDATA"[\s\S]*?^touch .*$/m.exec(handbook)?.[0] ?? "";
  expect(command).toContain("/archive/%f");
  expect(back).toContain("recovery_target_time");
  return {
    command: command.replaceAll("/archive", archive),
    back: back
      .replaceAll("/archive", archive)
      .replace(/(recovery_target_time = )'[^']*'/, `$1'${moment}'`)
      .replace(/base-[\d-]+/, "base"),
  };
};

test("a base copy and the archived log bring back the moment before a mistake, and not the mistake", async () => {
  const [data, base] = [join(folder, "data"), join(archive, "base")];
  await mkdir(archive);
  await giveTo(archive);
  await start(data);
  await stopLast();
  const { command } = await shipped("");
  await appendFile(
    join(data, "postgresql.auto.conf"),
    `archive_mode = on\nwal_level = replica\narchive_command = '${command}'\n`,
  );
  const { url } = await start(data);
  await asked(url, "create table venue (what text); insert into venue values ('before the copy')");

  // As pg_basebackup does it; its program is not shipped with the embedded server.
  const keeper = new pg.Client({ connectionString: url });
  await keeper.connect();
  await keeper.query("select pg_backup_start('base', true)");
  await cp(data, base, {
    recursive: true,
    filter: (path) => !/\/(postmaster\.(pid|opts)|pg_wal\/.+)$/.test(path),
  });
  const { rows } = await keeper.query("select labelfile from pg_backup_stop()");
  await keeper.end();
  await writeFile(join(base, "backup_label"), String(rows[0].labelfile));
  await chmod(base, 0o700);

  // From here on the archive takes nothing: what came after the copy lies in the old data alone.
  await asked(url, "alter system set archive_command = 'false'");
  await asked(url, "select pg_reload_conf()");
  await asked(url, "insert into venue values ('after the copy')");
  await Bun.sleep(300);
  const [{ moment } = {}] = await asked(url, "select clock_timestamp()::text as moment");
  await Bun.sleep(300);
  await asked(url, "delete from venue");
  await stopLast();

  const { back } = await shipped(String(moment));
  const done = Bun.spawnSync(["bash", "-euc", back], { env: { ...process.env, PGDATA: data } });
  expect([done.exitCode, done.stderr.toString()]).toEqual([0, ""]);
  await giveTo(archive);
  await giveTo(data);
  const restored = await start(data);
  expect(await asked(restored.url, "select what from venue order by what")).toEqual([
    { what: "after the copy" },
    { what: "before the copy" },
  ]);
  for (let tries = 0; tries < 100; tries++) {
    const [{ still } = {}] = await asked(restored.url, "select pg_is_in_recovery() as still");
    if (still === false) break;
    await Bun.sleep(100);
  }
  await asked(restored.url, "insert into venue values ('open again')");
}, 60_000);
