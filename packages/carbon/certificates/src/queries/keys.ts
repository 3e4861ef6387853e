import type { Db, Tx } from "@evx/db";

/** Makes public keys known; those that are stay as they were added. */
export const addKeys = async (tx: Tx, keys: readonly { id: string; publicKey: string }[]): Promise<void> => {
  await tx
    .insertInto("verification.signing_key")
    .values(keys.map(({ id, publicKey }) => ({ id, public_key: publicKey, added_at: tx.at })))
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
};

export const keyRows = (db: Db) =>
  db.selectFrom("verification.signing_key").selectAll().orderBy("added_at").orderBy("id").execute();
