import type { Db } from "@evx/db";
import {
  assert,
  type Id,
  isCurrency,
  momentKey,
  type Page,
  type PageInput,
  pageFrom,
  textFromMinor,
} from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { taxesOf } from "./issue.ts";
import { type InvoiceRow, invoiceRow, invoiceRows } from "./queries/invoices.ts";
import type * as S from "./schema.ts";

export type InvoiceView = v.InferInput<typeof S.Invoice>;

export const invoiceView = (row: InvoiceRow): InvoiceView => {
  const { currency } = row;
  assert(isCurrency(currency), `${row.number} is in a currency of the venue`);
  const text = (amount: bigint) => textFromMinor(amount, currency);
  return {
    number: row.number,
    kind: row.kind,
    orderId: row.order_id,
    paymentId: row.payment_id,
    buyerName: row.buyer_name,
    description: row.description,
    net: text(row.net_minor),
    taxes: taxesOf(row).map((tax) => ({ ...tax, amount: text(tax.amount) })),
    total: text(row.total_minor),
    currency,
    refersTo: row.refers_to,
    issuedAt: row.issued_at,
  };
};

/** A buyer's invoices and credit notes, newest first; an operator sees everybody's. */
export const invoicesFor = async (
  db: Db,
  actor: Pick<Actor, "id" | "role">,
  input: PageInput & { orderId?: Id<"order"> | undefined },
): Promise<Page<InvoiceView>> => {
  const buyerId = actor.role === "admin" ? null : actor.id;
  const rows = await invoiceRows(db, input, { buyerId, orderId: input.orderId });
  return pageFrom(rows, input.limit, invoiceView, (row) => momentKey(row.issued_at, row.number));
};

/** One of them, for its buyer and operators. Refuses `invoice_unknown`. */
export const invoiceFor = async (
  db: Db,
  actor: Pick<Actor, "id" | "role">,
  number: string,
): Promise<InvoiceRow> => {
  const row = await invoiceRow(db, number);
  if (!row || (row.buyer_id !== actor.id && actor.role !== "admin")) throw refuse("invoice_unknown");
  return row;
};
