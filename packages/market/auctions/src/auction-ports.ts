import type { AuctionPorts } from "@evx/listings";
import type { WonOrderPorts } from "@evx/orders";
import { auctionParts, cancelAuction, openAuction, planAuction, withdrawAuction } from "./auctions.ts";
import { buyNow } from "./buy-now.ts";
import { offerToNext } from "./second-chance.ts";

/** What this room does for listings that are sold by auction. */
export const auctionPorts: AuctionPorts = {
  planAuction,
  openAuction,
  cancelAuction,
  withdrawAuction,
  auctionParts,
};

/** What this room does when an order that somebody had won ends unpaid. */
export const wonOrderPorts: WonOrderPorts = { offerToNext, buyNow };
