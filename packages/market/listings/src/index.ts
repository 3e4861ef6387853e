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
export { boundFrom, checkPayable, priceFrom } from "./money.ts";
export { identityLimits, LARGEST_TOTAL, payable } from "./policy.ts";
export type { AuctionPart, AuctionPlan, AuctionPorts, AuctionRequest } from "./ports.ts";
export {
  type Basket,
  changeFree,
  changeListing,
  cheapestRows,
  type ListingRow,
  listingFacts,
  listingRow,
  listingRows,
  lockListing,
  lockListings,
  supplyRow,
} from "./queries/listings.ts";
export { searchListings } from "./search.ts";
export { mayTrade, type TradeSettings } from "./settings.ts";
export { currencyOf } from "./views.ts";
