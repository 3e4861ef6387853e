import { defineJob, every, type Handler, handle, on } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import { payoutNoticed } from "@evx/payments/events";
import * as v from "valibot";
import { runPlans } from "./plans.ts";
import type { PayoutsPorts, PayoutsSettings } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { advanceWithdrawal } from "./sending.ts";

/** Sends a withdrawal to the gateway, or asks how it stands. */
export const sendWithdrawal = defineJob(
  "payments.send_withdrawal",
  v.object({ withdrawalId: idOf("withdrawal") }),
);

/** Work that mostly waits for a gateway, and holds no connection meanwhile. */
const asking = { concurrency: 8, long: true } as const;

/** The background work of payouts. Every handler may run twice, beside itself and in any order. */
export const payoutsJobs = (ports: PayoutsPorts, settings: PayoutsSettings): readonly Handler[] => [
  handle(sendWithdrawal, (job, { withdrawalId }) => advanceWithdrawal(job, ports, withdrawalId), asking),
  on(
    payoutNoticed,
    "payouts.follow_notice",
    (job, { withdrawalId }) => advanceWithdrawal(job, ports, withdrawalId),
    asking,
  ),
  every("payouts.plans", "23 * * * *", (job) => runPlans(job, ports, settings)),
  every("payouts.reconcile", "* * * * *", (job) => reconcile(job, ports)),
];
