import { auctionPorts, wonOrderPorts } from "@evx/auctions";
import { auctionsJobs } from "@evx/auctions/jobs";
import { bidsRouter, termsProcedures } from "@evx/auctions/router";
import type { Handler } from "@evx/jobs";
import type { TradeSettings } from "@evx/listings";
import { listingsJobs } from "@evx/listings/jobs";
import { listingsProcedures, searchesRouter } from "@evx/listings/router";
import { ordersJobs } from "@evx/orders/jobs";
import {
  disputesRouter,
  netProcedures,
  ordersRouter,
  revokedSalesRouter,
  selfDealingRouter,
} from "@evx/orders/router";
import { router } from "@evx/rpc";
import { wantedJobs } from "@evx/wanted/jobs";
import { bookRouter, wantedRouter } from "@evx/wanted/router";

/** The market's rooms under one name on the wire. */
export const marketplaceRouter = (settings: TradeSettings) =>
  router({
    listings: router({
      ...listingsProcedures(settings, auctionPorts),
      ...netProcedures(settings),
      ...termsProcedures,
    }),
    searches: searchesRouter(),
    orders: ordersRouter(settings, wonOrderPorts),
    disputes: disputesRouter(),
    selfDealing: selfDealingRouter(),
    revokedSales: revokedSalesRouter(),
    bids: bidsRouter(settings),
    wanted: wantedRouter(settings, auctionPorts),
    book: bookRouter(),
  });

/** What the market's rooms do behind. */
export const marketplaceJobs: readonly Handler[] = [
  ...listingsJobs(auctionPorts),
  ...ordersJobs(wonOrderPorts),
  ...auctionsJobs,
  ...wantedJobs(auctionPorts),
];
