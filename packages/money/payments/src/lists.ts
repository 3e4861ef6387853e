import { displayNames } from "@evx/accounts";
import type { Db } from "@evx/db";
import { type Id, momentKey, type Page, type PageInput, pageFrom, textFromMinor } from "@evx/kernel";
import type * as v from "valibot";
import { currencyOf, type PaymentView, paymentView } from "./payments.ts";
import { allPayments, type PaymentFilter, paymentsOfBuyer } from "./queries/lists.ts";
import type { PaymentRow } from "./queries/payments.ts";
import type * as S from "./schema.ts";

/** A payment as an operator sees it, its moments still dates. */
export type OperatorPaymentView = v.InferInput<typeof S.OperatorPayment>;

/** A person's payments as a buyer, newest first. */
export const myPayments = async (
  db: Db,
  userId: Id<"user">,
  page: PageInput,
  now: Date,
): Promise<Page<PaymentView>> =>
  pageFrom(
    await paymentsOfBuyer(db, userId, page),
    page.limit,
    (row) => paymentView(row, now),
    (row) => momentKey(row.created_at, row.id),
  );

/** The states of a payment whose money came in: of any other nothing can go back. */
const cameIn: ReadonlySet<PaymentRow["status"]> = new Set(["captured", "partially_refunded", "disputed"]);

export const operatorPayment = (
  row: PaymentRow,
  names: Map<string, string>,
  now: Date,
): OperatorPaymentView => ({
  ...paymentView(row, now),
  buyerId: row.buyer_id,
  sellerId: row.seller_id,
  buyerName: names.get(row.buyer_id) ?? "",
  sellerName: names.get(row.seller_id) ?? "",
  state: row.status,
  refunded: textFromMinor(row.refunded_minor, currencyOf(row)),
  refundable: textFromMinor(
    cameIn.has(row.status) && !row.charged_back_at ? row.amount_minor - row.refunded_minor : 0n,
    currencyOf(row),
  ),
  settledAt: row.settled_at,
  flag: row.flag,
});

/** All payments for an operator, newest first. */
export const operatorPayments = async (
  db: Db,
  page: PageInput & { show: PaymentFilter; q?: string | undefined },
  now: Date,
): Promise<Page<OperatorPaymentView>> => {
  const rows = await allPayments(db, page, page.show, page.q);
  const names = await displayNames(
    db,
    rows.flatMap((row) => [row.buyer_id, row.seller_id]),
  );
  return pageFrom(
    rows,
    page.limit,
    (row) => operatorPayment(row, names, now),
    (row) => momentKey(row.created_at, row.id),
  );
};
