import { every, type Handler, on } from "@evx/jobs";
import { day_ms } from "@evx/kernel";
import { orderCompleted } from "@evx/orders/events";
import { insertTrades } from "./queries/trades.ts";
import { noteMissedSales } from "./trades.ts";

/** Orders complete within days of being placed; what is older and missing, `rebuildTrades` finds. */
const MISSED_WITHIN_MS = 30 * day_ms;

/** Notes each completed sale: what all hints and trends are made of. */
export const pricingJobs: readonly Handler[] = [
  on(orderCompleted, "pricing.note_sale", (job, order) =>
    job.transact((tx) =>
      insertTrades(tx, [
        {
          order_id: order.orderId,
          grams: BigInt(order.grams),
          price_minor: BigInt(order.pricePerCreditMinor),
          currency: order.currency,
          vintage: order.vintage,
          country: order.country,
          method: order.method,
          listing_type: order.kind === "purchase" ? "fixed" : "auction",
          buyer_id: order.buyerId,
          seller_id: order.sellerId,
          at: new Date(order.at),
        },
      ]),
    ),
  ),
  // What a lost or failed event left out.
  every("pricing.sweep", "37 * * * *", async (job) => {
    const noted = await noteMissedSales(job, new Date(job.clock.now().getTime() - MISSED_WITHIN_MS));
    if (noted > 0) job.log.warn({ noted }, "sales were noted whose event had been missed");
  }),
];
