import type { Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { type Id, namedId } from "@evx/kernel";
import { clearing, escrow, lossAccount, post } from "@evx/ledger";
import { paymentCaptured, paymentDisputed, paymentFailed } from "./events.ts";
import type { CheckoutState } from "./gateways/gateway.ts";
import { currencyOf, locked, moveTo, named } from "./payments.ts";
import { isUnpaid, isWhatWasAsked } from "./policy.ts";
import {
  type AttemptRow,
  attemptRows,
  changeAttempt,
  changePayment,
  keepLook,
  type PaymentRow,
} from "./queries/payments.ts";
import { openRefund, refundedBy } from "./refunds.ts";

/** Books what a page brought in: the gateway has it for us, and it lies in the order's escrow. */
const bookCapture = async (tx: Tx, payment: PaymentRow, attempt: AttemptRow): Promise<void> => {
  const currency = currencyOf(payment);
  await post(tx, {
    id: await namedId("transfer", `capture ${payment.id} ${attempt.number}`),
    kind: "capture",
    legs: [
      { account: clearing(currency, attempt.gateway), amount: -payment.amount_minor },
      { account: escrow(currency, payment.order_id), amount: payment.amount_minor },
    ],
    memo: { paymentId: payment.id, attempt: attempt.number },
  });
};

const announce = (tx: Tx, payment: PaymentRow) =>
  emit(tx, paymentCaptured, {
    ...named(payment),
    amountMinor: payment.amount_minor.toString(),
    currency: payment.currency,
  });

/** A page turned out to be paid. Its money is taken once; what comes on top goes back; what was not asked is flagged. */
const arrive = async (
  tx: Tx,
  payment: PaymentRow,
  attempt: AttemptRow,
  state: CheckoutState,
): Promise<void> => {
  if (!isWhatWasAsked(payment, state)) {
    await keepLook(tx, attempt, state, "mismatch");
    const failure = "amount_mismatch";
    if (!isUnpaid(payment.status)) {
      await changePayment(tx, payment.id, { flag: failure });
      return;
    }
    await changePayment(tx, payment.id, { status: "failed", failure, flag: failure });
    await emit(tx, paymentFailed, { ...named(payment), reason: failure, final: true });
    return;
  }
  if (payment.attempt !== null) {
    await keepLook(tx, attempt, state, "surplus");
    await bookCapture(tx, payment, attempt);
    await openRefund(tx, payment, attempt.number, "surplus");
    return;
  }
  await keepLook(tx, attempt, state, "paid");
  await moveTo(tx, payment, "captured", {
    attempt: attempt.number,
    captured_at: tx.at,
    method: attempt.gateway,
    failure: null,
  });
  await announce(tx, payment);
  await bookCapture(tx, payment, attempt);
};

const dispute = async (tx: Tx, payment: PaymentRow, outcome: "open" | "won" | "lost"): Promise<void> => {
  const say = () =>
    emit(tx, paymentDisputed, {
      ...named(payment),
      sellerId: payment.seller_id,
      amountMinor: payment.amount_minor.toString(),
      currency: payment.currency,
      outcome,
    });
  if (outcome !== "won" && (payment.status === "captured" || payment.status === "partially_refunded")) {
    await moveTo(tx, payment, "disputed");
    await say();
    if (outcome === "lost") await dispute(tx, { ...payment, status: "disputed" }, "lost");
    return;
  }
  if (payment.status !== "disputed" || payment.flag === "dispute_lost" || outcome === "open") return;
  if (outcome === "won") {
    await moveTo(tx, payment, "captured");
    await say();
    // Whoever could not settle it while it was disputed learns that now it can be.
    if (payment.settled_at === null) await announce(tx, payment);
    return;
  }
  const currency = currencyOf(payment);
  await changePayment(tx, payment.id, { flag: "dispute_lost" });
  await say();
  // The card's bank has taken the money back: from escrow while it is still there, else at the venue's loss.
  const bearer = payment.settled_at === null ? escrow(currency, payment.order_id) : lossAccount(currency);
  await post(tx, {
    id: await namedId("transfer", `chargeback ${payment.id}`),
    kind: "chargeback",
    legs: [
      { account: bearer, amount: -payment.amount_minor },
      { account: clearing(currency, payment.method ?? "stripe"), amount: payment.amount_minor },
    ],
    memo: { paymentId: payment.id },
  });
};

/**
 * Takes in what a gateway says of one page. Runs any number of times, in any order, beside itself:
 * the payment's lock makes them take turns, and each fact changes something only the first time.
 */
export const applyCheckout = async (
  tx: Tx,
  paymentId: Id<"payment">,
  number: number,
  state: CheckoutState,
): Promise<void> => {
  const payment = await locked(tx, paymentId);
  const attempt = (await attemptRows(tx, paymentId)).find((row) => row.number === number);
  if (!attempt || attempt.status === "mismatch") return;
  const waiting = attempt.status === "opening" || attempt.status === "open" || attempt.status === "closed";
  if (state.status === "paid") {
    if (waiting) return arrive(tx, payment, attempt, state);
    await changeAttempt(tx, paymentId, number, {});
    if (attempt.status === "surplus") return;
    if (state.refunded > (await refundedBy(tx, paymentId, number))) {
      await changePayment(tx, paymentId, { flag: "refunded_outside" });
    }
    if (state.dispute) await dispute(tx, payment, state.dispute);
    return;
  }
  if (!waiting) return;
  await keepLook(tx, attempt, state, state.status === "expired" ? "closed" : "open");
  if (state.status === "declined" && isUnpaid(payment.status) && payment.failure !== state.failure) {
    const failure = state.failure ?? "card_declined";
    if (payment.status === "failed") await changePayment(tx, payment.id, { failure });
    else await moveTo(tx, payment, "failed", { failure });
    await emit(tx, paymentFailed, { ...named(payment), reason: failure, final: false });
  }
};
