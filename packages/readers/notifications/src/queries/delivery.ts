/** What waits to be sent, how it ended, and what could not be sent. */
import { type Db, sql, type Tx } from "@evx/db";
import { afterId, type Id } from "@evx/kernel";
import type { Switched } from "../schema.ts";
import type { NotificationRow } from "./notifications.ts";

/** Notes how the sending of what was queued ended, with all that a summary took up; what ended before stays as it was. */
export const endQueued = async (
  tx: Tx,
  id: Id<"notification">,
  status: "sent" | "failed",
  reason: string | null,
): Promise<void> => {
  await tx
    .updateTable("notifications.notification")
    .set({ status, reason })
    .where((eb) => eb.or([eb("id", "=", id), eb("digest_id", "=", id)]))
    .where("status", "=", "queued")
    .execute();
};

/** Notes when something was first handed over; answers that moment. */
export const noteTried = async (tx: Tx, id: Id<"notification">): Promise<void> => {
  await tx
    .updateTable("notifications.notification")
    .set({ tried_at: tx.at })
    .where("id", "=", id)
    .where("tried_at", "is", null)
    .execute();
};

/** Locks a message; whether it still waits to be sent by itself. */
export const lockQueued = async (tx: Tx, id: Id<"notification">): Promise<boolean> => {
  const row = await tx
    .selectFrom("notifications.notification")
    .select(["status", "digest", "digest_id"])
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  return row?.status === "queued" && !row.digest && row.digest_id === null;
};

/** Messages of a channel that should have left before `until` and have not ended, the oldest first. */
export const forgottenRows = async (
  db: Db,
  channel: Switched,
  until: Date,
  limit: number,
): Promise<{ id: Id<"notification"> }[]> => {
  const { rows } = await sql<{ id: Id<"notification"> }>`
    select id from notifications.notification
    where status = 'queued' and channel = ${channel} and not digest and digest_id is null
      and created_at < ${until} and (not_before is null or not_before < ${until})
    order by created_at limit ${limit}`.execute(db);
  return rows;
};

/** People of whose waiting mails at least one is due in a summary. */
export const peopleDue = async (db: Db, at: Date, limit: number): Promise<Id<"user">[]> => {
  const { rows } = await sql<{ user_id: Id<"user"> }>`
    select distinct user_id from notifications.notification
    where status = 'queued' and digest and not_before <= ${at} limit ${limit}`.execute(db);
  return rows.map(({ user_id }) => user_id);
};

/** Takes all mails that wait for a person's summary out of the wait, the oldest first. */
export const takeWaiting = async (tx: Tx, userId: Id<"user">): Promise<Id<"notification">[]> => {
  const { rows } = await sql<{ id: Id<"notification"> }>`
    with waiting as (
      select id from notifications.notification
      where user_id = ${userId} and status = 'queued' and digest order by id for update)
    update notifications.notification n set digest = false from waiting w where n.id = w.id returning n.id`.execute(
    tx,
  );
  return rows.map(({ id }) => id).sort();
};

export const putInDigest = async (
  tx: Tx,
  ids: readonly Id<"notification">[],
  digestId: Id<"notification">,
): Promise<void> => {
  await tx
    .updateTable("notifications.notification")
    .set({ digest_id: digestId })
    .where("id", "=", sql<Id<"notification">>`any(${[...ids]}::text[])`)
    .execute();
};

/** A person who no longer wants summaries gets what waits for one at once. */
export const hastenDigest = async (tx: Tx, userId: Id<"user">): Promise<void> => {
  await tx
    .updateTable("notifications.notification")
    .set({ not_before: tx.at })
    .where("user_id", "=", userId)
    .where("status", "=", "queued")
    .where("digest", "=", true)
    .execute();
};

export type InDigest = Pick<NotificationRow, "id" | "template" | "details" | "subject" | "message" | "link">;

/** What a summary took up, in order. */
export const rowsOfDigest = async (db: Db, digestId: Id<"notification">): Promise<InDigest[]> =>
  db
    .selectFrom("notifications.notification")
    .select(["id", "template", "details", "subject", "message", "link"])
    .where("digest_id", "=", digestId)
    .orderBy("id")
    .execute();

const failedRows = (db: Db) =>
  db
    .selectFrom("notifications.notification")
    .select([
      "id",
      "user_id",
      "channel",
      "template",
      "details",
      "subject",
      "message",
      "link",
      "reason",
      "created_at",
    ])
    .where("status", "=", "failed")
    .where("digest_id", "is", null);

export type UndeliveredRow = Awaited<ReturnType<ReturnType<typeof failedRows>["execute"]>>[number];

/** What could not be sent, the newest first. */
export const undeliveredRows = (
  db: Db,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<UndeliveredRow[]> => {
  const after = afterId("notification", cursor);
  return failedRows(db)
    .where((eb) => (after === null ? eb.lit(true) : eb("id", "<", after)))
    .orderBy("id", "desc")
    .limit(limit + 1)
    .execute();
};

/** Queues failed messages anew with all their time; answers those that were failed. */
export const queueAgain = async (
  tx: Tx,
  ids: readonly Id<"notification">[],
): Promise<{ id: Id<"notification">; channel: Switched }[]> => {
  const { rows } = await sql<{ id: Id<"notification">; channel: Switched }>`
    with again as (
      select id from notifications.notification
      where id = any(${[...ids]}::text[]) and status = 'failed' order by id for update)
    update notifications.notification n
      set status = 'queued', reason = null, not_before = ${tx.at} from again a where n.id = a.id
    returning n.id, n.channel`.execute(tx);
  await tx
    .updateTable("notifications.notification")
    .set({ status: "queued", reason: null })
    .where("digest_id", "=", sql<Id<"notification">>`any(${rows.map(({ id }) => id)}::text[])`)
    .where("status", "=", "failed")
    .execute();
  return rows;
};

/** The person and the channel of a message by its id; for what comes back about it later. */
export const mailRow = async (
  db: Db,
  id: Id<"notification">,
): Promise<{ user_id: Id<"user">; source: string } | undefined> =>
  db
    .selectFrom("notifications.notification")
    .select(["user_id", "source"])
    .where("id", "=", id)
    .where("channel", "=", "email")
    .executeTakeFirst();

/** A mail came back after it had been handed over: sent is not delivered. */
export const noteReturned = async (tx: Tx, id: Id<"notification">, reason: string): Promise<void> => {
  await tx
    .updateTable("notifications.notification")
    .set({ status: "failed", reason })
    .where((eb) => eb.or([eb("id", "=", id), eb("digest_id", "=", id)]))
    .where("status", "in", ["sent", "queued"])
    .execute();
};

/**
 * How many messages wait, or were written within a week and have failed, by channel: for those who watch. What an address that
 * is no more refused stays in the operator's list for good, and nobody could ever end an alert that counts it.
 */
export const deliveryCounts = async (
  db: Db,
  at: Date,
): Promise<{ channel: Switched; status: "queued" | "failed"; count: bigint; oldest: Date | null }[]> => {
  const { rows } = await sql<{
    channel: Switched;
    status: "queued" | "failed";
    count: bigint;
    oldest: Date | null;
  }>`select channel, status, count(*) as count, min(coalesce(not_before, created_at)) as oldest
     from notifications.notification
     where digest_id is null and (
       (status = 'queued' and coalesce(not_before, created_at) <= ${at})
       or (status = 'failed' and created_at > ${at}::timestamptz - interval '7 days'))
     group by channel, status order by channel, status`.execute(db);
  return rows;
};
