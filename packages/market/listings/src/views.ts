import {
  type Currency,
  creditsFromGrams,
  isCurrency,
  minorFromText,
  priceOf,
  textFromMinor,
} from "@evx/kernel";
import type { Behind } from "./behind.ts";
import type { AuctionPart } from "./ports.ts";
import type { ListingRow } from "./queries/listings.ts";
import type { LiveListing } from "./schema.ts";

/** The venue's currency of a row; a check of what the database says, since its column is text. */
export const currencyOf = ({ currency }: { currency: string }): Currency => {
  if (!isCurrency(currency)) throw new Error(`${currency} is no currency of this venue`);
  return currency;
};

/** What a credit of it costs now: the current bid, where there is one. */
const priceNow = (row: ListingRow, auction: AuctionPart | undefined): bigint => {
  const bid = auction?.state.currentBid;
  return (bid ? minorFromText(bid, currencyOf(row)) : null) ?? row.price_minor;
};

/** A listing as everyone sees it; `auction` is there when it is sold by one, `behind` where it was asked for. */
export const listingView = (row: ListingRow, auction: AuctionPart | undefined, behind?: Behind) => ({
  id: row.id,
  sellerId: row.seller_id,
  seller: behind?.seller ?? null,
  auditor: behind?.auditor ?? null,
  batch: behind?.batch ?? null,
  listingType: row.kind,
  creditsAmount: row.amount_g,
  creditsRemaining: row.remaining_g,
  sold: row.sold_g,
  pricePerCredit: textFromMinor(row.price_minor, currencyOf(row)),
  currency: row.currency,
  status: row.status,
  vintage: row.vintage_year,
  country: row.country_code,
  method: row.method_code,
  quality: row.tiers,
  remainingTotal: textFromMinor(priceOf(row.remaining_g, priceNow(row, auction)), currencyOf(row)),
  mixed: row.mixed,
  createdAt: row.created_at,
  auctionEndTime: row.ends_at,
  currentBid: auction?.state.currentBid ?? null,
  bidCount: auction?.state.bidCount ?? 0,
  minCredits: row.min_g,
  expiresAt: row.expires_at,
  startsAt: row.starts_at,
});

/** A listing as its seller sees it. */
export const ownListingView = (row: ListingRow, auction: AuctionPart | undefined) => ({
  ...listingView(row, auction),
  reserved: row.amount_g - row.remaining_g - row.sold_g - row.returned_g,
  auction: auction?.state ?? null,
  reservePrice: auction?.reservePrice ?? null,
});

/** A listing's live state as text; equal texts mean that nothing a watcher sees has changed. */
export const liveText = (
  row: Pick<ListingRow, "id" | "status" | "remaining_g">,
  auction: AuctionPart | undefined,
  people: number | null,
): string => {
  const state: Omit<LiveListing, "now"> = {
    listingId: row.id,
    status: row.status,
    creditsRemaining: creditsFromGrams(row.remaining_g),
    auction: auction
      ? {
          ...auction.state,
          auctionEndTime: auction.state.auctionEndTime.toISOString(),
          startsAt: auction.state.startsAt?.toISOString() ?? null,
        }
      : null,
    people,
  };
  return JSON.stringify(state);
};
