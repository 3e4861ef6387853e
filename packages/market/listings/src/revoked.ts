import type { Db, Tx } from "@evx/db";
import type { JobContext } from "@evx/jobs";
import { type Id, Refusal } from "@evx/kernel";
import { batchesOf, listingAccount } from "@evx/ledger";
import { cancelListing } from "./listings.ts";
import type { AuctionPorts } from "./ports.ts";
import { activeListingIds } from "./queries/listings.ts";

/** A listing that can no longer be withdrawn: somebody has bid, or it has ended by itself meanwhile. */
const stays = new Set(["listing_has_bids", "listing_sold", "listing_ended"]);

/** So many listings are read at once. */
const PAGE = 100;

/**
 * Takes the first owner's listings off the market that hold credits of a revoked batch, so that they can be taken back.
 * What buyers have ordered or bid for goes on: they act in good faith, and the buffer answers for it. Any number of times.
 */
export const withdrawRevoked = async (
  job: Pick<JobContext, "log"> & { db: Db; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> },
  ports: Pick<AuctionPorts, "cancelAuction">,
  { batchId, ownerId }: { batchId: Id<"batch">; ownerId: Id<"user"> },
): Promise<void> => {
  for (let after: Id<"listing"> | null = null; ; ) {
    const ids: Id<"listing">[] = await activeListingIds(job.db, { sellerId: ownerId, after, limit: PAGE });
    for (const id of ids) {
      const held = await batchesOf(job.db, listingAccount(id));
      if (!held.some((part) => part.batchId === batchId)) continue;
      try {
        await job.transact((tx) => cancelListing(tx, ports, { id: ownerId }, id));
      } catch (error) {
        if (!(error instanceof Refusal) || !stays.has(error.code)) throw error;
        job.log.info(
          { listingId: id, batchId, code: error.code },
          "a listing of a revoked batch stays on the market",
        );
      }
    }
    if (ids.length < PAGE) return;
    after = ids.at(-1) ?? null;
  }
};
