/**
 * A whole database in one file, as rows, and back: of one moment, however much is written meanwhile; with the migrations
 * that made the schema, so that a later version takes it, too. A file that is not whole is known before anything is made.
 */
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { dropDatabase, ensureDatabase, findDatabase, migrate, renameDatabase } from "./migrate.ts";
import { dumpRows, loadRows, NewerRelease } from "./rows.ts";

/** The last line: what the lines before it come to. */
const seal = /^-- whole ([0-9a-f]{64})\n$/;
const sealBytes = "-- whole ".length + 64 + 1;

/** What a person reads who tries to use a file that cannot be used. */
export class BackupError extends Error {
  override readonly name = "BackupError";
}

export type BackedUp = { file: string; bytes: number; sha256: string; migrations: number };

/** Writes a file that only its owner may read: it holds what the database holds. Never half a file under that name. */
export const backUp = async (adminUrl: string, file: string): Promise<BackedUp> => {
  const hash = new Bun.CryptoHasher("sha256");
  let [sum, head] = ["", ""];
  async function* sealed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of dumpRows(adminUrl)) {
      // The migrations are the first piece.
      head ||= Buffer.from(chunk).toString();
      hash.update(chunk);
      yield chunk;
    }
    sum = hash.digest("hex");
    yield Buffer.from(`-- whole ${sum}\n`);
  }
  const part = `${file}.part`;
  try {
    // Flushed before it has its name, or a loss of power would leave half a file under it.
    const written = createWriteStream(part, { mode: 0o600, flush: true });
    await pipeline(Readable.from(sealed()), createGzip({ level: 6 }), written);
    await chmod(part, 0o600);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  const migrations = head.match(/^-- migration /gm)?.length ?? 0;
  return { file, bytes: Bun.file(file).size, sha256: sum, migrations };
};

/**
 * The rows in a backup, in pieces. Throws a BackupError for a file that is missing or something else, and at its end, for
 * one that was cut off or changed: what came before it is to be forgotten then.
 */
export async function* readBackup(file: string): AsyncGenerator<Uint8Array> {
  if (!(await Bun.file(file).exists())) throw new BackupError(`There is no file ${file}.`);
  const broken = (why: string) =>
    new BackupError(`${file} ${why}. Nothing was restored; take another backup.`);
  const hash = new Bun.CryptoHasher("sha256");
  let tail = Buffer.alloc(0);
  const unpacked = createGunzip();
  const reading = pipeline(createReadStream(file), unpacked).catch(() => {});
  try {
    for await (const chunk of unpacked) {
      const held = Buffer.concat([tail, chunk as Uint8Array]);
      const rows = held.subarray(0, Math.max(0, held.length - sealBytes));
      tail = held.subarray(rows.length);
      hash.update(rows);
      if (rows.length > 0) yield rows;
    }
    await reading;
  } catch (error) {
    throw isUnpacking(error) ? broken("is no backup, or was cut off") : error;
  }
  const sum = seal.exec(tail.toString("latin1"))?.[1];
  if (!sum) throw broken("is no backup, or was cut off");
  if (hash.digest("hex") !== sum) throw broken("was changed after it was written");
}

/** Whether an error is that of bytes that are no gzip, or not a whole one. */
const isUnpacking = (error: unknown): boolean =>
  error instanceof Error && "code" in error && /^Z_|^ERR_ZLIB|_ERROR$/.test(String(error.code));

/** Reads a backup to its end, so that one that is not whole is known before anything is made of it. */
const isWhole = async (file: string): Promise<void> => {
  for await (const _ of readBackup(file));
};

/**
 * Makes a new database what a backup saw, at today's schema, and answers its owner's url. It is made under a name of its own
 * first: one that could not be restored whole leaves nothing. Throws a BackupError where the name is taken.
 */
export const restore = async (
  serverUrl: string,
  { file, database }: { file: string; database: string },
): Promise<string> => {
  await isWhole(file);
  if (!/^[a-z_][a-z0-9_]{0,40}$/.test(database))
    throw new BackupError("Name the database with small letters, digits and underscores.");
  if (await findDatabase(serverUrl, database))
    throw new BackupError(
      `There is a database ${database} already. Nothing was changed; choose another name.`,
    );
  const unfinished = `evx_part_${crypto.randomUUID().slice(0, 8)}`;
  try {
    const url = await ensureDatabase(serverUrl, unfinished);
    await loadRows(url, readBackup(file));
    await migrate(url);
    return await renameDatabase(serverUrl, unfinished, database);
  } catch (error) {
    await dropDatabase(serverUrl, unfinished);
    if (error instanceof NewerRelease)
      throw new BackupError(
        `${file} was made by a newer release, with migration ${error.migration}. Nothing was restored; restore it with that release or a later one.`,
      );
    throw error;
  }
};
