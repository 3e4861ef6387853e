import { type Database, type Db, json, type Tx } from "@evx/db";
import { type Id, idOf } from "@evx/kernel";
import type { Insertable, Selectable } from "kysely";
import * as v from "valibot";

const storedLines = v.array(
  v.object({ listingId: idOf("listing"), grams: v.string(), price: v.string(), total: v.string() }),
);

export type QuoteLine = { listingId: Id<"listing">; grams: bigint; price_minor: bigint; total_minor: bigint };

export type QuoteRow = Omit<Selectable<Database["marketplace.quote"]>, "lines"> & { lines: QuoteLine[] };

const rowOf = (row: Selectable<Database["marketplace.quote"]>): QuoteRow => ({
  ...row,
  lines: v.parse(storedLines, row.lines).map(({ listingId, grams, price, total }) => ({
    listingId,
    grams: BigInt(grams),
    price_minor: BigInt(price),
    total_minor: BigInt(total),
  })),
});

export const insertQuote = async (
  tx: Tx,
  {
    lines,
    ...row
  }: Omit<Insertable<Database["marketplace.quote"]>, "lines"> & { lines: readonly QuoteLine[] },
): Promise<void> => {
  const stored = lines.map(({ listingId, grams, price_minor, total_minor }) => ({
    listingId,
    grams: String(grams),
    price: String(price_minor),
    total: String(total_minor),
  }));
  await tx
    .insertInto("marketplace.quote")
    .values({ ...row, lines: json(stored) })
    .execute();
};

export const quoteRow = async (db: Db, id: Id<"quote">): Promise<QuoteRow | undefined> => {
  const row = await db.selectFrom("marketplace.quote").selectAll().where("id", "=", id).executeTakeFirst();
  return row && rowOf(row);
};

/** Uses a quote for an order; undefined when it was used or has lapsed. Of two who try, one gets it. */
export const useQuote = async (
  tx: Tx,
  id: Id<"quote">,
  orderId: Id<"order">,
): Promise<QuoteRow | undefined> => {
  const row = await tx
    .updateTable("marketplace.quote")
    .set({ order_id: orderId })
    .where("id", "=", id)
    .where("order_id", "is", null)
    .where("expires_at", ">", tx.at)
    .returningAll()
    .executeTakeFirst();
  return row && rowOf(row);
};

/** Forgets quotes that nobody used. */
export const forgetQuotes = async (db: Db, before: Date): Promise<void> => {
  await db
    .deleteFrom("marketplace.quote")
    .where("expires_at", "<", before)
    .where("order_id", "is", null)
    .execute();
};
