import { defineEvent } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

const text = v.string();
/** Whole grams or minor units as decimal text: JSON has no bigint. */
const amount = v.pipe(v.string(), v.regex(/^\d+$/));
const moment = v.string();

const listingEntries = {
  listingId: idOf("listing"),
  sellerId: idOf("user"),
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
  v.object({ listingId: idOf("listing"), sellerId: idOf("user"), returned: amount, at: moment }),
);

/** A bid was accepted. `leads` is false for one that a proxy outbid at once. */
export const bidPlaced = defineEvent(
  "marketplace.bid_placed",
  v.object({
    listingId: idOf("listing"),
    sellerId: idOf("user"),
    bidId: idOf("bid"),
    bidderId: idOf("user"),
    seq: v.number(),
    leads: v.boolean(),
    priceMinor: amount,
    currency: text,
    endsAt: moment,
    /** Whoever led until this bid; null when nobody lost the lead. */
    outbidId: v.nullable(idOf("user")),
  }),
  { emittedBy: "marketplace.place_bid" },
);

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

/** The winner did not pay, so the next bidder may buy the lot for what it would have cost them without the winner. */
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

const orderEntries = {
  orderId: idOf("order"),
  kind: v.picklist(["purchase", "auction_win", "second_chance"]),
  listingId: idOf("listing"),
  buyerId: idOf("user"),
  sellerId: idOf("user"),
  grams: amount,
  pricePerCreditMinor: amount,
  totalMinor: amount,
  currency: text,
};

/** Credits are reserved and wait for payment. */
export const orderPlaced = defineEvent(
  "marketplace.order_placed",
  v.object({ ...orderEntries, paymentId: idOf("payment"), expiresAt: moment, at: moment }),
);

/** Credits and money have changed hands. The three parts sum to the total. */
export const orderCompleted = defineEvent(
  "marketplace.order_completed",
  v.object({
    ...orderEntries,
    paymentId: idOf("payment"),
    transferId: idOf("transfer"),
    platformFeeMinor: amount,
    cvaFeeMinor: amount,
    netMinor: amount,
    vintage: v.number(),
    country: text,
    method: text,
    at: moment,
  }),
  { emittedBy: "marketplace.settle" },
);

/** The payment window closed without money; the credits are free again. */
export const orderExpired = defineEvent(
  "marketplace.order_expired",
  v.object({ ...orderEntries, at: moment }),
);

/** The buyer let go of an unpaid order; the credits are free again. */
export const orderCancelled = defineEvent(
  "marketplace.order_cancelled",
  v.object({ ...orderEntries, at: moment }),
);
