import type { Tx } from "@evx/db";
import { emit, enqueue } from "@evx/jobs";
import { type Id, namedId } from "@evx/kernel";
import { clearing, escrow, hold, post } from "@evx/ledger";
import { refuse } from "./errors.ts";
import { paymentRefunded } from "./events.ts";
import type { RefundState } from "./gateways/gateway.ts";
import { sendRefund } from "./jobs.ts";
import { currencyOf, locked, moveTo, named } from "./payments.ts";
import { type AttemptRow, attemptRows, changePayment, type PaymentRow } from "./queries/payments.ts";
import {
  changeRefund,
  insertRefund,
  lockRefund,
  type RefundRow,
  refundRow,
  refundsOfAttempt,
} from "./queries/refunds.ts";

/** Why money goes back to a buyer. */
export type RefundReason = "order_expired" | "order_cancelled" | "sold_out" | "operator" | "surplus";

/** One whole refund belongs to one paid page, so its name follows from the page's. */
const nameOfRefund = (paymentId: Id<"payment">, attempt: number): Promise<Id<"refund">> =>
  namedId("refund", `${paymentId} ${attempt}`);

/** Sets a page's money aside in escrow for its buyer and lets a job send it back. */
export const openRefund = async (
  tx: Tx,
  payment: PaymentRow,
  attempt: number,
  reason: string,
): Promise<Id<"refund">> => {
  const id = await nameOfRefund(payment.id, attempt);
  const refund = { id, paymentId: payment.id, attempt, amount_minor: payment.amount_minor, reason };
  if (!(await insertRefund(tx, refund))) return id;
  if (attempt === payment.attempt) await changePayment(tx, payment.id, { refunding_at: tx.at });
  await enqueue(tx, sendRefund, { refundId: id });
  await hold(tx, {
    id,
    account: escrow(currencyOf(payment), payment.order_id),
    amount: payment.amount_minor,
  });
  return id;
};

/**
 * Gives a buyer their whole payment back, out of escrow. Asking again names the same refund.
 * Refuses `payment_settled` once the seller has the money, and `payment_not_captured` when there is none.
 */
export const refundPayment = async (
  tx: Tx,
  { paymentId, reason, note }: { paymentId: Id<"payment">; reason: RefundReason; note?: string },
): Promise<{ refundId: Id<"refund"> }> => {
  const payment = await locked(tx, paymentId);
  if (payment.attempt === null) throw refuse("payment_not_captured");
  const refundId = await nameOfRefund(paymentId, payment.attempt);
  if (await refundRow(tx, refundId)) return { refundId };
  if (payment.settled_at) throw refuse("payment_settled");
  if (payment.status !== "captured") throw refuse("payment_not_captured");
  await openRefund(tx, payment, payment.attempt, note ? `${reason}: ${note}` : reason);
  return { refundId };
};

/** How much of a page's money we have asked the gateway to give back. */
export const refundedBy = async (tx: Tx, paymentId: Id<"payment">, attempt: number): Promise<bigint> => {
  const rows = await refundsOfAttempt(tx, paymentId, attempt);
  return rows.reduce((sum, row) => sum + row.amount_minor, 0n);
};

const bookRefund = async (
  tx: Tx,
  payment: PaymentRow,
  refund: RefundRow,
  gateway: AttemptRow["gateway"],
  direction: "out" | "back",
): Promise<void> => {
  const currency = currencyOf(payment);
  const sign = direction === "out" ? 1n : -1n;
  await post(tx, {
    id: await namedId("transfer", `refund ${refund.id} ${direction}`),
    kind: direction === "out" ? "refund" : "correction",
    legs: [
      {
        account: escrow(currency, payment.order_id),
        amount: -sign * refund.amount_minor,
      },
      { account: clearing(currency, gateway), amount: sign * refund.amount_minor },
    ],
    memo: { refundId: refund.id },
    ...(direction === "out" ? { releases: [refund.id] } : {}),
  });
};

/** Takes in what a gateway says of a refund; any number of times, in any order. */
export const applyRefund = async (tx: Tx, refundId: Id<"refund">, state: RefundState): Promise<void> => {
  const known = await refundRow(tx, refundId);
  if (!known) return;
  const payment = await locked(tx, known.payment_id);
  const refund = await lockRefund(tx, refundId);
  const attempt = (await attemptRows(tx, known.payment_id)).find((row) => row.number === known.attempt);
  if (!refund || !attempt || refund.status === "failed") return;
  const ofPayment = refund.attempt === payment.attempt;
  if (state.status === "pending") {
    if (refund.status === "succeeded") return;
    await changeRefund(tx, refundId, { status: "sent", ref: state.ref });
    return;
  }
  if (state.status === "succeeded") {
    if (refund.status === "succeeded") return;
    await changeRefund(tx, refundId, { status: "succeeded", ref: state.ref, ended_at: tx.at });
    if (ofPayment) {
      await moveTo(tx, payment, "refunded", { refunded_minor: refund.amount_minor });
      await emit(tx, paymentRefunded, {
        ...named(payment),
        refundId: refund.id,
        amountMinor: refund.amount_minor.toString(),
        currency: payment.currency,
        reason: refund.reason,
      });
    }
    await bookRefund(tx, payment, refund, attempt.gateway, "out");
    return;
  }
  // The card's bank did not take it. The money is in escrow and stays set aside until an operator finds a way.
  const returned = refund.status === "succeeded";
  await changeRefund(tx, refundId, {
    status: "failed",
    ...(state.ref ? { ref: state.ref } : {}),
    failure: state.failure ?? "unknown",
    ended_at: tx.at,
  });
  if (returned && ofPayment) {
    await moveTo(tx, payment, "captured", { refunded_minor: 0n, flag: "refund_failed" });
  } else {
    await changePayment(tx, payment.id, { flag: "refund_failed" });
  }
  if (returned) {
    await bookRefund(tx, payment, refund, attempt.gateway, "back");
    await hold(tx, {
      id: `${refund.id}_returned`,
      account: escrow(currencyOf(payment), payment.order_id),
      amount: refund.amount_minor,
    });
  }
};
