import type { Db } from "@evx/db";
import type { Id, Locale } from "@evx/kernel";
import { wordsOf } from "./inbox.ts";
import { undeliveredReason } from "./policy.ts";
import { toldRows } from "./queries/notifications.ts";

/** What was told by the given notifications: to whom, what, and how it ended, for an operator in their language. */
export const toldBy = async (db: Db, ids: readonly Id<"notification">[], locale: Locale) =>
  (await toldRows(db, ids)).map((row) => ({
    at: row.created_at,
    userId: row.user_id,
    channel: row.channel,
    template: row.template,
    said: wordsOf(row, locale).subject,
    status: row.status,
    reason: row.reason === null ? null : undeliveredReason(row.reason, locale),
  }));
