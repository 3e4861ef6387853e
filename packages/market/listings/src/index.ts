export {
  cancelListing,
  createListing,
  listingDetail,
  listingsOf,
  listingTotal,
  type NewListing,
  returnGrams,
} from "./listings.ts";
export { listingSource } from "./live.ts";
export { boundFrom, priceFrom } from "./money.ts";
export { identityLimits, LARGEST_TOTAL } from "./policy.ts";
export type { AuctionPart, AuctionPlan, AuctionPorts, AuctionRequest } from "./ports.ts";
export {
  changeListing,
  type ListingRow,
  listingFacts,
  listingRow,
  listingRows,
  lockListing,
  supplyRow,
} from "./queries/listings.ts";
export { searchListings } from "./search.ts";
export { mayTrade, type TradeSettings } from "./settings.ts";
export { currencyOf } from "./views.ts";
