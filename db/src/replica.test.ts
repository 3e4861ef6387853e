import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "@evx/tooling/ports";
import { Client } from "pg";
import { type RunningPostgres, startPostgres } from "./embedded.ts";
import { promote, startReplica, waitForReplica } from "./replica.ts";

let folder: string;
let first: RunningPostgres;
let second: RunningPostgres;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "evx-replica-"));
  const port = await freePorts(2);
  first = await startPostgres({ dataDir: join(folder, "first"), port });
  const client = await open(first);
  await client.query("create table written (n integer primary key)");
  await client.query("insert into written values (0)");
  await client.end();
  second = await startReplica(first, { dataDir: join(folder, "second"), port: port + 1, name: "second" });
  await waitForReplica(first, "second");
}, 120_000);
afterAll(async () => {
  await first?.stop().catch(() => {});
  await second?.stop();
  await rm(folder, { recursive: true, force: true });
});

const open = async ({ url }: RunningPostgres): Promise<Client> => {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  return client;
};
const numbers = async (client: Client): Promise<number[]> =>
  (await client.query<{ n: number }>("select n from written order by n")).rows.map(({ n }) => n);

test("what was acknowledged is read on the replica at once, and the replica takes no writes", async () => {
  const [writes, reads] = [await open(first), await open(second)];
  for (let n = 1; n <= 50; n++) {
    await writes.query("insert into written values ($1)", [n]);
    expect((await numbers(reads)).at(-1)).toBe(n);
  }
  await expect(reads.query("insert into written values (1000)")).rejects.toThrow(/read-only/);
  await Promise.all([writes.end(), reads.end()]);
});

test("killed while many write, the first loses nothing that it acknowledged; the second is promoted and goes on", async () => {
  const acknowledged: number[] = [];
  let next = 1_000;
  const asked = await open(first);
  const { rows } = await asked.query<{ data_directory: string }>("show data_directory");
  await asked.end();
  const pid = Number(
    (await readFile(join(rows[0]?.data_directory ?? "", "postmaster.pid"), "utf8")).split("\n")[0],
  );
  const write = async () => {
    const client = await open(first);
    try {
      for (;;) {
        const n = next++;
        await client.query("insert into written values ($1)", [n]);
        acknowledged.push(n);
      }
    } catch {
      await client.end().catch(() => {});
    }
  };
  const writers = Array.from({ length: 8 }, write);
  while (acknowledged.length < 200) await Bun.sleep(10);
  process.kill(pid, "SIGKILL");
  await Promise.all(writers);
  await promote(second);
  const client = await open(second);
  const there = new Set(await numbers(client));
  expect(acknowledged.filter((n) => !there.has(n))).toEqual([]);
  await client.query("insert into written values (999999)");
  expect((await numbers(client)).at(-1)).toBe(999_999);
  await client.end();
}, 60_000);
