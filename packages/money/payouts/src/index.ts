export { balanceOfUser, type Limits, limitsAt, setAside } from "./balance.ts";
export { bookPayoutFee, type PayoutHere, payoutsHere } from "./compared.ts";
export { planOf } from "./plans.ts";
export { withdrawalLimits } from "./policy.ts";
export type { PayoutsPorts, PayoutsSettings } from "./ports.ts";
export { paidOutRows } from "./queries/paid-out.ts";
export type { WithdrawalView } from "./withdrawals.ts";
