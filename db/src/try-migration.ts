import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import pg from "pg";
import { ensureDatabase, migrate } from "./migrate.ts";
import { startTestCluster } from "./testing.ts";

// Tries a draft that is not in migrations/ yet (or replaces a file of the same name there) on an empty database,
// so that an unfinished migration breaks nobody's tests: bun run --cwd db try-migration /tmp/0071_auction.sql
const draft = Bun.argv[2];
if (!draft) throw new Error("Name the file to try.");

const folder = await mkdtemp(join(tmpdir(), "evx-migrations-"));
const { url } = await startTestCluster();
const name = `evx_try_${process.pid}`;
try {
  await cp(join(import.meta.dir, "../migrations"), folder, { recursive: true });
  await cp(draft, join(folder, basename(draft)));
  await migrate(await ensureDatabase(url, name), { folder, jobs: false });
  console.log(`${basename(draft)} applies.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`drop database if exists ${name} with (force)`);
  await client.end();
  await rm(folder, { recursive: true, force: true });
}
