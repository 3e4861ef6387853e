import type { JobContext } from "@evx/jobs";
import { type Id, Refusal } from "@evx/kernel";
import { batchesOf, listingAccount } from "@evx/ledger";
import { cancelListing, listingsOf } from "./listings.ts";

/** A listing that can no longer be withdrawn: somebody has bid, or it has ended by itself meanwhile. */
const stays = new Set(["listing_has_bids", "listing_sold", "listing_ended"]);

/**
 * Takes the first owner's listings off the market that hold credits of a revoked batch, so that they can be taken back.
 * What buyers have ordered or bid for goes on: they act in good faith, and the buffer answers for it. Any number of times.
 */
export const withdrawRevoked = async (
  job: Pick<JobContext, "db" | "transact" | "log">,
  { batchId, ownerId }: { batchId: Id<"batch">; ownerId: Id<"user"> },
): Promise<void> => {
  let cursor: string | undefined;
  do {
    const page = await listingsOf(job.db, ownerId, { status: "active", limit: 100, cursor });
    for (const { id } of page.items) {
      const held = await batchesOf(job.db, listingAccount(id));
      if (!held.some((part) => part.batchId === batchId)) continue;
      try {
        await job.transact((tx) => cancelListing(tx, { id: ownerId }, id));
      } catch (error) {
        if (!(error instanceof Refusal) || !stays.has(error.code)) throw error;
        job.log.info(
          { listingId: id, batchId, code: error.code },
          "a listing of a revoked batch stays on the market",
        );
      }
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
};
