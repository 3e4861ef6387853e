import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";

export const keyRows = (db: Db, userId: Id<"user">) =>
  db
    .selectFrom("identity.api_key")
    .select(["id", "name", "start", "permissions", "created_at", "expires_at", "last_request"])
    .where("reference_id", "=", userId)
    .where("enabled", "=", true)
    .orderBy("created_at", "desc")
    .limit(100)
    .execute();

/** Ends all keys of a person; answers how many. */
export const deleteKeysOf = async (tx: Tx, userId: Id<"user">): Promise<number> => {
  const gone = await tx
    .deleteFrom("identity.api_key")
    .where("reference_id", "=", userId)
    .returning("id")
    .execute();
  return gone.length;
};

/** Ends a person's key; answers whether there was one. */
export const deleteKey = async (tx: Tx, userId: Id<"user">, id: Id<"apikey">): Promise<boolean> => {
  const gone = await tx
    .deleteFrom("identity.api_key")
    .where("id", "=", id)
    .where("reference_id", "=", userId)
    .returning("id")
    .executeTakeFirst();
  return gone !== undefined;
};
