import { batchRevoked } from "@evx/credits/events";
import { every, type Handler, handle, on } from "@evx/jobs";
import { paymentCaptured, paymentDisputed } from "@evx/payments/events";
import { closeAuction } from "./closing.ts";
import { orderCompleted } from "./events.ts";
import { expireOrder } from "./orders.ts";
import { overdueAuctionIds } from "./queries/auctions.ts";
import { overdueOrderIds, unsettledOrderIds } from "./queries/orders.ts";
import { withdrawRevoked } from "./revoked.ts";
import { followDispute, settlePaid, shareCvaFee, takePayment } from "./settle.ts";
import { closeAuctionTask, expireOrderTask } from "./tasks.ts";

/** One sweep takes this many; the next minute takes the rest. */
const SWEEP = 200;

export const marketplaceJobs: readonly Handler[] = [
  handle(closeAuctionTask, (job, { listingId }) => job.transact((tx) => closeAuction(tx, listingId))),
  handle(expireOrderTask, (job, { orderId }) => job.transact((tx) => expireOrder(tx, orderId))),

  // Two transactions: once the order is `paid` it cannot expire, whatever becomes of the settlement.
  on(
    paymentCaptured,
    "marketplace.settle",
    async (job, captured) => {
      const outcome = await job.transact((tx) => takePayment(tx, captured));
      if (outcome === "paid") await settlePaid(job, captured.orderId);
    },
    { concurrency: 4 },
  ),
  on(paymentDisputed, "marketplace.follow_dispute", (job, { orderId, outcome }) =>
    job.transact((tx) => followDispute(tx, orderId, outcome)),
  ),
  on(orderCompleted, "marketplace.share_cva_fee", (job, sale) => job.transact((tx) => shareCvaFee(tx, sale))),

  on(batchRevoked, "marketplace.withdraw_revoked", (job, revoked) => withdrawRevoked(job, revoked)),

  // What a lost or late job left behind.
  every("marketplace.sweep", "* * * * *", async (job) => {
    const now = job.clock.now();
    for (const id of await overdueAuctionIds(job.db, SWEEP)) await job.transact((tx) => closeAuction(tx, id));
    for (const id of await overdueOrderIds(job.db, now, SWEEP))
      await job.transact((tx) => expireOrder(tx, id));
    for (const id of await unsettledOrderIds(job.db, new Date(now.getTime() - 60_000), SWEEP))
      await settlePaid(job, id);
  }),
];
