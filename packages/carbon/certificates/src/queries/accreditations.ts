import { type Database, type Db, sql, type Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Insertable, Selectable } from "kysely";

export type AccreditationRow = Pick<
  Selectable<Database["verification.accreditation"]>,
  "reviewer_id" | "body" | "number" | "assurance" | "valid_until" | "at"
>;

export const insertAccreditation = async (
  tx: Tx,
  row: Insertable<Database["verification.accreditation"]>,
): Promise<void> => {
  await tx.insertInto("verification.accreditation").values(row).execute();
};

/** What was last entered of each auditor by a moment; of all where none are named. */
export const accreditationsAt = (
  db: Db,
  at: Date,
  reviewerIds?: readonly Id<"user">[],
): Promise<AccreditationRow[]> => {
  let query = db
    .selectFrom("verification.accreditation")
    .distinctOn("reviewer_id")
    .select(["reviewer_id", "body", "number", "assurance", "valid_until", "at"])
    .where("at", "<=", at)
    .orderBy("reviewer_id")
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(1_000);
  if (reviewerIds) query = query.where("reviewer_id", "=", sql<Id<"user">>`any(${[...reviewerIds]}::text[])`);
  return query.execute();
};
