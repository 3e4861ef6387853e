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
import { paymentCaptured, paymentDisputed } from "./events.ts";
import { setOffDebt } from "./jobs.ts";
import { currencyOf, locked, moveTo, named } from "./payments.ts";
import { changeDispute, disputeRow, insertDispute } from "./queries/disputes.ts";
import { changePayment, type PaymentRow } from "./queries/payments.ts";
import { sharesIn } from "./queries/shares.ts";
import { dropRefunds } from "./refunds.ts";

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
 * Who bears what a bank took: escrow while the money is there. After the sale it is those who were given it; of what a
 * refund has on its way already, the venue.
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
  if (payment.settled_at === null) {
    const account = underway === 0n ? held : loss;
    return [{ of: held, account, amount }];
  }
  const rest = amount > underway ? amount - underway : 0n;
  const most = await leftToTake(tx, payment);
  const taken = rest < most ? rest : most;
  // What went to the buyer's own balance, since lines of their order went away, is for them to give back.
  const change = rest - taken;
  const owed = debt(currency, payment.buyer_id);
  return [
    ...(taken > 0n ? await sharesFor(tx, payment, taken) : []),
    ...(change > 0n ? [{ of: owed, account: owed, amount: change }] : []),
    ...(underway > 0n ? [{ of: loss, account: loss, amount: underway < amount ? underway : amount }] : []),
  ];
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
  const amount = payment.amount_minor - payment.refunded_minor;
  const shares = amount === 0n ? [] : await bearersOf(tx, payment, amount, underway);
  await changeDispute(tx, payment.id, {
    status: "lost",
    decided_at: tx.at,
    losses: dispute.losses + 1,
    shares: JSON.stringify(textOfShares(shares)),
  });
  if (amount === 0n) return;
  await setOffSoon(tx, payment, shares);
  await post(tx, {
    id: await namedId("transfer", lossName(payment.id, dispute.losses)),
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
  if (payment.settled_at === null && payment.refunding_at === null && payment.refunded_minor === 0n)
    await announce(tx, payment);
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

/**
 * Takes in what a bank says of a dispute, and what the gateway charges for it, where it says so; each fact changes
 * something only the first time.
 */
export const followDispute = async (
  tx: Tx,
  payment: PaymentRow,
  outcome: "open" | "won" | "lost",
  fee: Minor | undefined,
): Promise<void> => {
  await insertDispute(tx, payment.id, payment.amount_minor - payment.refunded_minor);
  if (payment.charged_back_at !== null) {
    if (outcome === "won") await reinstate(tx, payment);
  } else if (outcome === "won") {
    await changeDispute(tx, payment.id, { status: "won", decided_at: tx.at });
    if (payment.status === "disputed") await winBack(tx, payment);
  } else {
    if (payment.status === "captured" || payment.status === "partially_refunded") {
      await moveTo(tx, payment, "disputed");
      await tellDispute(tx, payment, "open");
    }
    if (outcome === "lost") await chargeBack(tx, payment);
  }
  if (fee !== undefined && fee > 0n) await bookFee(tx, payment, fee);
};
