import { audit } from "@evx/audit";
import type { Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import {
  approveWithdrawal,
  rejectWithdrawal,
  resolveUnanswered,
  type WithdrawalView,
  withdrawalView,
} from "./withdrawals.ts";

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
