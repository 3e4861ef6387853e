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

/** The price of a listing of which nothing was ordered is another one. */
export const listingPriceChanged = defineEvent(
  "marketplace.listing_price_changed",
  v.object({
    listingId: idOf("listing"),
    sellerId: idOf("user"),
    pricePerCreditMinor: amount,
    currency: text,
    at: moment,
  }),
);

/** Somebody keeps an eye on a listing whose price is another one. */
export const watchedPriceChanged = defineEvent(
  "marketplace.watched_price_changed",
  v.object({
    userId: idOf("user"),
    listingId: idOf("listing"),
    pricePerCreditMinor: amount,
    currency: text,
    at: moment,
  }),
);

/** Somebody keeps an eye on a listing that ends within the hour. */
export const watchedEnding = defineEvent(
  "marketplace.watched_ending",
  v.object({ userId: idOf("user"), listingId: idOf("listing"), endsAt: moment, at: moment }),
);

/** Listings came that a saved search finds; `query` is its filter as a link carries it. */
export const searchMatched = defineEvent(
  "marketplace.search_matched",
  v.object({
    userId: idOf("user"),
    searchId: idOf("search"),
    name: text,
    query: text,
    listings: v.number(),
    at: moment,
  }),
);

/** A seller took back what was left; `returned` are the grams that went to the wallet. */
export const listingCancelled = defineEvent(
  "marketplace.listing_cancelled",
  v.object({ listingId: idOf("listing"), sellerId: idOf("user"), returned: amount, at: moment }),
);
