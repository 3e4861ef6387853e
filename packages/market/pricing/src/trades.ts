import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { type CompletedOrder, completedOrders } from "@evx/orders";
import type { Actor } from "@evx/rpc";
import { deleteTrades, insertTrades, type TradeRow } from "./queries/trades.ts";

/** So many orders are read and noted at once. */
const PAGE = 500;

/** A sale as pricing keeps it, from the order that completed it. */
const tradeOf = (order: CompletedOrder): TradeRow => ({
  order_id: order.id,
  grams: order.amount_g,
  price_minor: order.price_minor,
  currency: order.currency,
  vintage: order.vintage_year,
  country: order.country_code,
  method: order.method_code,
  listing_type: order.kind === "purchase" ? "fixed" : "auction",
  buyer_id: order.buyer_id,
  seller_id: order.seller_id,
  at: order.completed_at,
});

/** Runs through the completed orders that were placed since a moment, page by page. */
async function* salesSince(db: Db, placedSince: Date): AsyncGenerator<TradeRow[], void, void> {
  for (let after: { at: Date; id: Id<"order"> } | null = null; ; ) {
    const orders: CompletedOrder[] = await completedOrders(db, { placedSince, after, limit: PAGE });
    yield orders.map(tradeOf);
    const last = orders.at(-1);
    if (!last || orders.length < PAGE) return;
    after = { at: last.created_at, id: last.id };
  }
}

/**
 * Builds `pricing.trade` again from the completed orders, to the rows that their events would have made. One
 * transaction: whoever reads meanwhile sees the sales as they were. Answers how many sales there are.
 */
export const rebuildTrades = async (tx: Tx, operator: Actor | null): Promise<{ sales: number }> => {
  await deleteTrades(tx);
  let sales = 0;
  for await (const trades of salesSince(tx, new Date(0))) sales += await insertTrades(tx, trades);
  await audit(tx, operator, "pricing.rebuild", "pricing", { after: { sales } });
  return { sales };
};

/** Notes sales of orders placed since a moment whose event was missed. Answers how many. Any number of times. */
export const noteMissedSales = async (
  job: { db: Db; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> },
  placedSince: Date,
): Promise<number> => {
  let noted = 0;
  for await (const trades of salesSince(job.db, placedSince))
    noted += await job.transact((tx) => insertTrades(tx, trades));
  return noted;
};
