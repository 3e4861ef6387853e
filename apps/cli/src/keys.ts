import { withdrawKey as endKey, keyNamed } from "@evx/certificates";
import { createDb, createPool } from "@evx/db";
import { systemClock } from "@evx/kernel";
import { Failed } from "./failed.ts";

/** Why somebody may not simply call this: nothing of the running product has the right to. */
const needed =
  "DATABASE_ADMIN_URL is not set: only the database's owner ends a key, since a thief with the server's rights must not.";

/**
 * Ends a key of certificates: what is dated later and signed by it counts for nothing, what it signed before stands.
 * The public log says so with the next checkpoint. There is no way back.
 */
export const withdrawKey = async (
  { id, reason }: { id: string; reason: string },
  adminUrl: string | undefined,
): Promise<{ id: string; withdrawnAt: Date; current: boolean }> => {
  if (!adminUrl) throw new Failed(needed);
  if (reason.trim() === "") throw new Failed("Say why: everybody reads it.");
  const db = createDb(createPool(adminUrl));
  try {
    const key = await keyNamed(db, id);
    if (!key) throw new Failed(`There is no key ${id}: see /api/public/keys.`);
    if (key.withdrawnAt)
      throw new Failed(
        `The key ${id} was withdrawn on ${key.withdrawnAt.toISOString()}. The first word stands.`,
      );
    const at = systemClock.now();
    await endKey(db, { id, reason: reason.trim(), at });
    return { id, withdrawnAt: at, current: key.newest };
  } finally {
    await db.destroy();
  }
};
