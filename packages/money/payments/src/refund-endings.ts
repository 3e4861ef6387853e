import type { RefundState } from "@evx/adapters";
import type { Tx } from "@evx/db";
import { emit, enqueue } from "@evx/jobs";
import { assert, type Id, type Minor, namedId, splitByWeights } from "@evx/kernel";
import { type AccountId, escrow, hold, legsOf, lossAccount, post } from "@evx/ledger";
import { sourceOf } from "./balance.ts";
import { legsOfShares, type Share, sharesOfText, textOfShares } from "./bearers.ts";
import { asCharged, partOfCharge } from "./charges.ts";
import { setOffSoon } from "./disputes.ts";
import { paymentRefunded, refundReturned } from "./events.ts";
import { lookAtPayment, sendRefund } from "./jobs.ts";
import type { PaymentStatus } from "./lifecycle.ts";
import { locked, moveTo, named } from "./payments.ts";
import { changeDispute, disputeRow } from "./queries/disputes.ts";
import { type AttemptRow, attemptRows, changePayment, type PaymentRow } from "./queries/payments.ts";
import {
  changeRefund,
  insertOutsideRefund,
  lockRefund,
  type RefundRow,
  refundRow,
  refundsOfAttempt,
} from "./queries/refunds.ts";
import { sharesIn } from "./queries/shares.ts";
import { freeFailed, openRefund, receivedBy, sumOf } from "./refunds.ts";

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
  const [here, there] = [escrow(currency, payment.order_id), sourceOf(payment, attempt, currency)];
  const [from, to] = direction === "out" ? [here, there] : [there, here];
  await post(tx, {
    id: await namedId("transfer", `refund ${refund.id} ${direction}`),
    kind: direction === "out" ? "refund" : "correction",
    legs: move(from, to, refund.amount_minor),
    memo: { refundId: refund.id },
    ...(direction === "out" ? { releases: [refund.id] } : {}),
  });
};

/** The status of a payment of which so much went back: all of it, or what its bank has in hand, or a part. */
const statusWith = async (tx: Tx, payment: PaymentRow, refunded_minor: Minor): Promise<PaymentStatus> => {
  if (refunded_minor === payment.amount_minor) return "refunded";
  const dispute = await disputeRow(tx, payment.id);
  if (dispute && dispute.status !== "won") return "disputed";
  return refunded_minor === 0n ? "captured" : "partially_refunded";
};

const moveRefunded = async (
  tx: Tx,
  payment: PaymentRow,
  refunded_minor: Minor,
  more: { flag?: "refund_failed" } = {},
): Promise<void> => {
  const status = await statusWith(tx, payment, refunded_minor);
  if (status === payment.status) await changePayment(tx, payment.id, { refunded_minor, ...more });
  else await moveTo(tx, payment, status, { refunded_minor, ...more });
};

/** Notes on a payment that a part of it went back, and tells; the whole of it back is `refunded`. */
const noteRefunded = async (
  tx: Tx,
  payment: PaymentRow,
  refund: { id: Id<"refund">; amount_minor: Minor; reason: string },
): Promise<void> => {
  const refunded_minor = payment.refunded_minor + refund.amount_minor;
  assert(refunded_minor <= payment.amount_minor, `${payment.id} gives back no more than it brought`);
  await moveRefunded(tx, payment, refunded_minor);
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
  const returned = rows.filter((row) => row.reason === "outside" && row.status === "failed").length;
  const name = `outside ${payment.id} ${attempt.number} ${known + amount_minor}`;
  const id = await namedId("refund", returned === 0 ? name : `${name} ${returned}`);
  const charged_minor = asCharged(attempt) ? partOfCharge(payment, attempt, known, amount_minor) : null;
  const outside = { id, paymentId: payment.id, attempt: attempt.number, amount_minor, charged_minor };
  if (!(await insertOutsideRefund(tx, outside))) return false;
  const ofPayment = attempt.number === payment.attempt;
  const inEscrow = !ofPayment || (payment.settled_at === null && payment.charged_back_at === null);
  await freeFailed(tx, payment, rows);
  if (ofPayment) await noteRefunded(tx, payment, { ...outside, reason: "outside" });
  await changePayment(tx, payment.id, { flag: payment.flag ?? "refunded_outside" });
  // While a bank has it in hand nothing can be sent; the rest follows once that is decided.
  const dispute = ofPayment ? await disputeRow(tx, payment.id) : undefined;
  if (inEscrow && dispute?.status !== "open") await openRefund(tx, payment, attempt, "outside");
  const bearer = inEscrow ? escrow(currency, payment.order_id) : lossAccount(currency);
  await post(tx, {
    id: await namedId("transfer", `refund ${id} out`),
    kind: "refund",
    legs: move(bearer, sourceOf(payment, attempt, currency), amount_minor),
    memo: { refundId: id },
  });
  return true;
};

/** Whether a page's money was given back without our asking, and is still gone by our books. */
const isGoneOutside = (row: RefundRow): boolean =>
  row.reason === "outside" && row.status === "succeeded" && row.ref === null;

/**
 * Takes in that money which had gone back without our asking has come again: the buyer's bank did not take it. It is where
 * it was before, and an operator looks. Told only while nothing of ours is on its way, since the gateway names one sum.
 * Refunds of ours that came back are told under their own names, but where everything is told by letter.
 */
export const takeReturned = async (
  tx: Tx,
  payment: PaymentRow,
  attempt: AttemptRow,
  refundedThere: Minor,
  which: "outside" | "all" = "outside",
): Promise<void> => {
  const rows = await refundsOfAttempt(tx, payment.id, attempt.number);
  if (rows.some(({ status }) => status === "requested" || status === "sent")) return;
  let back = sumOf(rows.filter(({ status }) => status === "succeeded")) - refundedThere;
  const gone = rows.filter((row) => row.status === "succeeded" && (which === "all" || isGoneOutside(row)));
  const exactly = gone.find((row) => row.amount_minor === back);
  for (const row of exactly ? [exactly] : gone.reverse()) {
    if (back <= 0n) break;
    back -= row.amount_minor;
    await bringBack(tx, await locked(tx, payment.id), attempt, row);
  }
  // A part of a row that came back is still gone.
  if (back < 0n) await takeOutsideRefund(tx, await locked(tx, payment.id), attempt, refundedThere);
};

const bringBack = async (tx: Tx, payment: PaymentRow, attempt: AttemptRow, row: RefundRow): Promise<void> => {
  const { currency } = receivedBy(payment, attempt);
  const held = escrow(currency, payment.order_id);
  const out = await legsOf(tx, await namedId("transfer", `refund ${row.id} out`));
  const inEscrow = out.some(({ account }) => account === held);
  if (inEscrow) return failRefund(tx, payment, attempt, row, { ref: "", status: "failed", failure: null });
  await changeRefund(tx, row.id, { status: "failed", failure: "unknown", ended_at: tx.at });
  const refunded_minor = payment.refunded_minor - row.amount_minor;
  if (row.attempt === payment.attempt)
    await moveRefunded(tx, payment, refunded_minor, { flag: "refund_failed" });
  await post(tx, {
    id: await namedId("transfer", `refund ${row.id} back`),
    kind: "correction",
    legs: move(sourceOf(payment, attempt, currency), lossAccount(currency), row.amount_minor),
    memo: { refundId: row.id },
  });
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

/** How long a gateway is given to do a refund before it is asked. */
const FIRST_LOOK_MS = 15_000;

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
    // Not every gateway says by itself that it is done: most are after seconds, and the others are asked each minute.
    if (refund.status === "requested")
      await enqueue(tx, sendRefund, { refundId }, { runAt: new Date(tx.at.getTime() + FIRST_LOOK_MS) });
    return;
  }
  await changeRefund(tx, refundId, { status: "succeeded", ref: state.ref, ended_at: tx.at });
  if (refund.attempt === payment.attempt) await noteRefunded(tx, payment, refund);
  await bookRefund(tx, payment, attempt, refund, "out");
};

/** A part of shares of this much, by what each of them is; and what is left of each. */
const partedShares = (shares: readonly Share[], part: Minor): [Share[], Share[]] => {
  const parts = splitByWeights(
    part,
    shares.map(({ amount }) => amount),
  );
  const of = (amountOf: (share: Share, place: number) => Minor) =>
    shares
      .map((share, place) => ({ ...share, amount: amountOf(share, place) }))
      .filter(({ amount }) => amount > 0n);
  return [of((_, place) => parts[place] ?? 0n), of(({ amount }, place) => amount - (parts[place] ?? 0n))];
};

/**
 * A refund came to nothing after the bank had taken the money. What of that was booked as the venue's loss because the
 * refund was underway is borne by what it had set aside after all; what it had taken from sellers beyond that is theirs.
 */
const restoreLoss = async (
  tx: Tx,
  payment: PaymentRow,
  attempt: AttemptRow,
  refund: RefundRow,
): Promise<void> => {
  const { currency } = receivedBy(payment, attempt);
  const [held, loss] = [escrow(currency, payment.order_id), lossAccount(currency)];
  const booked = sharesOfText(sharesIn((await disputeRow(tx, payment.id))?.shares ?? null));
  const lost = booked.find(({ of }) => of === loss);
  const taken = sharesOfText(sharesIn(refund.shares));
  // Before the sale what is left stays set aside for the buyer; an operator can send it again.
  if (!lost && taken.length === 0) return;
  const part = lost && lost.amount < refund.amount_minor ? lost.amount : lost ? refund.amount_minor : 0n;
  const lines = taken.length > 0 ? taken : [{ of: held, account: held, amount: refund.amount_minor }];
  const [instead, back] = partedShares(lines, part);
  await freeFailed(tx, payment, await refundsOfAttempt(tx, payment.id, attempt.number), true);
  // These shares are the dispute's from now on, and no longer the refund's.
  if (taken.length > 0) await changeRefund(tx, refund.id, { returned_at: tx.at });
  const others = booked.filter((share) => share !== lost);
  const rest = lost && lost.amount > part ? [{ ...lost, amount: lost.amount - part }] : [];
  await changeDispute(tx, payment.id, {
    shares: JSON.stringify(textOfShares([...others, ...rest, ...instead])),
  });
  const given = taken.length > 0 ? legsOfShares(back, "give") : [];
  const out = given.reduce((sum, { amount }) => sum + amount, part);
  if (given.length > 0) await setOffSoon(tx, payment, back);
  await post(tx, {
    id: await namedId("transfer", `refund ${refund.id} dropped`),
    kind: "correction",
    legs: [
      { account: held, amount: -out },
      ...(part > 0n ? [{ account: loss, amount: part }] : []),
      ...given,
    ],
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
    await moveRefunded(tx, payment, refunded_minor, { flag: "refund_failed" });
  } else {
    await changePayment(tx, payment.id, { flag: "refund_failed" });
  }
  if (!returned) {
    // It may have been refused because the money went another way already: then the page says so.
    await enqueue(tx, lookAtPayment, { paymentId: payment.id });
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
