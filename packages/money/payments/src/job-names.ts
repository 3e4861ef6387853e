import { defineJob } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";
import { method } from "./schema.ts";

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

/** Sends a withdrawal to the gateway, or asks how it stands. */
export const sendWithdrawal = defineJob(
  "payments.send_withdrawal",
  v.object({ withdrawalId: idOf("withdrawal") }),
);
