import type { Tx } from "@evx/db";
import type { OrderRow } from "./queries/orders.ts";

/** What orders need of the auctions room, which stands above this one. */
export type WonOrderPorts = {
  /**
   * An order that somebody had won has ended unpaid: its hold is still there, and the order's row is locked. The
   * auction goes to the next bidder, or its credits back to the seller.
   */
  offerToNext(tx: Tx, order: OrderRow): Promise<void>;
};
