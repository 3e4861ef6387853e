import { audit } from "@evx/audit";
import type { Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { refuse } from "./errors.ts";
import { locked } from "./payments.ts";
import { changePayment } from "./queries/payments.ts";
import { refundPayment } from "./refunds.ts";

/** An operator gives a payment back, with a reason that leaves a trace. */
export const refund = async (
  tx: Tx,
  actor: Actor,
  paymentId: Id<"payment">,
  note: string,
): Promise<{ refundId: Id<"refund"> }> => {
  const opened = await refundPayment(tx, { paymentId, reason: "operator", note });
  await audit(tx, actor, "payment.refund", paymentId, { after: { note } });
  return opened;
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
