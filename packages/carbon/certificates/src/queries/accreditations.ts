import { type Database, type Db, sql, type Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Insertable, Selectable } from "kysely";

export type AccreditationRow = Pick<
  Selectable<Database["verification.accreditation"]>,
  "reviewer_id" | "body" | "number" | "assurance" | "valid_until" | "at"
>;

const columns = ["reviewer_id", "body", "number", "assurance", "valid_until", "at"] as const;

/** Answers the row as it was kept: its moment is not before any batch's that was issued by then. */
export const insertAccreditation = (
  tx: Tx,
  row: Insertable<Database["verification.accreditation"]>,
): Promise<AccreditationRow> =>
  tx.insertInto("verification.accreditation").values(row).returning(columns).executeTakeFirstOrThrow();

/** What had been entered of an auditor before a moment, as the log's entry of a batch of that moment says it. */
export const accreditationBefore = (
  db: Db,
  reviewerId: Id<"user">,
  at: Date,
): Promise<AccreditationRow | undefined> =>
  db
    .selectFrom("verification.accreditation")
    .select(columns)
    .where("reviewer_id", "=", reviewerId)
    .where("at", "<", at)
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();

/** What was last entered of each auditor by a moment; of all where none are named. */
export const accreditationsAt = (
  db: Db,
  at: Date,
  reviewerIds?: readonly Id<"user">[],
): Promise<AccreditationRow[]> => {
  let query = db
    .selectFrom("verification.accreditation")
    .distinctOn("reviewer_id")
    .select(columns)
    .where("at", "<=", at)
    .orderBy("reviewer_id")
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(1_000);
  if (reviewerIds) query = query.where("reviewer_id", "=", sql<Id<"user">>`any(${[...reviewerIds]}::text[])`);
  return query.execute();
};
