import { type Db, sql, type Tx } from "@evx/db";

/** A public key, and which older key vouched for it. */
export type KeyToAdd = {
  readonly id: string;
  readonly publicKey: string;
  readonly cross: { readonly by: string; readonly signature: string } | null;
};

/** Makes public keys known, oldest first; those that are stay as they were added. */
export const addKeys = async (tx: Tx, keys: readonly KeyToAdd[]): Promise<void> => {
  for (const { id, publicKey, cross } of keys)
    await sql`select verification.add_key(${id}, ${publicKey}, ${tx.at}, ${cross?.by ?? null}, ${cross?.signature ?? null})`.execute(
      tx,
    );
};

export const keyRows = (db: Db) =>
  db
    .selectFrom("verification.signing_key as k")
    .leftJoin("verification.withdrawn_key as w", "w.key_id", "k.id")
    .selectAll("k")
    .select("w.at as withdrawn_at")
    .orderBy("k.added_at")
    .orderBy("k.id")
    .execute();

/** A key, when it was withdrawn, whether it is the newest one, and whether it is the last that was not withdrawn. */
export const keyNamed = async (db: Db, id: string) => {
  const rows = await keyRows(db);
  const found = rows.find((row) => row.id === id);
  const last = rows.every((row) => row.id === id || row.withdrawn_at !== null);
  return found && { withdrawnAt: found.withdrawn_at, newest: rows.at(-1)?.id === id, last };
};

/** Ends a key. Only the database's owner may. */
export const withdrawKey = async (db: Db, { id, reason, at }: { id: string; reason: string; at: Date }) => {
  await sql`select verification.withdraw_key(${id}, ${at}, ${reason})`.execute(db);
};
