import { userSuspended } from "@evx/accounts/events";
import { batchRevoked } from "@evx/credits/events";
import { every, type Handler, on } from "@evx/jobs";
import { minute_ms } from "@evx/kernel";
import { listingPriceChanged } from "./events.ts";
import { beginListing, expireListing } from "./listings.ts";
import type { AuctionPorts } from "./ports.ts";
import { countFacets } from "./queries/facets.ts";
import { lapsedListingIds, startingListingIds } from "./queries/listings.ts";
import { withdrawAllRevoked, withdrawRevoked } from "./revoked.ts";
import { tellOfNew } from "./saved-searches.ts";
import { withdrawSuspended } from "./suspended.ts";
import { tellOfEnds, tellOfPrice } from "./watching.ts";

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
  on(listingPriceChanged, "marketplace.tell_watchers", (job, change) =>
    job.transact((tx) => tellOfPrice(tx, change)),
  ),
  every("marketplace.tell_of_ends", "*/5 * * * *", (job) => job.transact(tellOfEnds)),
  every("marketplace.tell_of_new", "*/10 * * * *", (job) =>
    tellOfNew(job, new Date(job.clock.now().getTime() - minute_ms)),
  ),
  every("marketplace.count_facets", "* * * * *", (job) => job.transact(countFacets)),
  every("marketplace.begin_listings", "* * * * *", async (job) => {
    for (const id of await startingListingIds(job.db, job.clock.now(), SWEEP))
      await job.transact((tx) => beginListing(tx, id));
  }),
  // What the event has missed.
  every("marketplace.sweep_revoked", "*/10 * * * *", (job) => withdrawAllRevoked(job, ports)),
];
