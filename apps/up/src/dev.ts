/**
 * One part of `turbo dev`: `dev.ts database | server | worker | gateways | web`. Each part waits for what it needs and
 * starts anew when its sources change.
 */
import { join, resolve } from "node:path";
import type { RunningPostgres } from "@evx/db/embedded";
import { databasePort, prepareDatabase } from "./database.ts";
import { developmentEnvironment } from "./environment.ts";
import { isFree } from "./ports.ts";
import { createProgress } from "./progress.ts";

const root = resolve(import.meta.dir, "../../..");
const port = Number(process.env.PORT || "3000");
const dataDir = resolve(root, process.env.DATA_DIR || ".data");
const part = process.argv[2] ?? "";

const readyFile = join(dataDir, "dev-database.json");

const told = new Promise<void>((done) => {
  process.once("SIGINT", () => done());
  process.once("SIGTERM", () => done());
});

/** Keeps PostgreSQL running, brought to the present schema and laid out as the demo world. */
const database = async (): Promise<void> => {
  await Bun.file(readyFile)
    .delete()
    .catch(() => {});
  let postgres: RunningPostgres | undefined;
  const urls = await prepareDatabase({ root, port, dataDir }, createProgress(false), (running) => {
    postgres = running;
  });
  const { serverUrl: server, workerUrl: worker } = urls;
  await Bun.write(readyFile, JSON.stringify({ server, worker, pid: process.pid }));
  console.log(`The database is ready. Web with hot reload: http://localhost:${port + 3}`);
  await told;
  // The database first: turbo does not wait long.
  await postgres?.stop();
  await Bun.file(readyFile)
    .delete()
    .catch(() => {});
};

/** Waits until this run's database part says where the database is. */
const databaseUrl = async (whose: "server" | "worker"): Promise<string> => {
  for (;;) {
    const ready = Bun.file(readyFile);
    if (await ready.exists()) {
      const { pid, ...urls } = (await ready.json()) as { server: string; worker: string; pid: number };
      try {
        process.kill(pid, 0);
        return urls[whose];
      } catch {
        // Left behind by a run that was killed.
      }
    }
    await Bun.sleep(200);
  }
};

/** Runs a part until told to stop. */
const keep = async (command: string[], cwd: string, extra: Record<string, string>): Promise<void> => {
  const child = Bun.spawn(command, {
    cwd,
    env: { ...process.env, ...extra },
    stdio: ["ignore", "inherit", "inherit"],
  });
  await Promise.race([told, child.exited]);
  child.kill("SIGTERM");
  await child.exited;
};

const watched = async (file: string, whose: "server" | "worker" = "server"): Promise<void> => {
  const env = developmentEnvironment({ root, port, dataDir, databaseUrl: await databaseUrl(whose) });
  await keep([process.execPath, "--watch", file], root, {
    ...env,
    LOG_LEVEL: process.env.LOG_LEVEL ?? "info",
  });
};

const parts: Record<string, () => Promise<void>> = {
  database,
  server: () => watched("apps/server/src/index.ts"),
  worker: () => watched("apps/worker/src/index.ts", "worker"),
  gateways: () => watched("apps/gateways/src/index.ts"),
  web: () =>
    keep([process.execPath, "x", "vite"], join(root, "apps/web"), {
      WEB_PORT: String(port + 3),
      SERVER_PORT: String(port),
    }),
};

const start = parts[part];
if (!start) {
  console.error(`Usage: dev.ts ${Object.keys(parts).join(" | ")}`);
  process.exit(2);
}
const needed =
  { database: databasePort(port), server: port, gateways: port + 1, web: port + 3, worker: null }[part] ??
  null;
if (needed && part !== "database" && !(await isFree(needed))) {
  console.error(`Port ${needed} is in use by another program. Stop it, or choose another with PORT=…`);
  process.exit(1);
}
await start();
process.exit(0);
