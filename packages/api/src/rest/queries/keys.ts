import type { Db } from "@evx/db";

type Key = { scope: string; key: string };

/** Claims a key; answers null when it is now ours, or the row that had it before. */
export const claimKey = async (db: Db, claim: Key & { digest: string; at: Date; abandonedBefore: Date }) => {
  const { scope, key, digest, at, abandonedBefore } = claim;
  const ours = await db
    .insertInto("rpc.idempotency")
    .values({ scope, key, digest, at, status: null, answer: null })
    .onConflict((conflict) =>
      conflict
        .columns(["scope", "key"])
        .doUpdateSet({ at })
        .where("rpc.idempotency.status", "is", null)
        .where("rpc.idempotency.digest", "=", digest)
        .where("rpc.idempotency.at", "<", abandonedBefore),
    )
    .returning("key")
    .executeTakeFirst();
  if (ours) return null;
  return db
    .selectFrom("rpc.idempotency")
    .select(["digest", "status", "answer"])
    .where("scope", "=", scope)
    .where("key", "=", key)
    .executeTakeFirstOrThrow();
};

export const storeAnswer = async (db: Db, answer: Key & { status: number; body: unknown }): Promise<void> => {
  await db
    .updateTable("rpc.idempotency")
    .set({ status: answer.status, answer: answer.body === null ? null : JSON.stringify(answer.body) })
    .where("scope", "=", answer.scope)
    .where("key", "=", answer.key)
    .execute();
};

export const dropKey = async (db: Db, { scope, key }: Key): Promise<void> => {
  await db.deleteFrom("rpc.idempotency").where("scope", "=", scope).where("key", "=", key).execute();
};

/** Forgets keys older than a moment. */
export const forgetKeys = async (db: Db, before: Date): Promise<void> => {
  await db.deleteFrom("rpc.idempotency").where("at", "<", before).execute();
};

/** Writes one row and nothing else: throws where the database takes no writes (a full disk, a replica). */
export const tryWriting = async (db: Db, name: string, at: Date): Promise<void> => {
  await db
    .insertInto("rpc.idempotency")
    .values({ scope: "health", key: name, digest: "", status: null, answer: null, at })
    .onConflict((conflict) => conflict.columns(["scope", "key"]).doUpdateSet({ at }))
    .execute();
};
