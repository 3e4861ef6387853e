import { defineEvent } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

/** An invoice or a credit note was issued to a buyer. */
export const invoiceIssued = defineEvent(
  "payments.invoice_issued",
  v.object({
    number: v.string(),
    kind: v.picklist(["invoice", "credit_note"]),
    orderId: idOf("order"),
    buyerId: idOf("user"),
    amountMinor: v.pipe(v.string(), v.regex(/^\d+$/)),
    currency: v.string(),
  }),
);
