/**
 * `bun run town`: lays the town's year out anew, through the verbs, and keeps it for `bun run up`. With `--check` it keeps
 * nothing, and fails where the year that is kept differs from the one that the verbs make for the same moment.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { backUp } from "@evx/db/backup";
import { startPostgres } from "@evx/db/embedded";
import { ensureDatabase, migrate } from "@evx/db/migrate";
import { hurried, layOut } from "./database.ts";
import { localSecrets } from "./environment.ts";
import { differences, factsOf } from "./facts.ts";
import { fail } from "./progress.ts";
import { keptFor, restoreYear, rowsOf, townOf } from "./year.ts";

const root = resolve(import.meta.dir, "../../..");

/** Where it is laid out: on a server of its own, with secrets that nobody needs afterwards. */
type Site = { serverUrl: string; dataDir: string };

/** Lays a year out for a moment, or for now; answers its owner's url and what is to be known of the town. */
const layOutYear = async ({ serverUrl, dataDir }: Site, moment?: string) => {
  const admin = await ensureDatabase(serverUrl, `evx_year_${crypto.randomUUID().slice(0, 8)}`);
  await migrate(admin);
  const place = { root, port: 3000, dataDir };
  const told = await layOut(place, hurried(admin), { world: "year", ...(moment ? { moment } : {}) });
  return { admin, told };
};

/** What the kept year and the one that the verbs make do not have in common; nothing where they agree. */
export const keptAgainstMade = async (site: Site): Promise<string[]> => {
  const { admin: made } = await layOutYear(site, await keptFor(root));
  const { SIGNING_KEY: signingKey = "" } = localSecrets(site.dataDir);
  const own = { publicUrl: "http://localhost:3000", signingKey };
  const kept = await restoreYear(site.serverUrl, { root, name: "evx_year_kept", ...own });
  return differences(await factsOf(kept), await factsOf(made));
};

const keep = async (site: Site): Promise<string> => {
  const { admin, told } = await layOutYear(site);
  const { bytes } = await backUp(admin, rowsOf(root));
  await Bun.write(townOf(root), gzipSync(told, { level: 9 }));
  return `Kept: ${(bytes / 1_000_000).toFixed(1)} MB.`;
};

if (import.meta.main) {
  const dataDir = mkdtempSync(join(tmpdir(), "evx-town-"));
  const postgres = await startPostgres({ dataDir: join(dataDir, "postgres"), port: 0 });
  try {
    const site = { serverUrl: postgres.url, dataDir };
    if (process.argv.includes("--check")) {
      const found = await keptAgainstMade(site);
      if (found.length > 0)
        fail(
          `The kept year differs from what the verbs make; "bun run town" keeps it anew.\n${found.join("\n")}`,
        );
      console.log("The kept year is what the verbs make.");
    } else console.log(await keep(site));
  } finally {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
