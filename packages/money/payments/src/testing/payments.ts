import type { CheckoutState } from "@evx/adapters";
import type { Db, Tx } from "@evx/db";
import { type Currency, type Id, newId } from "@evx/kernel";
import { cash, cvaPool, escrow, platformFee, post } from "@evx/ledger";
import { sql } from "kysely";
import { applyCheckout } from "../captures.ts";
import { currencyOf, openPayment } from "../payments.ts";
import { pageExpiry } from "../policy.ts";
import {
  attemptRows,
  changeAttempt,
  changePayment,
  insertAttempt,
  type NewPayment,
  type PaymentRow,
  paymentRow,
} from "../queries/payments.ts";
import { applyRefund } from "../refund-endings.ts";

type World = { db: Db; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> };

/** A payment in the database, as the marketplace opens it for an order. */
export const aPayment = async (world: World, input: Partial<NewPayment> = {}): Promise<NewPayment> =>
  world.transact(async (tx) => {
    const payment: NewPayment = {
      id: newId("payment"),
      orderId: newId("order"),
      buyerId: newId("user"),
      sellerId: newId("user"),
      amount_minor: 1234n,
      currency: "USD" satisfies Currency,
      description: "0.100000 credits",
      expiresAt: new Date(tx.at.getTime() + 30 * 60_000),
      ...input,
    };
    await openPayment(tx, payment);
    return payment;
  });

/**
 * Makes a payment captured exactly as a webhook's job does: the money is in the order's escrow and
 * `paymentCaptured` waits in the outbox. For rooms that need a paid order and no gateway.
 */
export const capturePayment = async (
  world: World,
  paymentId: Id<"payment">,
  more: Partial<CheckoutState> = {},
): Promise<void> => {
  const payment = await paymentRow(world.db, paymentId);
  if (!payment) throw new Error(`No payment ${paymentId}`);
  await world.transact(async (tx) => {
    const number = ((await attemptRows(tx, paymentId)).at(-1)?.number ?? 0) + 1;
    const ref = `cs_fake_${paymentId}_${number}`;
    await insertAttempt(tx, {
      paymentId,
      number,
      gateway: "stripe",
      locale: "en",
      expiresAt: pageExpiry(payment.expires_at, tx.at),
    });
    await changePayment(tx, paymentId, { method: "stripe" });
    await changeAttempt(tx, paymentId, number, { status: "open", ref });
    await applyCheckout(tx, paymentId, number, { ...paidPage(payment, number), ...more });
  });
};

const paidPage = (payment: PaymentRow, number: number): CheckoutState => ({
  ref: `cs_fake_${payment.id}_${number}`,
  status: "paid",
  redirectUrl: null,
  chargeRef: `pi_fake_${payment.id}_${number}`,
  paymentId: payment.id,
  amount: payment.amount_minor,
  currency: payment.currency,
  refunded: 0n,
  dispute: null,
  failure: null,
});

/** A later look at a payment that `capturePayment` captured: what its page says besides, such as a dispute. */
export const seePayment = async (
  world: World,
  paymentId: Id<"payment">,
  more: Partial<CheckoutState>,
): Promise<void> =>
  world.transact(async (tx) => {
    const payment = await paymentRow(tx, paymentId);
    if (!payment?.attempt) throw new Error(`${paymentId} was not captured`);
    await applyCheckout(tx, paymentId, payment.attempt, { ...paidPage(payment, payment.attempt), ...more });
  });

/** The gateway has done a refund that was asked for. */
export const finishRefund = async (world: World, refundId: Id<"refund">): Promise<void> =>
  world.transact((tx) =>
    applyRefund(tx, refundId, { ref: `re_${refundId}`, status: "succeeded", failure: null }),
  );

/**
 * Gives a captured payment to its seller as the marketplace's settlement does: `payments.settle` guards it, and the
 * money leaves escrow in the same transaction, less what the venue and the auditors keep. Answers false when the guard
 * says no.
 */
export const settleSale = async (
  tx: Tx,
  paymentId: Id<"payment">,
  fees: { platform?: bigint; cva?: bigint } = {},
): Promise<boolean> => {
  const { platform = 0n, cva = 0n } = fees;
  const id = newId("transfer");
  const { rows } = await sql<{
    done: boolean;
  }>`select payments.settle(${paymentId}, ${tx.at}, ${id}) as done`.execute(tx);
  const payment = await paymentRow(tx, paymentId);
  if (!rows[0]?.done || !payment) return false;
  const currency = currencyOf(payment);
  const legs = [
    { account: escrow(currency, payment.order_id), amount: -payment.amount_minor },
    { account: cash(currency, payment.seller_id), amount: payment.amount_minor - platform - cva },
    { account: platformFee(currency, id), amount: platform },
    { account: cvaPool(currency, id), amount: cva },
  ].filter(({ amount }) => amount !== 0n);
  await post(tx, { id, kind: "sale", legs });
  return true;
};
