import { userById } from "@evx/accounts";
import type { Tx } from "@evx/db";
import { enqueue } from "@evx/jobs";
import { type Id, newId } from "@evx/kernel";
import type { Role } from "@evx/rpc";
import { sendEmail, sendPush, sendSms } from "./events.ts";
import { deadlineOf, leavingOf, usualManner } from "./policy.ts";
import { insertNotifications, type NewNotification } from "./queries/notifications.ts";
import { reachOf } from "./queries/ways.ts";
import { type Switched, usualWays } from "./schema.ts";
import { checkDetails, type Details, type TemplateName, topicOf, write } from "./templates.ts";

/** The part of the web app in which a role works, as it stands in addresses. */
const areas: Record<Role, string> = { ev_owner: "owner", buyer: "buyer", cva: "cva", admin: "admin" };

export type NewNotice = {
  readonly userId: Id<"user">;
  readonly template: TemplateName;
  readonly details: Details;
  /** Names what happened: `order:ord_…:completed`. Told again under the same name, nothing is added. */
  readonly source: string;
};

const senders = { email: sendEmail, push: sendPush, sms: sendSms } as const;

/** Queues what hands a message over, at once or when it may leave. */
export const queueSending = (
  tx: Tx,
  { id, channel, runAt }: { id: Id<"notification">; channel: Switched; runAt?: Date | null | undefined },
): Promise<void> => enqueue(tx, senders[channel], { notificationId: id }, runAt ? { runAt } : {});

/** On which channels a person is told of a topic: what has none is mailed and pushed whatever they chose. */
const channelsOf = (
  topic: ReturnType<typeof topicOf>,
  { preferences, devices, phone }: Awaited<ReturnType<typeof reachOf>>,
): Switched[] => {
  const chosen = topic === null ? null : (preferences.get(topic) ?? usualWays(topic));
  return [
    ...(chosen?.email === false ? [] : (["email"] as const)),
    ...(devices > 0 && chosen?.push !== false ? (["push"] as const) : []),
    ...(phone !== null && chosen?.sms ? (["sms"] as const) : []),
  ];
};

/**
 * Tells a person of something in the app and, as they chose, by e-mail, push and SMS, which leave after the transaction has
 * committed. Somebody who no longer exists is told nothing. Throws when the template needs what `details` do not give:
 * the job fails and waits for an operator, and nobody reads a sentence with a hole.
 */
export const notify = (tx: Tx, notice: NewNotice): Promise<void> => notifyAll(tx, [notice]);

/** The same for several at once: what they leave is written in one statement. */
export const notifyAll = async (tx: Tx, notices: readonly NewNotice[]): Promise<void> => {
  const rows: NewNotification[] = [];
  for (const notice of notices) rows.push(...(await messagesOf(tx, notice)));
  if (rows.length === 0) return;
  for (const { id, channel, digest, not_before } of await insertNotifications(tx, rows))
    if (channel !== "in_app" && !digest) await queueSending(tx, { id, channel, runAt: not_before });
};

/** One notice as its receiver chose to get it: in the app, and on each of their channels. */
const messagesOf = async (
  tx: Tx,
  { userId, template, details, source }: NewNotice,
): Promise<NewNotification[]> => {
  const user = await userById(tx, userId);
  if (!user) return [];
  const full = { ...details, area: areas[user.role] };
  checkDetails(template, full);
  const reach = await reachOf(tx, userId);
  const [topic, manner, deadline] = [topicOf(template), reach.manner ?? usualManner, deadlineOf(full)];
  const base = {
    user_id: userId,
    template,
    details: full,
    subject: null,
    message: null,
    link: write(template, full, "en").link,
    source,
  };
  return [
    { ...base, id: newId("notification"), channel: "in_app", status: "unread" },
    ...channelsOf(topic, reach).map((channel): NewNotification => {
      const { notBefore, digest } = leavingOf(tx.at, manner, { channel, topic, deadline });
      return { ...base, id: newId("notification"), channel, status: "queued", not_before: notBefore, digest };
    }),
  ];
};
