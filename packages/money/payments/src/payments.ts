import type { Db, Tx } from "@evx/db";
import { emit, enqueue } from "@evx/jobs";
import { assert, type Currency, type Id, isCurrency, textFromMinor } from "@evx/kernel";
import { cash, legsOf } from "@evx/ledger";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { paymentFailed } from "./events.ts";
import { closePages } from "./jobs.ts";
import { mayBecome, type PaymentStanding, type PaymentStatus, wayOf } from "./lifecycle.ts";
import { isUnpaid, shownStatus } from "./policy.ts";
import {
  changePayment,
  insertPayment,
  lockPayment,
  type NewPayment,
  type PaymentChange,
  type PaymentRow,
  paymentOfOrderRow,
  paymentRow,
  settledRows,
} from "./queries/payments.ts";
import type * as S from "./schema.ts";

/** A payment as its buyer, its seller and the API see it, its moments still dates. */
export type PaymentView = v.InferInput<typeof S.Payment>;

/** The currency of a row of ours; anything else in it is a bug. */
export const currencyOf = (row: { currency: string }): Currency => {
  assert(isCurrency(row.currency), `${row.currency} is a currency of the venue`);
  return row.currency;
};

export const paymentView = (row: PaymentRow, now: Date): PaymentView => ({
  id: row.id,
  orderId: row.order_id,
  status: shownStatus(row),
  method: row.method,
  amount: textFromMinor(row.amount_minor, currencyOf(row)),
  currency: row.currency,
  captured: row.captured_at !== null,
  awaited: row.status === "authorized",
  disputed: row.status === "disputed",
  failure: row.failure,
  payable: wayOf(row).pay === "page" && row.expires_at > now,
  expiresAt: row.expires_at,
  createdAt: row.created_at,
  paidAt: row.captured_at,
});

/** What an event says of a payment. */
export const named = (row: PaymentRow) => ({
  paymentId: row.id,
  orderId: row.order_id,
  buyerId: row.buyer_id,
});

/**
 * Opens the payment of an order: one per order, named by the caller. The same again changes nothing;
 * another content under the id or for the order is refused with `payment_id_reused`.
 */
export const openPayment = async (tx: Tx, payment: NewPayment): Promise<void> => {
  assert(payment.amount_minor > 0n, `${payment.id} asks for more than nothing`);
  if (await insertPayment(tx, payment)) return;
  const row = await paymentOfOrderRow(tx, payment.orderId);
  const same =
    row?.id === payment.id &&
    row.buyer_id === payment.buyerId &&
    row.seller_id === payment.sellerId &&
    row.amount_minor === payment.amount_minor &&
    row.currency === payment.currency;
  if (!same) throw refuse("payment_id_reused");
};

/** Locks a payment that must exist. */
export const locked = async (tx: Tx, paymentId: Id<"payment">): Promise<PaymentRow> => {
  const row = await lockPayment(tx, paymentId);
  if (!row) throw refuse("payment_unknown");
  return row;
};

/** Moves a locked payment to its next status; a move that the lifecycle does not have is a bug. */
export const moveTo = (
  tx: Tx,
  row: PaymentRow,
  status: PaymentStatus,
  more: Omit<PaymentChange, "status"> = {},
) => {
  assert(mayBecome(row.status, status), `${row.id} may go from ${row.status} to ${status}`);
  return changePayment(tx, row.id, { ...more, status });
};

/**
 * Stops asking the buyer for money: the order was cancelled or ran out. Open pages are closed by a job.
 * Money that arrives all the same still comes as `paymentCaptured`; answer it with `refundPayment`.
 */
export const cancelPayment = async (tx: Tx, { paymentId }: { paymentId: Id<"payment"> }): Promise<void> => {
  const row = await locked(tx, paymentId);
  if (!isUnpaid(row.status)) return;
  await moveTo(tx, row, "expired", { failure: "order_cancelled" });
  await enqueue(tx, closePages, { paymentId });
};

/** Ends a payment whose window is over; does nothing to one that was paid, cancelled or still has time. */
export const expirePayment = async (tx: Tx, paymentId: Id<"payment">): Promise<void> => {
  const row = await locked(tx, paymentId);
  if (!isUnpaid(row.status) || row.expires_at > tx.at) return;
  await moveTo(tx, row, "expired", { failure: row.failure ?? "window_over" });
  await emit(tx, paymentFailed, { ...named(row), reason: "window_over", final: true });
};

/** Where a payment's money stands now. Whoever holds the order's lock sees no older answer than another holder saw. */
export const standingOfPayment = async (db: Db, paymentId: Id<"payment">): Promise<PaymentStanding> => {
  const row = await paymentRow(db, paymentId);
  if (!row) throw refuse("payment_unknown");
  return wayOf(row).sale;
};

/** What was sold for a payment, once it is settled; null before. `total_minor` leaves out what went to the buyer's own balance. */
export const saleOf = async (db: Db, paymentId: Id<"payment">) => {
  const row = await paymentRow(db, paymentId);
  if (!row?.settled_at) return null;
  const currency = currencyOf(row);
  const own = cash(currency, row.buyer_id);
  const change = row.sale_id
    ? (await legsOf(db, row.sale_id)).find(({ account }) => account === own)?.amount
    : undefined;
  return {
    paymentId: row.id,
    orderId: row.order_id,
    buyerId: row.buyer_id,
    sellerId: row.seller_id,
    description: row.description,
    currency,
    total_minor: row.amount_minor - (change ?? 0n),
    settledAt: row.settled_at,
  };
};

/** Settled payments that were opened since a moment, the earliest first: for who must not miss one. */
export async function* settledSince(db: Db, since: Date): AsyncGenerator<Id<"payment">, void, void> {
  for (let after: { at: Date; id: string } = { at: since, id: "" }; ; ) {
    const rows = await settledRows(db, after, 500);
    for (const { id } of rows) yield id;
    const last = rows.at(-1);
    if (!last || rows.length < 500) return;
    after = { at: last.created_at, id: last.id };
  }
}

/** Whether all of a payment's money has gone back after its sale was settled: to its buyer, or to their bank. */
export const wentBackAfterSale = async (db: Db, paymentId: Id<"payment">): Promise<boolean> => {
  const row = await paymentRow(db, paymentId);
  if (!row?.settled_at) return false;
  return row.charged_back_at !== null || row.refunded_minor === row.amount_minor;
};

/** The payment of an order, or null. */
export const paymentOfOrder = async (
  db: Db,
  orderId: Id<"order">,
  now: Date,
): Promise<(PaymentView & { buyerId: Id<"user">; sellerId: Id<"user"> }) | null> => {
  const row = await paymentOfOrderRow(db, orderId);
  if (!row) return null;
  return { ...paymentView(row, now), buyerId: row.buyer_id, sellerId: row.seller_id };
};
