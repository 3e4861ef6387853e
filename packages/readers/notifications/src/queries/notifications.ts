import { type Db, sql, type Tx } from "@evx/db";
import { afterId, type Id } from "@evx/kernel";
import type { Channel, Status } from "../schema.ts";

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
  /** When it may leave, whether it waits for a summary, and by which one it went. */
  not_before: Date | null;
  digest: boolean;
  digest_id: Id<"notification"> | null;
  tried_at: Date | null;
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
  "not_before",
  "digest",
  "digest_id",
  "tried_at",
] as const;

type Later = "not_before" | "digest" | "digest_id" | "tried_at";

export type NewNotification = Omit<NotificationRow, "details" | "read_at" | "created_at" | Later> &
  Partial<Pick<NotificationRow, Later>> & {
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
  { limit, cursor, type }: { limit: number; cursor?: string | undefined; type?: Channel | undefined },
): Promise<NotificationRow[]> => {
  const after = afterId("notification", cursor);
  const rows = await db
    .selectFrom("notifications.notification")
    .select(columns)
    .where("user_id", "=", userId)
    .where((eb) => (after === null ? eb.lit(true) : eb("id", "<", after)))
    .where((eb) => (type === undefined ? eb.lit(true) : eb("channel", "=", type)))
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

/** More unread ones than these are not counted for a bell. */
const mostCounted = 100;

/** The newest notification and the number of unread ones (up to 100) of each person: changes when either does. */
export const inboxVersions = async (db: Db, userIds: readonly string[]): Promise<Map<string, string>> => {
  const { rows } = await sql<{ user_id: string; version: string }>`
    select person as user_id, coalesce(newest, '') || ':' || unread as version
    from unnest(${userIds}::text[]) person
    left join lateral (
      select max(id) as newest from notifications.notification
      where user_id = person and channel = 'in_app') latest on true
    left join lateral (
      select count(*) as unread from (
        select from notifications.notification where user_id = person and status = 'unread' limit ${mostCounted}) unread_ones
    ) counted on true`.execute(db);
  return new Map(rows.map(({ user_id, version }) => [user_id, version]));
};

/** The unread number that a version says. */
export const unreadIn = (version: string): number => Number(version.slice(version.lastIndexOf(":") + 1));

/** What was told by the given notifications: to whom, of what, and how it ended. */
export const toldRows = (db: Db, ids: readonly Id<"notification">[]) =>
  db
    .selectFrom("notifications.notification")
    .select(["created_at", "user_id", "channel", "template", "details", "subject", "message", "link"])
    .select(["status", "reason"])
    .where("source", "in", (query) =>
      query
        .selectFrom("notifications.notification")
        .select("source")
        .where("id", "=", sql<Id<"notification">>`any(${[...ids]}::text[])`),
    )
    .orderBy("id")
    .execute();
