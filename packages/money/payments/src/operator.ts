import type { CheckoutState } from "@evx/adapters";
import { audit } from "@evx/audit";
import type { Tx } from "@evx/db";
import { assert, type Id, type Minor, minorFromText, textFromMinor } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { applyCheckout } from "./captures.ts";
import { chargeOf, inBooks } from "./charges.ts";
import { announce } from "./disputes.ts";
import { refuse } from "./errors.ts";
import { wayOf } from "./lifecycle.ts";
import { currencyOf, locked, paymentView } from "./payments.ts";
import { gatewayOf, type PaymentsPorts } from "./ports.ts";
import { attemptRows, changePayment } from "./queries/payments.ts";
import { refundRow, refundsOfAttempt } from "./queries/refunds.ts";
import { takeReturned } from "./refund-endings.ts";
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

/** What a gateway tells by letter or in its dashboard alone, as decimal text in what the page charged. */
export type NoteInput = {
  paymentId: Id<"payment">;
  /** All that went back there so far, with what we asked for. */
  refunded?: string | undefined;
  dispute?: "open" | "won" | "lost" | undefined;
  /** What the bank takes by the dispute; what is left of the payment without it. */
  disputed?: string | undefined;
  /** What the gateway charged for the dispute so far. */
  fee?: string | undefined;
};

/**
 * An operator notes what a gateway does not tell us: it is taken in as if the gateway had said so, any number of times.
 * Refuses `gateway_tells_itself`, `payment_not_captured`, `payment_refund_exceeds`, `payment_refund_amount_invalid`.
 */
export const noteFromGateway = async (
  tx: Tx,
  ports: PaymentsPorts,
  actor: Actor,
  { paymentId, dispute = undefined, ...said }: NoteInput,
): Promise<{ paymentId: Id<"payment"> }> => {
  const payment = await locked(tx, paymentId);
  const page = (await attemptRows(tx, paymentId)).find(({ number }) => number === payment.attempt);
  if (!page?.charge_ref) throw refuse("payment_not_captured");
  const byLetter = page.gateway !== "balance" && gatewayOf(ports, page.gateway).tellsByLetter;
  if (!byLetter) throw refuse("gateway_tells_itself", { method: page.gateway });
  const { amount, currency } = chargeOf(payment, page);
  const minor = (text: string | undefined): Minor | undefined => {
    if (text === undefined) return undefined;
    const parsed = minorFromText(text, currency);
    if (parsed === null || parsed < 0n) throw refuse("payment_refund_amount_invalid", { currency });
    if (parsed > amount) throw refuse("payment_refund_exceeds");
    return parsed;
  };
  const rows = (await refundsOfAttempt(tx, paymentId, page.number)).filter(
    ({ status }) => status !== "failed",
  );
  const refunded = minor(said.refunded) ?? 0n;
  const gone = rows.reduce((sum, row) => sum + (row.charged_minor ?? row.amount_minor), 0n);
  const left = amount - (refunded > gone ? refunded : gone);
  const disputed = minor(said.disputed) ?? left;
  const disputeFee = minor(said.fee);
  await audit(tx, actor, "payment.note_from_gateway", paymentId, {
    after: { ...said, ...(dispute ? { dispute } : {}), currency },
  });
  const state: CheckoutState = {
    ref: page.ref ?? "",
    status: "paid",
    redirectUrl: null,
    chargeRef: page.charge_ref,
    paymentId,
    amount,
    currency,
    refunded,
    dispute: dispute ?? null,
    ...(dispute ? { disputed } : {}),
    ...(disputeFee === undefined ? {} : { disputeFee }),
    failure: null,
  };
  await applyCheckout(tx, paymentId, page.number, state);
  if (said.refunded !== undefined) {
    const back = inBooks(payment, page, state).refunded;
    await takeReturned(tx, await locked(tx, paymentId), page, back, "all");
  }
  return { paymentId };
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
