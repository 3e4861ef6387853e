import type { Tx } from "@evx/db";
import { audit } from "@evx/identity";
import type { Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { refuse } from "./errors.ts";
import { locked } from "./payments.ts";
import { changePayment } from "./queries/payments.ts";
import { refundPayment } from "./refunds.ts";
import type { WithdrawalView } from "./views.ts";
import { approveWithdrawal, rejectWithdrawal, resolveUnanswered, withdrawalView } from "./withdrawals.ts";

type Decided = { withdrawal: WithdrawalView };

/** What operators decide about money, each with its trace. */
export const approve = async (tx: Tx, actor: Actor, id: Id<"withdrawal">): Promise<Decided> => {
  const row = await approveWithdrawal(tx, actor, id);
  await audit(tx, actor, "withdrawal.approve", id);
  return { withdrawal: withdrawalView(row) };
};

export const reject = async (
  tx: Tx,
  actor: Actor,
  id: Id<"withdrawal">,
  reason: string,
): Promise<Decided> => {
  const row = await rejectWithdrawal(tx, actor, id, reason);
  await audit(tx, actor, "withdrawal.reject", id, { after: { reason } });
  return { withdrawal: withdrawalView(row) };
};

export const resolve = async (
  tx: Tx,
  actor: Actor,
  id: Id<"withdrawal">,
  decision: "send_again" | "give_back",
): Promise<Decided> => {
  const row = await resolveUnanswered(tx, actor, id, decision);
  await audit(tx, actor, "withdrawal.resolve", id, { after: { decision } });
  return { withdrawal: withdrawalView(row) };
};

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
