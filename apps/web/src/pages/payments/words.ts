import type { Tone } from "@evx/ui";
import { useText } from "../../i18n/index.ts";
import type { Answer, api } from "../../lib/api.ts";

export type Payment = Answer<typeof api.payments.ofOrder>["payment"];
export type Withdrawal = Answer<typeof api.payments.withdrawals>["items"][number];
export type OperatorPayment = Answer<typeof api.payments.all>["items"][number];
export type OperatorWithdrawal = Answer<typeof api.payments.allWithdrawals>["items"][number];

export const withdrawalTones: Record<Withdrawal["status"], Tone> = {
  requested: "warning",
  approved: "info",
  sent: "info",
  completed: "positive",
  failed: "negative",
};

const known = [
  "no_account",
  "account_closed",
  "account_number_invalid",
  "insufficient_funds",
  "debit_not_authorized",
  "invalid_currency",
  "not_sent",
] as const;

/** Why a withdrawal came back, in words: the bank's codes that we know, or what an operator wrote. */
export const useFailure = () => {
  const t = useText("payments");
  return (reason: string): string => {
    const code = known.find((name) => name === reason);
    return code ? t(`failure.${code}`) : t("failure.other", { reason });
  };
};
