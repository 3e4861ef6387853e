import { type Db, sql, type Tx } from "@evx/db";
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

export type UsedKeyRow = {
  id: Id<"apikey">;
  user_id: Id<"user">;
  permissions: string | null;
  /** Null for one that has no end. */
  left_ms: number | null;
};

/** The key of a digest while it lasts, by Postgres' own clock, with its use noted. */
export const useKey = async (db: Db, digest: string): Promise<UsedKeyRow | undefined> => {
  const { rows } = await sql<UsedKeyRow>`
    update identity.api_key set last_request = clock_timestamp(), request_count = request_count + 1
    where key = ${digest} and enabled and (expires_at is null or expires_at > clock_timestamp())
    returning id, reference_id as user_id, permissions,
      extract(epoch from expires_at - clock_timestamp())::float8 * 1000 as left_ms`.execute(db);
  return rows[0];
};

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
