import { defineJob, every, type Handler, handle } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";
import { closeAuction } from "./closing.ts";
import { overdueAuctionIds } from "./queries/auctions.ts";

/** Ends an auction whose time is over. Started at its end; an extended auction starts it again later. */
export const closeAuctionJob = defineJob(
  "marketplace.close_auction",
  v.object({ listingId: idOf("listing") }),
);

/** One sweep takes this many; the next minute takes the rest. */
const SWEEP = 200;

export const auctionsJobs: readonly Handler[] = [
  handle(closeAuctionJob, (job, { listingId }) => job.transact((tx) => closeAuction(tx, listingId))),

  // What a lost or late job left behind.
  every("marketplace.sweep_auctions", "* * * * *", async (job) => {
    for (const id of await overdueAuctionIds(job.db, SWEEP)) await job.transact((tx) => closeAuction(tx, id));
  }),
];
