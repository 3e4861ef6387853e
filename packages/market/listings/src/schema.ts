import {
  countryCode,
  creditsIn,
  creditsOut,
  idOf,
  idOut,
  momentIn,
  momentOut,
  moneyText,
  pageEntries,
  pageOf,
  textOf,
} from "@evx/kernel";
import * as v from "valibot";

export const listingTypes = ["fixed", "auction"] as const;
export const listingStatuses = ["active", "sold", "cancelled", "expired"] as const;
export const orderStatuses = [
  "pending_payment",
  "paid",
  "completed",
  "cancelled",
  "expired",
  "refunded",
  "disputed",
] as const;
export const orderKinds = ["purchase", "auction_win", "second_chance"] as const;
export const auctionStatuses = ["live", "closed_sold", "closed_unsold", "cancelled"] as const;
export const sorts = ["price", "-price", "newest", "ending"] as const;

export type ListingType = (typeof listingTypes)[number];
export type OrderStatus = (typeof orderStatuses)[number];
export type OrderKind = (typeof orderKinds)[number];
export type AuctionStatus = (typeof auctionStatuses)[number];
export type Sort = (typeof sorts)[number];

/** An empty or blank parameter of a query string is no filter. */
const optionalParam = <const S extends v.GenericSchema>(schema: S) =>
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

const yearIn = v.pipe(
  v.union([
    v.number(),
    v.pipe(v.string(), v.regex(/^\d{4}$/, "Write the year as four digits."), v.transform(Number)),
  ]),
  v.integer("Write the year as four digits."),
  v.minValue(1990, "At least 1990."),
  v.maxValue(2199, "At most 2199."),
);

export const CreateListing = v.object({
  /** The client may name the listing; a retry under the same id lists nothing twice. */
  id: v.optional(idOf("listing")),
  creditsAmount: creditsIn,
  /** Per credit; an auction's starting price. */
  pricePerCredit: moneyText,
  listingType: v.picklist(listingTypes, "Choose fixed or auction."),
  auctionEndTime: v.optional(momentIn),
  /** Per credit, secret until the close; below it the lot is not sold. */
  reservePrice: v.optional(moneyText),
});

export const ById = v.object({ id: idOf("listing") });

export const Search = v.object({
  ...pageEntries,
  type: optionalParam(v.picklist(listingTypes, "Choose fixed or auction.")),
  minPrice: optionalParam(moneyText),
  maxPrice: optionalParam(moneyText),
  minCredits: optionalParam(creditsIn),
  vintage: optionalParam(yearIn),
  country: optionalParam(countryCode),
  method: optionalParam(textOf(40)),
  seller: optionalParam(idOf("user")),
  q: optionalParam(textOf(100)),
  sort: v.optional(v.picklist(sorts, "Sort by price, -price, newest or ending."), "newest"),
});

const listingEntries = {
  id: idOut("listing"),
  sellerId: idOut("user"),
  listingType: v.picklist(listingTypes),
  creditsAmount: creditsOut,
  creditsRemaining: creditsOut,
  /** Per credit; an auction's starting price. */
  pricePerCredit: v.string(),
  currency: v.string(),
  status: v.picklist(listingStatuses),
  /** Of the batch that most of the credits come from. */
  vintage: v.number(),
  country: v.string(),
  method: v.string(),
  /** Whether other batches are in the lot; `provenance` lists them all. */
  mixed: v.boolean(),
  createdAt: momentOut,
  auctionEndTime: v.nullable(momentOut),
  currentBid: v.nullable(v.string()),
  bidCount: v.number(),
};

export const Listing = v.object(listingEntries);

export const Origin = v.object({
  batchId: idOut("batch"),
  serial: v.string(),
  credits: creditsOut,
  vintage: v.number(),
  country: v.string(),
  method: v.string(),
  factorSet: v.string(),
  qualityTier: v.string(),
  cvaId: idOut("user"),
  issuedAt: momentOut,
});

export const AuctionState = v.object({
  status: v.picklist(auctionStatuses),
  auctionEndTime: momentOut,
  currentBid: v.nullable(v.string()),
  /** The least that a new bidder's maximum must be. */
  minimumBid: v.string(),
  bidCount: v.number(),
  /** Null without a reserve price. The price itself stays secret until the close. */
  reserveMet: v.nullable(v.boolean()),
  /** Mask of whoever leads; null before the first bid. */
  leader: v.nullable(v.string()),
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
  countries: v.array(v.string()),
  vintages: v.array(v.number()),
  methods: v.array(v.string()),
});

export const MyListings = v.object({
  ...pageEntries,
  status: optionalParam(v.picklist(listingStatuses)),
});

const saleEntries = {
  sold: creditsOut,
  /** Held by orders that wait for payment or settlement. */
  reserved: creditsOut,
  auction: v.nullable(AuctionState),
  reservePrice: v.nullable(v.string()),
};

/** A listing as its seller sees it. */
export const OwnListing = v.object({ ...listingEntries, ...saleEntries });
export const OwnListingPage = pageOf(OwnListing);

export const NetInHand = v.object({ creditsAmount: creditsIn, pricePerCredit: moneyText });

/** "You receive $X on DATE": what a sale of that size leaves the seller, and what it costs. */
export const NetInHandAnswer = v.object({
  total: v.string(),
  platformFee: v.string(),
  cvaFee: v.string(),
  net: v.string(),
  currency: v.string(),
  platformFeePercent: v.number(),
  cvaFeePercent: v.number(),
  /** When the money of a sale made now can be withdrawn. */
  payoutDate: momentOut,
});

/** The rules in force, for people to see before they list, buy or bid. */
export const Terms = v.object({
  currency: v.string(),
  platformFeePercent: v.number(),
  cvaFeePercent: v.number(),
  paymentWindowMinutes: v.number(),
  winnerWindowHours: v.number(),
  auctionShortestMinutes: v.number(),
  auctionLongestDays: v.number(),
  auctionExtensionMinutes: v.number(),
});

export const PlaceOrder = v.object({
  /** The client may name the order; a retry under the same id buys nothing twice. */
  id: v.optional(idOf("order")),
  listingId: idOf("listing"),
  /** All that remains when left out. */
  creditsAmount: v.optional(creditsIn),
});

export const Order = v.object({
  id: idOut("order"),
  kind: v.picklist(orderKinds),
  listingId: idOut("listing"),
  buyerId: idOut("user"),
  sellerId: idOut("user"),
  paymentId: idOut("payment"),
  creditsAmount: creditsOut,
  pricePerCredit: v.string(),
  totalPrice: v.string(),
  platformFee: v.string(),
  cvaFee: v.string(),
  netToSeller: v.string(),
  currency: v.string(),
  status: v.picklist(orderStatuses),
  vintage: v.number(),
  country: v.string(),
  createdAt: momentOut,
  expiresAt: momentOut,
  paidAt: v.nullable(momentOut),
  endedAt: v.nullable(momentOut),
});

export const OrderAnswer = v.object({ order: Order });
export const OrderById = v.object({ id: idOf("order") });
export const OrdersOf = v.object({ ...pageEntries, userId: idOf("user") });
export const MyOrders = v.object({
  ...pageEntries,
  status: optionalParam(v.picklist(orderStatuses)),
});
export const OrderPage = pageOf(Order);

/** An order with the server's clock, for its countdown. */
export const OrderDetail = v.object({ order: Order, now: momentOut });

export const PlaceBid = v.object({
  /** The client may name the bid; a retry under the same id bids nothing twice. */
  id: v.optional(idOf("bid")),
  listingId: idOf("listing"),
  /** The most per credit that the bidder would pay. */
  bidAmount: moneyText,
});

export const BidAnswer = v.object({
  bid: v.object({
    id: idOut("bid"),
    listingId: idOut("listing"),
    bidAmount: v.string(),
    status: v.picklist(["leading", "outbid"]),
    /** Who the bidder is in the public log. */
    mask: v.string(),
  }),
  listing: v.object({
    currentBid: v.string(),
    bidCount: v.number(),
    auctionEndTime: momentOut,
  }),
});

/** One accepted bid of the public, hash-chained log. `max` and `salt` are revealed when the auction has closed. */
export const LoggedBid = v.object({
  seq: v.number(),
  id: idOut("bid"),
  bidder: v.string(),
  maxHash: v.string(),
  max: v.nullable(v.string()),
  salt: v.nullable(v.string()),
  price: v.string(),
  leader: v.string(),
  at: momentOut,
  auctionEndTime: momentOut,
  prev: v.string(),
  hash: v.string(),
});

/** Everything that a replay needs; prices in minor units of the currency. `reserve` is revealed after the close. */
export const AuctionTerms = v.object({
  listingId: idOut("listing"),
  currency: v.string(),
  places: v.number(),
  start: v.string(),
  reserveHash: v.nullable(v.string()),
  reserve: v.nullable(v.string()),
  reserveSalt: v.nullable(v.string()),
  stepBps: v.number(),
  stepMinor: v.string(),
  windowSeconds: v.number(),
  auctionEndTime: momentOut,
  genesis: v.string(),
});

export const BidLogOf = v.object({ ...pageEntries, id: idOf("listing") });
export const BidLog = v.object({
  status: v.picklist(auctionStatuses),
  terms: AuctionTerms,
  items: v.array(LoggedBid),
  nextCursor: v.nullable(v.string()),
});

/** The newest bids as money, for people. */
export const LatestBids = v.object({
  items: v.array(
    v.object({
      seq: v.number(),
      bidder: v.string(),
      price: v.string(),
      leader: v.string(),
      at: momentOut,
    }),
  ),
});

export const BidLogProof = v.object({
  valid: v.boolean(),
  /** What does not fit, in the order of the log; empty when the log proves winner and price. */
  violations: v.array(v.string()),
  bidCount: v.number(),
  head: v.string(),
  sold: v.boolean(),
  winner: v.nullable(v.string()),
  price: v.nullable(v.string()),
  currency: v.string(),
});

/** One of my auctions: where my highest maximum stands. */
export const MyBid = v.object({
  listingId: idOut("listing"),
  mask: v.string(),
  maximum: v.string(),
  status: v.picklist(["leading", "outbid", "won", "lost"]),
  currentBid: v.string(),
  currency: v.string(),
  bidCount: v.number(),
  auctionEndTime: momentOut,
  auctionStatus: v.picklist(auctionStatuses),
  creditsAmount: creditsOut,
  lastBidAt: momentOut,
  /** The order to pay when the auction was won. */
  orderId: v.nullable(idOut("order")),
});
export const MyBids = v.object(pageEntries);
export const MyBidPage = pageOf(MyBid);
export const MyBidOn = v.object({ listingId: idOf("listing") });
export const MyBidOnAnswer = v.object({ bid: v.nullable(MyBid) });

export const Watch = v.object({ listingId: idOf("listing"), lastEventId: v.optional(v.string()) });

/** What watchers of a listing see change. */
export type LiveListing = {
  listingId: string;
  status: (typeof listingStatuses)[number];
  creditsRemaining: string;
  auction: v.InferOutput<typeof AuctionState> | null;
  /** The server's clock when this was sent. */
  now: string;
};

export type ListingView = v.InferOutput<typeof Listing>;
export type ListingDetailView = v.InferOutput<typeof ListingDetail>;
export type OrderView = v.InferOutput<typeof Order>;
export type LoggedBidView = v.InferOutput<typeof LoggedBid>;
export type BidLogView = v.InferOutput<typeof BidLog>;
