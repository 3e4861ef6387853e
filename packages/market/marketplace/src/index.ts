export { bidOn, bidsOf, placeBid } from "./auctions.ts";
export { bidLog, proveAuction, wholeBidLog } from "./bid-log.ts";
export { commitment, genesisOf, linkOf, type Proof, replay } from "./chain.ts";
export { closeAuction } from "./closing.ts";
export { marketDepth } from "./depth.ts";
export {
  cancelListing,
  createListing,
  listingDetail,
  listingsOf,
  type NewListing,
  netInHand,
} from "./listings.ts";
export { cancelOrder, expireOrder, type NewOrder, orderFor, ordersOf, placeOrder } from "./orders.ts";
export { auctionRules, feesOf, orderLimits, saleFees, totalOf } from "./policy.ts";
export type { MarketplacePorts } from "./ports.ts";
export { completedOrderRows } from "./queries/completed.ts";
export { searchListings } from "./search.ts";
export { settleOrder, shareCvaFee, takePayment } from "./settle.ts";
