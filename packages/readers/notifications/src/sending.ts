/** Hands what is queued to mail server, push services and SMS gateway, and tries again as long as it is of use. */
import { userById } from "@evx/accounts";
import type { Tx } from "@evx/db";
import { enqueue, type JobContext, queueForgotten } from "@evx/jobs";
import { type Id, type Locale, minute_ms, newId, second_ms } from "@evx/kernel";
import { addressOfLeaving } from "./addresses.ts";
import { sendEmail, sendEmailAgain, sendPush, sendPushAgain, sendSms, sendSmsAgain } from "./events.ts";
import { wordsOf } from "./inbox.ts";
import { mailOf, type Said } from "./mail.ts";
import { usefulMs, zoneOf } from "./policy.ts";
import { type NotificationsPorts, Unacceptable } from "./ports.ts";
import { endQueued, forgottenRows, lockQueued, noteTried, rowsOfDigest } from "./queries/delivery.ts";
import { insertNotifications, type NotificationRow, notificationRow } from "./queries/notifications.ts";
import { bouncedRow, dropDevice, mannerRow, noteBounced, phoneRow } from "./queries/ways.ts";
import { type Switched, switched } from "./schema.ts";
import { isTemplate, topicOf } from "./templates.ts";
import { devicesOf } from "./ways.ts";

const longestPauseMs = 15 * minute_ms;
/** A message that has waited so long without a job was missed by something. */
const forgottenAfterMs = 10 * minute_ms;

const jobs = { email: sendEmail, push: sendPush, sms: sendSms } as const;
const again = { email: sendEmailAgain, push: sendPushAgain, sms: sendSmsAgain } as const;

type Receiver = { id: Id<"user">; email: string; locale: Locale; zone: string; leaveToken: string | null };
type Sending = { job: JobContext; ports: NotificationsPorts; row: NotificationRow; receiver: Receiver };

/** What a summary says: one entry for each thing that happened. */
const entriesOf = async ({ job, row, receiver }: Sending): Promise<Said[]> =>
  row.template === "digest"
    ? (await rowsOfDigest(job.db, row.id)).map((one) => wordsOf(one, receiver.locale, receiver.zone))
    : [];

/** Throws `Unacceptable` for an address that takes no mail, and what the mailer throws. */
const mailIt = async (sending: Sending): Promise<void> => {
  const { job, ports, row, receiver } = sending;
  const stopped = await bouncedRow(job.db, receiver.email);
  if (stopped) throw new Unacceptable(`The address takes no mail: ${stopped.reason}`, false);
  const topic = row.template && isTemplate(row.template) ? topicOf(row.template) : null;
  const leave = topic ? await addressOfLeaving(job, ports.publicUrl, receiver, topic) : undefined;
  const said = { ...wordsOf(row, receiver.locale, receiver.zone), entries: await entriesOf(sending), leave };
  // Should this process die before its end is noted, the mail goes out again under the same Message-ID, rather than
  // not at all.
  await ports.mailer.send({ id: row.id, ...mailOf(receiver.email, said, ports.publicUrl, receiver.locale) });
};

/** A push goes to every browser of the person; those that no longer want any are forgotten. */
const pushIt = async ({ job, ports, row, receiver }: Sending): Promise<void> => {
  const { push } = ports;
  if (!push) throw new Unacceptable("No key for pushes is set up.", false);
  const { subject: title, message: body, link } = wordsOf(row, receiver.locale, receiver.zone);
  const until = (row.not_before ?? row.created_at).getTime() + usefulMs.push;
  const ttl_s = (until - job.clock.now().getTime()) / second_ms;
  const ends = await Promise.all(
    (await devicesOf(job.db, receiver.id)).map(async (device) => {
      try {
        await push.send(device, { id: row.id, title, body, link }, ttl_s);
        return null;
      } catch (error) {
        if (error instanceof Unacceptable && error.lasting)
          await job.transact((tx) => dropDevice(tx, device.id));
        return error;
      }
    }),
  );
  if (ends.length === 0) throw new Unacceptable("No browser takes pushes any more.", false);
  // One that took it is enough; a browser that gets it twice shows it once, since it knows the id.
  if (ends.some((end) => end === null)) return;
  throw ends.find((end) => !(end instanceof Unacceptable)) ?? ends[0];
};

const textIt = async ({ job, ports, row, receiver }: Sending): Promise<void> => {
  if (!ports.sms) throw new Unacceptable("No SMS gateway is set up.", false);
  const phone = await phoneRow(job.db, receiver.id);
  if (!phone?.confirmed_at) throw new Unacceptable("There is no confirmed telephone number any more.", false);
  const { subject, message, link } = wordsOf(row, receiver.locale, receiver.zone);
  const text = [subject, message, ...(link ? [new URL(link, ports.publicUrl).href] : [])]
    .join("\n")
    .slice(0, 1_000);
  await job.transact((tx) => noteTried(tx, row.id));
  await ports.sms.send({ to: phone.number, text, triedSince: row.tried_at });
};

const ways: Record<Switched, (sending: Sending) => Promise<void>> = {
  email: mailIt,
  push: pushIt,
  sms: textIt,
};

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 300);

/** An address that takes no mail is noted, and the person reads in the app why they get none. */
const stopMails = async (tx: Tx, { id: userId, email }: Receiver, reason: string): Promise<void> => {
  await noteBounced(tx, email, { kind: "bounced", reason });
  await insertNotifications(tx, [
    {
      id: newId("notification"),
      user_id: userId,
      channel: "in_app",
      template: "address_bounced",
      details: { email },
      subject: null,
      message: null,
      link: "/notifications",
      status: "unread",
      source: `bounced:${email}:${tx.at.toISOString().slice(0, 10)}`,
    },
  ]);
};

/** Tries again later, or gives up what has been of no use for long; its row says so and why. */
const afterFailure = async (
  { job, row, receiver }: Sending,
  channel: Switched,
  { error, tries }: { error: unknown; tries: number },
): Promise<void> => {
  const end = (reason: string) => job.transact((tx) => endQueued(tx, row.id, "failed", reason));
  const about = { error, notificationId: row.id, channel, requestId: job.requestId, tries: tries + 1 };
  if (error instanceof Unacceptable) {
    job.log.warn(about, "a message was refused for good");
    return job.transact(async (tx) => {
      await endQueued(tx, row.id, "failed", `Refused: ${messageOf(error)}`);
      if (channel === "email" && error.lasting) await stopMails(tx, receiver, messageOf(error));
    });
  }
  const now = job.clock.now().getTime();
  if (now - (row.not_before ?? row.created_at).getTime() >= usefulMs[channel]) {
    job.log.error(about, "a message could not be sent while it was of use and is given up");
    const span = channel === "sms" ? "six hours" : "a day";
    return end(`Given up after ${tries + 1} tries in ${span}: ${messageOf(error)}`);
  }
  const waitMs = Math.min(longestPauseMs, 5_000 * 2 ** tries);
  job.log.warn({ ...about, waitMs }, "a message could not be sent; it waits");
  const runAt = new Date(now + waitMs);
  return job.transact((tx) =>
    enqueue(tx, again[channel], { notificationId: row.id, tries: tries + 1 }, { runAt }),
  );
};

/**
 * Hands a queued message over on its channel. What is away delays it, by 5 s at first and at most 15 minutes, as long as
 * the message is of use; then its row says that it was given up and why.
 */
export const sendQueued = async (
  job: JobContext,
  ports: NotificationsPorts,
  { notificationId, tries }: { notificationId: Id<"notification">; tries: number },
): Promise<void> => {
  const row = await notificationRow(job.db, notificationId);
  if (row?.status !== "queued" || row.channel === "in_app" || row.digest || row.digest_id) return;
  const { channel } = row;
  if (row.not_before && row.not_before > job.clock.now()) {
    const runAt = row.not_before;
    return job.transact((tx) => enqueue(tx, jobs[channel], { notificationId, tries }, { runAt }));
  }
  const receiver = await userById(job.db, row.user_id);
  if (!receiver)
    return job.transact((tx) => endQueued(tx, notificationId, "failed", "The receiver no longer exists."));
  const manner = await mannerRow(job.db, receiver.id);
  const [zone, leaveToken] = [zoneOf(manner, receiver.locale), manner?.leaveToken ?? null];
  const sending = { job, ports, row, receiver: { ...receiver, zone, leaveToken } };
  try {
    await ways[channel](sending);
  } catch (error) {
    return afterFailure(sending, channel, { error, tries });
  }
  await job.transact((tx) => endQueued(tx, notificationId, "sent", null));
};

/** Queues messages again that no job is about to send: whatever became of their jobs, the rows still wait. */
export const queueForgottenMessages = async (job: JobContext): Promise<void> => {
  const until = new Date(job.clock.now().getTime() - forgottenAfterMs);
  for (const channel of switched) {
    const ids = (await forgottenRows(job.db, channel, until, 1_000)).map(({ id }) => id);
    await queueForgotten(
      job,
      {
        job: jobs[channel],
        others: [again[channel]],
        field: "notificationId",
        payload: (notificationId: Id<"notification">) => ({ notificationId }),
        stillWaits: lockQueued,
      },
      ids,
    );
  }
};
