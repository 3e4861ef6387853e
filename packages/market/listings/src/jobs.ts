import { userSuspended } from "@evx/accounts/events";
import { batchRevoked } from "@evx/credits/events";
import { every, type Handler, on } from "@evx/jobs";
import { expireListing } from "./listings.ts";
import type { AuctionPorts } from "./ports.ts";
import { lapsedListingIds } from "./queries/listings.ts";
import { withdrawAllRevoked, withdrawRevoked } from "./revoked.ts";
import { withdrawSuspended } from "./suspended.ts";

/** One sweep takes this many; the next minute takes the rest. */
const SWEEP = 200;

export const listingsJobs = (
  ports: Pick<AuctionPorts, "cancelAuction" | "withdrawAuction">,
): readonly Handler[] => [
  on(batchRevoked, "marketplace.withdraw_revoked", (job, revoked) => withdrawRevoked(job, ports, revoked)),
  on(userSuspended, "marketplace.withdraw_suspended", (job, { userId }) =>
    withdrawSuspended(job, ports, userId),
  ),
  every("marketplace.expire_listings", "* * * * *", async (job) => {
    for (const id of await lapsedListingIds(job.db, job.clock.now(), SWEEP))
      await job.transact((tx) => expireListing(tx, id));
  }),
  // What the event has missed.
  every("marketplace.sweep_revoked", "*/10 * * * *", (job) => withdrawAllRevoked(job, ports)),
];
