import { userById } from "@evx/accounts";
import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import { type Id, type Locale, type Page, pageFrom } from "@evx/kernel";
import type { Actor, Live, LiveSource } from "@evx/rpc";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { queueSending } from "./notify.ts";
import { zoneOf } from "./policy.ts";
import {
  inboxVersions,
  insertNotifications,
  markRead,
  type NotificationRow,
  notificationRow,
  notificationRows,
  unreadCount,
  unreadIn,
} from "./queries/notifications.ts";
import { mannerRow, preferenceRows, reachOf, setWanted } from "./queries/ways.ts";
import {
  type Channel,
  type NotificationView,
  type SendNotification,
  type SetPreference,
  type Switched,
  type Topic,
  topics,
  usualWays,
} from "./schema.ts";
import { type Details, isTemplate, write } from "./templates.ts";

type View = v.InferInput<typeof NotificationView>;

/** What a row says, in the reader's language if the words are ours. */
export const wordsOf = (
  row: Pick<NotificationRow, "template" | "details" | "subject" | "message" | "link">,
  locale: Locale,
  zone?: string,
): { subject: string; message: string; link: string | null } =>
  row.template && isTemplate(row.template)
    ? write(row.template, row.details as Details, locale, zone)
    : { subject: row.subject ?? "", message: row.message ?? "", link: row.link };

const notificationView = (row: NotificationRow, locale: Locale, zone?: string): View => ({
  id: row.id,
  type: row.channel,
  ...wordsOf(row, locale, zone),
  status: row.status,
  readAt: row.read_at,
  createdAt: row.created_at,
});

/** A person's notifications of all channels, or of one, newest first. */
export const inboxOf = async (
  db: Db,
  input: { userId: Id<"user">; limit: number; cursor?: string | undefined; type?: Channel | undefined },
  locale: Locale,
): Promise<Page<View>> => {
  const rows = await notificationRows(db, input.userId, input);
  const zone = zoneOf(await mannerRow(db, input.userId), locale);
  return pageFrom(
    rows,
    input.limit,
    (row) => notificationView(row, locale, zone),
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
  const zone = zoneOf(await mannerRow(tx, actor.id), locale);
  return { notification: notificationView((await notificationRow(tx, id)) as NotificationRow, locale, zone) };
};

export const readAll = async (tx: Tx, actor: Actor): Promise<{ unread: number }> => {
  await markRead(tx, actor.id);
  return { unread: 0 };
};

export const unreadOf = async (db: Db, actor: Actor): Promise<{ unread: number }> => ({
  unread: await unreadCount(db, actor.id),
});

/** Refuses `notification_channel_unavailable` where the person has no way to get it. */
const requireWay = async (tx: Tx, userId: Id<"user">, type: Channel): Promise<void> => {
  if (type !== "sms" && type !== "push") return;
  const { phone, devices } = await reachOf(tx, userId);
  if (type === "sms" ? phone === null : devices === 0)
    throw refuse("notification_channel_unavailable", { channel: type });
};

/**
 * An operator writes to one person. In the app at once; by e-mail, push and SMS as soon as the gateway takes it.
 * Refuses `notification_receiver_unknown`, and `notification_channel_unavailable` for SMS and push to somebody who
 * confirmed no number, or has no browser that takes pushes.
 */
export const sendByHand = async (
  tx: Tx,
  operator: Actor,
  id: Id<"notification">,
  { userId, type, subject, message }: v.InferOutput<typeof SendNotification>,
  locale: Locale,
): Promise<{ notification: View }> => {
  if (!(await userById(tx, userId))) throw refuse("notification_receiver_unknown");
  await requireWay(tx, userId, type);
  const status = type === "in_app" ? "unread" : "queued";
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
  if (made && type !== "in_app") await queueSending(tx, { id, channel: type });
  if (made) await audit(tx, operator, "notification.send", id, { after: { userId, type, subject } });
  return {
    notification: notificationView(made ?? ((await notificationRow(tx, id)) as NotificationRow), locale),
  };
};

type Preference = { topic: Topic } & Record<Switched, boolean>;

/** By which ways a person is told of what: as `usualWays` says, until they choose. */
export const preferencesOf = async (db: Db, actor: Actor): Promise<{ items: Preference[] }> => {
  const chosen = new Map((await preferenceRows(db, actor.id)).map((row) => [row.topic, row]));
  return {
    items: topics.map((topic) => chosen.get(topic) ?? { topic, ...usualWays(topic) }),
  };
};

export const setPreference = async (
  tx: Tx,
  actor: Actor,
  { topic, ...wanted }: v.InferOutput<typeof SetPreference>,
) => {
  await setWanted(tx, actor.id, topic, wanted);
  return preferencesOf(tx, actor);
};

/** Changes when a person gets a notification or reads one. */
const inboxSource: LiveSource = { name: "notifications.inbox", versions: inboxVersions };

/** The unread number now and after each change, up to 100; asked once for a person, however many tabs watch. */
export async function* watchUnread(
  live: Live,
  actor: Actor,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ unread: number }, void, void> {
  for await (const version of live.watch(inboxSource, actor.id, signal)) yield { unread: unreadIn(version) };
}
