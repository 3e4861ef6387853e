import { type Db, sql, type Tx } from "@evx/db";
import type { Id } from "@evx/kernel";

/** Whether the person with this address has signed in from this network within 90 days. */
export const isKnownPlace = async (db: Db, email: string, network: string): Promise<boolean> => {
  const { rows } = await sql`
    select 1 from identity.known_place p join identity.user u on u.id = p.user_id
    where u.email = ${email} and p.network = ${network} and p.seen_at > now() - interval '90 days'`.execute(
    db,
  );
  return rows.length > 0;
};

export const notePlace = async (tx: Tx, userId: Id<"user">, network: string): Promise<void> => {
  await sql`
    insert into identity.known_place as p (user_id, network, seen_at) values (${userId}, ${network}, clock_timestamp())
    on conflict (user_id, network) do update set seen_at = excluded.seen_at
    where p.seen_at < excluded.seen_at - interval '1 hour'`.execute(tx);
};

/** Forgets where a person has been: whoever took the account must not keep the owner's way in. */
export const forgetPlaces = async (tx: Tx, userId: Id<"user">): Promise<void> => {
  await tx.deleteFrom("identity.known_place").where("user_id", "=", userId).execute();
};

export const prunePlaces = async (tx: Tx): Promise<void> => {
  await sql`delete from identity.known_place where seen_at < now() - interval '90 days'`.execute(tx);
};
