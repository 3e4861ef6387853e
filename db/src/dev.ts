import { join, resolve } from "node:path";
import { startPostgres } from "./embedded.ts";
import { ensureDatabase, migrate } from "./migrate.ts";

// The database of `turbo dev`: starts or finds the embedded server, brings it up to date, and stays.
const dataDir = resolve(Bun.env.DATA_DIR ?? join(import.meta.dir, "../../.data"), "postgres");
const port = Number(Bun.env.DATABASE_PORT ?? 54329);
const server = await startPostgres({ dataDir, port, log: console.log });
const applied = await migrate(await ensureDatabase(server.url, "evx"));
for (const name of applied) console.log(`Applied ${name}.`);
console.log(`PostgreSQL ${server.reused ? "was already running" : "runs"} on 127.0.0.1:${server.port}.`);

const stop = async () => {
  // Also when it was found running: its first parent may have been killed.
  await server.stop();
  process.exit(0);
};
process.on("SIGINT", stop);
process.on("SIGTERM", stop);
setInterval(() => {}, 60_000);
