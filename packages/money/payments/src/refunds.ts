import type { Tx } from "@evx/db";
import { enqueue } from "@evx/jobs";
import { type Currency, type Id, type Minor, namedId } from "@evx/kernel";
import { escrow, hold, post, release } from "@evx/ledger";
import { leftToTake, legsOfShares, sharesFor, sharesOfText, textOfShares } from "./bearers.ts";
import { asCharged, partOfCharge } from "./charges.ts";
import { setOffSoon, tellTakenBack } from "./disputes.ts";
import { refuse } from "./errors.ts";
import { sendRefund } from "./jobs.ts";
import { wayOf } from "./lifecycle.ts";
import { currencyOf, locked } from "./payments.ts";
import { disputeRow } from "./queries/disputes.ts";
import { type AttemptRow, attemptRows, changePayment, type PaymentRow } from "./queries/payments.ts";
import { changeRefund, insertRefund, type RefundRow, refundsOfAttempt } from "./queries/refunds.ts";
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

export const sumOf = (rows: readonly RefundRow[]): Minor =>
  rows.reduce((sum, row) => sum + row.amount_minor, 0n);

/** What a card's bank took of a payment's escrow. */
const takenOfEscrow = async (tx: Tx, payment: PaymentRow): Promise<Minor> => {
  const held = escrow(currencyOf(payment), payment.order_id);
  const shares = sharesOfText(sharesIn((await disputeRow(tx, payment.id))?.shares ?? null));
  return shares.reduce((sum, { account, amount }) => (account === held ? sum + amount : sum), 0n);
};

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
  const gone = attempt.number === payment.attempt ? await takenOfEscrow(tx, payment) : 0n;
  const amount_minor = amount - gone - sumOf(rows.filter((row) => row.status !== "failed"));
  if (amount_minor <= 0n) return null;
  const id = await nameOfRefund(payment.id, attempt.number, failedOf(rows).length);
  const before = amount - amount_minor;
  const charged_minor = asCharged(attempt) ? partOfCharge(payment, attempt, before, amount_minor) : null;
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
export const freeFailed = async (
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

/** What can still go back after the sale: what they have who were given it, and what the gateway has not sent back already. */
export const mostToRefund = async (tx: Tx, payment: PaymentRow): Promise<Minor> => {
  const rows = await refundsOfAttempt(tx, payment.id, payment.attempt ?? 0);
  const left = payment.amount_minor - sumOf(rows.filter((row) => row.status !== "failed"));
  const most = await leftToTake(tx, payment);
  if (most < left) return most;
  return left;
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
  await freeFailed(tx, payment, rows);
  const most = await mostToRefund(tx, payment);
  const amount_minor = input.amount ?? most;
  if (amount_minor === 0n) throw refuse("payment_not_captured");
  if (amount_minor > most) throw refuse("payment_refund_exceeds");
  const shares = await sharesFor(tx, payment, amount_minor);
  const before = sumOf(rows.filter((row) => row.status !== "failed"));
  const id =
    input.refundId ?? (await namedId("refund", `${payment.id} ${attempt.number} sold ${rows.length}`));
  const made = await insertRefund(tx, {
    id,
    paymentId: payment.id,
    attempt: attempt.number,
    amount_minor,
    charged_minor: asCharged(attempt) ? partOfCharge(payment, attempt, before, amount_minor) : null,
    reason: reasonText(input),
    shares: JSON.stringify(textOfShares(shares)),
  });
  if (!made) throw refuse("payment_id_reused");
  await enqueue(tx, sendRefund, { refundId: id });
  await setOffSoon(tx, payment, shares);
  await tellTakenBack(tx, payment, shares, { source: id, reason: "refund" });
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

/** A page that was paid on top of the sale's, whose money could not be given back. */
const pageToGiveBack = async (tx: Tx, payment: PaymentRow, attempts: readonly AttemptRow[]) => {
  for (const page of attempts) {
    if (page.status !== "surplus" && page.status !== "mismatch") continue;
    if (page.status === "mismatch" && page.received_minor === null) continue;
    const rows = await refundsOfAttempt(tx, payment.id, page.number);
    const { amount } = receivedBy(payment, page);
    if (sumOf(rows.filter((row) => row.status !== "failed")) < amount) return page;
  }
  return undefined;
};

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
    (input.reason === "operator" ? await pageToGiveBack(tx, payment, attempts) : undefined) ??
    attempts.find((row) => row.number === payment.attempt) ??
    attempts.findLast((row) => row.status === "mismatch" && row.received_minor !== null);
  if (!attempt) throw refuse("payment_not_captured");
  const ofSale = attempt.number === payment.attempt;
  // A page of a wrong amount never becomes a sale: what it brought lies in escrow.
  const { refund: way } = ofSale ? wayOf(payment) : { refund: "escrow" as const };
  // Only a person takes money back from a seller: whoever gives it back because nothing was sold is too late.
  if (ofSale && payment.settled_at && input.reason !== "operator") throw refuse("payment_settled");
  if (way === "sellers") return refundSettled(tx, payment, attempt, input);
  const rows = await refundsOfAttempt(tx, paymentId, attempt.number);
  const known = rows.find((row) => row.status !== "failed" && !isOutside(row));
  if (known && !payment.settled_at) return { refundId: known.id };
  if (way !== "escrow") throw refuse(way);
  const { amount } = receivedBy(payment, attempt);
  if (input.amount !== undefined && input.amount > amount) throw refuse("payment_refund_exceeds");
  if (input.amount !== undefined && input.amount < amount) throw refuse("payment_not_settled");
  await freeFailed(tx, payment, rows);
  const refundId = await openRefund(tx, payment, attempt, reasonText(input));
  if (!refundId) throw refuse("payment_not_captured");
  return { refundId };
};

/** Money that went back without our asking; what is left after it is sent back under the same reason, but by us. */
const isOutside = (row: RefundRow): boolean =>
  row.reason === "outside" && row.status === "succeeded" && row.ref === null;

/** A part of a payment went back and there is no sale: the rest goes back too, unless it does already. */
export const giveRest = async (tx: Tx, payment: PaymentRow): Promise<void> => {
  const attempt = (await attemptRows(tx, payment.id)).find(({ number }) => number === payment.attempt);
  if (!attempt) return;
  await freeFailed(tx, payment, await refundsOfAttempt(tx, payment.id, attempt.number));
  await openRefund(tx, payment, attempt, "outside");
};
