import type { Tone } from "@evx/ui";
import type { OperatorPayment, OperatorWithdrawal } from "./words.ts";

type Payment = Pick<OperatorPayment, "state" | "settledAt" | "flag">;
type Withdrawal = Pick<OperatorWithdrawal, "status" | "flag">;

/** What an operator may do to a payment: money goes back, from escrow or from those who were given it; a flag is looked at. */
export const paymentActions = (payment: Payment): readonly ("release" | "refund" | "clear")[] => [
  ...(payment.state === "captured" && !payment.settledAt ? (["release"] as const) : []),
  ...(payment.state === "captured" ||
  payment.state === "partially_refunded" ||
  payment.flag === "refund_failed"
    ? (["refund"] as const)
    : []),
  ...(payment.flag ? (["clear"] as const) : []),
];

/** A withdrawal that the gateway never answered for is sent again or given back; one that was asked for is decided. */
export const withdrawalActions = (
  withdrawal: Withdrawal,
): readonly ("again" | "giveBack" | "approve" | "reject")[] => {
  if (withdrawal.flag) return ["again", "giveBack"];
  return withdrawal.status === "requested" ? ["approve", "reject"] : [];
};

export const toneOfPayment = (payment: Payment): Tone => {
  if (payment.flag || payment.state === "disputed") return "warning";
  if (payment.state === "captured") return payment.settledAt ? "positive" : "info";
  return payment.state === "failed" ? "negative" : "neutral";
};
