import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

/** What a process is. Only Linux can be asked; elsewhere a living process is believed to be the server. */
export const processOf = async (pid: number): Promise<"gone" | "postgres" | "other"> => {
  if (!isAlive(pid)) return "gone";
  // "123 (postgres) S 1 ...", where Z is a process that ended and that nobody has asked after.
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (status === null) return isAlive(pid) ? "postgres" : "gone";
  return /^\d+ \(postgres(\.exe)?\) [^Z]/.test(status) ? "postgres" : "other";
};

/** Whether a living process stands in a folder, as each of PostgreSQL's does in its cluster. Linux only. */
export const isWorkedIn = async (folder: string): Promise<boolean> => {
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    if ((await readlink(join("/proc", entry, "cwd")).catch(() => null)) === folder) return true;
  }
  return false;
};
