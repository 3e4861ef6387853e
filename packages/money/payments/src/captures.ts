import type { CheckoutState } from "@evx/adapters";
import type { Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { type Id, isCurrency, type Minor, namedId, sha256Hex } from "@evx/kernel";
import { escrow, post } from "@evx/ledger";
import { sourceOf } from "./balance.ts";
import { inBooks } from "./charges.ts";
import { announce, followDispute } from "./disputes.ts";
import { paymentFailed } from "./events.ts";
import { locked, moveTo, named } from "./payments.ts";
import { isUnpaid, isWhatWasAsked } from "./policy.ts";
import {
  type AttemptRow,
  attemptRows,
  changeAttempt,
  changePayment,
  keepLook,
  keepReceived,
  type PaymentRow,
} from "./queries/payments.ts";
import { refundsOfAttempt } from "./queries/refunds.ts";
import { takeOutsideRefund, takeReturned } from "./refund-endings.ts";
import { openRefund, receivedBy } from "./refunds.ts";

/** Books what a page brought in: the gateway has it for us, and it lies in the order's escrow. */
const bookCapture = async (tx: Tx, payment: PaymentRow, attempt: AttemptRow): Promise<void> => {
  const { amount, currency } = receivedBy(payment, attempt);
  await post(tx, {
    id: await namedId("transfer", `capture ${payment.id} ${attempt.number}`),
    kind: "capture",
    legs: [
      { account: sourceOf(payment, attempt, currency), amount: -amount },
      { account: escrow(currency, payment.order_id), amount },
    ],
    memo: { paymentId: payment.id, attempt: attempt.number },
  });
};

/** What of a page without a sale went back at the gateway: given back there, or taken by the buyer's bank. */
const goneOf = ({ refunded, dispute, disputed }: CheckoutState): Minor =>
  dispute === "lost" ? refunded + (disputed ?? 0n) : refunded;

/** Books money that no sale is waiting for and gives it back: what is left of it, where a part went back before. */
const giveBack = async (
  tx: Tx,
  payment: PaymentRow,
  attempt: AttemptRow,
  state: CheckoutState,
  reason: string,
): Promise<void> => {
  await bookCapture(tx, payment, attempt);
  if (await takeOutsideRefund(tx, payment, attempt, goneOf(state))) return;
  await openRefund(tx, payment, attempt, reason);
};

/** A page was paid with another amount or currency than asked: flagged, never settled, and given back as it came. */
const arriveWrong = async (
  tx: Tx,
  payment: PaymentRow,
  attempt: AttemptRow,
  state: CheckoutState,
): Promise<void> => {
  const failure = "amount_mismatch";
  await keepLook(tx, attempt, state, "mismatch");
  if (isUnpaid(payment.status)) {
    await moveTo(tx, payment, "failed", { failure, flag: failure });
    await emit(tx, paymentFailed, { ...named(payment), reason: failure, final: true });
  } else {
    await changePayment(tx, payment.id, { flag: failure });
  }
  // Nothing arrived, or in a currency that the books do not know: only the flag can tell.
  if (state.amount <= 0n || !isCurrency(state.currency)) return;
  const received = { received_minor: state.amount, received_currency: state.currency };
  await keepReceived(tx, attempt, received);
  await giveBack(tx, payment, { ...attempt, ...received }, state, failure);
};

/**
 * A part went back of which the gateway does not say how much, and we asked for none. Until an operator has told it, the
 * payment is not settled. Answers whether it is so.
 */
const keepFromSale = async (
  tx: Tx,
  payment: PaymentRow,
  attempt: AttemptRow,
  { uncounted }: CheckoutState,
): Promise<boolean> => {
  if (!uncounted || payment.refunding_at !== null || payment.flag !== null) return false;
  const rows = await refundsOfAttempt(tx, payment.id, attempt.number);
  if (rows.some(({ status }) => status !== "failed")) return false;
  const kept = payment.settled_at === null ? { refunding_at: tx.at } : {};
  await changePayment(tx, payment.id, { flag: "refunded_outside", ...kept });
  return true;
};

/** A page turned out to be paid. Its money is taken once; what comes on top goes back; what was not asked is flagged. */
const arrive = async (
  tx: Tx,
  payment: PaymentRow,
  attempt: AttemptRow,
  state: CheckoutState,
): Promise<void> => {
  if (!isWhatWasAsked(payment, state)) return arriveWrong(tx, payment, attempt, state);
  if (payment.attempt !== null) {
    await keepLook(tx, attempt, state, "surplus");
    return giveBack(tx, payment, attempt, state, "surplus");
  }
  await keepLook(tx, attempt, state, "paid", {
    ...(state.payer ? { payer_digest: await sha256Hex(`${attempt.gateway} ${state.payer}`) } : {}),
  });
  await moveTo(tx, payment, "captured", {
    attempt: attempt.number,
    captured_at: tx.at,
    method: attempt.gateway,
    failure: null,
  });
  await bookCapture(tx, payment, attempt);
  const captured = await locked(tx, payment.id);
  // Money that went back before we looked was never ours to deliver for: then nobody is told that it came.
  if (await takeOutsideRefund(tx, captured, attempt, state.refunded)) return;
  if (await keepFromSale(tx, captured, attempt, state)) return;
  await announce(tx, captured);
  if (state.dispute) await followDispute(tx, captured, state.dispute, state);
};

/** A page that brought no sale is looked at again: what went back there without our asking is booked. */
const followPage = async (
  tx: Tx,
  payment: PaymentRow,
  attempt: AttemptRow,
  state: CheckoutState,
): Promise<void> => {
  // In a currency that the books do not know nothing was booked.
  if (attempt.status === "mismatch" && attempt.received_minor === null) return;
  await takeOutsideRefund(tx, payment, attempt, goneOf(state));
};

/**
 * Takes in what a gateway says of one page. Runs any number of times, in any order, beside itself:
 * the payment's lock makes them take turns, and each fact changes something only the first time. `asked` is when the
 * gateway was asked, where it was just now.
 */
export const applyCheckout = async (
  tx: Tx,
  paymentId: Id<"payment">,
  number: number,
  said: CheckoutState,
  asked?: Date,
): Promise<void> => {
  const payment = await locked(tx, paymentId);
  const attempt = (await attemptRows(tx, paymentId)).find((row) => row.number === number);
  if (!attempt) return;
  const state = inBooks(payment, attempt, said);
  const waiting = attempt.status === "opening" || attempt.status === "open" || attempt.status === "closed";
  if (state.status === "paid") {
    if (waiting) return arrive(tx, payment, attempt, state);
    await changeAttempt(tx, paymentId, number, {});
    if (attempt.status !== "paid") return followPage(tx, payment, attempt, state);
    const outside = await takeOutsideRefund(tx, payment, attempt, state.refunded);
    await keepFromSale(tx, payment, attempt, state);
    // An answer that another one overtook tells nothing of less than was known.
    if (asked && attempt.looked_at <= asked && !outside && !state.silent)
      await takeReturned(tx, payment, attempt, state.refunded);
    if (state.dispute)
      await followDispute(tx, outside ? await locked(tx, paymentId) : payment, state.dispute, state);
    return;
  }
  if (!waiting) return;
  await keepLook(tx, attempt, state, state.status === "expired" ? "closed" : "open");
  if (!isUnpaid(payment.status)) return;
  // The stock is kept while the window is open, and no longer: money that comes after it is given back.
  if (state.status === "pending") {
    if (payment.status !== "authorized") await moveTo(tx, payment, "authorized", { failure: null });
    return;
  }
  const refused = state.status === "declined" || (state.status === "expired" && state.failure !== null);
  if (refused && payment.failure !== state.failure) {
    const failure = state.failure ?? "card_declined";
    if (payment.status === "failed") await changePayment(tx, payment.id, { failure });
    else await moveTo(tx, payment, "failed", { failure });
    await emit(tx, paymentFailed, { ...named(payment), reason: failure, final: false });
  }
};
