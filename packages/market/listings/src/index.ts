export { checkIdentityLimit } from "./identity-limit.ts";
export {
  cancelListing,
  changePrice,
  createListing,
  listingDetail,
  listingsOf,
  listingTotal,
  type NewListing,
  returnDust,
  returnGrams,
} from "./listings.ts";
export { listingSource } from "./live.ts";
export { boundFrom, checkPayable, priceFrom } from "./money.ts";
export { identityLimits, LARGEST_TOTAL, payable } from "./policy.ts";
export type { AuctionPart, AuctionPlan, AuctionPorts, AuctionRequest } from "./ports.ts";
export { listedRows } from "./queries/listed.ts";
export {
  askDepth,
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
  showEnds,
  supplyRow,
  tiersOf,
} from "./queries/listings.ts";
export { lotOutcomes } from "./queries/outcomes.ts";
export { searchListings } from "./search.ts";
export { mayTrade, type TradeSettings } from "./settings.ts";
export { currencyOf } from "./views.ts";
