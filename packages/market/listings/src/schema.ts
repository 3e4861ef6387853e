import {
  countryCode,
  creditsIn,
  creditsOut,
  currencyIn,
  idOf,
  idOut,
  momentIn,
  momentOut,
  moneyText,
  pageEntries,
  pageOf,
  textOf,
  yearIn,
} from "@evx/kernel";
import * as v from "valibot";

export const listingTypes = ["fixed", "auction"] as const;
export const listingStatuses = ["active", "sold", "cancelled", "expired"] as const;
export const auctionStatuses = ["scheduled", "live", "closed_sold", "closed_unsold", "cancelled"] as const;
/** How well credits are supported, the best first. */
export const tiers = ["connected", "export", "manual"] as const;
export const sorts = ["price", "-price", "newest", "ending"] as const;

export type ListingType = (typeof listingTypes)[number];
export type AuctionStatus = (typeof auctionStatuses)[number];
export type Sort = (typeof sorts)[number];

/** An empty or blank parameter of a query string is no filter. */
export const optionalParam = <const S extends v.GenericSchema>(schema: S) =>
  v.optional(
    v.union([
      v.pipe(
        v.string(),
        v.trim(),
        v.literal(""),
        v.transform(() => undefined),
      ),
      schema,
    ]),
  );

/** Strict: a field that is not known here is refused, so that nobody believes it was heard. */
export const CreateListing = v.strictObject({
  /** The client may name the listing; a retry under the same id lists nothing twice. */
  id: v.optional(idOf("listing")),
  creditsAmount: creditsIn,
  /** Per credit; an auction's starting price. */
  pricePerCredit: moneyText,
  /** In which currency; the venue's when left out. Another is refused by name. */
  currency: v.optional(currencyIn),
  listingType: v.picklist(listingTypes, "Choose fixed or auction."),
  auctionEndTime: v.optional(momentIn),
  /** Per credit, secret until the close; below it the credits are not sold. */
  reservePrice: v.optional(moneyText),
  /** Of a fixed price: the least that one order takes, unless it takes all that is left. */
  minCredits: v.optional(creditsIn),
  /** Of a fixed price: when what is left goes back by itself. */
  expiresAt: v.optional(momentIn),
  /** When bidding begins, or a fixed price goes on the market; at once when left out. */
  startsAt: v.optional(momentIn),
  /** Of an auction: for how much a credit it can be had at once, until the first bid. */
  buyNowPrice: v.optional(moneyText),
  /** Of an auction: what each bidder sets aside on their balance; lost to the seller by who wins and does not pay. */
  depositAmount: v.optional(moneyText),
});

export const ChangePrice = v.strictObject({
  id: idOf("listing"),
  pricePerCredit: moneyText,
  currency: v.optional(currencyIn),
});

export const ById = v.object({ id: idOf("listing") });

const searchTerms = {
  type: optionalParam(v.picklist(listingTypes, "Choose fixed or auction.")),
  minPrice: optionalParam(moneyText),
  maxPrice: optionalParam(moneyText),
  minCredits: optionalParam(creditsIn),
  vintage: optionalParam(yearIn),
  country: optionalParam(countryCode),
  method: optionalParam(textOf(40)),
  quality: optionalParam(v.picklist(tiers, "Choose connected, export or manual.")),
  seller: optionalParam(idOf("user")),
  q: optionalParam(textOf(100)),
};

/** What is searched for, without a page. */
export const SearchTerms = v.object(searchTerms);

export const Search = v.object({
  ...pageEntries,
  ...searchTerms,
  sort: v.optional(v.picklist(sorts, "Sort by price, -price, newest or ending."), "newest"),
});

/** A filter as a link carries it: the search's own parameters, as text. */
export const SavedFilter = v.pipe(
  v.strictObject({
    type: v.optional(v.string()),
    minPrice: v.optional(v.string()),
    maxPrice: v.optional(v.string()),
    minCredits: v.optional(v.string()),
    vintage: v.optional(v.string()),
    country: v.optional(v.string()),
    method: v.optional(v.string()),
    quality: v.optional(v.string()),
    seller: v.optional(v.string()),
    q: v.optional(v.string()),
  }),
  v.check((filter) => v.is(SearchTerms, filter), "The search cannot be made of this filter."),
);

export const SaveSearch = v.strictObject({
  id: v.optional(idOf("search")),
  name: textOf(80),
  filter: SavedFilter,
  alerts: v.optional(v.boolean(), true),
});
export const SearchById = v.object({ id: idOf("search") });
export const SavedSearches = v.object({
  items: v.array(
    v.object({
      id: idOut("search"),
      name: v.string(),
      filter: v.record(v.string(), v.string()),
      alerts: v.boolean(),
      createdAt: momentOut,
    }),
  ),
});

export const WatchListing = v.strictObject({ id: idOf("listing"), on: v.boolean() });
export const Watching = v.object({ on: v.boolean() });
export const Watched = v.object(pageEntries);

const listingEntries = {
  id: idOut("listing"),
  sellerId: idOut("user"),
  /** Public names of the seller, and of who audited most of its credits: in a search and in a listing by itself, null elsewhere. */
  seller: v.nullable(v.string()),
  auditor: v.nullable(v.string()),
  /** The batch that most of its credits come from, with the root that its seal is drawn from: likewise. */
  batch: v.nullable(v.object({ number: v.string(), root: v.nullable(v.string()) })),
  listingType: v.picklist(listingTypes),
  creditsAmount: creditsOut,
  creditsRemaining: creditsOut,
  /** Settled: with their buyers for good. */
  sold: creditsOut,
  /** Per credit; an auction's starting price. */
  pricePerCredit: v.string(),
  currency: v.string(),
  status: v.picklist(listingStatuses),
  /** Of the batch that most of the credits come from. */
  vintage: v.number(),
  country: v.string(),
  method: v.string(),
  /** The tiers of data quality of its credits. */
  quality: v.array(v.picklist(tiers)),
  /** What all that is left costs, at the price or the current bid. */
  remainingTotal: v.string(),
  /** Whether other batches are in the listing; `provenance` lists them all. */
  mixed: v.boolean(),
  createdAt: momentOut,
  auctionEndTime: v.nullable(momentOut),
  currentBid: v.nullable(v.string()),
  bidCount: v.number(),
  minCredits: v.nullable(creditsOut),
  expiresAt: v.nullable(momentOut),
  /** When a fixed price goes on the market; null once it is there. */
  startsAt: v.nullable(momentOut),
};

export const Listing = v.object(listingEntries);

export const Origin = v.object({
  batchId: idOut("batch"),
  serial: v.string(),
  credits: creditsOut,
  vintage: v.number(),
  /** The days of the batch's first and last trip where the vehicle was. */
  vintageFrom: v.string(),
  vintageTo: v.string(),
  country: v.string(),
  method: v.string(),
  factorSet: v.string(),
  qualityTier: v.string(),
  issuedAt: momentOut,
});

export const AuctionState = v.object({
  status: v.picklist(auctionStatuses),
  auctionEndTime: momentOut,
  currentBid: v.nullable(v.string()),
  /** The least that a new bidder's maximum must be. */
  minimumBid: v.string(),
  /** What a bidder sets aside on their balance before the first bid; null for nothing. */
  deposit: v.nullable(v.string()),
  bidCount: v.number(),
  /** Null without a reserve price. The price itself stays secret until the close. */
  reserveMet: v.nullable(v.boolean()),
  /** Mask of whoever leads; null before the first bid. */
  leader: v.nullable(v.string()),
  startsAt: v.nullable(momentOut),
  /** Per credit; null without one and from the first bid on. */
  buyNowPrice: v.nullable(v.string()),
});

const detailEntries = {
  ...listingEntries,
  provenance: v.array(Origin),
  auction: v.nullable(AuctionState),
  /** The server's clock, for countdowns. */
  now: momentOut,
};

export const ListingDetail = v.object(detailEntries);

/** The listing itself, and the same under `listing`, where every other answer about one listing has it. */
export const ListingDetailAnswer = v.object({ ...detailEntries, listing: ListingDetail });

export const ListingAnswer = v.object({ listing: Listing });

export const ListingPage = pageOf(Listing);

/** What there is to filter by: of everything that can be bought or bid on now. */
export const Facets = v.object({
  /** Of the prices, and of all that is counted. */
  currency: v.string(),
  countries: v.array(v.string()),
  vintages: v.array(v.number()),
  methods: v.array(v.string()),
  /** How many listings there are of each, as last counted: within a minute or so. */
  counts: v.object({
    countries: v.record(v.string(), v.number()),
    vintages: v.record(v.string(), v.number()),
    methods: v.record(v.string(), v.number()),
    types: v.record(v.string(), v.number()),
    qualities: v.record(v.string(), v.number()),
    /** Spans of the same width, the cheapest first; the last holds all that is dearer. Empty ones are left out. */
    prices: v.array(v.object({ from: v.string(), to: v.string(), listings: v.number() })),
  }),
});

/** Listings of alike credits, and what this one asked before. */
export const Similar = v.object({
  items: v.array(Listing),
  /** What the listing asked before, each with when it ended; the first one first. */
  formerPrices: v.array(v.object({ pricePerCredit: v.string(), until: momentOut })),
  /** How many people keep an eye on this one. */
  watchers: v.number(),
  currency: v.string(),
});

export const MyListings = v.object({
  ...pageEntries,
  status: optionalParam(v.picklist(listingStatuses)),
});

const saleEntries = {
  /** Held by orders that wait for payment or settlement. */
  reserved: creditsOut,
  auction: v.nullable(AuctionState),
  reservePrice: v.nullable(v.string()),
};

/** A listing as its seller sees it. */
export const OwnListing = v.object({ ...listingEntries, ...saleEntries });
export const OwnListingPage = pageOf(OwnListing);

export const Watch = v.object({ listingId: idOf("listing"), lastEventId: v.optional(v.string()) });

/** What watchers of a listing see change. */
export type LiveListing = {
  listingId: string;
  status: (typeof listingStatuses)[number];
  creditsRemaining: string;
  auction: v.InferOutput<typeof AuctionState> | null;
  /** How many people have an auction's page open now; null for what is no auction. */
  people: number | null;
  /** The server's clock when this was sent. */
  now: string;
};

export type ListingView = v.InferOutput<typeof Listing>;
export type ListingDetailView = v.InferOutput<typeof ListingDetail>;
export type AuctionStateView = v.InferInput<typeof AuctionState>;
