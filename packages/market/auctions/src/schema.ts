import { creditsOut, currencyIn, idOf, idOut, momentOut, moneyText, pageEntries, pageOf } from "@evx/kernel";
import { auctionStatuses } from "@evx/listings/schema";
import * as v from "valibot";

export const AuctionById = v.object({ id: idOf("listing") });

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

export const PlaceBid = v.object({
  /** The client may name the bid; a retry under the same id bids nothing twice. */
  id: v.optional(idOf("bid")),
  listingId: idOf("listing"),
  /** The most per credit that the bidder would pay. */
  bidAmount: moneyText,
  /** In which currency; the venue's when left out. Another than the auction's is refused. */
  currency: v.optional(currencyIn),
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
  startsAt: v.nullable(momentOut),
  buyNow: v.nullable(v.string()),
  /** From a price on, the least step; null where `stepMinor` holds for every price. */
  bands: v.nullable(v.array(v.object({ from: v.string(), step: v.string() }))),
  deposit: v.nullable(v.string()),
  /** Ends that the venue moved after so many bids, because it had been closed and nobody could bid. */
  extensions: v.array(v.object({ afterSeq: v.number(), auctionEndTime: momentOut, at: momentOut })),
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
      /** What the auction stood at from then on. */
      price: v.string(),
      /** What a bidder bid who did not come to lead; a leader's maximum is secret. */
      bid: v.nullable(v.string()),
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

export type LoggedBidView = v.InferOutput<typeof LoggedBid>;
export type BidLogView = v.InferOutput<typeof BidLog>;
