import { defineJob, every, type Handler, handle, on } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import { orderCompleted } from "@evx/orders/events";
import * as v from "valibot";
import { closeAuction } from "./closing.ts";
import { returnDeposits } from "./deposits.ts";
import { auctionClosed } from "./events.ts";
import { overdueAuctionIds } from "./queries/auctions.ts";
import { auctionsWithDeposits } from "./queries/deposits.ts";

/** Ends an auction whose time is over. Started at its end; an extended auction starts it again later. */
export const closeAuctionJob = defineJob(
  "marketplace.close_auction",
  v.object({ listingId: idOf("listing") }),
);

/** One sweep takes this many; the next minute takes the rest. */
const SWEEP = 200;

export const auctionsJobs: readonly Handler[] = [
  handle(closeAuctionJob, (job, { listingId }) => job.transact((tx) => closeAuction(tx, listingId))),

  on(auctionClosed, "marketplace.return_deposits", (job, { listingId }) =>
    job.transact((tx) => returnDeposits(tx, listingId)),
  ),
  on(
    orderCompleted,
    "marketplace.return_winners_deposit",
    (job, { kind, listingId }) =>
      kind === "auction_win" ? job.transact((tx) => returnDeposits(tx, listingId)) : Promise.resolve(),
    { only: { kind: ["auction_win"] } },
  ),

  // What a lost or late job left behind.
  every("marketplace.sweep_auctions", "* * * * *", async (job) => {
    for (const id of await overdueAuctionIds(job.db, SWEEP)) await job.transact((tx) => closeAuction(tx, id));
    for (let after = ""; ; ) {
      const ids = await auctionsWithDeposits(job.db, { after, limit: SWEEP });
      for (const id of ids) await job.transact((tx) => returnDeposits(tx, id));
      after = ids.at(-1) ?? "";
      if (ids.length < SWEEP) break;
    }
  }),
];
