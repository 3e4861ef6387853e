import type { CheckoutState } from "@evx/adapters";
import type { Tx } from "@evx/db";
import { emit, enqueue } from "@evx/jobs";
import { assert, type Id, type Minor, namedId } from "@evx/kernel";
import { clearing, debt, escrow, lossAccount, post } from "@evx/ledger";
import {
  leftToTake,
  legsOfShares,
  peopleIn,
  type Share,
  sharesFor,
  sharesOfText,
  textOfShares,
} from "./bearers.ts";
import { moneyTakenBack, paymentCaptured, paymentDisputed } from "./events.ts";
import { setOffDebt } from "./jobs.ts";
import { currencyOf, locked, moveTo, named } from "./payments.ts";
import { changeDispute, disputeRow, insertDispute } from "./queries/disputes.ts";
import { changePayment, type PaymentRow } from "./queries/payments.ts";
import { sharesIn } from "./queries/shares.ts";
import { dropRefunds } from "./refund-endings.ts";
import { giveRest } from "./refunds.ts";

/** Tells that money came and may be settled. */
export const announce = (tx: Tx, payment: PaymentRow) =>
  emit(tx, paymentCaptured, {
    ...named(payment),
    amountMinor: payment.amount_minor.toString(),
    currency: payment.currency,
  });

const tellDispute = (tx: Tx, payment: PaymentRow, outcome: "open" | "won" | "lost") =>
  emit(tx, paymentDisputed, {
    ...named(payment),
    sellerId: payment.seller_id,
    amountMinor: payment.amount_minor.toString(),
    currency: payment.currency,
    outcome,
  });

/** The debts that a posting made are paid from their people's balances soon after. */
export const setOffSoon = async (tx: Tx, payment: PaymentRow, shares: readonly Share[]): Promise<void> => {
  for (const userId of peopleIn(shares))
    await enqueue(tx, setOffDebt, { userId, currency: currencyOf(payment) });
};

/**
 * Who bears what a bank took: escrow what of it is there. After the sale it is those who were given it. Of what a refund
 * has on its way or has sent already, the venue: that goes to the buyer twice.
 */
const bearersOf = async (
  tx: Tx,
  payment: PaymentRow,
  amount: Minor,
  underway: Minor,
): Promise<readonly Share[]> => {
  const currency = currencyOf(payment);
  const held = escrow(currency, payment.order_id);
  const loss = lossAccount(currency);
  const here = payment.amount_minor - payment.refunded_minor - underway;
  const once = amount < here ? amount : here;
  const shares = [{ of: loss, account: loss, amount: amount - once }];
  if (payment.settled_at === null) shares.unshift({ of: held, account: held, amount: once });
  else {
    const most = await leftToTake(tx, payment);
    let taken = once;
    if (most < taken) taken = most;
    if (taken > 0n) shares.unshift(...(await sharesFor(tx, payment, taken)));
    // What went to the buyer's own balance, since lines of their order went away, is for them to give back.
    const owed = debt(currency, payment.buyer_id);
    shares.push({ of: owed, account: owed, amount: once - taken });
  }
  return shares.filter((share) => share.amount > 0n);
};

/** Tells each person what a refund or a bank took back from them of a sale. */
export const tellTakenBack = async (
  tx: Tx,
  payment: PaymentRow,
  shares: readonly Share[],
  why: { source: string; reason: "refund" | "dispute" },
): Promise<void> => {
  for (const userId of peopleIn(shares)) {
    const account = debt(currencyOf(payment), userId);
    const amount = shares.reduce((sum, share) => (share.account === account ? sum + share.amount : sum), 0n);
    await emit(tx, moneyTakenBack, {
      ...named(payment),
      ...why,
      userId,
      amountMinor: amount.toString(),
      currency: payment.currency,
    });
  }
};

const lossName = (paymentId: Id<"payment">, losses: number): string =>
  losses === 0 ? `chargeback ${paymentId}` : `chargeback ${paymentId} ${losses}`;

/** The card's bank has taken back what was not refunded. */
const chargeBack = async (tx: Tx, payment: PaymentRow): Promise<void> => {
  if (payment.charged_back_at !== null || payment.attempt === null) return;
  const dispute = await disputeRow(tx, payment.id);
  assert(dispute, `${payment.id} has a dispute`);
  await changePayment(tx, payment.id, { flag: "dispute_lost", charged_back_at: tx.at });
  await tellDispute(tx, payment, "lost");
  const underway = await dropRefunds(tx, payment, payment.attempt);
  const amount = dispute.amount_minor;
  const shares = amount === 0n ? [] : await bearersOf(tx, payment, amount, underway);
  await changeDispute(tx, payment.id, {
    status: "lost",
    decided_at: tx.at,
    losses: dispute.losses + 1,
    shares: JSON.stringify(textOfShares(shares)),
  });
  if (amount === 0n) return;
  await setOffSoon(tx, payment, shares);
  const source = lossName(payment.id, dispute.losses);
  await tellTakenBack(tx, payment, shares, { source, reason: "dispute" });
  await post(tx, {
    id: await namedId("transfer", source),
    kind: "chargeback",
    legs: [
      ...legsOfShares(shares, "take"),
      { account: clearing(currencyOf(payment), payment.method ?? "stripe"), amount },
    ],
    memo: { paymentId: payment.id },
  });
};

/** A dispute that was lost is won after all: what the bank took comes back to those who bore it. */
const reinstate = async (tx: Tx, payment: PaymentRow): Promise<void> => {
  const dispute = await disputeRow(tx, payment.id);
  if (dispute?.status !== "lost") return;
  const shares = sharesOfText(sharesIn(dispute.shares));
  await changePayment(tx, payment.id, { charged_back_at: null });
  await changeDispute(tx, payment.id, { status: "won", decided_at: tx.at, shares: null });
  await winBack(tx, await locked(tx, payment.id));
  const amount = shares.reduce((sum, share) => sum + share.amount, 0n);
  if (amount === 0n) return;
  await setOffSoon(tx, payment, shares);
  await post(tx, {
    id: await namedId("transfer", `${lossName(payment.id, dispute.losses - 1)} back`),
    kind: "correction",
    legs: [
      { account: clearing(currencyOf(payment), payment.method ?? "stripe"), amount: -amount },
      ...legsOfShares(shares, "give"),
    ],
    memo: { paymentId: payment.id, reason: "dispute won after all" },
  });
};

/** The money stays here. Whoever could not settle it while it was disputed learns that now it can be. */
const winBack = async (tx: Tx, payment: PaymentRow): Promise<void> => {
  if (payment.status === "disputed")
    await moveTo(tx, payment, payment.refunded_minor === 0n ? "captured" : "partially_refunded");
  await tellDispute(tx, payment, "won");
  if (payment.settled_at !== null) return;
  if (payment.refunded_minor === 0n && payment.refunding_at === null) return announce(tx, payment);
  // A part went back while it was disputed: the rest goes too.
  if (payment.refunded_minor > 0n) await giveRest(tx, payment);
};

/** Books what a gateway charges for a dispute, once for each amount that it names; the venue bears it. */
const bookFee = async (tx: Tx, payment: PaymentRow, fee: Minor): Promise<void> => {
  const dispute = await disputeRow(tx, payment.id);
  const more = fee - (dispute?.fee_minor ?? 0n);
  if (!dispute || more === 0n) return;
  const currency = currencyOf(payment);
  await changeDispute(tx, payment.id, { fee_minor: fee });
  await post(tx, {
    id: await namedId("transfer", `dispute fee ${payment.id} ${dispute.losses} ${fee}`),
    kind: "dispute_fee",
    legs: [
      { account: lossAccount(currency), amount: -more },
      { account: clearing(currency, payment.method ?? "stripe"), amount: more },
    ],
    memo: { paymentId: payment.id },
  });
};

/** Books what a gateway's list says that a payment's dispute cost so far; twice is once. */
export const bookDisputeFee = async (tx: Tx, paymentId: Id<"payment">, fee: Minor): Promise<void> =>
  bookFee(tx, await locked(tx, paymentId), fee);

/** What a gateway says of a payment's dispute. */
type Said = Pick<CheckoutState, "disputed" | "disputeFee">;

/** Keeps what the bank is about to take, by the gateway's word, until it has taken it. */
const keepAmount = async (tx: Tx, payment: PaymentRow, disputed: Minor | undefined): Promise<void> => {
  await insertDispute(tx, payment.id, disputed ?? payment.amount_minor - payment.refunded_minor);
  const known = await disputeRow(tx, payment.id);
  if (known?.status === "lost") return;
  const amount_minor = disputed ?? payment.amount_minor - payment.refunded_minor;
  if (known?.amount_minor !== amount_minor) await changeDispute(tx, payment.id, { amount_minor });
};

/**
 * Takes in what a bank says of a dispute, and what the gateway charges for it, where it says so; each fact changes
 * something only the first time.
 */
export const followDispute = async (
  tx: Tx,
  payment: PaymentRow,
  outcome: "open" | "won" | "lost",
  { disputed, disputeFee: fee }: Said,
): Promise<void> => {
  await keepAmount(tx, payment, disputed);
  if (payment.charged_back_at !== null) {
    if (outcome === "won") await reinstate(tx, payment);
  } else if (outcome === "won") {
    await changeDispute(tx, payment.id, { status: "won", decided_at: tx.at });
    if (payment.status === "disputed") await winBack(tx, payment);
  } else {
    // One that was won can be opened again.
    await changeDispute(tx, payment.id, { status: "open" });
    if (payment.status === "captured" || payment.status === "partially_refunded") {
      await moveTo(tx, payment, "disputed");
      await tellDispute(tx, payment, "open");
    }
    if (outcome === "lost") await chargeBack(tx, payment);
  }
  if (fee !== undefined && fee > 0n) await bookFee(tx, payment, fee);
};
