import type { Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type { OrderRow } from "./queries/orders.ts";

/** What orders need of the auctions room, which stands above this one. */
export type WonOrderPorts = {
  /**
   * An order that somebody had won has ended unpaid: its hold is still there, and the order's row is locked. The
   * auction goes to the next bidder, or its credits back to the seller.
   */
  offerToNext(tx: Tx, order: OrderRow): Promise<void>;
  /** Buys all of an auction at its buy-now price, until somebody has bid. Refuses when it has none or it is gone. */
  buyNow(
    tx: Tx,
    buyer: Pick<Actor, "id">,
    input: { id: Id<"order">; listingId: Id<"listing"> },
  ): Promise<void>;
};
