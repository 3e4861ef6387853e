import type { CheckoutState, GatewayName } from "@evx/adapters";
import type { Db, Tx } from "@evx/db";
import type { Id, Minor } from "@evx/kernel";
import type { PaymentStatus } from "../lifecycle.ts";
import { nextLook } from "../policy.ts";

/** Through which gateway money comes, or out of the buyer's own balance. */
export type PaidBy = GatewayName | "balance";

const columns = [
  "id",
  "order_id",
  "buyer_id",
  "seller_id",
  "amount_minor",
  "currency",
  "description",
  "status",
  "method",
  "attempt",
  "captured_at",
  "settled_at",
  "refunding_at",
  "refunded_minor",
  "charged_back_at",
  "sale_id",
  "failure",
  "flag",
  "expires_at",
  "created_at",
] as const;

export type PaymentRow = NonNullable<Awaited<ReturnType<typeof paymentRow>>>;

export const paymentRow = (db: Db, id: Id<"payment">) =>
  db.selectFrom("payments.payment").select(columns).where("id", "=", id).executeTakeFirst();

export const paymentOfOrderRow = (db: Db, orderId: Id<"order">) =>
  db.selectFrom("payments.payment").select(columns).where("order_id", "=", orderId).executeTakeFirst();

export const lockPayment = (tx: Tx, id: Id<"payment">) =>
  tx.selectFrom("payments.payment").select(columns).where("id", "=", id).forUpdate().executeTakeFirst();

export const lockPaymentOfOrder = (tx: Tx, orderId: Id<"order">) =>
  tx
    .selectFrom("payments.payment")
    .select(columns)
    .where("order_id", "=", orderId)
    .forUpdate()
    .executeTakeFirst();

export type NewPayment = {
  readonly id: Id<"payment">;
  readonly orderId: Id<"order">;
  readonly buyerId: Id<"user">;
  readonly sellerId: Id<"user">;
  readonly amount_minor: Minor;
  readonly currency: string;
  readonly description: string;
  readonly expiresAt: Date;
};

/** Answers whether the row is new: the id or the order may have one already. */
export const insertPayment = async (tx: Tx, payment: NewPayment): Promise<boolean> => {
  const row = await tx
    .insertInto("payments.payment")
    .values({
      id: payment.id,
      order_id: payment.orderId,
      buyer_id: payment.buyerId,
      seller_id: payment.sellerId,
      amount_minor: payment.amount_minor,
      currency: payment.currency,
      description: payment.description,
      expires_at: payment.expiresAt,
      created_at: tx.at,
      changed_at: tx.at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
};

export type PaymentChange = {
  status?: PaymentStatus;
  method?: PaidBy;
  attempt?: number;
  captured_at?: Date;
  refunding_at?: Date | null;
  refunded_minor?: Minor;
  charged_back_at?: Date | null;
  failure?: string | null;
  flag?: "amount_mismatch" | "refund_failed" | "refunded_outside" | "dispute_lost" | null;
};

export const changePayment = (tx: Tx, id: Id<"payment">, change: PaymentChange) =>
  tx
    .updateTable("payments.payment")
    .set({ ...change, changed_at: tx.at })
    .where("id", "=", id)
    .execute();

const attemptColumns = [
  "payment_id",
  "number",
  "gateway",
  "status",
  "ref",
  "redirect_url",
  "charge_ref",
  "received_minor",
  "received_currency",
  "charged_minor",
  "charged_currency",
  "charged_rate",
  "fee_minor",
  "locale",
  "expires_at",
  "opened_at",
  "looked_at",
  "look_again_at",
] as const;

export type AttemptRow = Awaited<ReturnType<typeof attemptRows>>[number];

/** All payment pages of a payment, oldest first. */
export const attemptRows = (db: Db, paymentId: Id<"payment">) =>
  db
    .selectFrom("payments.attempt")
    .select(attemptColumns)
    .where("payment_id", "=", paymentId)
    .orderBy("number")
    .execute();

export const insertAttempt = (
  tx: Tx,
  attempt: {
    paymentId: Id<"payment">;
    number: number;
    gateway: PaidBy;
    locale: string;
    expiresAt: Date;
    /** What the gateway is asked for, where it is not the payment's own amount. */
    charged?: { amount: Minor; currency: string; rate?: string } | null;
  },
) =>
  tx
    .insertInto("payments.attempt")
    .values({
      payment_id: attempt.paymentId,
      number: attempt.number,
      gateway: attempt.gateway,
      status: "opening",
      locale: attempt.locale,
      expires_at: attempt.expiresAt,
      charged_minor: attempt.charged?.amount ?? null,
      charged_currency: attempt.charged?.currency ?? null,
      charged_rate: attempt.charged?.rate ?? null,
      opened_at: tx.at,
      looked_at: tx.at,
    })
    .returning(attemptColumns)
    .executeTakeFirstOrThrow();

export const changeAttempt = (
  tx: Tx,
  paymentId: Id<"payment">,
  number: number,
  change: {
    status?: AttemptRow["status"];
    ref?: string;
    redirect_url?: string | null;
    charge_ref?: string | null;
    payer_digest?: string;
    look_again_at?: Date | null;
  },
) =>
  tx
    .updateTable("payments.attempt")
    .set({ ...change, looked_at: tx.at })
    .where("payment_id", "=", paymentId)
    .where("number", "=", number)
    .execute();

/** What a page brought in that was not what was asked. */
export const keepReceived = (
  tx: Tx,
  attempt: AttemptRow,
  received: { received_minor: Minor; received_currency: string },
) =>
  tx
    .updateTable("payments.attempt")
    .set(received)
    .where("payment_id", "=", attempt.payment_id)
    .where("number", "=", attempt.number)
    .execute();

/**
 * What the gateway said of a page, kept even when nothing changed, so that it is not asked again too soon. One that was
 * closed is asked about again all the same, unless its gateway takes nothing on it any more.
 */
export const keepLook = (
  tx: Tx,
  attempt: AttemptRow,
  state: CheckoutState,
  status: AttemptRow["status"],
  more: { payer_digest?: string } = {},
) =>
  changeAttempt(tx, attempt.payment_id, attempt.number, {
    ...more,
    status,
    redirect_url: state.redirectUrl,
    charge_ref: state.chargeRef,
    look_again_at: status === "closed" && !state.final ? nextLook(tx.at, tx.at) : null,
  });

/** A closed page has brought nothing so far: when it is asked about again follows from when it was closed. */
export const lookLater = (
  tx: Tx,
  attempt: AttemptRow,
  at: Date | null = nextLook(attempt.looked_at, tx.at),
) =>
  tx
    .updateTable("payments.attempt")
    .set({ look_again_at: at })
    .where("payment_id", "=", attempt.payment_id)
    .where("number", "=", attempt.number)
    .where("status", "=", "closed")
    .execute();

export const paymentIdOfCharge = async (db: Db, chargeRef: string): Promise<Id<"payment"> | null> => {
  const row = await db
    .selectFrom("payments.attempt")
    .select("payment_id")
    .where("charge_ref", "=", chargeRef)
    .executeTakeFirst();
  return row?.payment_id ?? null;
};

/** The page that a gateway names by the beginning of its ref, up to the first full stop. */
export const attemptOfPage = (db: Db, gateway: GatewayName, ref: string) =>
  db
    .selectFrom("payments.attempt")
    .select(attemptColumns)
    .where("gateway", "=", gateway)
    .where("ref", "like", `${ref.replace(/[^A-Za-z0-9]/g, "")}.%`)
    .executeTakeFirst();

/** Open pages of a gateway about which nothing was heard since a moment, those asked about longest ago first. */
export const quietAttempts = (db: Db, gateway: GatewayName, before: Date, limit: number) =>
  db
    .selectFrom("payments.attempt")
    .select(["payment_id", "number"])
    .where("gateway", "=", gateway)
    .where("status", "in", ["opening", "open"])
    .where("looked_at", "<", before)
    .orderBy("looked_at")
    .limit(limit)
    .execute();

/** Closed pages of a gateway that are to be asked about once more. */
export const closedAttempts = (db: Db, gateway: GatewayName, at: Date, limit: number) =>
  db
    .selectFrom("payments.attempt")
    .select(attemptColumns)
    .where("gateway", "=", gateway)
    .where("look_again_at", "<=", at)
    .orderBy("look_again_at")
    .limit(limit)
    .execute();

/** Settled payments after a place in the order of their opening. */
export const settledRows = (db: Db, after: { at: Date; id: string }, limit: number) =>
  db
    .selectFrom("payments.payment")
    .select(["id", "created_at"])
    .where("settled_at", "is not", null)
    .where((eb) =>
      eb.or([
        eb("created_at", ">", after.at),
        eb.and([eb("created_at", "=", after.at), eb(eb.cast<string>("id", "text"), ">", after.id)]),
      ]),
    )
    .orderBy("created_at")
    .orderBy("id")
    .limit(limit)
    .execute();

/** Payments whose window is over and that nobody paid. */
export const overduePayments = (db: Db, at: Date, limit: number) =>
  db
    .selectFrom("payments.payment")
    .select(["id"])
    .where("status", "in", ["created", "authorized", "failed"])
    .where("expires_at", "<=", at)
    .orderBy("expires_at")
    .limit(limit)
    .execute();
