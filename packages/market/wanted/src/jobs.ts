import { userSuspended } from "@evx/accounts/events";
import { creditsIssued } from "@evx/credits/events";
import { every, type Handler, on } from "@evx/jobs";
import type { Id } from "@evx/kernel";
import { currencies } from "@evx/kernel";
import type { AuctionPorts } from "@evx/listings";
import { listingCreated, listingPriceChanged } from "@evx/listings/events";
import { orderCancelled, orderExpired, orderWithdrawn, sweepEnded, sweepLineLost } from "@evx/orders/events";
import { sellNew } from "./auto-sale.ts";
import { unfundEnded } from "./funding.ts";
import { matchOnce, wantedListings } from "./matching.ts";
import { lapsedIds, leftSetAsideIds, openIdsOf } from "./queries/wanted.ts";
import { cancelWanted, expireWanted, followLostLine, followOrder } from "./wanted.ts";

/** One sweep takes this many; the next minute takes the rest. */
const SWEEP = 200;

type Job = Parameters<Parameters<typeof on>[2]>[0];

/** One order a transaction, until nobody takes more of the listing. */
const match = async (job: Pick<Job, "transact">, listingId: Id<"listing">): Promise<void> => {
  while (await job.transact((tx) => matchOnce(tx, listingId)));
};

export const wantedJobs = (ports: Pick<AuctionPorts, "planAuction" | "openAuction">): readonly Handler[] => [
  on(listingCreated, "marketplace.match_listing", (job, { listingId }) => match(job, listingId)),
  on(listingPriceChanged, "marketplace.match_price", (job, { listingId }) => match(job, listingId)),
  on(orderExpired, "marketplace.wanted_unpaid", (job, { orderId }) =>
    job.transact((tx) => followOrder(tx, { orderId, why: "unpaid" })),
  ),
  on(orderCancelled, "marketplace.wanted_let_go", (job, { orderId }) =>
    job.transact((tx) => followOrder(tx, { orderId, why: "unpaid" })),
  ),
  on(orderWithdrawn, "marketplace.wanted_withdrawn", (job, { orderId }) =>
    job.transact((tx) => followOrder(tx, { orderId, why: "withdrawn" })),
  ),
  on(sweepEnded, "marketplace.wanted_sweep", (job, { orderId, withdrawn }) =>
    job.transact((tx) => followOrder(tx, { orderId, why: withdrawn ? "withdrawn" : "unpaid" })),
  ),
  on(sweepLineLost, "marketplace.wanted_line", (job, { orderId, lineId, grams }) =>
    job.transact((tx) => followLostLine(tx, { orderId, lineId, grams: BigInt(grams) })),
  ),
  on(userSuspended, "marketplace.cancel_wanted", async (job, { userId }) => {
    for (const id of await openIdsOf(job.db, userId))
      await job.transact((tx) => cancelWanted(tx, { id: userId }, id));
  }),
  on(creditsIssued, "marketplace.sell_new", (job, { batchId, ownerId, grams }) =>
    job.transact((tx) => sellNew(tx, ports, { batchId, ownerId, grams: BigInt(grams) })),
  ),
  every("marketplace.sweep_wanted", "* * * * *", async (job) => {
    for (const id of await lapsedIds(job.db, job.clock.now(), SWEEP))
      await job.transact((tx) => expireWanted(tx, id));
    for (const id of await leftSetAsideIds(job.db, SWEEP)) await job.transact((tx) => unfundEnded(tx, id));
    for (const currency of Object.keys(currencies)) {
      const ids = await job.transact((tx) => wantedListings(tx, { currency, limit: SWEEP }));
      for (const id of ids) await match(job, id);
    }
  }),
];
