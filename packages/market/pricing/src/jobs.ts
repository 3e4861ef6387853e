import { type Handler, on } from "@evx/jobs";
import { orderCompleted } from "@evx/marketplace/events";
import { insertTrade } from "./queries.ts";

/** Notes each completed sale: what all hints and trends are made of. */
export const pricingJobs: readonly Handler[] = [
  on(orderCompleted, "pricing.note_sale", (job, order) =>
    job.transact((tx) =>
      insertTrade(tx, {
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
      }),
    ),
  ),
];
