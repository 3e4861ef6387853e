/** The launcher as a person uses it: from nothing, again, after a crash, and stopped. */
import { afterAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Launched, launchPlace } from "./launched.testing.ts";
import { isFree } from "./ports.ts";

const root = join(import.meta.dir, "../../..");
const { port, dataDir, launch, end } = await launchPlace("up.ts", 3);
afterAll(end);

const healthy = async ({ child, said }: Launched): Promise<void> => {
  const late = performance.now() + 120_000;
  while (!said().includes("up and healthy")) {
    if (child.exitCode !== null || performance.now() > late) throw new Error(`not healthy:\n${said()}`);
    await Bun.sleep(100);
  }
};

const allFree = async () => (await Promise.all([port, port + 1, port + 2].map(isFree))).every(Boolean);

const freed = async (): Promise<boolean> => {
  for (let tries = 0; tries < 100; tries++) {
    if (await allFree()) return true;
    await Bun.sleep(100);
  }
  return false;
};

const signIn = (email: string) =>
  fetch(`http://localhost:${port}/api/users/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password: "demo-password-1" }),
  });

/** The owner's address of this world's database, as the handbook says to make it: its own line, with this folder and port. */
const ownersUrl = (): string => {
  const handbook = readFileSync(join(root, "docs/operations.md"), "utf8");
  const line = /^export DATABASE_ADMIN_URL=.*$/m.exec(handbook)?.[0] ?? "";
  const here = line.replace(".data/", `${dataDir}/`).replace(":3002/", `:${port + 2}/`);
  const said = Bun.spawnSync(["bash", "-c", `${here}; printf %s "$DATABASE_ADMIN_URL"`]);
  return said.stdout.toString();
};

/** A command on this world, as its database's owner. */
const cli = async (...args: string[]): Promise<unknown> => {
  const child = Bun.spawn([process.execPath, "apps/cli/src/index.ts", ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      NODE_ENV: "development",
      DATA_DIR: dataDir,
      DATABASE_URL: "",
      DATABASE_ADMIN_URL: ownersUrl(),
    },
  });
  const said = await new Response(child.stdout).text();
  expect(await child.exited).toBe(0);
  return JSON.parse(said);
};

const atEmulator = async (session: string): Promise<unknown> => {
  const { STRIPE_SECRET_KEY } = JSON.parse(readFileSync(join(dataDir, "secrets.json"), "utf8"));
  const answer = await fetch(`http://127.0.0.1:${port + 1}/v1/checkout/sessions/${session}`, {
    headers: { authorization: `Bearer ${STRIPE_SECRET_KEY}` },
  });
  return answer.json();
};

test("from nothing to healthy with four people who can sign in; Ctrl-C stops all of it, the database included", async () => {
  const run = launch();
  await healthy(run);
  for (const name of ["owner", "buyer", "cva", "admin"])
    expect((await signIn(`${name}@demo.evx`)).status).toBe(200);
  const health = (await (await fetch(`http://localhost:${port}/health`)).json()) as { database: string };
  expect(health.database).toBe("connected");
  // The command line of this checkout finds the world by its data folder alone.
  expect(await cli("audit", "verify")).toMatchObject({ whole: true, broken: [] });
  const file = join(dataDir, "venue.backup");
  await cli("backup", file);
  expect(await cli("drill", file)).toMatchObject({ books: "whole", registry: { faults: [] } });
  // What the world's past was paid with, the emulator knows as its own.
  const past: { session: string; amount: number }[] = JSON.parse(
    readFileSync(join(dataDir, "gateways-past.json"), "utf8"),
  );
  expect(past.length).toBeGreaterThan(10);
  for (const { session, amount } of past)
    expect(await atEmulator(session)).toMatchObject({ payment_status: "paid", amount_total: amount });
  run.child.kill("SIGINT");
  expect(await run.child.exited).toBe(0);
  expect(await freed()).toBe(true);
}, 180_000);

test("after a kill -9 the next start recovers and has everything; a database that is killed is started again", async () => {
  const first = launch();
  await healthy(first);
  first.child.kill("SIGKILL");
  await first.child.exited;
  const second = launch();
  await healthy(second);
  expect(second.said()).toContain("there already");
  expect((await signIn("owner@demo.evx")).status).toBe(200);

  // The database alone is killed under it: it is started again, and nobody has to do anything.
  const folder = join(dataDir, "postgres");
  // Where the folder is out of the server's reach, a note in it says where the cluster is.
  const note = Bun.file(join(folder, "where.txt"));
  const cluster = (await note.exists()) ? (await note.text()).trim() : folder;
  const pid = Number((await Bun.file(join(cluster, "postmaster.pid")).text()).split("\n")[0]);
  process.kill(pid, "SIGKILL");
  const away = await signIn("owner@demo.evx");
  expect([away.status, Number(away.headers.get("retry-after")) > 0]).toEqual([503, true]);
  const end = performance.now() + 40_000;
  while ((await signIn("owner@demo.evx").catch(() => null))?.status !== 200) {
    if (second.child.exitCode !== null || performance.now() > end)
      throw new Error(`still away:\n${second.said()}`);
    await Bun.sleep(250);
  }
  expect(second.said()).toContain("The database is back");
  second.child.kill("SIGINT");
  await second.child.exited;
  expect(await freed()).toBe(true);
}, 240_000);

test("a start that is killed while it lays out the demo world leaves nothing half-made: the next one is whole", async () => {
  const first = launch({}, ["--reset"]);
  // Laying out takes seconds: the kill falls before its last line, whichever rows are there by then.
  while (!first.said().includes("✓ Database") && first.child.exitCode === null) await Bun.sleep(20);
  expect(first.said()).not.toContain("✓ Demo world");
  first.child.kill("SIGKILL");
  await first.child.exited;
  const second = launch();
  await healthy(second);
  expect(second.said()).toContain("laid out");
  expect((await signIn("buyer@demo.evx")).status).toBe(200);
  second.child.kill("SIGINT");
  await second.child.exited;
  expect(await freed()).toBe(true);
}, 240_000);

test("a port in use, a port that is none and an unknown option are each one clear sentence", async () => {
  const other = Bun.listen({ hostname: "127.0.0.1", port, socket: { data() {} } });
  const blocked = launch();
  expect(await blocked.child.exited).toBe(1);
  expect(blocked.said()).toContain(`Port ${port} is in use by another program`);
  other.stop(true);
  const odd = launch({ PORT: "many" });
  expect(await odd.child.exited).toBe(1);
  expect(odd.said()).toContain('not "many"');
  const unknown = launch({}, ["--frobnicate"]);
  expect(await unknown.child.exited).toBe(2);
}, 60_000);

test("it refuses to lay out a world for development where NODE_ENV says production", async () => {
  const { child, said } = launch({ NODE_ENV: "production" });
  expect(await child.exited).not.toBe(0);
  expect(said()).toContain("Nothing was started or stored");
});
