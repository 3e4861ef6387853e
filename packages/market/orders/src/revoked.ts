import { listingsHolding, revokedAfter, revokedGrams } from "@evx/credits";
import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import type { Id } from "@evx/kernel";
import { listingRow } from "@evx/listings";
import { orderWithdrawn } from "./events.ts";
import { letGo } from "./orders.ts";
import type { WonOrderPorts } from "./ports.ts";
import { leavePending, orderRow, waitingOrders } from "./queries/orders.ts";
import { lockSweep, type SweepRow } from "./queries/sweeps.ts";
import { orderFacts } from "./reservations.ts";
import { replaceLine } from "./sweeps.ts";

type Job = { db: Db; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> };

/** Ends an unpaid order because its credits are of a revoked batch, and says so. False when it waits no longer. */
export const endRevokedOrder = async (
  tx: Tx,
  ports: WonOrderPorts,
  orderId: Id<"order">,
): Promise<boolean> => {
  const sweepId = (await orderRow(tx, orderId))?.sweep_id;
  if (sweepId) {
    const sweep = await lockSweep(tx, sweepId);
    return sweep?.status === "pending_payment" && endRevokedLine(tx, sweep, orderId);
  }
  const order = await leavePending(tx, orderId, "cancelled");
  if (!order) return false;
  await emit(tx, orderWithdrawn, { ...orderFacts(order), at: tx.at.toISOString() });
  await letGo(tx, ports, order);
  return true;
};

/** The same for a line of an order over many listings, which goes on with a replacement or without it. */
export const endRevokedLine = async (tx: Tx, sweep: SweepRow, lineId: Id<"order">): Promise<boolean> => {
  const line = await leavePending(tx, lineId, "cancelled");
  if (!line) return false;
  await replaceLine(tx, sweep, line);
  return true;
};

/**
 * Ends unpaid orders of every listing that holds grams of a revoked batch, the newest first, until the grams that the
 * others hold are sound. What was paid goes on: its buyer acted in good faith. Any number of times.
 */
export const endRevokedOrders = async (
  job: Job,
  ports: WonOrderPorts,
  { batchId }: { batchId: Id<"batch"> },
): Promise<void> => {
  for (const listingId of await listingsHolding(job.db, batchId)) {
    const free = (await listingRow(job.db, listingId))?.remaining_g ?? 0n;
    let left = (await revokedGrams(job.db, listingId)) - free;
    for (const order of await waitingOrders(job.db, listingId)) {
      if (left <= 0n) break;
      if (await job.transact((tx) => endRevokedOrder(tx, ports, order.id))) left -= order.amount_g;
    }
  }
};

/** So many batches are read at once. */
const PAGE = 500;

/** The same for all revoked batches: what an event has missed. */
export const endAllRevokedOrders = async (job: Job, ports: WonOrderPorts): Promise<void> => {
  for (let after = ""; ; ) {
    const ids = await revokedAfter(job.db, after, PAGE);
    for (const batchId of ids) await endRevokedOrders(job, ports, { batchId });
    if (ids.length < PAGE) return;
    after = ids.at(-1) ?? "";
  }
};
