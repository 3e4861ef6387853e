import { userSuspended } from "@evx/accounts/events";
import { announceRetirement } from "@evx/credits";
import { batchRevoked } from "@evx/credits/events";
import { defineJob, every, type Handler, handle, on } from "@evx/jobs";
import { day_ms, idOf, minute_ms } from "@evx/kernel";
import { returnDust } from "@evx/listings";
import { paymentCaptured, paymentDisputed, paymentRefunded } from "@evx/payments/events";
import * as v from "valibot";
import { orderCompleted, sweepCompleted } from "./events.ts";
import { shareCvaFee, shareMissedCvaFees } from "./fees.ts";
import { expireOrder } from "./orders.ts";
import type { WonOrderPorts } from "./ports.ts";
import { overdueOrderIds, unsettledOrderIds } from "./queries/orders.ts";
import { forgetQuotes } from "./queries/quotes.ts";
import { lateSweepIds } from "./queries/sweeps.ts";
import { endAllRevokedOrders, endRevokedOrders } from "./revoked.ts";
import { noteLateSelfDealing, noteSelfDealing } from "./self-dealing.ts";
import { followPayment, settlePaid, takePayment } from "./settlement.ts";
import { cancelSuspended } from "./suspended.ts";

/** Gives up an order whose payment window has closed. */
export const expireOrderJob = defineJob("marketplace.expire_order", v.object({ orderId: idOf("order") }));

/** One sweep takes this many; the next minute takes the rest. */
const SWEEP = 200;

/** An order placed longer ago has completed, or has a dispute that an operator looks at. */
const SHARES_WITHIN_MS = 30 * day_ms;

/** A seller whose bank account gives them away withdraws within this time, or sells again. */
const LOOKED_AT_MS = 90 * day_ms;

/** What follows a sale, and what neither buyer nor seller waits for. */
const afterwards = { turn: "last" } as const;
const afterSale: readonly Handler[] = [
  on(
    orderCompleted,
    "marketplace.share_cva_fee",
    (job, sale) => job.transact((tx) => shareCvaFee(tx, sale)),
    afterwards,
  ),
  on(
    orderCompleted,
    "marketplace.return_dust",
    (job, { listingId }) => job.transact((tx) => returnDust(tx, listingId)),
    afterwards,
  ),
  on(
    orderCompleted,
    "marketplace.note_self_dealing",
    (job, { orderId }) => job.transact((tx) => noteSelfDealing(tx, orderId)),
    afterwards,
  ),
];

export const ordersJobs = (ports: WonOrderPorts): readonly Handler[] => [
  handle(expireOrderJob, (job, { orderId }) => job.transact((tx) => expireOrder(tx, ports, orderId))),

  // Two transactions: once the order is `paid` it cannot expire, whatever becomes of the settlement.
  on(
    paymentCaptured,
    "marketplace.settle",
    async (job, captured) => {
      const outcome = await job.transact((tx) => takePayment(tx, ports, captured));
      if (outcome === "paid") await settlePaid(job, ports, captured.orderId);
    },
    { concurrency: 8, turn: "first" },
  ),
  // Also after a refund: the order ends where its money ended, whichever news came first.
  on(paymentDisputed, "marketplace.follow_dispute", (job, { orderId }) =>
    job.transact((tx) => followPayment(tx, ports, orderId)),
  ),
  on(paymentRefunded, "marketplace.follow_refund", (job, { orderId }) =>
    job.transact((tx) => followPayment(tx, ports, orderId)),
  ),
  on(userSuspended, "marketplace.cancel_suspended", (job, { userId }) => cancelSuspended(job, ports, userId)),
  on(batchRevoked, "marketplace.end_revoked_orders", (job, revoked) => endRevokedOrders(job, ports, revoked)),
  every("marketplace.sweep_revoked_orders", "*/10 * * * *", (job) => endAllRevokedOrders(job, ports)),
  ...afterSale,
  every("marketplace.sweep_self_dealing", "7 * * * *", async (job) => {
    const found = await noteLateSelfDealing(job, new Date(job.clock.now().getTime() - LOOKED_AT_MS));
    if (found > 0) job.log.info({ found }, "sales turned out to be of one person");
  }),
  on(sweepCompleted, "marketplace.tell_retired", (job, { retirementId }) =>
    retirementId ? job.transact((tx) => announceRetirement(tx, retirementId)) : Promise.resolve(),
  ),

  // What a lost or late job left behind.
  every("marketplace.sweep", "* * * * *", async (job) => {
    const now = job.clock.now();
    for (const id of await overdueOrderIds(job.db, now, SWEEP))
      await job.transact((tx) => expireOrder(tx, ports, id));
    for (const id of await unsettledOrderIds(job.db, new Date(now.getTime() - minute_ms), SWEEP))
      await settlePaid(job, ports, id);
    for (const id of await lateSweepIds(job.db, "overdue", now, SWEEP))
      await job.transact((tx) => expireOrder(tx, ports, id));
    for (const id of await lateSweepIds(job.db, "unsettled", new Date(now.getTime() - minute_ms), SWEEP))
      await settlePaid(job, ports, id);
    await forgetQuotes(job.db, new Date(now.getTime() - day_ms));
  }),
  every("marketplace.sweep_cva_fees", "17 * * * *", async (job) => {
    const now = job.clock.now().getTime();
    const shared = await shareMissedCvaFees(job, {
      placedSince: new Date(now - SHARES_WITHIN_MS),
      completedBefore: new Date(now - minute_ms),
    });
    if (shared > 0) job.log.warn({ shared }, "CVA fees were shared whose event had been missed");
  }),
];
