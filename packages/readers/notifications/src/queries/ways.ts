/** How people are reached: what they chose, their browsers, their telephone, and addresses that take no mail. */
import { type Db, sql, type Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Manner } from "../policy.ts";
import { type Switched, type Topic, usualWays } from "../schema.ts";

export type Preference = { topic: Topic } & Record<Switched, boolean>;

/** What a person chose, by topic; topics they never touched are left out. */
export const preferenceRows = async (db: Db, userId: Id<"user">): Promise<Preference[]> =>
  (await db
    .selectFrom("notifications.preference")
    .select(["topic", "email", "push", "sms"])
    .where("user_id", "=", userId)
    .execute()) as Preference[];

/** Puts a person's choice for a topic; channels that are left out stay as they are. */
export const setWanted = async (
  tx: Tx,
  userId: Id<"user">,
  topic: Topic,
  wanted: { [C in Switched]?: boolean | undefined },
): Promise<void> => {
  const said = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  await tx
    .insertInto("notifications.preference")
    .values({ user_id: userId, topic, ...usualWays(topic), ...said, changed_at: tx.at })
    .onConflict((conflict) =>
      conflict.columns(["user_id", "topic"]).doUpdateSet({ ...said, changed_at: tx.at }),
    )
    .execute();
};

type MannerRow = {
  zone: string;
  quiet_from: number | null;
  quiet_to: number | null;
  digest: Manner["digest"];
  leave_token: string;
};

const mannerOf = (row: MannerRow): Manner & { leaveToken: string } => ({
  zone: row.zone,
  quiet: row.quiet_from === null || row.quiet_to === null ? null : { from: row.quiet_from, to: row.quiet_to },
  digest: row.digest,
  leaveToken: row.leave_token,
});

export const mannerRow = async (
  db: Db,
  userId: Id<"user">,
): Promise<(Manner & { leaveToken: string }) | null> => {
  const row = await db
    .selectFrom("notifications.manner")
    .select(["zone", "quiet_from", "quiet_to", "digest", "leave_token"])
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return row ? mannerOf(row) : null;
};

/** The secret that stands in a person's mails; made when the first one is written. */
export const leaveTokenOf = async (tx: Tx, userId: Id<"user">): Promise<string> => {
  const { rows } = await sql<{ leave_token: string }>`
    insert into notifications.manner (user_id, leave_token, changed_at)
    values (${userId}, ${newToken()}, ${tx.at})
    on conflict (user_id) do update set user_id = excluded.user_id
    returning leave_token`.execute(tx);
  return (rows[0] as { leave_token: string }).leave_token;
};

const newToken = (): string => crypto.getRandomValues(new Uint8Array(16)).toHex();

export const setManner = async (
  tx: Tx,
  userId: Id<"user">,
  { zone, quiet, digest }: Manner,
): Promise<void> => {
  const chosen = {
    zone,
    quiet_from: quiet?.from ?? null,
    quiet_to: quiet?.to ?? null,
    digest,
    changed_at: tx.at,
  };
  await tx
    .insertInto("notifications.manner")
    .values({ user_id: userId, leave_token: newToken(), ...chosen })
    .onConflict((conflict) => conflict.column("user_id").doUpdateSet(chosen))
    .execute();
};

export const personOfToken = async (db: Db, token: string): Promise<Id<"user"> | null> => {
  const row = await db
    .selectFrom("notifications.manner")
    .select("user_id")
    .where("leave_token", "=", token)
    .executeTakeFirst();
  return row?.user_id ?? null;
};

export type DeviceRow = {
  id: string;
  endpoint: string;
  p256dh: string;
  auth: string;
  label: string;
  session_id: Id<"session">;
  created_at: Date;
};

/** The browsers that a person set up in sessions of theirs that last. */
export const deviceRows = async (
  db: Db,
  userId: Id<"user">,
  sessions: ReadonlySet<Id<"session">>,
): Promise<DeviceRow[]> => {
  const rows = await db
    .selectFrom("notifications.device")
    .select(["id", "endpoint", "p256dh", "auth", "label", "session_id", "created_at"])
    .where("user_id", "=", userId)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  return rows.flatMap(({ session_id, ...row }) =>
    session_id && sessions.has(session_id) ? [{ ...row, session_id }] : [],
  );
};

/** A browser belongs to whom it was last set up for: two people who share one do not read each other's news. */
export const putDevice = async (
  tx: Tx,
  userId: Id<"user">,
  device: Omit<DeviceRow, "created_at">,
): Promise<void> => {
  const row = { ...device, user_id: userId, created_at: tx.at };
  await tx
    .insertInto("notifications.device")
    .values(row)
    .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
    .execute();
};

/** Forgets a browser: of one person, or whoever's it is when its push service says that it is gone. */
export const dropDevice = async (tx: Tx, id: string, userId?: Id<"user">): Promise<void> => {
  await tx
    .deleteFrom("notifications.device")
    .where("id", "=", id)
    .where((eb) => (userId === undefined ? eb.lit(true) : eb("user_id", "=", userId)))
    .execute();
};

export type PhoneRow = {
  number: string;
  code_digest: string | null;
  code_until: Date | null;
  tries: number;
  asked_at: Date;
  confirmed_at: Date | null;
};

const phoneColumns = ["number", "code_digest", "code_until", "tries", "asked_at", "confirmed_at"] as const;

export const phoneRow = (db: Db, userId: Id<"user">): Promise<PhoneRow | undefined> =>
  db.selectFrom("notifications.phone").select(phoneColumns).where("user_id", "=", userId).executeTakeFirst();

export const lockPhone = (tx: Tx, userId: Id<"user">): Promise<PhoneRow | undefined> =>
  tx
    .selectFrom("notifications.phone")
    .select(phoneColumns)
    .where("user_id", "=", userId)
    .forUpdate()
    .executeTakeFirst();

export const putPhone = async (tx: Tx, userId: Id<"user">, row: PhoneRow): Promise<void> => {
  await tx
    .insertInto("notifications.phone")
    .values({ user_id: userId, ...row })
    .onConflict((conflict) => conflict.column("user_id").doUpdateSet(row))
    .execute();
};

export const dropPhone = async (tx: Tx, userId: Id<"user">): Promise<void> => {
  await tx.deleteFrom("notifications.phone").where("user_id", "=", userId).execute();
};

export type BouncedRow = { kind: "bounced" | "complained"; reason: string; at: Date };

/** Why an address gets no mail, or nothing when it does. */
export const bouncedRow = (db: Db, email: string): Promise<BouncedRow | undefined> =>
  db
    .selectFrom("notifications.bounced")
    .select(["kind", "reason", "at"])
    .where("email", "=", email.toLowerCase())
    .executeTakeFirst();

export const noteBounced = async (
  tx: Tx,
  email: string,
  { kind, reason }: Pick<BouncedRow, "kind" | "reason">,
): Promise<void> => {
  await tx
    .insertInto("notifications.bounced")
    .values({ email: email.toLowerCase(), kind, reason, at: tx.at })
    .onConflict((conflict) => conflict.column("email").doUpdateSet({ kind, reason, at: tx.at }))
    .execute();
};

export const forgetBounced = async (tx: Tx, email: string): Promise<void> => {
  await tx.deleteFrom("notifications.bounced").where("email", "=", email.toLowerCase()).execute();
};

/** Everything that decides on which ways a person is told, in one question. */
export const reachOf = async (
  db: Db,
  userId: Id<"user">,
): Promise<{
  manner: Manner | null;
  preferences: Map<Topic, Preference>;
  devices: number;
  phone: string | null;
}> => {
  const { rows } = await sql<{
    manner: MannerRow | null;
    preferences: Preference[];
    devices: number;
    phone: string | null;
  }>`select
      (select to_jsonb(m) from notifications.manner m where m.user_id = ${userId}) as manner,
      (select coalesce(jsonb_agg(p), '[]') from notifications.preference p where p.user_id = ${userId}) as preferences,
      (select count(*)::int from notifications.device d where d.user_id = ${userId}) as devices,
      (select number from notifications.phone p where p.user_id = ${userId} and p.confirmed_at is not null) as phone`.execute(
    db,
  );
  const [row] = rows;
  return {
    manner: row?.manner ? mannerOf(row.manner) : null,
    preferences: new Map((row?.preferences ?? []).map((one) => [one.topic, one])),
    devices: row?.devices ?? 0,
    phone: row?.phone ?? null,
  };
};
