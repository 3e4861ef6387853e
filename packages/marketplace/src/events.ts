import { defineEvent } from "@evx/jobs";
import * as v from "valibot";

const text = v.string();
/** Whole grams or minor units as decimal text: JSON has no bigint. */
const amount = v.pipe(v.string(), v.regex(/^\d+$/));
const moment = v.string();

const listingEntries = {
  listingId: text,
  sellerId: text,
  listingType: v.picklist(["fixed", "auction"]),
  grams: amount,
  pricePerCreditMinor: amount,
  currency: text,
  vintage: v.number(),
  country: text,
  method: text,
};

/** Credits are for sale. */
export const listingCreated = defineEvent(
  "marketplace.listing_created",
  v.object({ ...listingEntries, endsAt: v.nullable(moment), at: moment }),
);

/** A seller took back what was left; `returned` are the grams that went to the wallet. */
export const listingCancelled = defineEvent(
  "marketplace.listing_cancelled",
  v.object({ listingId: text, sellerId: text, returned: amount, at: moment }),
);

/** A bid was accepted. `leads` is false for one that a proxy outbid at once. */
export const bidPlaced = defineEvent(
  "marketplace.bid_placed",
  v.object({
    listingId: text,
    sellerId: text,
    bidId: text,
    bidderId: text,
    seq: v.number(),
    leads: v.boolean(),
    priceMinor: amount,
    currency: text,
    endsAt: moment,
    /** Whoever led until this bid; null when nobody lost the lead. */
    outbidId: v.nullable(text),
  }),
);

/** Somebody lost the lead of an auction that still runs. */
export const outbid = defineEvent(
  "marketplace.outbid",
  v.object({ listingId: text, bidderId: text, priceMinor: amount, currency: text, endsAt: moment }),
);

/** An auction is over. Sold: `winnerId`, `orderId` and `priceMinor` are there. */
export const auctionClosed = defineEvent(
  "marketplace.auction_closed",
  v.object({
    listingId: text,
    sellerId: text,
    outcome: v.picklist(["sold", "unsold"]),
    winnerId: v.nullable(text),
    orderId: v.nullable(text),
    priceMinor: v.nullable(amount),
    currency: text,
    grams: amount,
    bidCount: v.number(),
    at: moment,
  }),
);

/** The winner did not pay, so the next bidder may buy the lot for what it would have cost them without the winner. */
export const secondChanceOffered = defineEvent(
  "marketplace.second_chance_offered",
  v.object({
    listingId: text,
    sellerId: text,
    bidderId: text,
    orderId: text,
    priceMinor: amount,
    currency: text,
    expiresAt: moment,
  }),
);

const orderEntries = {
  orderId: text,
  kind: v.picklist(["purchase", "auction_win", "second_chance"]),
  listingId: text,
  buyerId: text,
  sellerId: text,
  grams: amount,
  pricePerCreditMinor: amount,
  totalMinor: amount,
  currency: text,
};

/** Credits are reserved and wait for payment. */
export const orderPlaced = defineEvent(
  "marketplace.order_placed",
  v.object({ ...orderEntries, paymentId: text, expiresAt: moment, at: moment }),
);

/** Credits and money have changed hands. The three parts sum to the total. */
export const orderCompleted = defineEvent(
  "marketplace.order_completed",
  v.object({
    ...orderEntries,
    paymentId: text,
    transferId: text,
    platformFeeMinor: amount,
    cvaFeeMinor: amount,
    netMinor: amount,
    vintage: v.number(),
    country: text,
    method: text,
    at: moment,
  }),
);

/** The payment window closed without money; the credits are free again. */
export const orderExpired = defineEvent("marketplace.order_expired", v.object({ ...orderEntries, at: moment }));

/** The buyer let go of an unpaid order; the credits are free again. */
export const orderCancelled = defineEvent("marketplace.order_cancelled", v.object({ ...orderEntries, at: moment }));
