import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { reachablePlace, runAs } from "./binaries.ts";
import { PostgresError, type RunningPostgres, startPostgres } from "./embedded.ts";
import { isWorkedIn, processOf } from "./processes.ts";

let home: string;
let dataDir: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "evx-postgres-"));
  await Bun.$`chmod 755 ${home}`;
  dataDir = join(home, "cluster");
});

afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

const start = (port = 0) => startPostgres({ dataDir, port });

const query = async (server: RunningPostgres, text: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
};

const serverPid = async (): Promise<number> =>
  Number((await readFile(join(dataDir, "postmaster.pid"), "utf8")).split("\n")[0]);

test("a second start finds the running server, and stop leaves no process", async () => {
  const first = await start();
  const second = await start(1);
  try {
    expect([first.reused, second.reused]).toEqual([false, true]);
    expect(second.url).toBe(first.url);
    expect(await query(second, "select 1 as one")).toEqual([{ one: 1 }]);
    const pid = await serverPid();
    await second.stop();
    expect(await processOf(pid)).not.toBe("postgres");
    if (process.platform === "linux") expect(await isWorkedIn(dataDir)).toBe(false);
  } finally {
    await first.stop();
  }
}, 30_000);

test("two starts at once on an empty folder give one server", async () => {
  const fresh = join(home, "fresh");
  const both = await Promise.all([1, 2].map(() => startPostgres({ dataDir: fresh, port: 0 })));
  const [one, two] = both as [RunningPostgres, RunningPostgres];
  try {
    expect(one.url).toBe(two.url);
    expect([one.reused, two.reused].sort()).toEqual([false, true]);
    // Nothing half-made is left beside it.
    expect((await readdir(home)).filter((entry) => entry.startsWith("fresh"))).toEqual(["fresh"]);
  } finally {
    await one.stop();
  }
}, 30_000);

test("after kill -9 the next start keeps what was committed", async () => {
  const first = await start();
  await query(first, "create table public.kept as select 42 as answer");
  process.kill(await serverPid(), "SIGKILL");
  const second = await start();
  try {
    expect(second.reused).toBe(false);
    expect(await query(second, "select answer from public.kept")).toEqual([{ answer: 42 }]);
  } finally {
    await second.stop();
  }
}, 30_000);

test.skipIf(process.platform !== "linux")(
  "a stale postmaster.pid whose number another program has now does not stop the start",
  async () => {
    const first = await start();
    const file = join(dataDir, "postmaster.pid");
    const stale = (await readFile(file, "utf8")).replace(/^\d+/, String(process.pid));
    await first.stop();
    await Bun.write(file, stale);
    const second = await start();
    await second.stop();
    expect(second.reused).toBe(false);
  },
  30_000,
);

test("stop breaks off an open transaction instead of waiting for it", async () => {
  const server = await start();
  const client = new pg.Client({ connectionString: server.url });
  client.on("error", () => {});
  await client.connect();
  await client.query("begin; create table public.unfinished (id int)");
  const began = performance.now();
  await server.stop();
  expect(performance.now() - began).toBeLessThan(10_000);
}, 30_000);

test("a port that another program holds is named in one sentence", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const address = other.address();
  const port = typeof address === "object" && address ? address.port : 0;
  try {
    const error = await start(port).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(PostgresError);
    expect((error as PostgresError).code).toBe("port_in_use");
    expect((error as PostgresError).message).toBe(
      `Port ${port} is used by another program: stop it, or choose another port for the database.`,
    );
  } finally {
    other.close();
  }
}, 30_000);

test("the server asks for its password and listens on this machine alone", async () => {
  const server = await start();
  try {
    const url = new URL(server.url);
    url.password = "guess";
    await expect(query({ ...server, url: url.toString() }, "select 1")).rejects.toThrow("password");
    expect(await query(server, "show listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
  } finally {
    await server.stop();
  }
}, 30_000);

test.skipIf((await runAs()) === null)(
  "root's closed folders are replaced by one that the server's user can reach",
  async () => {
    await Bun.$`chmod 700 ${home}`;
    expect(await reachablePlace(dataDir, await runAs())).toStartWith("/var/lib/evx/");
    await Bun.$`chmod 755 ${home}`;
    expect(await reachablePlace(dataDir, await runAs())).toBe(dataDir);
  },
);

test.skipIf((await runAs()) === null)(
  "deleting the folder deletes its database, also where the files had to live elsewhere",
  async () => {
    const closed = await mkdtemp(join(tmpdir(), "evx-closed-"));
    const asked = join(closed, "cluster");
    const place = await reachablePlace(asked, await runAs());
    try {
      const first = await startPostgres({ dataDir: asked, port: 0 });
      await query(first, "create table kept (id int)");
      await first.stop();
      const again = await startPostgres({ dataDir: asked, port: 0 });
      expect(await query(again, "select * from kept")).toEqual([]);
      await rm(asked, { recursive: true });
      const anew = await startPostgres({ dataDir: asked, port: 0 });
      await expect(query(anew, "select * from kept")).rejects.toThrow("does not exist");
      await anew.stop();
    } finally {
      await rm(closed, { recursive: true, force: true });
      await rm(place, { recursive: true, force: true });
    }
  },
  60_000,
);
