import { displayNames } from "@evx/accounts";
import type { Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { assert, type Id, type Minor } from "@evx/kernel";
import { saleOf } from "@evx/payments";
import { ruleAt } from "@evx/rules";
import * as v from "valibot";
import { invoiceIssued } from "./events.ts";
import { invoiceTerms, numberText, partOfInvoice, seriesOf, type Tax, taxesIn } from "./policy.ts";
import {
  type InvoiceRow,
  insertInvoice,
  invoiceOfSource,
  invoicesOfPayment,
  takeNumber,
} from "./queries/invoices.ts";
import type { Issuer } from "./ubl.ts";

const Taxes = v.array(
  v.object({ name: v.string(), nameVi: v.string(), rateBps: v.number(), amount: v.string() }),
);

export const taxesOf = (row: Pick<InvoiceRow, "taxes">): Tax[] =>
  v.parse(Taxes, row.taxes).map((tax) => ({ ...tax, amount: BigInt(tax.amount) }));

const IssuerText = v.object({
  name: v.string(),
  address: v.string(),
  taxId: v.string(),
  country: v.string(),
});

/** Who issued a document, as it was then. */
export const issuerIn = (row: Pick<InvoiceRow, "issuer">): Issuer => v.parse(IssuerText, row.issuer);

type Content = Omit<
  InvoiceRow,
  "number" | "series" | "year" | "sequence" | "issued_at" | "taxes" | "issuer"
> & {
  taxes: Tax[];
  issuer: unknown;
};

/** Gives a document its number and writes it. The counter's row is locked as late as can be. */
const issue = async (tx: Tx, { taxes, issuer, ...content }: Content): Promise<InvoiceRow> => {
  const sum = content.net_minor + taxes.reduce((total, { amount }) => total + amount, 0n);
  assert(sum === content.total_minor, `${content.source}: its lines sum to its total`);
  const [series, year] = [seriesOf[content.kind], tx.at.getUTCFullYear()];
  const sequence = await takeNumber(tx, series, year);
  const number = numberText(series, year, sequence);
  const row = await insertInvoice(tx, {
    ...content,
    number,
    series,
    year,
    sequence,
    taxes: JSON.stringify(taxes.map((tax) => ({ ...tax, amount: tax.amount.toString() }))),
    issuer: JSON.stringify(issuer),
    issued_at: tx.at,
  });
  await emit(tx, invoiceIssued, {
    number,
    kind: content.kind,
    orderId: content.order_id,
    buyerId: content.buyer_id,
    amountMinor: content.total_minor.toString(),
    currency: content.currency,
  });
  return row;
};

/** Issues the invoice of a settled sale, once; null while it is not settled. */
export const issueInvoice = async (tx: Tx, paymentId: Id<"payment">): Promise<InvoiceRow | null> => {
  const source = `sale ${paymentId}`;
  const known = await invoiceOfSource(tx, source);
  if (known) return known;
  const sale = await saleOf(tx, paymentId);
  if (!sale) return null;
  const { value } = await ruleAt(tx, invoiceTerms, sale.settledAt);
  const names = await displayNames(tx, [sale.buyerId, sale.sellerId]);
  const { net, taxes } = taxesIn(sale.total_minor, value.taxes);
  return issue(tx, {
    kind: "invoice",
    source,
    payment_id: paymentId,
    order_id: sale.orderId,
    buyer_id: sale.buyerId,
    seller_id: sale.sellerId,
    buyer_name: names.get(sale.buyerId) ?? "",
    seller_name: names.get(sale.sellerId) ?? "",
    issuer: value.issuer,
    refers_to: null,
    description: sale.description,
    currency: sale.currency,
    total_minor: sale.total_minor,
    net_minor: net,
    taxes,
    reason: null,
  });
};

/** What of an invoice is credited: credit notes less what was invoiced again because money came back. */
const creditedOf = (rows: readonly InvoiceRow[]): Minor =>
  rows
    .filter(({ refers_to }) => refers_to !== null)
    .reduce((sum, row) => sum + (row.kind === "credit_note" ? row.total_minor : -row.total_minor), 0n);

/**
 * Issues a credit note for a part of a sale's invoice, or for all that is left of it: once for each source. The last
 * one takes the remainder of every line. Nothing where nothing was invoiced.
 */
export const issueCreditNote = async (
  tx: Tx,
  note: { paymentId: Id<"payment">; source: string; amount: Minor | "rest"; reason: string },
): Promise<InvoiceRow | null> => {
  const known = await invoiceOfSource(tx, note.source);
  if (known) return known;
  const invoice = await issueInvoice(tx, note.paymentId);
  if (!invoice) return null;
  const before = creditedOf(await invoicesOfPayment(tx, note.paymentId));
  const left = invoice.total_minor - before;
  const amount = note.amount === "rest" || note.amount > left ? left : note.amount;
  if (amount <= 0n) return null;
  const whole = { total: invoice.total_minor, taxes: taxesOf(invoice) };
  const { net, taxes } = partOfInvoice(whole, before, amount);
  const { number: refers_to, payment_id, order_id, buyer_id, seller_id, buyer_name, seller_name } = invoice;
  const { issuer, description, currency } = invoice;
  const parties = { payment_id, order_id, buyer_id, seller_id, buyer_name, seller_name, issuer };
  const content = { refers_to, description, currency, total_minor: amount, net_minor: net, taxes };
  return issue(tx, { kind: "credit_note", source: note.source, reason: note.reason, ...parties, ...content });
};

/** Money that a credit note stands for came back here: the same amount is invoiced again, about the same invoice. */
export const issueAgain = async (
  tx: Tx,
  input: { creditSource: string; source: string; reason: string },
): Promise<InvoiceRow | null> => {
  const known = await invoiceOfSource(tx, input.source);
  if (known) return known;
  const note = await invoiceOfSource(tx, input.creditSource);
  if (!note) return null;
  const { number: _, series: __, year: ___, sequence: ____, issued_at: _____, ...content } = note;
  const { source, reason } = input;
  return issue(tx, { ...content, kind: "invoice", source, reason, taxes: taxesOf(note) });
};
