import type * as v from "valibot";
import type * as S from "./schema.ts";

/** Views before they are written to the wire: moments are still dates. */
export type PaymentView = v.InferInput<typeof S.Payment>;
export type WithdrawalView = v.InferInput<typeof S.Withdrawal>;
export type BalanceView = v.InferInput<typeof S.Balance>;
export type OperatorPaymentView = v.InferInput<typeof S.OperatorPayment>;
export type OperatorWithdrawalView = v.InferInput<typeof S.OperatorWithdrawal>;
