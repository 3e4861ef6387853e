import { type Db, inPortion, mostOf, type Portion } from "@evx/db";

/** Payments that their buyers' banks disputed, by id, with since when: for read models. */
export const disputedRows = (db: Db, portion: Portion) =>
  db
    .selectFrom("payments.dispute")
    .select(["payment_id", "opened_at"])
    .where(inPortion("payment_id", portion))
    .orderBy("payment_id")
    .limit(mostOf(portion))
    .execute();
