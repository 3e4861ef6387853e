import { every, type Handler, handle } from "@evx/jobs";
import { closeStalePages, lookAt } from "./checkout.ts";
import { closePages, handleEvent, lookAtPayment, sendRefund, sendWithdrawal } from "./job-names.ts";
import { settleWithdrawal } from "./payouts.ts";
import type { PaymentsPorts } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { settleRefund } from "./refund-jobs.ts";
import { processEvent } from "./webhooks.ts";

/** The background work of payments. Every handler may run twice, beside itself and in any order. */
export const paymentsJobs = (ports: PaymentsPorts): readonly Handler[] => [
  handle(handleEvent, (job, event) => processEvent(job, ports, event), { concurrency: 4 }),
  handle(lookAtPayment, (job, { paymentId }) => lookAt(job, ports, paymentId)),
  handle(closePages, (job, { paymentId }) => closeStalePages(job, ports, paymentId)),
  handle(sendRefund, (job, { refundId }) => settleRefund(job, ports, refundId)),
  handle(sendWithdrawal, (job, { withdrawalId }) => settleWithdrawal(job, ports, withdrawalId)),
  every("payments.reconcile", "* * * * *", (job) => reconcile(job, ports)),
];
