import type { Db, Tx } from "@evx/db";
import type { Id, Minor } from "@evx/kernel";

export type DisputeRow = NonNullable<Awaited<ReturnType<typeof disputeRow>>>;

export const disputeRow = (db: Db, paymentId: Id<"payment">) =>
  db.selectFrom("payments.dispute").selectAll().where("payment_id", "=", paymentId).executeTakeFirst();

/** Keeps a dispute when it is first heard of; the first word stays. */
export const insertDispute = (tx: Tx, paymentId: Id<"payment">, amount_minor: Minor) =>
  tx
    .insertInto("payments.dispute")
    .values({ payment_id: paymentId, status: "open", amount_minor, opened_at: tx.at })
    .onConflict((conflict) => conflict.column("payment_id").doNothing())
    .execute();

export const changeDispute = (
  tx: Tx,
  paymentId: Id<"payment">,
  change: {
    status?: DisputeRow["status"];
    decided_at?: Date | null;
    losses?: number;
    shares?: string | null;
    fee_minor?: Minor;
    amount_minor?: Minor;
    answered_at?: Date;
  },
) => tx.updateTable("payments.dispute").set(change).where("payment_id", "=", paymentId).execute();
