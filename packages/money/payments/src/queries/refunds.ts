import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { PaidBy } from "./payments.ts";

const columns = [
  "id",
  "payment_id",
  "attempt",
  "amount_minor",
  "charged_minor",
  "reason",
  "status",
  "ref",
  "failure",
  "hold_id",
  "hold_freed_at",
  "shares",
  "returned_at",
  "requested_at",
  "looked_at",
  // The column is older than the word: *settled* is what the posting of a sale is.
  "settled_at as ended_at",
] as const;

export type RefundRow = NonNullable<Awaited<ReturnType<typeof refundRow>>>;

export const refundRow = (db: Db, id: Id<"refund">) =>
  db.selectFrom("payments.refund").select(columns).where("id", "=", id).executeTakeFirst();

export const lockRefund = (tx: Tx, id: Id<"refund">) =>
  tx.selectFrom("payments.refund").select(columns).where("id", "=", id).forUpdate().executeTakeFirst();

export const refundsOfAttempt = (db: Db, paymentId: Id<"payment">, attempt: number) =>
  db
    .selectFrom("payments.refund")
    .select(columns)
    .where("payment_id", "=", paymentId)
    .where("attempt", "=", attempt)
    .orderBy("requested_at")
    .orderBy("id")
    .execute();

export const refundsOfPayment = (db: Db, paymentId: Id<"payment">) =>
  db
    .selectFrom("payments.refund")
    .select(columns)
    .where("payment_id", "=", paymentId)
    .orderBy("requested_at")
    .orderBy("id")
    .execute();

/** Money that went back without our asking: a row of its own, done from the start. Answers whether it is new. */
export const insertOutsideRefund = async (
  tx: Tx,
  refund: {
    id: Id<"refund">;
    paymentId: Id<"payment">;
    attempt: number;
    amount_minor: bigint;
    charged_minor: bigint | null;
  },
): Promise<boolean> => {
  const row = await tx
    .insertInto("payments.refund")
    .values({
      id: refund.id,
      payment_id: refund.paymentId,
      attempt: refund.attempt,
      amount_minor: refund.amount_minor,
      charged_minor: refund.charged_minor,
      reason: "outside",
      status: "succeeded",
      requested_at: tx.at,
      looked_at: tx.at,
      settled_at: tx.at,
    })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
};

/** Answers whether the row is new. */
export const insertRefund = async (
  tx: Tx,
  refund: {
    id: Id<"refund">;
    paymentId: Id<"payment">;
    attempt: number;
    amount_minor: bigint;
    /** What the gateway is asked for, where it charged another currency. */
    charged_minor: bigint | null;
    reason: string;
    /** Whom it is taken back from, where the sale was settled, as JSON. */
    shares?: string | null;
  },
): Promise<boolean> => {
  const row = await tx
    .insertInto("payments.refund")
    .values({
      id: refund.id,
      payment_id: refund.paymentId,
      attempt: refund.attempt,
      amount_minor: refund.amount_minor,
      charged_minor: refund.charged_minor,
      reason: refund.reason,
      shares: refund.shares ?? null,
      status: "requested",
      requested_at: tx.at,
      looked_at: tx.at,
    })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
};

export const changeRefund = (
  tx: Tx,
  id: Id<"refund">,
  {
    ended_at,
    ...change
  }: {
    status?: RefundRow["status"];
    ref?: string;
    failure?: string | null;
    hold_id?: string;
    hold_freed_at?: Date;
    returned_at?: Date;
    ended_at?: Date | null;
  },
) =>
  tx
    .updateTable("payments.refund")
    .set({ ...change, looked_at: tx.at, ...(ended_at === undefined ? {} : { settled_at: ended_at }) })
    .where("id", "=", id)
    .execute();

/** Refunds by a way to pay that are not finished and about which nothing was heard since a moment. */
export const quietRefunds = (db: Db, method: PaidBy, before: Date, limit: number) =>
  db
    .selectFrom("payments.refund as r")
    .innerJoin("payments.attempt as a", (join) =>
      join.onRef("a.payment_id", "=", "r.payment_id").onRef("a.number", "=", "r.attempt"),
    )
    .select("r.id")
    .where("a.gateway", "=", method)
    .where("r.status", "in", ["requested", "sent"])
    .where("r.looked_at", "<", before)
    .orderBy("r.looked_at")
    .limit(limit)
    .execute();
