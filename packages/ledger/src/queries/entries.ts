import { type Db, sql } from "@evx/db";
import type { Id } from "@evx/kernel";

/** Whose entries, and when; up to `to` without it. */
export type EntrySpan = { readonly holder: Id<"user">; readonly from?: Date; readonly to?: Date };

/**
 * A person's next entries, newest first; apart from its rows, so that a test can read its plan. Only what the index on
 * holder and time can answer is asked here: with more conditions the planner misjudges how many rows would pass, and
 * reads and sorts the whole history for one page.
 */
export const entryQuery = (
  db: Db,
  { holder, from, to }: EntrySpan,
  limit: number,
  before: { at: Date; transferId: string; leg: number } | null,
) =>
  db
    .with(
      (cte) => cte("near").materialized(),
      (inner) =>
        inner
          .selectFrom("ledger.entry as e")
          .select(["e.account_id", "e.version", "e.transfer_id", "e.leg", "e.amount", "e.after", "e.at"])
          .where("e.holder", "=", holder)
          .$if(from !== undefined, (query) => query.where("e.at", ">=", from as Date))
          .$if(to !== undefined, (query) => query.where("e.at", "<", to as Date))
          .$if(before !== null, (query) =>
            query.where(
              sql<boolean>`(e.at, e.transfer_id, e.leg) < (${before?.at}::timestamptz, ${before?.transferId}, ${before?.leg}::int2)`,
            ),
          )
          .orderBy("e.at", "desc")
          .orderBy("e.transfer_id", "desc")
          .orderBy("e.leg", "desc")
          .limit(limit),
    )
    .selectFrom("near as e")
    .innerJoin("ledger.transfer as t", "t.id", "e.transfer_id")
    .select([
      "e.account_id",
      "e.version",
      "e.transfer_id",
      "e.leg",
      "e.amount",
      "e.after",
      "e.at",
      "t.kind",
      "t.memo",
    ])
    .orderBy("e.at", "desc")
    .orderBy("e.transfer_id", "desc")
    .orderBy("e.leg", "desc");

export const entryRows = (...asked: Parameters<typeof entryQuery>) => entryQuery(...asked).execute();
