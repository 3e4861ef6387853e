import { day_ms } from "@evx/kernel";
import { defineRule } from "@evx/rules";
import * as v from "valibot";

export type WithdrawalStatus = "requested" | "approved" | "sent" | "completed" | "failed";

/** A bank may return money that it had taken, so even `completed` can fail. */
const withdrawalMoves: Record<WithdrawalStatus, readonly WithdrawalStatus[]> = {
  requested: ["approved", "failed"],
  approved: ["sent", "failed"],
  sent: ["completed", "failed"],
  completed: ["failed"],
  failed: [],
};

export const withdrawalMayBecome = (from: WithdrawalStatus, to: WithdrawalStatus): boolean =>
  withdrawalMoves[from].includes(to);

/** Gateways forget our keys after 24 hours: asking later could pay twice, so from here a person decides. */
export const KEY_MEMORY_MS = 20 * 60 * 60_000;

/** Over how many days withdrawals add up towards the amount that needs a proved identity: many small ones are one large. */
export const IDENTITY_DAYS = 30;

const amountText = v.pipe(v.string(), v.regex(/^\d{1,15}$/));

/**
 * Limits of withdrawals, in minor units of the venue's currency. `approval_above_minor`: larger ones wait for an
 * operator; null never. `holding_days`: how long a sale's money must lie; null leaves it to the environment.
 * `identity_above_minor`: who asks for more than this in 30 days must have proved their identity, where the environment
 * demands it at all.
 */
export const withdrawalLimits = defineRule(
  "payments.withdrawal_limits",
  v.object({
    minimum_minor: amountText,
    approval_above_minor: v.nullable(amountText),
    holding_days: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(90))),
    identity_above_minor: v.optional(amountText, "0"),
  }),
  { minimum_minor: "1", approval_above_minor: null, holding_days: null, identity_above_minor: "0" },
);

/** The first moment of a week (Monday) or month, UTC. */
export const periodStart = (every: "week" | "month", at: Date): Date => {
  if (every === "month") return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1));
  const day = Math.floor(at.getTime() / day_ms);
  // 1 January 1970 was a Thursday.
  return new Date((day - ((day + 3) % 7)) * day_ms);
};
