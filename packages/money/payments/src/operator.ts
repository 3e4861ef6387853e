import { audit } from "@evx/audit";
import type { Tx } from "@evx/db";
import { assert, type Id, minorFromText, textFromMinor } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { announce } from "./disputes.ts";
import { refuse } from "./errors.ts";
import { wayOf } from "./lifecycle.ts";
import { currencyOf, locked, paymentView } from "./payments.ts";
import { changePayment } from "./queries/payments.ts";
import { refundRow } from "./queries/refunds.ts";
import { refundPayment } from "./refunds.ts";

type RefundWish = {
  paymentId: Id<"payment">;
  refundId: Id<"refund">;
  amount?: string | undefined;
  reason: string;
};

/** An operator gives a payment back, whole or in part, with a reason that leaves a trace. */
export const refund = async (tx: Tx, actor: Actor, wish: RefundWish) => {
  const payment = await locked(tx, wish.paymentId);
  const currency = currencyOf(payment);
  const amount = wish.amount === undefined ? undefined : minorFromText(wish.amount, currency);
  if (amount === null || amount === 0n) throw refuse("payment_refund_amount_invalid", { currency });
  const { paymentId, refundId, reason: note } = wish;
  const opened = await refundPayment(tx, {
    paymentId,
    reason: "operator",
    ...(note ? { note } : {}),
    amount,
    refundId,
  });
  const row = await refundRow(tx, opened.refundId);
  assert(row, "the refund was written");
  const given = textFromMinor(row.amount_minor, currency);
  await audit(tx, actor, "payment.refund", paymentId, { after: { note, amount: given } });
  return {
    payment: paymentView(await locked(tx, paymentId), tx.at),
    refund: { id: row.id, amount: given, status: row.status },
  };
};

/**
 * An operator lets a sale go on whose money is here and that nobody settled: the room that sells is told again that it
 * came. Refuses what the table says of a payment whose money cannot be handed over.
 */
export const releaseSale = async (
  tx: Tx,
  actor: Actor,
  id: Id<"payment">,
): Promise<{ paymentId: Id<"payment"> }> => {
  const payment = await locked(tx, id);
  const way = wayOf(payment);
  if (way.sale === "settled") throw refuse("payment_settled");
  if (way.sale === "disputed") throw refuse("payment_disputed");
  if (!way.settles) throw refuse("payment_not_captured");
  await announce(tx, payment);
  await audit(tx, actor, "payment.release", id);
  return { paymentId: id };
};

/** An operator has looked at what was flagged and dealt with it. */
export const clearFlag = async (
  tx: Tx,
  actor: Actor,
  id: Id<"payment">,
): Promise<{ paymentId: Id<"payment"> }> => {
  const payment = await locked(tx, id);
  if (!payment.flag) throw refuse("payment_not_flagged");
  await changePayment(tx, id, { flag: null });
  await audit(tx, actor, "payment.clear_flag", id, { before: { flag: payment.flag } });
  return { paymentId: id };
};
