import { every, type Handler, handle, type JobContext, on } from "@evx/jobs";
import { type Id, Refusal } from "@evx/kernel";
import { paymentCaptured, paymentDisputed } from "@evx/payments/events";
import { closeAuction } from "./closing.ts";
import { orderCompleted } from "./events.ts";
import { expireOrder } from "./orders.ts";
import { overdueAuctionIds } from "./queries/auctions.ts";
import { orderRow, overdueOrderIds, unsettledOrderIds } from "./queries/orders.ts";
import { followDispute, settleOrder, shareCvaFee, takePayment } from "./settle.ts";
import { closeAuctionTask, expireOrderTask } from "./tasks.ts";

/** One sweep takes this many; the next minute takes the rest. */
const SWEEP = 200;

/** Settles an order that may be paid. Money that is disputed or on its way back leaves the order as it is. */
const settle = async (job: JobContext, orderId: Id<"order">): Promise<void> => {
  const order = await orderRow(job.db, orderId);
  if (order?.status !== "paid") return;
  try {
    await job.transact((tx) => settleOrder(tx, order));
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "order_money_withheld") throw error;
    job.log.warn({ orderId }, "an order's money is disputed or being refunded; it is not settled");
  }
};

export const marketplaceJobs: readonly Handler[] = [
  handle(closeAuctionTask, (job, { listingId }) => job.transact((tx) => closeAuction(tx, listingId))),
  handle(expireOrderTask, (job, { orderId }) => job.transact((tx) => expireOrder(tx, orderId))),

  // Two transactions: once the order is `paid` it cannot expire, whatever becomes of the settlement.
  on(
    paymentCaptured,
    "marketplace.settle",
    async (job, captured) => {
      const outcome = await job.transact((tx) => takePayment(tx, captured));
      if (outcome === "paid") await settle(job, captured.orderId);
    },
    { concurrency: 4 },
  ),
  on(paymentDisputed, "marketplace.follow_dispute", (job, { orderId, outcome }) =>
    job.transact((tx) => followDispute(tx, orderId, outcome)),
  ),
  on(orderCompleted, "marketplace.share_cva_fee", (job, sale) => job.transact((tx) => shareCvaFee(tx, sale))),

  // What a lost or late job left behind.
  every("marketplace.sweep", "* * * * *", async (job) => {
    const now = job.clock.now();
    for (const id of await overdueAuctionIds(job.db, SWEEP)) await job.transact((tx) => closeAuction(tx, id));
    for (const id of await overdueOrderIds(job.db, now, SWEEP))
      await job.transact((tx) => expireOrder(tx, id));
    for (const id of await unsettledOrderIds(job.db, new Date(now.getTime() - 60_000), SWEEP))
      await settle(job, id);
  }),
];
