import { idOf, idOut, momentOut, monthIn, pageEntries, pageOf, zoneIn } from "@evx/kernel";
import * as v from "valibot";

export const invoiceKind = v.picklist(["invoice", "credit_note"]);

export const Tax = v.object({
  name: v.string(),
  nameVi: v.string(),
  /** Hundredths of a percent of the net. */
  rateBps: v.number(),
  amount: v.string(),
});

export const Invoice = v.object({
  number: v.string(),
  kind: invoiceKind,
  orderId: idOut("order"),
  paymentId: idOut("payment"),
  buyerName: v.string(),
  description: v.string(),
  /** With the taxes it sums to the total. */
  net: v.string(),
  taxes: v.array(Tax),
  total: v.string(),
  currency: v.string(),
  /** The invoice that a credit note is about. */
  refersTo: v.nullable(v.string()),
  issuedAt: momentOut,
});

export const InvoicePage = pageOf(Invoice);
export const MyInvoices = v.object({ ...pageEntries, orderId: v.optional(idOf("order")) });

const number = v.pipe(
  v.string(),
  v.regex(
    /^EVX(-CN)?-\d{4}-\d{6,}$/,
    "Enter the number as it stands on the invoice, such as EVX-2026-000012.",
  ),
);
const locale = v.optional(v.picklist(["en", "vi"]));

export const InvoiceFile = v.object({
  number,
  format: v.optional(v.picklist(["json", "pdf", "xml", "vietnam"]), "json"),
  locale,
});

/** A file in place of JSON, when `format` asks for one. */
export const FileView = v.object({
  contentType: v.string(),
  fileName: v.string(),
  content: v.union([v.string(), v.instance(Uint8Array<ArrayBuffer>)]),
});

export const InvoiceAnswer = v.object({ invoice: Invoice });

export const StatementOf = v.object({
  userId: idOf("user"),
  month: monthIn,
  /** By which months begin; UTC unless given. */
  zone: v.optional(zoneIn, "UTC"),
  format: v.optional(v.picklist(["json", "csv", "pdf"]), "json"),
  locale,
});

/** What moved in a person's balance in a month of a zone: money earned, given back, withdrawn. */
export const Statement = v.object({
  userId: idOut("user"),
  month: v.string(),
  zone: v.string(),
  currency: v.string(),
  opening: v.string(),
  closing: v.string(),
  lines: v.array(
    v.object({
      at: momentOut,
      kind: v.string(),
      amount: v.string(),
      balance: v.string(),
      reference: v.string(),
    }),
  ),
});
