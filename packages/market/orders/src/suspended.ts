import type { Db, Tx } from "@evx/db";
import { type Id, Refusal } from "@evx/kernel";
import { cancelOrder } from "./orders.ts";
import type { WonOrderPorts } from "./ports.ts";
import { pendingOrderIds } from "./queries/orders.ts";

/**
 * Gives up what a suspended person has ordered and not paid, so that others can have it; of an auction that they won the
 * next bidder is asked. Any number of times.
 */
export const cancelSuspended = async (
  job: { db: Db; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> },
  ports: WonOrderPorts,
  buyerId: Id<"user">,
): Promise<void> => {
  for (const id of await pendingOrderIds(job.db, buyerId)) {
    try {
      await job.transact((tx) => cancelOrder(tx, ports, { id: buyerId }, id, { byVenue: true }));
    } catch (error) {
      // It was paid or has expired meanwhile.
      if (!(error instanceof Refusal) || error.code !== "order_not_cancellable") throw error;
    }
  }
};
