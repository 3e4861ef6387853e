/**
 * `bun run cluster`: the product as it runs on several machines, on this one: a first database and a streaming replica that
 * every commit waits for, two servers, two workers, the gateways' emulator, and nginx in front. When the first database dies
 * the replica takes its place and its port, and nothing that was acknowledged is lost.
 */
import { statfsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { RunningPostgres } from "@evx/db/embedded";
import { startPostgres } from "@evx/db/embedded";
import { isAnswering, promote, startReplica, takePlace, waitForReplica } from "@evx/db/replica";
import { type Child, startChild, stopChildren } from "./children.ts";
import { clusterOf, databasePort, givenDatabase, prepareDatabase } from "./database.ts";
import { developmentEnvironment } from "./environment.ts";
import { nginxBinary, startNginx } from "./front.ts";
import { obstacleTo } from "./obstacles.ts";
import { isFree, waitUntilHealthy } from "./ports.ts";
import { createProgress, fail } from "./progress.ts";
import { buildWeb } from "./web.ts";
import { witnessOf } from "./witness.ts";

const root = resolve(import.meta.dir, "../../..");
const usage = `Usage: bun run cluster [--quiet]

  PORT=3000      the first of eight ports: nginx, emulator, database, two servers, witness, replica, spare
  DATA_DIR=.data where the databases keep their files; the world is the one of "bun run up"`;

/** A first database that does not answer for so long is taken for dead. */
const dead_ms = 2_000;
const look_ms = 500;

const portText = process.env.PORT || "3000";
const port = Number(portText);
const dataDir = resolve(root, process.env.DATA_DIR || ".data");

/** nginx, emulator, database, second server, witness, first server, replica. */
const ports = {
  front: port,
  gateways: port + 1,
  database: databasePort(port),
  server1: port + 5,
  server2: port + 6,
  witness: port + 4,
  replica: port + 7,
};

/** Everything that could be in the way is looked at before anything is started. */
const check = async (): Promise<void> => {
  const flags = process.argv.slice(2).filter((flag) => flag !== "--quiet");
  if (flags.includes("--help")) {
    console.log(usage);
    process.exit(0);
  }
  if (flags.length > 0) fail(`There is no option ${flags.join(" ")}.\n\n${usage}`);
  if (!Number.isInteger(port) || port < 1 || port > 65_500)
    fail(`PORT must be a whole number from 1 to 65500, not "${portText}".`);
  await mkdir(dataDir, { recursive: true });
  const { bavail, bsize } = statfsSync(dataDir);
  const taken: string[] = [];
  for (const [name, one] of Object.entries(ports)) if (!(await isFree(one))) taken.push(`${one} (${name})`);
  const obstacle = obstacleTo({
    production: process.env.NODE_ENV === "production",
    given: givenDatabase() !== undefined,
    nginx: nginxBinary !== null,
    free: bavail * bsize,
    dataDir,
    taken,
  });
  if (obstacle) fail(`${obstacle} Nothing was started.`);
};

type Cluster = {
  children: Child[];
  first: RunningPostgres | undefined;
  second: RunningPostgres | undefined;
  stopping: Promise<void> | undefined;
};

const stopAll = (cluster: Cluster, code: number): Promise<void> => {
  cluster.stopping ??= (async () => {
    await stopChildren(cluster.children);
    // The replica first: what waits for it would hold the first up.
    if (cluster.first && cluster.second) await waitForReplica(cluster.first, "").catch(() => {});
    await cluster.second?.stop().catch(() => {});
    await cluster.first?.stop().catch(() => {});
    process.exit(code);
  })();
  return cluster.stopping;
};

/** Watches the first database; once it is dead the replica is promoted and takes its port, to which all pools come back. */
const keepFirst = async (cluster: Cluster, say: (text: string) => void): Promise<void> => {
  let silentSince: number | null = null;
  for (;;) {
    await Bun.sleep(look_ms);
    if (cluster.stopping) return;
    if (!cluster.first || !cluster.second) continue;
    if (await isAnswering(cluster.first.url)) {
      silentSince = null;
      continue;
    }
    silentSince ??= performance.now();
    if (performance.now() - silentSince < dead_ms) continue;
    const began = performance.now();
    say("The first database is dead; the replica takes its place.");
    // Whatever of it still lives must take no write.
    await cluster.first.stop().catch(() => {});
    const promoted = cluster.second;
    await promote(promoted);
    await promoted.stop();
    cluster.second = undefined;
    await takePlace(replicaOf(dataDir), clusterOf(dataDir));
    cluster.first = await startPostgres({ dataDir: clusterOf(dataDir), port: ports.database });
    say(
      `The replica is the first database now, after ${((performance.now() - began) / 1_000).toFixed(1)} s. Nothing that was acknowledged is lost; there is no replica until the next start.`,
    );
  }
};

const replicaOf = (folder: string): string => join(folder, "replica");

const start = async (cluster: Cluster): Promise<void> => {
  const progress = createProgress(process.argv.includes("--quiet"));
  const begun = performance.now();
  const place = { root, port, dataDir };
  const web = buildWeb(root);
  web.catch(() => {});
  const database = await prepareDatabase(place, progress, (running) => {
    cluster.first = running;
  });
  const first = cluster.first;
  if (!first) throw new Error("The database was not started");
  await progress.step("Replica", async (note) => {
    // A copy of the present: what an earlier run left may be the first of another history.
    await rm(replicaOf(dataDir), { recursive: true, force: true });
    cluster.second = await startReplica(first, {
      dataDir: replicaOf(dataDir),
      port: ports.replica,
      name: "second",
    });
    await waitForReplica(first, "second");
    note("every commit waits for it");
  });
  await progress.step("Web app", async (note) => note((await web) ? "built" : "up to date"));
  const env = developmentEnvironment({ ...place, databaseUrl: database.serverUrl });
  const witness = await witnessOf({ dataDir, port }, env);
  const replicaUrl = database.serverUrl.replace(`:${ports.database}/`, `:${ports.replica}/`);
  const told = { ...env, ...witness.env, REPLICA_URL: replicaUrl, TRUSTED_PROXIES: "127.0.0.1" };
  const run = (name: string, more: Record<string, string>, ...args: string[]) =>
    cluster.children.push(startChild(name, root, args, { ...told, ...more }, progress.quiet));
  await progress.step("Servers and workers", async () => {
    run("gateways", {}, "apps/gateways/src/index.ts");
    run("server-1", { PORT: String(ports.server1) }, "apps/server/src/index.ts");
    run("server-2", { PORT: String(ports.server2) }, "apps/server/src/index.ts");
    for (const name of ["worker-1", "worker-2"])
      run(name, { DATABASE_URL: database.workerUrl, WORKER_NAME: name }, "apps/worker/src/index.ts");
    run("witness", {}, ...witness.args);
    const alive = () => cluster.children.every(({ process: child }) => child.exitCode === null);
    for (const one of [ports.server1, ports.server2])
      if (!(await waitUntilHealthy(`http://127.0.0.1:${one}/health/ready`, 60_000, alive)))
        throw new Error(`The server at port ${one} did not become ready; the lines above say why.`);
  });
  await progress.step("nginx", async () => {
    const servers = [ports.server1, ports.server2];
    cluster.children.push(await startNginx({ folder: join(dataDir, "nginx"), port: ports.front, servers }));
    if (!(await waitUntilHealthy(`http://127.0.0.1:${ports.front}/health/live`, 10_000, () => true)))
      throw new Error("nginx does not answer; the lines above say why.");
  });
  console.log(`
The cluster is up after ${((performance.now() - begun) / 1_000).toFixed(1)} s

  Web          http://localhost:${ports.front}   (nginx, before servers at ${ports.server1} and ${ports.server2})
  Databases    first at ${ports.database}, replica at ${ports.replica}

Kill the first database and watch: the replica takes its place. Ctrl-C stops all of it.`);
  await keepFirst(cluster, (text) => console.log(text));
};

await check();
const cluster: Cluster = { children: [], first: undefined, second: undefined, stopping: undefined };
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => void stopAll(cluster, 0));
try {
  await start(cluster);
} catch (error) {
  if (!cluster.stopping) console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  await stopAll(cluster, 1);
}
