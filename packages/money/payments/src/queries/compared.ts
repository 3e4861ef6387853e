import type { GatewayName } from "@evx/adapters";
import type { Db, Tx } from "@evx/db";
import type { Id, Minor } from "@evx/kernel";

const pageColumns = [
  "a.payment_id",
  "a.number",
  "a.ref",
  "a.charge_ref",
  "a.received_minor",
  "a.received_currency",
  "a.charged_minor",
  "a.charged_currency",
  "a.fee_minor",
  "p.attempt as paid_page",
  "p.amount_minor",
  "p.currency",
] as const;

const paidPages = (db: Db, gateway: GatewayName) =>
  db
    .selectFrom("payments.attempt as a")
    .innerJoin("payments.payment as p", "p.id", "a.payment_id")
    .select(pageColumns)
    .where("a.gateway", "=", gateway)
    .where("a.status", "in", ["paid", "surplus", "mismatch"])
    .where("a.charge_ref", "is not", null);

export type PaidPage = Awaited<ReturnType<typeof pagesOfCharges>>[number];

/** Paid pages by the gateway's names for their charges. */
export const pagesOfCharges = (db: Db, gateway: GatewayName, charges: readonly string[]) =>
  paidPages(db, gateway).where("a.charge_ref", "in", charges).execute();

/** Pages whose money was captured in a time. */
export const pagesCaptured = (db: Db, gateway: GatewayName, from: Date, to: Date) =>
  paidPages(db, gateway)
    .whereRef("a.number", "=", "p.attempt")
    .where("p.captured_at", ">=", from)
    .where("p.captured_at", "<", to)
    .orderBy("p.captured_at")
    .execute();

/** What of each page went back by its refunds, in what the gateway was asked for. */
export const refundsOfPages = (db: Db, payments: readonly Id<"payment">[]) =>
  db
    .selectFrom("payments.refund")
    .select(["payment_id", "attempt", "amount_minor", "charged_minor"])
    .where("payment_id", "in", payments)
    .where("status", "in", ["succeeded", "sent"])
    .execute();

export const disputesOfPayments = (db: Db, payments: readonly Id<"payment">[]) =>
  db
    .selectFrom("payments.dispute")
    .select(["payment_id", "status", "amount_minor", "fee_minor"])
    .where("payment_id", "in", payments)
    .execute();

/** Keeps what the gateway charged for a page; answers whether that is new. */
export const keepFee = async (
  tx: Tx,
  page: { paymentId: Id<"payment">; number: number },
  fee_minor: Minor,
): Promise<boolean> => {
  const row = await tx
    .updateTable("payments.attempt")
    .set({ fee_minor })
    .where("payment_id", "=", page.paymentId)
    .where("number", "=", page.number)
    .where("fee_minor", "is", null)
    .returning("number")
    .executeTakeFirst();
  return row !== undefined;
};
