import type { Db, Tx } from "@evx/db";
import type { JobContext } from "@evx/jobs";
import { type Id, Refusal } from "@evx/kernel";
import { cancelListing } from "./listings.ts";
import type { AuctionPorts } from "./ports.ts";
import { activeListingIds } from "./queries/listings.ts";

/** It ended by itself meanwhile. */
const ended = new Set(["listing_sold", "listing_ended"]);

/** So many listings are read at once. */
const PAGE = 100;

/**
 * Takes everything that a suspended person sells off the market, auctions with bids as well: nobody shall pay somebody who
 * is shut out. What is ordered already goes on, for the buyer acts in good faith. Any number of times.
 */
export const withdrawSuspended = async (
  job: Pick<JobContext, "log"> & { db: Db; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> },
  ports: Pick<AuctionPorts, "cancelAuction">,
  sellerId: Id<"user">,
): Promise<void> => {
  for (let after: Id<"listing"> | null = null; ; ) {
    const ids: Id<"listing">[] = await activeListingIds(job.db, { sellerId, after, limit: PAGE });
    for (const id of ids) {
      try {
        await job.transact((tx) => cancelListing(tx, ports, { id: sellerId }, id, { withBids: true }));
      } catch (error) {
        if (!(error instanceof Refusal) || !ended.has(error.code)) throw error;
        job.log.info({ listingId: id, code: error.code }, "a suspended person's listing had ended by itself");
      }
    }
    if (ids.length < PAGE) return;
    after = ids.at(-1) ?? null;
  }
};
