import { defineJob, every, type Handler, handle } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";
import { closeStalePages, pollPayment } from "./polling.ts";
import type { PaymentsPorts } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { advanceRefund } from "./refund-sending.ts";
import { method } from "./schema.ts";
import { processEvent } from "./webhooks.ts";

/** A gateway's event waits in the inbox. */
export const handleEvent = defineJob(
  "payments.handle_event",
  v.object({ gateway: method, eventId: v.string() }),
);

/** Asks the gateway how a payment's pages stand. */
export const lookAtPayment = defineJob("payments.look_at_payment", v.object({ paymentId: idOf("payment") }));

/** Closes all pages of a payment but the newest, or all of them when the payment cannot be paid any more. */
export const closePages = defineJob("payments.close_pages", v.object({ paymentId: idOf("payment") }));

/** Sends a refund to the gateway, or asks how it stands. */
export const sendRefund = defineJob("payments.send_refund", v.object({ refundId: idOf("refund") }));

/** The background work of payments. Every handler may run twice, beside itself and in any order. */
export const paymentsJobs = (ports: PaymentsPorts): readonly Handler[] => [
  handle(handleEvent, (job, event) => processEvent(job, ports, event), { concurrency: 4 }),
  handle(lookAtPayment, (job, { paymentId }) => pollPayment(job, ports, paymentId)),
  handle(closePages, (job, { paymentId }) => closeStalePages(job, ports, paymentId)),
  handle(sendRefund, (job, { refundId }) => advanceRefund(job, ports, refundId)),
  every("payments.reconcile", "* * * * *", (job) => reconcile(job, ports)),
];
