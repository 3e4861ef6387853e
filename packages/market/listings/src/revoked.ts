import { audit } from "@evx/audit";
import { listingsHolding, revokedAfter } from "@evx/credits";
import type { Db, Tx } from "@evx/db";
import { emit, type JobContext } from "@evx/jobs";
import type { Id } from "@evx/kernel";
import { listingCancelled } from "./events.ts";
import { returnGrams } from "./listings.ts";
import type { AuctionPorts } from "./ports.ts";
import { listingRow, lockListing } from "./queries/listings.ts";

type Job = Pick<JobContext, "log"> & { db: Db; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> };

/** So many batches are read at once. */
const PAGE = 500;

/**
 * Takes a listing that holds grams of a revoked batch off the market, also an auction with bids: nobody has paid for
 * anything yet. What is free leaves it; orders that were paid keep what they hold. Any number of times.
 */
const withdrawListing = async (
  tx: Tx,
  ports: Pick<AuctionPorts, "withdrawAuction">,
  id: Id<"listing">,
): Promise<boolean> => {
  const kind = (await listingRow(tx, id))?.kind;
  if (kind === "auction") await ports.withdrawAuction(tx, id);
  const listing = await lockListing(tx, id);
  if (listing?.status !== "active") return false;
  await emit(tx, listingCancelled, {
    listingId: id,
    sellerId: listing.seller_id,
    returned: String(listing.remaining_g),
    at: tx.at.toISOString(),
  });
  await returnGrams(tx, listing, { free: listing.remaining_g, reserved: 0n, ended: "cancelled" });
  await audit(tx, null, "listing.withdraw", id, { after: { reason: "batch_revoked" } });
  return true;
};

/** Takes every listing off the market that holds credits of a revoked batch, whoever made it and whenever. */
export const withdrawRevoked = async (
  job: Job,
  ports: Pick<AuctionPorts, "withdrawAuction">,
  { batchId }: { batchId: Id<"batch"> },
): Promise<void> => {
  for (const id of await listingsHolding(job.db, batchId))
    if (await job.transact((tx) => withdrawListing(tx, ports, id)))
      job.log.info({ listingId: id, batchId }, "a listing of a revoked batch was withdrawn");
};

/** The same for all revoked batches: what an event has missed. */
export const withdrawAllRevoked = async (
  job: Job,
  ports: Pick<AuctionPorts, "withdrawAuction">,
): Promise<void> => {
  for (let after = ""; ; ) {
    const ids = await revokedAfter(job.db, after, PAGE);
    for (const batchId of ids) await withdrawRevoked(job, ports, { batchId });
    if (ids.length < PAGE) return;
    after = ids.at(-1) ?? "";
  }
};
