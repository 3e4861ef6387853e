import { userById } from "@evx/accounts";
import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import { enqueue } from "@evx/jobs";
import { type Id, type Locale, type Page, pageFrom } from "@evx/kernel";
import type { Actor, LiveSource } from "@evx/rpc";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { sendEmail } from "./events.ts";
import {
  inboxVersions,
  insertNotifications,
  markRead,
  type NotificationRow,
  notificationRow,
  notificationRows,
  setWanted,
  unreadCount,
  unwantedTopics,
} from "./queries/notifications.ts";
import { type NotificationView, type SendNotification, type Topic, topics } from "./schema.ts";
import { type Details, isTemplate, write } from "./templates.ts";

type View = v.InferInput<typeof NotificationView>;

/** What a row says, in the reader's language if the words are ours. */
export const wordsOf = (
  row: NotificationRow,
  locale: Locale,
): { subject: string; message: string; link: string | null } =>
  row.template && isTemplate(row.template)
    ? write(row.template, row.details as Details, locale)
    : { subject: row.subject ?? "", message: row.message ?? "", link: row.link };

const notificationView = (row: NotificationRow, locale: Locale): View => ({
  id: row.id,
  type: row.channel,
  ...wordsOf(row, locale),
  status: row.status,
  readAt: row.read_at,
  createdAt: row.created_at,
});

/** A person's notifications of all channels, newest first. */
export const inboxOf = async (
  db: Db,
  input: { userId: Id<"user">; limit: number; cursor?: string | undefined },
  locale: Locale,
): Promise<Page<View>> => {
  const rows = await notificationRows(db, input.userId, input);
  return pageFrom(
    rows,
    input.limit,
    (row) => notificationView(row, locale),
    (row) => [row.id],
  );
};

/** Marks one of the actor's own notifications as read. Refuses `notification_not_found`. */
export const readOne = async (
  tx: Tx,
  actor: Actor,
  id: Id<"notification">,
  locale: Locale,
): Promise<{ notification: View }> => {
  const row = await notificationRow(tx, id);
  if (!row || row.user_id !== actor.id) throw refuse("notification_not_found");
  await markRead(tx, actor.id, id);
  return { notification: notificationView((await notificationRow(tx, id)) as NotificationRow, locale) };
};

export const readAll = async (tx: Tx, actor: Actor): Promise<{ unread: number }> => {
  await markRead(tx, actor.id);
  return { unread: 0 };
};

export const unreadOf = async (db: Db, actor: Actor): Promise<{ unread: number }> => ({
  unread: await unreadCount(db, actor.id),
});

/**
 * An operator writes to one person. In the app at once; by e-mail through the mail server.
 * Refuses `notification_receiver_unknown`, and `notification_channel_unavailable` for SMS and push.
 */
export const sendByHand = async (
  tx: Tx,
  operator: Actor,
  id: Id<"notification">,
  { userId, type, subject, message }: v.InferOutput<typeof SendNotification>,
  locale: Locale,
): Promise<{ notification: View }> => {
  if (type === "sms" || type === "push") throw refuse("notification_channel_unavailable", { channel: type });
  if (!(await userById(tx, userId))) throw refuse("notification_receiver_unknown");
  const status = type === "email" ? "queued" : "unread";
  const row = {
    id,
    user_id: userId,
    channel: type,
    template: null,
    details: {},
    subject,
    message,
    link: null,
    status,
    source: id,
  } as const;
  const [made] = await insertNotifications(tx, [row]);
  if (made && type === "email") await enqueue(tx, sendEmail, { notificationId: id });
  if (made) await audit(tx, operator, "notification.send", id, { after: { userId, type, subject } });
  return {
    notification: notificationView(made ?? ((await notificationRow(tx, id)) as NotificationRow), locale),
  };
};

/** Which e-mails a person gets, by topic. */
export const preferencesOf = async (
  db: Db,
  actor: Actor,
): Promise<{ items: { topic: Topic; email: boolean }[] }> => {
  const unwanted = await unwantedTopics(db, actor.id);
  return { items: topics.map((topic) => ({ topic, email: !unwanted.has(topic) })) };
};

export const setPreference = async (
  tx: Tx,
  actor: Actor,
  { topic, email }: { topic: Topic; email: boolean },
) => {
  await setWanted(tx, actor.id, topic, email);
  return preferencesOf(tx, actor);
};

/** Changes when a person gets a notification or reads one. */
export const inboxSource: LiveSource = { name: "notifications.inbox", versions: inboxVersions };
