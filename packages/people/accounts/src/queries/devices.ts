import { sql, type Tx } from "@evx/db";
import type { Id } from "@evx/kernel";

/** Notes that somebody signed in from a browser. */
export const insertDevice = async (tx: Tx, userId: Id<"user">, digest: Uint8Array): Promise<void> => {
  await sql`
    insert into identity.device as d (digest, user_id, seen_at) values (${Buffer.from(digest)}, ${userId}, clock_timestamp())
    on conflict (digest, user_id) do update set seen_at = excluded.seen_at
    where d.seen_at < excluded.seen_at - interval '1 day'`.execute(tx);
};

/** Drops what was not seen for as long as a browser keeps the cookie. */
export const pruneDevices = async (tx: Tx): Promise<void> => {
  await sql`delete from identity.device where seen_at < now() - interval '400 days'`.execute(tx);
};
