import { defineEvent } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

/** Minor units as decimal text: JSON has no bigint. */
const amount = v.pipe(v.string(), v.regex(/^\d+$/));

const withdrawalEntries = {
  withdrawalId: idOf("withdrawal"),
  userId: idOf("user"),
  amountMinor: amount,
  currency: v.string(),
  bankAccountMasked: v.string(),
};

/** A person's balance goes to this account by itself from now on. */
export const payoutPlanSet = defineEvent(
  "payments.payout_plan_set",
  v.object({
    userId: idOf("user"),
    every: v.picklist(["week", "month"]),
    bankAccountMasked: v.string(),
    setAt: v.pipe(v.string(), v.isoTimestamp()),
  }),
);

/** Money is to go to an account that none of the person's went to before. */
export const accountNamed = defineEvent("payments.account_named", v.object(withdrawalEntries));

/** The money has left for the bank. */
export const withdrawalSent = defineEvent("payments.withdrawal_sent", v.object(withdrawalEntries));

/** The bank has it, by the gateway's word. */
export const withdrawalCompleted = defineEvent("payments.withdrawal_completed", v.object(withdrawalEntries));

/** The bank or an operator refused it: the money is back in the balance. */
export const withdrawalFailed = defineEvent(
  "payments.withdrawal_failed",
  v.object({ ...withdrawalEntries, reason: v.string() }),
);
