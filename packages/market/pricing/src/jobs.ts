import { every, type Handler, on } from "@evx/jobs";
import { day_ms } from "@evx/kernel";
import { orderCompleted, selfDealingCleared, selfDealingFound } from "@evx/orders/events";
import { noteAgain, noteMissedSales, noteSale } from "./trades.ts";

/** Orders complete within days of being placed; what is older and missing, `rebuildTrades` finds. */
const MISSED_WITHIN_MS = 30 * day_ms;

/** Notes each completed sale: what all hints and trends are made of. */
export const pricingJobs: readonly Handler[] = [
  on(orderCompleted, "pricing.note_sale", (job, sale) => job.transact((tx) => noteSale(tx, sale))),
  // What one person sells to themselves says nothing about prices.
  on(selfDealingFound, "pricing.drop_own_sale", (job, { orderId }) =>
    job.transact((tx) => noteAgain(tx, orderId)),
  ),
  on(selfDealingCleared, "pricing.note_cleared_sale", (job, { orderId }) =>
    job.transact((tx) => noteAgain(tx, orderId)),
  ),
  // What a lost or failed event left out.
  every("pricing.sweep", "37 * * * *", async (job) => {
    const noted = await noteMissedSales(job, new Date(job.clock.now().getTime() - MISSED_WITHIN_MS));
    if (noted > 0) job.log.warn({ noted }, "sales were noted whose event had been missed");
  }),
];
