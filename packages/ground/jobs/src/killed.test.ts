import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDb, createPool, type Db, sql, transact } from "@evx/db";
import { startPostgres } from "@evx/db/embedded";
import { ensureLogin, migrate } from "@evx/db/migrate";
import { systemClock } from "@evx/kernel";
import { emit, enqueue, outboxBacklog } from "./index.ts";
import { count, counted, countingHandlers } from "./testing/counting.ts";
import { jobContext, until } from "./testing.ts";

let folder: string;
let port: number;
let url: string;
let db: Db;
const children: Bun.Subprocess[] = [];

const postgres = async () => {
  const started = await startPostgres({ dataDir: join(folder, "postgres"), port });
  port = started.port;
  return started;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "evx-killed-"));
  port = 0;
  const started = await postgres();
  await migrate(started.url);
  url = await ensureLogin(started.url, { user: "evx_killed", password: "killed", rights: "evx_working" });
  const admin = createPool(started.url, { max: 1, name: "admin", onError: () => {} });
  await admin.query("create table public.done (kind text, n int, tries int not null, primary key (kind, n))");
  await admin.query("grant select, insert, update, delete on public.done to evx_app");
  await admin.end();
  db = createDb(createPool(url, { max: 10, name: "test", onError: () => {} }));
}, 60_000);
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await db.destroy();
  await (await postgres()).stop();
  await rm(folder, { recursive: true, force: true });
}, 30_000);

const startChild = async (name: string) => {
  const child = Bun.spawn(["bun", join(import.meta.dir, "testing/counting.ts"), url, name], {
    stdout: "pipe",
    stderr: "ignore",
  });
  children.push(child);
  await child.stdout.getReader().read();
  return child;
};

const doneRows = async () =>
  (await sql<{ kind: string; n: number; tries: number }>`select * from public.done`.execute(db)).rows;

const done = async () => (await doneRows().catch(() => [])).length;

test("a worker killed under a running queue and then the database: nothing is lost, nothing is queued twice", async () => {
  const numbers = 300;
  const first = await startChild("first");
  await transact(
    db,
    systemClock,
    async (tx) => {
      for (let n = 0; n < numbers; n++) {
        await enqueue(tx, count, { n });
        await emit(tx, counted, { n });
      }
    },
    { cause: "killed" },
  );
  await until(async () => (await done()) > 20);
  first.kill("SIGKILL");
  await first.exited;
  expect(await done()).toBeLessThan(2 * numbers);

  await startChild("second");
  await until(async () => (await done()) > 100, 20_000);
  expect(await done()).toBeLessThan(2 * numbers);
  const pid = Number(
    (await readFile(join(folder, "postgres", "postmaster.pid"), "utf8").catch(() => "")).split("\n")[0],
  );
  if (pid > 0) process.kill(pid, "SIGKILL");
  else await (await postgres()).stop();
  await Bun.sleep(500);
  await postgres();

  await until(async () => (await done()) === 2 * numbers, 60_000);
  await until(async () => (await outboxBacklog(db)).waiting === 0n);
  const queued = await sql<{ name: string; count: bigint }>`
    select name, count(*) as count from pgboss.job where name like 'test.%' group by name order by name`.execute(
    db,
  );
  expect(queued.rows).toEqual([
    { name: "test.count", count: BigInt(numbers) },
    { name: "test.note", count: BigInt(numbers) },
  ]);
  // A try more is allowed for what was in hand when something died, and for nothing else.
  const again = (await doneRows()).filter(({ tries }) => tries > 1);
  expect(again.length).toBeLessThan(80);
  expect(again.every(({ tries }) => tries <= 3)).toBe(true);
}, 120_000);

test("a handler that runs beside itself does its work once for each payload and counts both runs", async () => {
  const handler = countingHandlers(false)[0];
  if (!handler) throw new Error("no handler");
  await Promise.all([1, 2].map(() => handler.run(jobContext({ db, clock: systemClock }), { n: 999_999 })));
  expect((await doneRows()).filter(({ n }) => n === 999_999)).toEqual([
    { kind: "job", n: 999_999, tries: 2 },
  ]);
});
