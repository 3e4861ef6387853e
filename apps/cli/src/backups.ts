/** Keeping the venue and getting it back, by whoever owns the database. */

import { createDb, createPool } from "@evx/db";
import { BackupError, backUp, restore } from "@evx/db/backup";
import { dropDatabase } from "@evx/db/migrate";
import { auditBooks } from "@evx/ledger";
import { environmentWith } from "@evx/runtime";
import { Failed } from "./failed.ts";

const needed =
  "DATABASE_ADMIN_URL is not set: a backup holds everything, so only the database's owner makes one or restores it.";

const saying = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw error instanceof BackupError ? new Failed(error.message) : error;
  }
};

export const makeBackup = ({ file, adminUrl }: { file: string; adminUrl: string | undefined }) => {
  if (!adminUrl) throw new Failed(needed);
  return saying(() => backUp(adminUrl, file));
};

/** A url without its password, as it may stand on a screen. */
const shown = (address: string): string => {
  const url = new URL(address);
  url.password = "";
  return url.href;
};

export const restoreBackup = async (input: {
  file: string;
  database: string;
  adminUrl: string | undefined;
}): Promise<{ database: string; url: string }> => {
  const { adminUrl, file, database } = input;
  if (!adminUrl) throw new Failed(needed);
  const url = await saying(() => restore(adminUrl, { file, database }));
  return { database, url: shown(url) };
};

/** `registry verify` as a command of its own, on another database than the environment's. */
const verified = async (url: string): Promise<unknown> => {
  const child = Bun.spawn([process.execPath, `${import.meta.dir}/index.ts`, "registry", "verify"], {
    env: environmentWith({ DATABASE_URL: url, DATABASE_PASSWORD: "", EVX_URL: "" }),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [said, failed] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if ((await child.exited) !== 0)
    throw new Failed(`The registry is not whole: ${(failed || said).trim().slice(-500)}`);
  return JSON.parse(said);
};

/**
 * What a backup is worth: restores it into a new database, verifies the registry and the ledger's books there, and drops the
 * database again. Fails with the first fault.
 */
export const drill = async (input: { file: string; adminUrl: string | undefined }) => {
  const { adminUrl, file } = input;
  if (!adminUrl) throw new Failed(needed);
  const database = `evx_drill_${crypto.randomUUID().slice(0, 8)}`;
  const began = performance.now();
  const url = await saying(() => restore(adminUrl, { file, database }));
  const restoredMs = Math.round(performance.now() - began);
  try {
    const db = createDb(createPool(url));
    const faults = await auditBooks(db).finally(() => db.destroy());
    if (faults.length > 0)
      throw new Failed(`The books have ${faults.length} fault(s): ${JSON.stringify(faults[0])}`);
    return { file, restoredMs, books: "whole", registry: await verified(url) };
  } finally {
    await dropDatabase(adminUrl, database);
  }
};
