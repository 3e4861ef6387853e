import type { RefundState } from "@evx/adapters";
import type { Tx } from "@evx/db";
import { emit, enqueue } from "@evx/jobs";
import { assert, type Currency, type Id, type Minor, namedId } from "@evx/kernel";
import { type AccountId, clearing, escrow, hold, lossAccount, post, release } from "@evx/ledger";
import { leftToTake, legsOfShares, sharesFor, sharesOfText, textOfShares } from "./bearers.ts";
import { partOfCharge } from "./charges.ts";
import { setOffSoon } from "./disputes.ts";
import { refuse } from "./errors.ts";
import { paymentRefunded, refundReturned } from "./events.ts";
import { sendRefund } from "./jobs.ts";
import { currencyOf, locked, moveTo, named } from "./payments.ts";
import { changeDispute, disputeRow } from "./queries/disputes.ts";
import { type AttemptRow, attemptRows, changePayment, type PaymentRow } from "./queries/payments.ts";
import {
  changeRefund,
  insertOutsideRefund,
  insertRefund,
  lockRefund,
  type RefundRow,
  refundRow,
  refundsOfAttempt,
} from "./queries/refunds.ts";
import { sharesIn } from "./queries/shares.ts";

/** Why money goes back to a buyer. */
export type RefundReason = "order_expired" | "order_cancelled" | "sold_out" | "operator" | "surplus";

/** What a page brought in: what was asked, unless the gateway said otherwise. */
export const receivedBy = (
  payment: PaymentRow,
  attempt: AttemptRow,
): { amount: Minor; currency: Currency } => ({
  amount: attempt.received_minor ?? payment.amount_minor,
  currency: currencyOf({ currency: attempt.received_currency ?? payment.currency }),
});

/** The first refund of a page is named by the page; one that is tried again counts those that failed before it. */
const nameOfRefund = (paymentId: Id<"payment">, attempt: number, failed: number): Promise<Id<"refund">> =>
  namedId("refund", failed === 0 ? `${paymentId} ${attempt}` : `${paymentId} ${attempt} ${failed}`);

const failedOf = (rows: readonly RefundRow[]): RefundRow[] => rows.filter((row) => row.status === "failed");

const sumOf = (rows: readonly RefundRow[]): Minor => rows.reduce((sum, row) => sum + row.amount_minor, 0n);

/**
 * Sets a page's money aside in escrow for its buyer and lets a job send it back: all that did not go back before.
 * Answers the refund's id; null when nothing is left to give.
 */
export const openRefund = async (
  tx: Tx,
  payment: PaymentRow,
  attempt: AttemptRow,
  reason: string,
): Promise<Id<"refund"> | null> => {
  const rows = await refundsOfAttempt(tx, payment.id, attempt.number);
  const { amount, currency } = receivedBy(payment, attempt);
  const amount_minor = amount - sumOf(rows.filter((row) => row.status !== "failed"));
  if (amount_minor <= 0n) return null;
  const id = await nameOfRefund(payment.id, attempt.number, failedOf(rows).length);
  const before = amount - amount_minor;
  const asCharged = attempt.charged_minor !== null && attempt.received_minor === null;
  const charged_minor = asCharged ? partOfCharge(payment, attempt, before, amount_minor) : null;
  const refund = { id, paymentId: payment.id, attempt: attempt.number, amount_minor, charged_minor, reason };
  if (!(await insertRefund(tx, refund))) return id;
  if (attempt.number === payment.attempt) await changePayment(tx, payment.id, { refunding_at: tx.at });
  await enqueue(tx, sendRefund, { refundId: id });
  await hold(tx, { id, account: escrow(currency, payment.order_id), amount: amount_minor });
  return id;
};

/**
 * Frees what refunds that came to nothing still set aside, so that the money can go another way: what was taken back
 * after the sale goes to whom it was taken from, unless `kept` says that it has another end.
 */
const freeFailed = async (
  tx: Tx,
  payment: PaymentRow,
  rows: readonly RefundRow[],
  kept = false,
): Promise<void> => {
  for (const row of failedOf(rows).filter((one) => one.hold_freed_at === null)) {
    const shares = sharesOfText(sharesIn(row.shares));
    const back = shares.length > 0 && !kept;
    await changeRefund(tx, row.id, { hold_freed_at: tx.at, ...(back ? { returned_at: tx.at } : {}) });
    await release(tx, { holdId: row.hold_id ?? row.id });
    if (!back) continue;
    await post(tx, {
      id: await namedId("transfer", `refund ${row.id} returned`),
      kind: "correction",
      legs: [
        { account: escrow(currencyOf(payment), payment.order_id), amount: -row.amount_minor },
        ...legsOfShares(shares, "give"),
      ],
      memo: { refundId: row.id },
    });
    await setOffSoon(tx, payment, shares);
  }
};

export type RefundInput = {
  paymentId: Id<"payment">;
  reason: RefundReason;
  note?: string;
  /** A part of what was paid, in minor units; all that is left without it. */
  amount?: Minor | undefined;
  /** The caller's name for it, where one payment may have several: asking again names the same refund. */
  refundId?: Id<"refund"> | undefined;
};

/** After the sale money goes back from those who were given it: by way of the order's escrow, as before the sale. */
const refundSettled = async (
  tx: Tx,
  payment: PaymentRow,
  attempt: AttemptRow,
  input: RefundInput,
): Promise<{ refundId: Id<"refund"> }> => {
  const rows = await refundsOfAttempt(tx, payment.id, attempt.number);
  if (input.refundId && rows.some(({ id }) => id === input.refundId)) return { refundId: input.refundId };
  if (payment.charged_back_at) throw refuse("payment_not_captured");
  if (payment.status === "disputed") throw refuse("payment_disputed");
  await freeFailed(tx, payment, rows);
  const most = await leftToTake(tx, payment);
  const amount_minor = input.amount ?? most;
  if (amount_minor === 0n) throw refuse("payment_not_captured");
  if (amount_minor > most) throw refuse("payment_refund_exceeds");
  const shares = await sharesFor(tx, payment, amount_minor);
  const before = sumOf(rows.filter((row) => row.status !== "failed"));
  const id =
    input.refundId ?? (await namedId("refund", `${payment.id} ${attempt.number} sold ${rows.length}`));
  const asCharged = attempt.charged_minor !== null && attempt.received_minor === null;
  const made = await insertRefund(tx, {
    id,
    paymentId: payment.id,
    attempt: attempt.number,
    amount_minor,
    charged_minor: asCharged ? partOfCharge(payment, attempt, before, amount_minor) : null,
    reason: reasonText(input),
    shares: JSON.stringify(textOfShares(shares)),
  });
  if (!made) throw refuse("payment_id_reused");
  await enqueue(tx, sendRefund, { refundId: id });
  await setOffSoon(tx, payment, shares);
  const account = escrow(currencyOf(payment), payment.order_id);
  await post(tx, {
    id: await namedId("transfer", `refund ${id} taken back`),
    kind: "take_back",
    legs: [...legsOfShares(shares, "take"), { account, amount: amount_minor }],
    memo: { refundId: id },
  });
  await hold(tx, { id, account, amount: amount_minor });
  return { refundId: id };
};

const reasonText = ({ reason, note }: RefundInput): string => (note ? `${reason}: ${note}` : reason);

/**
 * Gives a buyer their money back. Before the sale is settled all of it, out of escrow: also money of a wrong amount, and
 * again when an earlier try failed; asking again names the same refund while it is on its way or done. After it an
 * operator gives back all or a part, from those who were given it; for every other reason it is `payment_settled`. Refuses `payment_not_captured` when there is none, `payment_disputed`,
 * `payment_not_settled` for a part before the sale, `payment_refund_exceeds`.
 */
export const refundPayment = async (tx: Tx, input: RefundInput): Promise<{ refundId: Id<"refund"> }> => {
  const { paymentId } = input;
  const payment = await locked(tx, paymentId);
  const attempts = await attemptRows(tx, paymentId);
  const attempt =
    attempts.find((row) => row.number === payment.attempt) ??
    attempts.findLast((row) => row.status === "mismatch" && row.received_minor !== null);
  if (!attempt) throw refuse("payment_not_captured");
  const ofSale = attempt.number === payment.attempt;
  if (ofSale && payment.settled_at) {
    // Only a person takes money back from a seller: whoever gives it back because nothing was sold is too late.
    if (input.reason !== "operator") throw refuse("payment_settled");
    return refundSettled(tx, payment, attempt, input);
  }
  const rows = await refundsOfAttempt(tx, paymentId, attempt.number);
  const known = rows.find((row) => row.status !== "failed" && row.reason !== "outside");
  if (known) return { refundId: known.id };
  if (ofSale && payment.status === "disputed" && !payment.charged_back_at) throw refuse("payment_disputed");
  if (ofSale && (payment.status !== "captured" || payment.charged_back_at))
    throw refuse("payment_not_captured");
  const { amount } = receivedBy(payment, attempt);
  if (input.amount !== undefined && input.amount > amount) throw refuse("payment_refund_exceeds");
  if (input.amount !== undefined && input.amount < amount) throw refuse("payment_not_settled");
  await freeFailed(tx, payment, rows);
  const refundId = await openRefund(tx, payment, attempt, reasonText(input));
  if (!refundId) throw refuse("payment_not_captured");
  return { refundId };
};

const move = (from: AccountId, to: AccountId, amount: Minor) => [
  { account: from, amount: -amount },
  { account: to, amount },
];

const bookRefund = async (
  tx: Tx,
  payment: PaymentRow,
  attempt: AttemptRow,
  refund: RefundRow,
  direction: "out" | "back",
): Promise<void> => {
  const { currency } = receivedBy(payment, attempt);
  const [here, there] = [escrow(currency, payment.order_id), clearing(currency, attempt.gateway)];
  const [from, to] = direction === "out" ? [here, there] : [there, here];
  await post(tx, {
    id: await namedId("transfer", `refund ${refund.id} ${direction}`),
    kind: direction === "out" ? "refund" : "correction",
    legs: move(from, to, refund.amount_minor),
    memo: { refundId: refund.id },
    ...(direction === "out" ? { releases: [refund.id] } : {}),
  });
};

/** Notes on a payment that a part of it went back, and tells; the whole of it back is `refunded`. */
const noteRefunded = async (
  tx: Tx,
  payment: PaymentRow,
  refund: { id: Id<"refund">; amount_minor: Minor; reason: string },
): Promise<void> => {
  const refunded_minor = payment.refunded_minor + refund.amount_minor;
  assert(refunded_minor <= payment.amount_minor, `${payment.id} gives back no more than it brought`);
  const status = refunded_minor === payment.amount_minor ? "refunded" : "partially_refunded";
  if (status === payment.status) await changePayment(tx, payment.id, { refunded_minor });
  else await moveTo(tx, payment, status, { refunded_minor });
  await emit(tx, paymentRefunded, {
    ...named(payment),
    refundId: refund.id,
    amountMinor: refund.amount_minor.toString(),
    currency: payment.currency,
    reason: refund.reason,
  });
};

/**
 * Takes in what the gateway gave back without our asking, as in its own dashboard: books it, flags it, and while the
 * seller is not paid gives back the rest too, for a sale that was paid in part is none. Answers whether there was any.
 */
export const takeOutsideRefund = async (
  tx: Tx,
  payment: PaymentRow,
  attempt: AttemptRow,
  refundedThere: Minor,
): Promise<boolean> => {
  const rows = await refundsOfAttempt(tx, payment.id, attempt.number);
  const { amount, currency } = receivedBy(payment, attempt);
  const known = sumOf(rows.filter((row) => row.status !== "failed"));
  const amount_minor = (refundedThere < amount ? refundedThere : amount) - known;
  if (amount_minor <= 0n) return false;
  const id = await namedId("refund", `outside ${payment.id} ${attempt.number} ${known + amount_minor}`);
  const outside = { id, paymentId: payment.id, attempt: attempt.number, amount_minor };
  if (!(await insertOutsideRefund(tx, outside))) return false;
  const ofPayment = attempt.number === payment.attempt;
  const inEscrow = !ofPayment || (payment.settled_at === null && payment.charged_back_at === null);
  if (inEscrow) await freeFailed(tx, payment, rows);
  if (ofPayment) await noteRefunded(tx, payment, { ...outside, reason: "outside" });
  await changePayment(tx, payment.id, { flag: "refunded_outside" });
  if (inEscrow) await openRefund(tx, payment, attempt, "outside");
  const bearer = inEscrow ? escrow(currency, payment.order_id) : lossAccount(currency);
  await post(tx, {
    id: await namedId("transfer", `refund ${id} out`),
    kind: "refund",
    legs: move(bearer, clearing(currency, attempt.gateway), amount_minor),
    memo: { refundId: id },
  });
  return true;
};

/**
 * Ends what waits to be sent back of a page whose money the card's bank has taken: it would go twice. Answers what a
 * gateway has accepted already and cannot be called back.
 */
export const dropRefunds = async (tx: Tx, payment: PaymentRow, attempt: number): Promise<Minor> => {
  const rows = await refundsOfAttempt(tx, payment.id, attempt);
  for (const row of rows.filter(({ status }) => status === "requested")) {
    await changeRefund(tx, row.id, { status: "failed", failure: "charged_back", ended_at: tx.at });
  }
  await freeFailed(tx, payment, await refundsOfAttempt(tx, payment.id, attempt));
  return sumOf(rows.filter(({ status }) => status === "sent"));
};

/** Takes in what a gateway says of a refund; any number of times, in any order. */
export const applyRefund = async (tx: Tx, refundId: Id<"refund">, state: RefundState): Promise<void> => {
  const known = await refundRow(tx, refundId);
  if (!known) return;
  const payment = await locked(tx, known.payment_id);
  const refund = await lockRefund(tx, refundId);
  const attempt = (await attemptRows(tx, known.payment_id)).find((row) => row.number === known.attempt);
  if (!refund || !attempt || refund.status === "failed") return;
  if (state.status === "failed") return failRefund(tx, payment, attempt, refund, state);
  if (refund.status === "succeeded") return;
  if (state.status === "pending") {
    await changeRefund(tx, refundId, { status: "sent", ref: state.ref });
    return;
  }
  await changeRefund(tx, refundId, { status: "succeeded", ref: state.ref, ended_at: tx.at });
  if (refund.attempt === payment.attempt) await noteRefunded(tx, payment, refund);
  await bookRefund(tx, payment, attempt, refund, "out");
};

/** Notes that a chargeback is borne by what a refund had set aside, so that a dispute that is won after all goes there. */
const bearInstead = async (
  tx: Tx,
  payment: PaymentRow,
  refund: RefundRow,
  held: AccountId,
  loss: AccountId,
): Promise<void> => {
  const dispute = await disputeRow(tx, payment.id);
  if (!dispute) return;
  let left = refund.amount_minor;
  const others = sharesOfText(sharesIn(dispute.shares)).flatMap((share) => {
    if (share.account !== loss || left === 0n) return [share];
    let part = left;
    if (share.amount < part) part = share.amount;
    left -= part;
    return part === share.amount ? [] : [{ ...share, amount: share.amount - part }];
  });
  const taken = sharesOfText(sharesIn(refund.shares));
  const instead = taken.length > 0 ? taken : [{ of: held, account: held, amount: refund.amount_minor }];
  // These shares are the dispute's from now on, and no longer the refund's.
  if (taken.length > 0) await changeRefund(tx, refund.id, { returned_at: tx.at });
  await changeDispute(tx, payment.id, { shares: JSON.stringify(textOfShares([...others, ...instead])) });
};

/** A chargeback was booked as a loss because this refund was underway; it came to nothing, so escrow bears it after all. */
const restoreLoss = async (
  tx: Tx,
  payment: PaymentRow,
  attempt: AttemptRow,
  refund: RefundRow,
): Promise<void> => {
  const { currency } = receivedBy(payment, attempt);
  await freeFailed(tx, payment, await refundsOfAttempt(tx, payment.id, attempt.number), true);
  await bearInstead(tx, payment, refund, escrow(currency, payment.order_id), lossAccount(currency));
  await post(tx, {
    id: await namedId("transfer", `refund ${refund.id} dropped`),
    kind: "correction",
    legs: move(escrow(currency, payment.order_id), lossAccount(currency), refund.amount_minor),
    memo: { refundId: refund.id },
  });
};

/** The card's bank did not take it. The money is in escrow and stays set aside until an operator tries again. */
const failRefund = async (
  tx: Tx,
  payment: PaymentRow,
  attempt: AttemptRow,
  refund: RefundRow,
  state: RefundState,
): Promise<void> => {
  const returned = refund.status === "succeeded";
  const holdId = `${refund.id}_returned`;
  await changeRefund(tx, refund.id, {
    status: "failed",
    ...(state.ref ? { ref: state.ref } : {}),
    ...(returned ? { hold_id: holdId } : {}),
    failure: state.failure ?? "unknown",
    ended_at: tx.at,
  });
  if (returned && refund.attempt === payment.attempt) {
    const refunded_minor = payment.refunded_minor - refund.amount_minor;
    const status = refunded_minor === 0n ? "captured" : "partially_refunded";
    await moveTo(tx, payment, status, { refunded_minor, flag: "refund_failed" });
  } else {
    await changePayment(tx, payment.id, { flag: "refund_failed" });
  }
  if (!returned) {
    if (payment.charged_back_at !== null) await restoreLoss(tx, payment, attempt, refund);
    return;
  }
  await emit(tx, refundReturned, {
    ...named(payment),
    refundId: refund.id,
    amountMinor: refund.amount_minor.toString(),
    currency: payment.currency,
  });
  await bookRefund(tx, payment, attempt, refund, "back");
  const { currency } = receivedBy(payment, attempt);
  await hold(tx, { id: holdId, account: escrow(currency, payment.order_id), amount: refund.amount_minor });
};
