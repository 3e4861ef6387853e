import type { Db, Tx } from "@evx/db";
import { sql } from "@evx/db";
import type { Id } from "@evx/kernel";

/** Makes a session that a sign-in has just created the family of refresh tokens. */
export const markApiSession = async (
  tx: Tx,
  token: string,
): Promise<{ id: Id<"session">; user_id: Id<"user"> }> =>
  tx
    .updateTable("identity.session")
    .set({ kind: "api" })
    .where("token", "=", token)
    .returning(["id", "user_id"])
    .executeTakeFirstOrThrow();

export const sessionByToken = (db: Db, token: string) =>
  db.selectFrom("identity.session").select(["id", "user_id"]).where("token", "=", token).executeTakeFirst();

export type BearerRow = { session_id: Id<"session">; user_id: Id<"user">; left_ms: number };

/** The session of a cookie's token while it lasts, by Postgres' own clock: 30 days unused, 90 in all. */
export const bearerOf = async (db: Db, token: string): Promise<BearerRow | undefined> => {
  const { rows } = await sql<BearerRow>`
    select s.id as session_id, s.user_id, extract(epoch from e.at - clock_timestamp())::float8 * 1000 as left_ms
    from identity.session s
    cross join lateral (select least(s.expires_at, s.created_at + make_interval(days => 90)) as at) e
    where s.token = ${token} and s.kind = 'web' and e.at > clock_timestamp()`.execute(db);
  return rows[0];
};

/** Lets a session live on that was last extended a day ago or before; answers whether it was. */
export const extendSession = async (db: Db, id: Id<"session">, session_s: number): Promise<boolean> => {
  const { rows } = await sql`
    update identity.session set updated_at = clock_timestamp(),
      expires_at = least(clock_timestamp() + make_interval(secs => ${session_s}), created_at + make_interval(days => 90))
    where id = ${id} and expires_at > clock_timestamp() and updated_at < clock_timestamp() - make_interval(days => 1)
    returning id`.execute(db);
  return rows.length > 0;
};

export const insertRefreshToken = async (
  tx: Tx,
  row: { id: Id<"token">; session_id: Id<"session">; hash: Buffer; created_at: Date; expires_at: Date },
): Promise<void> => {
  await tx.insertInto("identity.refresh_token").values(row).execute();
};

export type RefreshRow = {
  id: Id<"token">;
  session_id: Id<"session">;
  user_id: Id<"user">;
  expires_at: Date;
  session_expires_at: Date;
  used: boolean;
  /** Used after this transaction had begun, so by one that ran beside it. */
  used_meanwhile: boolean;
};

/** The token's row, locked: of two that refresh at once the second waits here and sees what the first did. */
export const lockRefreshToken = async (tx: Tx, hash: Buffer): Promise<RefreshRow | undefined> => {
  const { rows } = await sql<RefreshRow>`
    select r.id, r.session_id, s.user_id, r.expires_at, least(s.expires_at, s.created_at + make_interval(days => 90)) as session_expires_at,
      r.used_at is not null as used, coalesce(r.used_at > now(), false) as used_meanwhile
    from identity.refresh_token r join identity.session s on s.id = r.session_id
    where r.hash = ${hash} for update of r`.execute(tx);
  return rows[0];
};

/** Marks the token used at Postgres' own moment and lets its session live on. */
export const useRefreshToken = async (
  tx: Tx,
  { id, session_id }: Pick<RefreshRow, "id" | "session_id">,
  session_s: number,
): Promise<void> => {
  await sql`
    with used as (update identity.refresh_token set used_at = clock_timestamp() where id = ${id})
    update identity.session
      set updated_at = clock_timestamp(), expires_at = least(clock_timestamp() + make_interval(secs => ${session_s}), created_at + make_interval(days => 90))
      where id = ${session_id}`.execute(tx);
};

export const deleteSession = async (tx: Tx, id: Id<"session">): Promise<void> => {
  await tx.deleteFrom("identity.session").where("id", "=", id).execute();
};

/** Ends a person's sessions, all or all but one; answers how many. */
export const deleteSessionsOf = async (
  tx: Tx,
  userId: Id<"user">,
  except?: Id<"session">,
): Promise<number> => {
  let query = tx.deleteFrom("identity.session").where("user_id", "=", userId);
  if (except) query = query.where("id", "<>", except);
  const gone = await query.returning("id").execute();
  return gone.length;
};

export const sessionRows = (db: Db, userId: Id<"user">) =>
  db
    .selectFrom("identity.session")
    .select(["id", "kind", "ip_address", "user_agent", "created_at", "updated_at", "expires_at"])
    .where("user_id", "=", userId)
    .where("expires_at", ">", sql<Date>`now()`)
    .orderBy("updated_at", "desc")
    .limit(100)
    .execute();

/** A person's sessions that still let somebody in, by Postgres' own clock. */
export const liveSessions = async (db: Db, userId: Id<"user">): Promise<ReadonlySet<Id<"session">>> => {
  const { rows } = await sql<{ id: Id<"session"> }>`
    select id from identity.session where user_id = ${userId}
      and least(expires_at, created_at + make_interval(days => 90)) > clock_timestamp()`.execute(db);
  return new Set(rows.map(({ id }) => id));
};

/** Drops sessions that ended a month ago, with their refresh tokens, and codes that nobody used in time. */
export const pruneSessions = async (tx: Tx): Promise<void> => {
  await sql`delete from identity.session where expires_at < now() - interval '30 days'`.execute(tx);
  await sql`delete from identity.verification where expires_at < now() - interval '1 day'`.execute(tx);
};

export const sessionToken = async (db: Db, id: Id<"session">): Promise<string | undefined> => {
  const row = await db
    .selectFrom("identity.session")
    .select("token")
    .where("id", "=", id)
    .where("expires_at", ">", sql<Date>`now()`)
    .executeTakeFirst();
  return row?.token;
};

/** Notes that whoever holds the session has just proven who they are. */
export const noteProof = async (db: Db, id: Id<"session">): Promise<void> => {
  await db
    .updateTable("identity.session")
    .set({ proven_at: sql<Date>`clock_timestamp()` })
    .where("id", "=", id)
    .execute();
};

/** Whether a session was opened or proven again within so many milliseconds, by Postgres' own clock. */
export const isProvenSince = async (db: Db, id: Id<"session">, within_ms: number): Promise<boolean> => {
  const { rows } = await sql`
    select 1 from identity.session where id = ${id}
      and greatest(created_at, proven_at) > clock_timestamp() - make_interval(secs => ${within_ms / 1000})`.execute(
    db,
  );
  return rows.length > 0;
};

/** Ends one session of a person; answers whether there was one. */
export const deleteOwnSession = async (tx: Tx, userId: Id<"user">, id: Id<"session">): Promise<boolean> => {
  const gone = await tx
    .deleteFrom("identity.session")
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .returning("id")
    .executeTakeFirst();
  return gone !== undefined;
};
