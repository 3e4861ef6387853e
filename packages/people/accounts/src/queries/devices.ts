import { type Db, sql, type Tx } from "@evx/db";
import type { Id } from "@evx/kernel";

/** Notes that somebody signed in from a browser. */
export const insertDevice = async (tx: Tx, userId: Id<"user">, digest: Uint8Array): Promise<void> => {
  await sql`
    insert into identity.device as d (digest, user_id, seen_at) values (${Buffer.from(digest)}, ${userId}, clock_timestamp())
    on conflict (digest, user_id) do update set seen_at = excluded.seen_at
    where d.seen_at < excluded.seen_at - interval '1 day'`.execute(tx);
};

/** Who has signed in from a browser of one of these people. */
export const sharedDevices = (
  db: Db,
  userIds: readonly Id<"user">[],
): Promise<{ userId: Id<"user">; peerId: Id<"user"> }[]> =>
  db
    .selectFrom("identity.device as d")
    .innerJoin("identity.device as e", "e.digest", "d.digest")
    .select(["d.user_id as userId", "e.user_id as peerId"])
    .distinct()
    .where(sql<boolean>`d.user_id = any(${[...userIds]}::text[])`)
    .whereRef("e.user_id", "<>", "d.user_id")
    .execute();

/** Drops what was not seen for as long as a browser keeps the cookie. */
export const pruneDevices = async (tx: Tx): Promise<void> => {
  await sql`delete from identity.device where seen_at < now() - interval '400 days'`.execute(tx);
};
