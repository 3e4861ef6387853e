/** The real programs of a world, each of which can be killed, frozen and started again. */
import { mkdirSync, openSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createPool } from "@evx/db";
import { startPostgres } from "@evx/db/embedded";
import { ensureDatabase, migrate } from "@evx/db/migrate";
import { clusterOf, databasePort, ensureLogins } from "@evx/up/database";
import { developmentEnvironment } from "@evx/up/environment";
import { isFree, waitUntilHealthy } from "@evx/up/ports";
import { witnessOf } from "@evx/up/witness";

export const root = resolve(import.meta.dir, "../../..");

/** Below the ports that the system lends to clients: what is dead for a second must find its own port free again. */
const portsOfRuns = { first: 21_000, end: 29_000, step: 10 } as const;

/** The first of five neighbouring ports that are all free. */
const quietPorts = async (from: number = process.pid): Promise<number> => {
  const { first, end, step } = portsOfRuns;
  const count = (end - first) / step;
  for (let tries = 0; tries < count; tries++) {
    const port = first + ((from + tries) % count) * step;
    const free = await Promise.all([0, 1, 2, 3, 4].map((n) => isFree(port + n)));
    if (free.every(Boolean)) return port;
  }
  throw new Error("No five neighbouring ports are free on this machine.");
};

export const programs = ["gateways", "server", "worker-1", "worker-2", "witness"] as const;
export type Program = (typeof programs)[number];

type Process = Bun.Subprocess<"pipe", number, number>;

export type Parts = {
  readonly url: string;
  readonly dataDir: string;
  /** The database's owner, for looking at what nobody else may see. */
  readonly adminUrl: string;
  /** What the programs are told; a command line that is given it is of this world. */
  readonly env: Record<string, string>;
  /** SIGKILL; false when it was not there. */
  kill(program: Program): Promise<boolean>;
  /** Starts what is not there, and waits until it answers. */
  revive(program: Program): Promise<void>;
  freeze(program: Program, for_ms: number): Promise<void>;
  killDatabase(): Promise<boolean>;
  reviveDatabase(): Promise<void>;
  /** The process of a program; null while it is not there. */
  pidOf(program: Program): number | null;
  /** Which programs died without being killed. */
  readonly fallen: string[];
  stop(): Promise<void>;
};

/** What a world of trials is told otherwise than `up` tells: nothing that hides a fault. */
const forTrials = {
  RATE_LIMIT_PER_MINUTE: "10000000",
  SIGN_IN_FAILURES_PER_MINUTE: "1000",
  BCRYPT_COST: "4",
  LOG_LEVEL: "warn",
  // Tabs of a soak come from addresses of their own.
  TRUSTED_PROXIES: "127.0.0.1",
};

const files: Record<Program, string> = {
  gateways: "apps/gateways/src/index.ts",
  server: "apps/server/src/index.ts",
  "worker-1": "apps/worker/src/index.ts",
  "worker-2": "apps/worker/src/index.ts",
  witness: "",
};

/** Where the server itself says that its files are: not every folder can be read by who it runs as. */
const dataDirectory = async (url: string): Promise<string> => {
  const pool = createPool(url, { max: 1 });
  try {
    return (
      (await pool.query<{ data_directory: string }>("show data_directory")).rows[0]?.data_directory ?? ""
    );
  } finally {
    await pool.end();
  }
};

/** The database of a new world, at the present schema. */
const makeDatabase = async (place: { root: string; port: number; dataDir: string }) => {
  const start = () => startPostgres({ dataDir: clusterOf(place.dataDir), port: databasePort(place.port) });
  const postgres = await start();
  const adminUrl = await ensureDatabase(postgres.url, "evx");
  await migrate(adminUrl);
  const logins = await ensureLogins(adminUrl, place.dataDir);
  const folder = await dataDirectory(adminUrl);
  const pid = () => Number(readFileSync(join(folder, "postmaster.pid"), "utf8").split("\n")[0]);
  /** On a busy machine a crashed server's rests are in the way for longer than one start waits. */
  const again = async (): Promise<void> => {
    for (let tries = 0; ; tries++) {
      try {
        await start();
        return;
      } catch (error) {
        if (tries === 5) throw error;
      }
    }
  };
  return { again, adminUrl, ...logins, pid, stop: async () => (await start()).stop() };
};

const addressOf = (program: Program, port: number): string | null => {
  if (program === "server") return `http://127.0.0.1:${port}/health/live`;
  return program === "gateways" ? `http://127.0.0.1:${port + 1}/health` : null;
};

/** Stops a process where it stands, and lets it go on later. */
const frozen = async (child: Process | undefined, for_ms: number): Promise<void> => {
  child?.kill("SIGSTOP");
  await Bun.sleep(for_ms);
  child?.kill("SIGCONT");
};

/** Whether there was something to kill. */
const struck = (pid: number): boolean => {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
};

/** Starts all parts of a new world in a folder of its own. Whoever started them stops them. */
export const startParts = async (dataDir: string): Promise<Parts> => {
  const port = await quietPorts();
  mkdirSync(join(dataDir, "logs"), { recursive: true });
  const place = { root, port, dataDir };
  const database = await makeDatabase(place);
  const settled = { ...developmentEnvironment({ ...place, databaseUrl: database.serverUrl }), ...forTrials };
  const witness = await witnessOf({ dataDir, port }, settled);
  const env: Record<string, string> = { ...settled, ...witness.env };
  const running = new Map<Program, Process>();
  const fallen: string[] = [];

  const spawn = (program: Program): void => {
    const log = openSync(join(dataDir, "logs", `${program}.log`), "a");
    const own = program.startsWith("worker")
      ? { DATABASE_URL: database.workerUrl, WORKER_NAME: program }
      : {};
    const args = program === "witness" ? witness.args : [files[program]];
    const child: Process = Bun.spawn([process.execPath, ...args], {
      cwd: root,
      env: { ...process.env, ...env, ...own, EVX_PARENT_PIPE: "1" },
      stdio: ["pipe", log, log],
    });
    running.set(program, child);
    void child.exited.then((code) => {
      if (running.get(program) !== child) return;
      running.delete(program);
      fallen.push(`${program} ended by itself (${code})`);
    });
  };

  const kill = async (program: Program): Promise<boolean> => {
    const child = running.get(program);
    running.delete(program);
    child?.kill("SIGKILL");
    await child?.exited;
    return child !== undefined;
  };
  const revive = async (program: Program): Promise<void> => {
    if (running.has(program)) return;
    spawn(program);
    const address = addressOf(program, port);
    if (address) await waitUntilHealthy(address, 20_000, () => running.has(program));
  };
  for (const program of programs) await revive(program);
  return {
    url: `http://127.0.0.1:${port}`,
    dataDir,
    adminUrl: database.adminUrl,
    env,
    fallen,
    pidOf: (program) => running.get(program)?.pid ?? null,
    kill,
    revive,
    freeze: (program, for_ms) => frozen(running.get(program), for_ms),
    killDatabase: async () => struck(database.pid()),
    reviveDatabase: () => database.again(),
    async stop() {
      await Promise.all(programs.map(kill));
      await database.stop();
    },
  };
};
