import { rmSync } from "node:fs";
import { join } from "node:path";
import { type RunningPostgres, startPostgres } from "@evx/db/embedded";
import {
  dropDatabases,
  ensureDatabase,
  ensureLogin,
  findDatabase,
  type Migrated,
  migrate,
  renameDatabase,
} from "@evx/db/migrate";
import { demoWorld } from "./demo.ts";
import { developmentEnvironment, localSecrets, publicUrlOf, serverLogin } from "./environment.ts";
import type { Progress } from "./progress.ts";
import { restoreYear } from "./year.ts";

export type Place = { root: string; port: number; dataDir: string };

/** The database that DATABASE_URL names. Set but empty is how shells and tests unset it. */
export const givenDatabase = (): string | undefined => process.env.DATABASE_URL || undefined;

/** The embedded database takes the second port after the product's. */
export const databasePort = (port: number): number => port + 2;

export const clusterOf = (dataDir: string): string => join(dataDir, "postgres");

/** How the name of a database begins whose demo world is not whole yet. */
const unfinished = "evx_half_";

/** Throws the embedded database and the emulator's payments away. */
export const throwAway = async ({ dataDir }: Place): Promise<void> => {
  rmSync(clusterOf(dataDir), { recursive: true, force: true });
  // What the emulator was paid, what was noted of the audit trail and what the witness saw are of a venue that is gone: the
  // next one's trail would be found cut off, and the witness would never sign for its log.
  const gone = [
    "gateways",
    "gateways-past.json",
    "gateways.sqlite",
    "gateways.sqlite-shm",
    "gateways.sqlite-wal",
    "audit-heads.jsonl",
  ];
  for (const name of [...gone, "witness", "mail"])
    rmSync(join(dataDir, name), { recursive: true, force: true });
};

/** The logins of server and worker, each with its own rights and password. */
export const ensureLogins = async (
  admin: string,
  dataDir: string,
): Promise<{ serverUrl: string; workerUrl: string }> => {
  const secrets = localSecrets(dataDir);
  const login = (user: string, password: string | undefined, rights: "evx_serving" | "evx_working") =>
    ensureLogin(admin, { user, password: password ?? "", rights });
  return {
    serverUrl: await login(serverLogin, secrets.APP_PASSWORD, "evx_serving"),
    workerUrl: await login("evx_work", secrets.WORKER_PASSWORD, "evx_working"),
  };
};

/**
 * Commits that do not wait for the disk: whoever loses power before the world is whole begins again anyhow, and the
 * renaming that follows writes all that came before it.
 */
export const hurried = (databaseUrl: string): string => {
  const url = new URL(databaseUrl);
  url.searchParams.set("options", "-c synchronous_commit=off");
  return url.toString();
};

/** Lays out a world, or what it lacks yet, in a database; answers what it did. `moment` instead of now, as ISO 8601. */
export const layOut = async (
  place: Place,
  databaseUrl: string,
  { world = demoWorld() ?? "", moment }: { world?: string; moment?: string } = {},
): Promise<string> => {
  const args = ["apps/cli/src/seed/main.ts", world, ...(moment ? [moment] : [])];
  const child = Bun.spawn([process.execPath, ...args], {
    cwd: place.root,
    // It ends with us, as the other children do.
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
    env: {
      ...process.env,
      ...developmentEnvironment({ ...place, databaseUrl }),
      EVX_PARENT_PIPE: "1",
    },
  });
  const said = (await new Response(child.stdout).text()).trim();
  if ((await child.exited) !== 0)
    throw new Error(
      "The demo world could not be laid out; the lines above say why. Nothing else was started.",
    );
  return said;
};

/** A new database at the present schema: with the year of the town where that is asked for, or empty. Answers what it did. */
const found = async (
  { root, port, dataDir }: Place,
  { url }: RunningPostgres,
  name: string,
): Promise<{ admin: string; did: string }> => {
  if (demoWorld() !== "town") {
    const admin = await ensureDatabase(url, name);
    return { admin, did: versions(await migrate(admin)) };
  }
  const { SIGNING_KEY: signingKey = "" } = localSecrets(dataDir);
  const admin = await restoreYear(url, { root, name, publicUrl: publicUrlOf(port), signingKey });
  return { admin, did: "a year restored" };
};

const versions = ({ migrations, functions }: Migrated): string =>
  [
    migrations.length > 0 ? `${migrations.length} migrations applied` : "",
    // A new database gets every function; only on one that was there before does a count say something.
    migrations.length === 0 && functions.length > 0 ? `${functions.length} functions renewed` : "",
  ].find(Boolean) ?? "up to date";

/**
 * The database at the present schema with its demo world, and the url with which the product may use it. The embedded
 * one gets its name only when the world is whole: a start that was cut off leaves nothing half-made, and the next one
 * begins again. `running` is the embedded server, to be stopped by the caller; it is told as soon as it runs.
 */
export const prepareDatabase = async (
  place: Place,
  progress: Progress,
  running: (postgres: RunningPostgres) => void,
): Promise<{ serverUrl: string; workerUrl: string; port: number | null }> => {
  const given = givenDatabase();
  if (given) {
    await progress.step("Database", async (note) => note(`yours, ${versions(await migrate(given))}`));
    await progress.step("Demo world", async (note) => note(await layOut(place, given)));
    return { serverUrl: given, workerUrl: given, port: null };
  }
  // A name of its own: what a start that was killed left running can never write into the next one's.
  const name = unfinished + crypto.randomUUID().slice(0, 8);
  const cluster = await progress.step("Database", async (note) => {
    const postgres = await startPostgres({
      dataDir: clusterOf(place.dataDir),
      port: databasePort(place.port),
    });
    running(postgres);
    const known = await findDatabase(postgres.url, "evx");
    if (known) {
      note(`embedded PostgreSQL, ${versions(await migrate(known))}`);
      return { postgres, admin: known, whole: true };
    }
    await dropDatabases(postgres.url, unfinished);
    const { admin, did } = await found(place, postgres, name);
    note(`embedded PostgreSQL, ${did}`);
    return { postgres, admin, whole: false };
  });
  const admin = await progress.step("Demo world", async (note) => {
    if (cluster.whole) {
      note("there already");
      return cluster.admin;
    }
    note(await layOut(place, hurried(cluster.admin)));
    return renameDatabase(cluster.postgres.url, name, "evx");
  });
  return { ...(await ensureLogins(admin, place.dataDir)), port: cluster.postgres.port };
};
