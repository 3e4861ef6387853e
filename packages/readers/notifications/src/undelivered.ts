/** What could not be sent, for an operator: why, and once more. */
import { displayNames } from "@evx/accounts";
import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import { type Id, type Locale, type Page, pageFrom } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { wordsOf } from "./inbox.ts";
import { queueSending } from "./notify.ts";
import { undeliveredReason } from "./policy.ts";
import { queueAgain, undeliveredRows } from "./queries/delivery.ts";
import type { Undelivered } from "./schema.ts";

type View = v.InferInput<typeof Undelivered>["items"][number];

/** Messages that were given up or refused for good, the newest first. */
export const undelivered = async (
  db: Db,
  page: { limit: number; cursor?: string | undefined },
  locale: Locale,
): Promise<Page<View>> => {
  const rows = await undeliveredRows(db, page);
  const names = await displayNames(
    db,
    rows.map(({ user_id }) => user_id),
  );
  return pageFrom(
    rows,
    page.limit,
    (row): View => ({
      id: row.id,
      userId: row.user_id,
      name: names.get(row.user_id) ?? "",
      type: row.channel,
      subject: wordsOf(row, locale).subject,
      reason: undeliveredReason(row.reason ?? "", locale),
      createdAt: row.created_at,
    }),
    (row) => [row.id],
  );
};

/** Queues what failed anew, with all its tries. Refuses `nothing_undelivered` when none of them is a failed one. */
export const sendAgain = async (
  tx: Tx,
  operator: Actor,
  { ids }: { ids: readonly Id<"notification">[] },
): Promise<{ queued: number }> => {
  const queued = await queueAgain(tx, ids);
  if (queued.length === 0) throw refuse("nothing_undelivered");
  for (const message of queued) {
    await queueSending(tx, message);
    await audit(tx, operator, "notification.send_again", message.id);
  }
  return { queued: queued.length };
};
