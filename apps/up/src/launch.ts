import { PostgresError, type RunningPostgres } from "@evx/db/embedded";
import { type Child, startChild, stopChildren } from "./children.ts";
import { clusterOf, givenDatabase, prepareDatabase, throwAway } from "./database.ts";
import { developmentEnvironment } from "./environment.ts";
import { keepPostgres } from "./keeper.ts";
import { writePast } from "./past.ts";
import { waitUntilFree, waitUntilHealthy } from "./ports.ts";
import { fail, type Progress } from "./progress.ts";
import { buildWeb } from "./web.ts";
import { witnessOf } from "./witness.ts";

type World = {
  root: string;
  port: number;
  dataDir: string;
  reset: boolean;
  progress: Progress;
};

const explain = (error: unknown): never => {
  if (error instanceof PostgresError) return fail(error.message);
  const { code, message } = error as { code?: string; message: string };
  // 53100: PostgreSQL's own word for it.
  if (code === "ENOSPC" || code === "53100")
    return fail("No space is left on the disk. Free some and run it again; nothing that was stored is lost.");
  if (code === "ECONNREFUSED")
    return fail(
      "DATABASE_URL names a PostgreSQL that does not answer. Check that it runs and that the address is right.",
    );
  return fail(message || String(error));
};

const portsFree = async (ports: readonly number[]): Promise<void> => {
  for (const port of ports)
    if (!(await waitUntilFree(port, 3_000)))
      fail(
        `Port ${port} is in use by another program. Stop it, or choose another with PORT=… (five ports from there on are used).`,
      );
};

type Running = {
  readonly children: Child[];
  /** Stops all of it, once, and ends the process. */
  readonly stop: (code: number) => Promise<void>;
  readonly isStopping: () => boolean;
};

/** Starts what serves, and waits until it answers. A process that ends by itself takes the others with it. */
const startProcesses = async (
  { root, port, dataDir, progress }: World,
  { env, workerUrl }: { env: Record<string, string>; workerUrl: string },
  { children, stop, isStopping }: Running,
): Promise<void> => {
  const witness = await witnessOf({ dataDir, port }, env);
  const told = { ...env, ...witness.env };
  const start = (name: string, ...args: string[]) => {
    const own = name === "worker" ? { ...told, DATABASE_URL: workerUrl } : told;
    children.push(startChild(name, root, args, own, progress.quiet));
  };
  start("gateways", "apps/gateways/src/index.ts");
  start("server", "apps/server/src/index.ts");
  start("worker", "apps/worker/src/index.ts");
  start("witness", ...witness.args);
  for (const child of children) {
    void child.process.exited.then((code) => {
      if (child.expected) return;
      console.error(
        `\nThe ${child.name} ended by itself (${code}); everything else is stopped too. What it said stands above.`,
      );
      void stop(1);
    });
  }
  const alive = () => children.every((child) => child.process.exitCode === null);
  const healthy =
    (await waitUntilHealthy(`http://127.0.0.1:${port}/health`, 30_000, alive)) &&
    (await waitUntilHealthy(`http://127.0.0.1:${port + 1}/health`, 10_000, alive));
  if (!healthy && !isStopping())
    throw new Error("The server did not become healthy within 30 seconds; the lines above say why.");
};

/** Starts everything on an installed checkout and stays until it is told to stop. */
export const launch = async (world: World): Promise<void> => {
  const { root, port, dataDir, reset, progress } = world;
  const begun = performance.now();
  const children: Child[] = [];
  let postgres: RunningPostgres | undefined;
  let stopping: Promise<void> | undefined;

  const stop = (code: number): Promise<void> => {
    stopping ??= (async () => {
      progress.say("\nStopping…");
      await stopChildren(children);
      await postgres?.stop();
      process.exit(code);
    })();
    return stopping;
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));

  try {
    await portsFree([port, port + 1, port + 4]);
    const web = buildWeb(root);
    web.catch(() => {});

    if (reset && givenDatabase())
      fail("--reset is for the embedded database only; DATABASE_URL is set, so nothing was touched.");
    const place = { root, port, dataDir };
    if (reset) await progress.step("Old data thrown away", () => throwAway(place));
    const database = await prepareDatabase(place, progress, (running) => {
      postgres = running;
    });
    await writePast(dataDir, database.serverUrl);
    const env = developmentEnvironment({ ...place, databaseUrl: database.serverUrl });
    await progress.step("Web app", async (note) => note((await web) ? "built" : "up to date"));
    await progress.step("Server and worker", () =>
      startProcesses(
        world,
        { env, workerUrl: database.workerUrl },
        { children, stop, isStopping: () => stopping !== undefined },
      ),
    );
    if (stopping) return await stopping;

    console.log(`
EV Carbon Exchange is up and healthy after ${((performance.now() - begun) / 1000).toFixed(1)} s

  Web              ${env.PUBLIC_URL}
  REST reference   ${env.PUBLIC_URL}/api/docs
  Card payments    http://localhost:${port + 1}   (emulator: 4242 4242 4242 4242 pays)
  Database         ${database.port ? `localhost:${database.port}, files in ${clusterOf(dataDir)}` : "as DATABASE_URL says"}

  Sign in as       owner@demo.evx   buyer@demo.evx   cva@demo.evx   admin@demo.evx
  Password         demo-password-1

Ctrl-C stops all of it.`);
    const started = (running: RunningPostgres) => {
      postgres = running;
    };
    if (postgres) await keepPostgres(place, { started, isStopping: () => stopping !== undefined });
    await new Promise(() => {});
  } catch (error) {
    if (stopping) return await stopping;
    children.forEach((child) => {
      child.expected = true;
    });
    await stopChildren(children);
    await postgres?.stop().catch(() => {});
    explain(error);
  }
};
