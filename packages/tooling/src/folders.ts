/** Folders of tests that hold a database cluster. */
import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A new throw-away folder that every user of the machine may enter. PostgreSQL does not run as root: in a folder closed
 * to its own user its files would lie elsewhere, and stay when the folder is thrown away.
 */
export const openFolder = (prefix: string): string => {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, 0o755);
  return folder;
};
