import { defineEvent } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

/** Minor units as decimal text: JSON has no bigint. */
const amount = v.pipe(v.string(), v.regex(/^\d+$/));

const paymentEntries = { paymentId: idOf("payment"), orderId: idOf("order"), buyerId: idOf("user") };

/** The buyer's money has arrived and lies in the order's escrow account. */
export const paymentCaptured = defineEvent(
  "payments.payment_captured",
  v.object({ ...paymentEntries, amountMinor: amount, currency: v.string() }),
);

/**
 * The buyer is not charged. `final` false: a card was declined and another may be tried until the window closes,
 * so the order is kept. `final` true: the window is over or the order was cancelled.
 */
export const paymentFailed = defineEvent(
  "payments.payment_failed",
  v.object({ ...paymentEntries, reason: v.string(), final: v.boolean() }),
);

/** The seller was given the money, and the credits were handed over. Emitted in SQL by `payments.settle`. */
export const paymentSettled = defineEvent(
  "payments.payment_settled",
  v.object({ paymentId: idOf("payment") }),
  { emittedBy: "payments.settle" },
);

/** A refund that was done came back from the buyer's bank: the money is here again. */
export const refundReturned = defineEvent(
  "payments.refund_returned",
  v.object({ ...paymentEntries, refundId: idOf("refund"), amountMinor: amount, currency: v.string() }),
);

/** The buyer's money is on its way back to them, by the gateway's word. */
export const paymentRefunded = defineEvent(
  "payments.payment_refunded",
  v.object({
    ...paymentEntries,
    refundId: idOf("refund"),
    amountMinor: amount,
    currency: v.string(),
    reason: v.string(),
  }),
);

/** What a sale gave to somebody was taken back from them, for a refund or by the buyer's bank: they owe it from now on. */
export const moneyTakenBack = defineEvent(
  "payments.money_taken_back",
  v.object({
    ...paymentEntries,
    userId: idOf("user"),
    amountMinor: amount,
    currency: v.string(),
    /** The refund's id, or which loss of the dispute it was: each is told once. */
    source: v.string(),
    reason: v.picklist(["refund", "dispute"]),
  }),
);

/** The card's holder disputes the payment at their bank, or that was decided. */
export const paymentDisputed = defineEvent(
  "payments.payment_disputed",
  v.object({
    ...paymentEntries,
    sellerId: idOf("user"),
    amountMinor: amount,
    currency: v.string(),
    outcome: v.picklist(["open", "won", "lost"]),
  }),
);

/** A gateway says that something became of a payout. Only a hint: whoever listens asks the gateway what it was. */
export const payoutNoticed = defineEvent(
  "payments.payout_noticed",
  v.object({ withdrawalId: idOf("withdrawal") }),
);
