import { defineEvent } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

const text = v.string();
/** Whole grams or minor units as decimal text: JSON has no bigint. */
const amount = v.pipe(v.string(), v.regex(/^\d+$/));
const moment = v.string();

/** Somebody lost the lead of an auction that still runs. */
export const outbid = defineEvent(
  "marketplace.outbid",
  v.object({
    listingId: idOf("listing"),
    bidderId: idOf("user"),
    priceMinor: amount,
    currency: text,
    endsAt: moment,
  }),
  { emittedBy: "marketplace.place_bid" },
);

/** An auction is over. Sold: `winnerId`, `orderId` and `priceMinor` are there. */
export const auctionClosed = defineEvent(
  "marketplace.auction_closed",
  v.object({
    listingId: idOf("listing"),
    sellerId: idOf("user"),
    outcome: v.picklist(["sold", "unsold"]),
    winnerId: v.nullable(idOf("user")),
    orderId: v.nullable(idOf("order")),
    priceMinor: v.nullable(amount),
    currency: text,
    grams: amount,
    bidCount: v.number(),
    at: moment,
  }),
);

/** Somebody won an auction and did not pay. With as many strikes as are allowed they cannot bid until a moment. */
export const strikeGiven = defineEvent(
  "marketplace.strike_given",
  v.object({
    orderId: idOf("order"),
    listingId: idOf("listing"),
    bidderId: idOf("user"),
    count: v.number(),
    allowed: v.number(),
    pausedUntil: v.nullable(moment),
    /** What of their deposit went to the seller; null or none without one. */
    depositMinor: v.optional(v.nullable(amount)),
    currency: v.optional(text),
    at: moment,
  }),
);

/** The winner did not pay, so the next bidder may buy the credits for what it would have cost them without the winner. */
export const secondChanceOffered = defineEvent(
  "marketplace.second_chance_offered",
  v.object({
    listingId: idOf("listing"),
    sellerId: idOf("user"),
    bidderId: idOf("user"),
    orderId: idOf("order"),
    priceMinor: amount,
    currency: text,
    expiresAt: moment,
  }),
);
