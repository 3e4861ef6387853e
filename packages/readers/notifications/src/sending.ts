import { userById } from "@evx/accounts";
import { enqueue, type JobContext, queueForgotten } from "@evx/jobs";
import type { Id } from "@evx/kernel";
import { day_ms } from "@evx/kernel";
import { sendEmail } from "./events.ts";
import { wordsOf } from "./inbox.ts";
import { mailOf } from "./mail.ts";
import type { NotificationsPorts } from "./ports.ts";
import { endQueued, lockQueued, notificationRow, queuedMails } from "./queries/notifications.ts";

/** A mail that tells of something a day later than it happened is of no use. */
const usefulMs = day_ms;
const longestPauseMs = 15 * 60_000;
/** A mail that has waited so long without a job was missed by something. */
const forgottenAfterMs = 10 * 60_000;

/**
 * Hands a queued mail to the mail server. A server that is away delays it, by 5 s at first and at most 15 minutes, until
 * it is a day old; then its row says that it was given up and why.
 */
export const sendQueued = async (
  job: JobContext,
  { mailer, publicUrl }: NotificationsPorts,
  { notificationId, tries }: { notificationId: Id<"notification">; tries: number },
): Promise<void> => {
  const row = await notificationRow(job.db, notificationId);
  if (row?.status !== "queued") return;
  const end = (status: "sent" | "failed", reason: string | null) =>
    job.transact((tx) => endQueued(tx, notificationId, status, reason));
  const receiver = await userById(job.db, row.user_id);
  if (!receiver) return end("failed", "The receiver no longer exists.");
  const mail = mailOf(receiver.email, wordsOf(row, receiver.locale), publicUrl, receiver.locale);
  try {
    // Should this process die before the next line is done, the mail goes out again under the same Message-ID,
    // rather than not at all.
    await mailer.send({ id: row.id, ...mail });
  } catch (error) {
    const about = { error, notificationId, requestId: job.requestId, tries: tries + 1 };
    const now = job.clock.now().getTime();
    if (now - row.created_at.getTime() >= usefulMs) {
      job.log.error(about, "a mail could not be sent for a day and is given up");
      return end("failed", `Given up after ${tries + 1} tries in a day: ${messageOf(error)}`);
    }
    const waitMs = Math.min(longestPauseMs, 5_000 * 2 ** tries);
    job.log.warn({ ...about, waitMs }, "a mail could not be sent; it waits");
    const runAt = new Date(now + waitMs);
    return job.transact((tx) => enqueue(tx, sendEmail, { notificationId, tries: tries + 1 }, { runAt }));
  }
  await end("sent", null);
};

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 300);

/** Queues again the mails that no job is about to send: whatever became of their jobs, the rows still wait. */
export const queueForgottenMails = async (job: JobContext): Promise<void> => {
  const until = new Date(job.clock.now().getTime() - forgottenAfterMs);
  const ids = (await queuedMails(job.db, until, 1_000)).map(({ id }) => id);
  await queueForgotten(
    job,
    {
      job: sendEmail,
      field: "notificationId",
      payload: (notificationId: Id<"notification">) => ({ notificationId }),
      stillWaits: lockQueued,
    },
    ids,
  );
};
