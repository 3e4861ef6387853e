import type { Db, Tx } from "@evx/db";
import { afterCursor, type Id, type PageInput } from "@evx/kernel";
import { sql } from "kysely";

export type InvoiceRow = NonNullable<Awaited<ReturnType<typeof invoiceRow>>>;

export const invoiceRow = (db: Db, number: string) =>
  db.selectFrom("payments.invoice").selectAll().where("number", "=", number).executeTakeFirst();

export const invoiceOfSource = (db: Db, source: string) =>
  db.selectFrom("payments.invoice").selectAll().where("source", "=", source).executeTakeFirst();

/** All that was issued about a payment, the earliest first. */
export const invoicesOfPayment = (db: Db, paymentId: Id<"payment">) =>
  db
    .selectFrom("payments.invoice")
    .selectAll()
    .where("payment_id", "=", paymentId)
    .orderBy("issued_at")
    .orderBy("number")
    .execute();

/** The next number of a series in a year. Its row is locked until the transaction ends: an undone one leaves no gap. */
export const takeNumber = async (tx: Tx, series: string, year: number): Promise<number> => {
  const { last } = await tx
    .insertInto("payments.invoice_counter")
    .values({ series, year, last: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(["series", "year"])
        .doUpdateSet((eb) => ({ last: eb("payments.invoice_counter.last", "+", 1) })),
    )
    .returning("last")
    .executeTakeFirstOrThrow();
  return last;
};

export const insertInvoice = (
  tx: Tx,
  row: Omit<InvoiceRow, "taxes" | "issuer"> & { taxes: string; issuer: string },
) => tx.insertInto("payments.invoice").values(row).returningAll().executeTakeFirstOrThrow();

/** A person's invoices as a buyer, newest first; everybody's for null. */
export const invoiceRows = (
  db: Db,
  page: PageInput,
  filter: { buyerId: Id<"user"> | null; orderId?: Id<"order"> | undefined; from?: Date; to?: Date },
) => {
  let query = db
    .selectFrom("payments.invoice")
    .selectAll()
    .orderBy("issued_at", "desc")
    .orderBy("number", "desc")
    .limit(page.limit + 1);
  if (filter.buyerId) query = query.where("buyer_id", "=", filter.buyerId);
  if (filter.orderId) query = query.where("order_id", "=", filter.orderId);
  if (filter.from) query = query.where("issued_at", ">=", filter.from);
  if (filter.to) query = query.where("issued_at", "<", filter.to);
  const after = afterCursor(page.cursor, ([millis, number, ...rest]) =>
    rest.length === 0 && typeof millis === "number" && typeof number === "string"
      ? { at: new Date(millis), number }
      : null,
  );
  if (after) query = query.where(sql<boolean>`(issued_at, number) < (${after.at}, ${after.number})`);
  return query.execute();
};
