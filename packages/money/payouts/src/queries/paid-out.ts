import { type Db, inPortion, mostOf, type Portion } from "@evx/db";

/** Withdrawals that reached a bank, by id: for read models. */
export const paidOutRows = (db: Db, portion: Portion) =>
  db
    .selectFrom("payments.withdrawal")
    .select(["id", "user_id", "amount_minor", "settled_at", "requested_at"])
    .where("status", "=", "completed")
    .where(inPortion("id", portion))
    .orderBy("id")
    .limit(mostOf(portion))
    .execute();
