import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { day_ms } from "@evx/kernel";
import { type CompletedOrder, completedOrders, orderRow, selfDealtIds } from "@evx/orders";
import type { orderCompleted } from "@evx/orders/events";
import { noteTrade } from "@evx/review";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { deleteTrades, dropTrades, insertTrades, type TradeRow, tradeRows } from "./queries/trades.ts";

type Sale = v.InferOutput<typeof orderCompleted.schema>;

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
async function* salesSince(db: Db, placedSince: Date): AsyncGenerator<CompletedOrder[], void, void> {
  for (let after: { at: Date; id: Id<"order"> } | null = null; ; ) {
    const orders: CompletedOrder[] = await completedOrders(db, { placedSince, after, limit: PAGE });
    yield orders;
    const last = orders.at(-1);
    if (!last || orders.length < PAGE) return;
    after = { at: last.created_at, id: last.id };
  }
}

/** Notes sales, and forgets those that one person made with themselves. Answers which were new. */
const noteTrades = async (tx: Tx, trades: readonly TradeRow[]): Promise<Set<Id<"order">>> => {
  const own = await selfDealtIds(
    tx,
    trades.map(({ order_id }) => order_id),
  );
  if (own.size > 0) await dropTrades(tx, [...own]);
  return insertTrades(
    tx,
    trades.filter(({ order_id }) => !own.has(order_id)),
  );
};

/** A sale as pricing keeps it, from the event that tells of it. */
const soldOf = (sale: Sale): TradeRow => ({
  order_id: sale.orderId,
  grams: BigInt(sale.grams),
  price_minor: BigInt(sale.pricePerCreditMinor),
  currency: sale.currency,
  vintage: sale.vintage,
  country: sale.country,
  method: sale.method,
  listing_type: sale.kind === "purchase" ? "fixed" : "auction",
  buyer_id: sale.buyerId,
  seller_id: sale.sellerId,
  at: new Date(sale.at),
});

/** What others paid for a credit is asked of sales of this time, so many at most, and known from so many on. */
const paidLately = { days: 90, most: 200, least: 5 } as const;

/** The median of what others had paid when a sale was made; null where too few had. */
const paidByOthers = async (
  db: Db,
  { currency, buyer_id, seller_id, at }: TradeRow,
): Promise<bigint | null> => {
  const since = new Date(at.getTime() - paidLately.days * day_ms);
  const parties = new Set([buyer_id, seller_id]);
  const prices = (await tradeRows(db, { currency, before: at, limit: paidLately.most }))
    .filter((one) => one.at >= since && !parties.has(one.buyer_id) && !parties.has(one.seller_id))
    .map(({ price_minor }) => price_minor)
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return prices.length < paidLately.least ? null : (prices[Math.floor(prices.length / 2)] ?? null);
};

/** Tells review of a sale, with what others had paid: it may be a kick-back, also where it says nothing about prices. */
const tellReview = async (tx: Tx, trade: TradeRow, transferId: Id<"transfer">): Promise<void> => {
  const {
    order_id: orderId,
    buyer_id: buyerId,
    seller_id: sellerId,
    grams,
    price_minor,
    currency,
    at,
  } = trade;
  const market_minor = await paidByOthers(tx, trade);
  await noteTrade(tx, {
    orderId,
    transferId,
    buyerId,
    sellerId,
    grams,
    price_minor,
    market_minor,
    currency,
    at,
  });
};

/** Notes a sale of which an event tells; one that was noted, or that one person made with themselves, changes nothing. */
export const noteSale = async (tx: Tx, sale: Sale): Promise<void> => {
  const trade = soldOf(sale);
  await noteTrades(tx, [trade]);
  await tellReview(tx, trade, sale.transferId);
};

/** Looks again at a sale of which an operator or the marketplace thinks otherwise now. */
export const noteAgain = async (tx: Tx, orderId: Id<"order">): Promise<void> => {
  const order = await orderRow(tx, orderId);
  if (order?.status === "completed" && order.ended_at)
    await noteTrades(tx, [tradeOf({ ...order, completed_at: order.ended_at })]);
};

/**
 * Builds `pricing.trade` again from the completed orders, to the rows that their events would have made. One
 * transaction: whoever reads meanwhile sees the sales as they were. Answers how many sales there are.
 */
export const rebuildTrades = async (tx: Tx, operator: Actor | null): Promise<{ sales: number }> => {
  await deleteTrades(tx);
  let sales = 0;
  for await (const orders of salesSince(tx, new Date(0)))
    sales += (await noteTrades(tx, orders.map(tradeOf))).size;
  await audit(tx, operator, "pricing.rebuild", "pricing", { after: { sales } });
  return { sales };
};

/** Notes sales of orders placed since a moment whose event was missed. Answers how many. Any number of times. */
export const noteMissedSales = async (
  job: { db: Db; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> },
  placedSince: Date,
): Promise<number> => {
  let noted = 0;
  for await (const orders of salesSince(job.db, placedSince))
    noted += await job.transact(async (tx) => {
      const fresh = await noteTrades(tx, orders.map(tradeOf));
      for (const order of orders)
        if (fresh.has(order.id)) await tellReview(tx, tradeOf(order), order.transfer_id);
      return fresh.size;
    });
  return noted;
};
