import { type Db, sql, type Tx } from "@evx/db";
import { afterId, type Id } from "@evx/kernel";
import type { Channel, Status, Topic } from "../schema.ts";

export type NotificationRow = {
  id: Id<"notification">;
  user_id: Id<"user">;
  channel: Channel;
  template: string | null;
  details: unknown;
  subject: string | null;
  message: string | null;
  link: string | null;
  status: Status;
  read_at: Date | null;
  created_at: Date;
};

const columns = [
  "id",
  "user_id",
  "channel",
  "template",
  "details",
  "subject",
  "message",
  "link",
  "status",
  "read_at",
  "created_at",
] as const;

export type NewNotification = Omit<NotificationRow, "details" | "read_at" | "created_at"> & {
  details: Record<string, string | number>;
  source: string;
};

/** Answers the rows that are new; those whose happening was told already are left out. */
export const insertNotifications = async (
  tx: Tx,
  rows: readonly NewNotification[],
): Promise<NotificationRow[]> => {
  if (rows.length === 0) return [];
  const inserted = await tx
    .insertInto("notifications.notification")
    .values(rows.map((row) => ({ ...row, read_at: null, reason: null, created_at: tx.at })))
    .onConflict((conflict) => conflict.columns(["user_id", "channel", "source"]).doNothing())
    .returning(columns)
    .execute();
  return inserted as NotificationRow[];
};

export const notificationRows = async (
  db: Db,
  userId: Id<"user">,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<NotificationRow[]> => {
  const after = afterId("notification", cursor);
  const rows = await db
    .selectFrom("notifications.notification")
    .select(columns)
    .where("user_id", "=", userId)
    .where((eb) => (after === null ? eb.lit(true) : eb("id", "<", after)))
    .orderBy("id", "desc")
    .limit(limit + 1)
    .execute();
  return rows as NotificationRow[];
};

export const notificationRow = async (db: Db, id: Id<"notification">): Promise<NotificationRow | undefined> =>
  (await db
    .selectFrom("notifications.notification")
    .select(columns)
    .where("id", "=", id)
    .executeTakeFirst()) as NotificationRow | undefined;

/** Marks as read what is still unread; reading twice keeps the first moment. */
export const markRead = async (tx: Tx, userId: Id<"user">, id?: Id<"notification">): Promise<void> => {
  await tx
    .updateTable("notifications.notification")
    .set({ status: "read", read_at: tx.at })
    .where("user_id", "=", userId)
    .where("status", "=", "unread")
    .where((eb) => (id === undefined ? eb.lit(true) : eb("id", "=", id)))
    .execute();
};

export const unreadCount = async (db: Db, userId: Id<"user">): Promise<number> => {
  const { count } = await db
    .selectFrom("notifications.notification")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("user_id", "=", userId)
    .where("status", "=", "unread")
    .executeTakeFirstOrThrow();
  return Number(count);
};

/** Notes how the sending of a queued e-mail ended; one that ended before stays as it was. */
export const endQueued = async (
  tx: Tx,
  id: Id<"notification">,
  status: "sent" | "failed",
  reason: string | null,
): Promise<void> => {
  await tx
    .updateTable("notifications.notification")
    .set({ status, reason })
    .where("id", "=", id)
    .where("status", "=", "queued")
    .execute();
};

/** Of which topics a person wants no e-mail. */
export const unwantedTopics = async (db: Db, userId: Id<"user">): Promise<Set<Topic>> => {
  const rows = await db
    .selectFrom("notifications.preference")
    .select("topic")
    .where("user_id", "=", userId)
    .where("email", "=", false)
    .execute();
  return new Set(rows.map(({ topic }) => topic as Topic));
};

export const setWanted = async (tx: Tx, userId: Id<"user">, topic: Topic, email: boolean): Promise<void> => {
  await tx
    .insertInto("notifications.preference")
    .values({ user_id: userId, topic, email, changed_at: tx.at })
    .onConflict((conflict) =>
      conflict.columns(["user_id", "topic"]).doUpdateSet({ email, changed_at: tx.at }),
    )
    .execute();
};

/** The newest notification and the number of unread ones of each person: changes when either does. */
export const inboxVersions = async (db: Db, userIds: readonly string[]): Promise<Map<string, string>> => {
  const { rows } = await sql<{ user_id: string; version: string }>`
    select person as user_id, coalesce(newest, '') || ':' || unread as version
    from unnest(${userIds}::text[]) person
    left join lateral (
      select max(id) as newest, count(*) filter (where status = 'unread') as unread
      from (
        select id, status from notifications.notification
        where user_id = person and channel = 'in_app' order by id desc limit 100
      ) latest
    ) inbox on true`.execute(db);
  return new Map(rows.map(({ user_id, version }) => [user_id, version]));
};

/** Locks an e-mail; whether it still waits to be sent. */
export const lockQueued = async (tx: Tx, id: Id<"notification">): Promise<boolean> => {
  const row = await tx
    .selectFrom("notifications.notification")
    .select("status")
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  return row?.status === "queued";
};

/** E-mails that were queued before `until` and have not ended, the oldest first. */
export const queuedMails = async (
  db: Db,
  until: Date,
  limit: number,
): Promise<{ id: Id<"notification"> }[]> => {
  const { rows } = await sql<{ id: Id<"notification"> }>`
    select id from notifications.notification
    where status = 'queued' and channel = 'email' and created_at < ${until}
    order by created_at limit ${limit}`.execute(db);
  return rows;
};

/** What was told by the given notifications: to whom, of what, and how it ended. */
export const toldBy = (db: Db, ids: readonly Id<"notification">[]) =>
  db
    .selectFrom("notifications.notification")
    .select(["id", "created_at", "user_id", "channel", "template", "source", "status", "reason"])
    .where("source", "in", (query) =>
      query
        .selectFrom("notifications.notification")
        .select("source")
        .where("id", "=", sql<Id<"notification">>`any(${[...ids]}::text[])`),
    )
    .orderBy("id")
    .execute();
