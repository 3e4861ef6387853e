import { createDb, createPool, sql } from "@evx/db";
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
  env: Record<string, string | undefined> = process.env,
): Promise<{ id: string; withdrawnAt: Date; current: boolean }> => {
  if (!env.DATABASE_ADMIN_URL) throw new Failed(needed);
  if (reason.trim() === "") throw new Failed("Say why: everybody reads it.");
  const pool = createPool(env.DATABASE_ADMIN_URL);
  const db = createDb(pool);
  try {
    const { rows } = await sql<{ id: string; gone: Date | null; newest: boolean }>`
      select k.id, w.at as gone, k.added_at = (select max(added_at) from verification.signing_key) as newest
      from verification.signing_key k left join verification.withdrawn_key w on w.key_id = k.id
      where k.id = ${id}`.execute(db);
    const [key] = rows;
    if (!key) throw new Failed(`There is no key ${id}: see /api/public/keys.`);
    if (key.gone)
      throw new Failed(`The key ${id} was withdrawn on ${key.gone.toISOString()}. The first word stands.`);
    const at = systemClock.now();
    await sql`select verification.withdraw_key(${id}, ${at}, ${reason.trim()})`.execute(db);
    return { id, withdrawnAt: at, current: key.newest };
  } finally {
    await db.destroy();
  }
};
