/**
 * A whole database in one file, as rows, and back: of one moment, however much is written meanwhile; with the migrations
 * that made the schema, so that a later version takes it, too. A file that is not whole is known before anything is made.
 */
import { chmod, rename } from "node:fs/promises";
import { dropDatabase, ensureDatabase, findDatabase, migrate, renameDatabase } from "./migrate.ts";
import { dumpRows, loadRows, NewerRelease } from "./rows.ts";

const sha256 = (text: string): string => new Bun.CryptoHasher("sha256").update(text).digest("hex");

/** The last line: what the lines before it come to. */
const seal = /^-- whole ([0-9a-f]{64})\n$/;

/** What a person reads who tries to use a file that cannot be used. */
export class BackupError extends Error {
  override readonly name = "BackupError";
}

export type BackedUp = { file: string; bytes: number; sha256: string; migrations: number };

/** Writes a file that only its owner may read: it holds what the database holds. Never half a file under that name. */
export const backUp = async (adminUrl: string, file: string): Promise<BackedUp> => {
  const text = await dumpRows(adminUrl);
  const sum = sha256(text);
  const packed = Bun.gzipSync(Buffer.from(`${text}-- whole ${sum}\n`), { level: 6 });
  const part = `${file}.part`;
  await Bun.write(part, packed);
  await chmod(part, 0o600);
  await rename(part, file);
  const migrations = text.match(/^-- migration /gm)?.length ?? 0;
  return { file, bytes: packed.length, sha256: sum, migrations };
};

/** The rows in a backup. Throws a BackupError for a file that is missing, cut off, changed, or something else. */
export const readBackup = async (file: string): Promise<string> => {
  const source = Bun.file(file);
  if (!(await source.exists())) throw new BackupError(`There is no file ${file}.`);
  const broken = (why: string) =>
    new BackupError(`${file} ${why}. Nothing was restored; take another backup.`);
  let text: string;
  try {
    text = new TextDecoder().decode(Bun.gunzipSync(new Uint8Array(await source.arrayBuffer())));
  } catch {
    throw broken("is no backup, or was cut off");
  }
  const end = text.lastIndexOf("-- whole ");
  const sum = seal.exec(text.slice(Math.max(end, 0)))?.[1];
  if (end < 0 || !sum) throw broken("is no backup, or was cut off");
  const rows = text.slice(0, end);
  if (sha256(rows) !== sum) throw broken("was changed after it was written");
  return rows;
};

/**
 * Makes a new database what a backup saw, at today's schema, and answers its owner's url. It is made under a name of its own
 * first: one that could not be restored whole leaves nothing. Throws a BackupError where the name is taken.
 */
export const restore = async (
  serverUrl: string,
  { file, database }: { file: string; database: string },
): Promise<string> => {
  const text = await readBackup(file);
  if (!/^[a-z_][a-z0-9_]{0,40}$/.test(database))
    throw new BackupError("Name the database with small letters, digits and underscores.");
  if (await findDatabase(serverUrl, database))
    throw new BackupError(
      `There is a database ${database} already. Nothing was changed; choose another name.`,
    );
  const unfinished = `evx_part_${crypto.randomUUID().slice(0, 8)}`;
  try {
    const url = await ensureDatabase(serverUrl, unfinished);
    await loadRows(url, text);
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
