/**
 * Prepared worlds. A large demo world takes a minute to lay out, so the embedded server keeps a copy of it beside the database in
 * use: an untouched one, from which the next start makes its own in a second. A copy counts for the sources that it was made
 * by, and for half a day: its auctions end.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { copyDatabase, databasesNamed, dropDatabases } from "@evx/db/migrate";

const beginning = "evx_world_";
const hour_ms = 3_600_000;
const lasts_h = 12;

/** Files that decide what a world looks like: the schema, and the scripts that lay it out. */
const folders = ["db/migrations", "db/functions", "apps/cli/src/seed"];

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** A name for a world and the sources that it is made by. */
const keyOf = (root: string, world: string): string => {
  const hash = new Bun.CryptoHasher("sha256").update(world);
  for (const folder of folders)
    for (const file of filesIn(join(root, folder)))
      hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest("hex").slice(0, 12);
};

const hourOf = (at: number): number => Math.floor(at / hour_ms);

/** Worlds that are kept: large ones. The small one is laid out anew in seconds. */
export const isKept = (world: string | undefined): world is string => world === "town";

/** The url of a new database that is a copy of a prepared world, or null where none is fit. */
export const fromPrepared = async (
  adminUrl: string,
  { root, world, name }: { root: string; world: string; name: string },
): Promise<string | null> => {
  const own = `${beginning}${keyOf(root, world)}_`;
  const oldest = hourOf(Date.now()) - lasts_h;
  const fit = (await databasesNamed(adminUrl, own)).find(
    (found) => Number(found.slice(own.length)) >= oldest,
  );
  return fit ? copyDatabase(adminUrl, fit, name) : null;
};

/** Keeps a copy of a world that nobody has used yet, in place of all others. */
export const keepPrepared = async (
  adminUrl: string,
  { root, world, name }: { root: string; world: string; name: string },
): Promise<void> => {
  await dropDatabases(adminUrl, beginning);
  await copyDatabase(adminUrl, name, `${beginning}${keyOf(root, world)}_${hourOf(Date.now())}`);
};
