import { defineJob, every, type Handler, handle } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";
import { setOff, setOffAll } from "./debts.ts";
import { closeStalePages, pollPayment } from "./polling.ts";
import type { PaymentsPorts } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { advanceRefund } from "./refund-sending.ts";
import { currencyName, currencyNames, method } from "./schema.ts";
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

/** Pays what a person owes the venue from their balance. */
export const setOffDebt = defineJob(
  "payments.set_off_debt",
  v.object({ userId: idOf("user"), currency: currencyName }),
);

/** Sends a refund to the gateway, or asks how it stands. */
export const sendRefund = defineJob("payments.send_refund", v.object({ refundId: idOf("refund") }));

/** Work that mostly waits for a gateway, and holds no connection meanwhile; one sale may bring three events. */
const asking = { concurrency: 16, long: true, turn: "first" } as const;

const sending = { concurrency: 16, long: true } as const;

/** The background work of payments. Every handler may run twice, beside itself and in any order. */
export const paymentsJobs = (ports: PaymentsPorts): readonly Handler[] => [
  handle(handleEvent, (job, event) => processEvent(job, ports, event), asking),
  handle(lookAtPayment, (job, { paymentId }) => pollPayment(job, ports, paymentId), asking),
  handle(closePages, (job, { paymentId }) => closeStalePages(job, ports, paymentId), sending),
  handle(sendRefund, (job, { refundId }) => advanceRefund(job, ports, refundId), sending),
  handle(setOffDebt, async (job, debt) => {
    await job.transact((tx) => setOff(tx, debt));
  }),
  every("payments.set_off_debts", "* * * * *", async (job) => {
    for (const currency of currencyNames) await setOffAll(job, currency);
  }),
  every("payments.reconcile", "* * * * *", (job) => reconcile(job, ports)),
];
