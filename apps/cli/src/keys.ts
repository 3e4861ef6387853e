import { withdrawKey as endKey, keyNamed, publishKeys } from "@evx/certificates";
import { createDb, createPool, transact } from "@evx/db";
import { systemClock } from "@evx/kernel";
import { readSigningKeys } from "@evx/proof";
import { Failed } from "./failed.ts";

/** Why somebody may not simply call this: nothing of the running product has the right to. */
const needed =
  "DATABASE_ADMIN_URL is not set: only the database's owner adds or ends a key, since a thief with the server's rights must not.";

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
    if (key.last)
      throw new Failed(
        `The key ${id} is the last in use: enter the next one first (keys add), or nothing could vouch for it.`,
      );
    const at = systemClock.now();
    await endKey(db, { id, reason: reason.trim(), at });
    return { id, withdrawnAt: at, current: key.newest };
  } finally {
    await db.destroy();
  }
};

/**
 * Enters the keys of SIGNING_KEY, oldest first, each vouched for by the one before it, and answers the one that signs from
 * now on. Before the servers are started with a new one: without it they make no certificates.
 */
export const addKeys = async ({
  adminUrl,
  signingKey,
}: {
  adminUrl?: string | undefined;
  signingKey?: string | undefined;
}): Promise<{ id: string; known: string[] }> => {
  if (!adminUrl) throw new Failed(needed);
  if (!signingKey)
    throw new Failed("SIGNING_KEY is not set: the new secret first, then the old ones, between commas.");
  const keys = await readSigningKeys(signingKey);
  const db = createDb(createPool(adminUrl));
  try {
    await transact(db, systemClock, (tx) => publishKeys(tx, { keys }), { cause: "keys add" });
  } finally {
    await db.destroy();
  }
  return { id: keys.current.id, known: keys.all.map(({ id }) => id) };
};
