import { type Currency, creditsFromGrams, currencies, type Id, type Minor, textFromMinor } from "@evx/kernel";
import { incrementAt } from "./policy.ts";
import type { AuctionPart, ListingWithAuction } from "./queries/listings.ts";
import type { OrderWithLot } from "./queries/orders.ts";
import type { LiveListing } from "./schema.ts";

/** The venue's currency of a row; a check of what the database says, since its column is text. */
export const currencyOf = (row: { currency: string }): Currency => {
  if (!Object.hasOwn(currencies, row.currency))
    throw new Error(`${row.currency} is no currency of this venue`);
  return row.currency as Currency;
};

const money = (amount: Minor, row: { currency: string }): string => textFromMinor(amount, currencyOf(row));

/** The public state of an auction; null for a fixed price. */
export const auctionView = (row: AuctionPart & { currency: string }) => {
  const { auction_status, auction_ends_at, auction_price_minor, start_minor, step_minor, step_bps } = row;
  if (
    !auction_status ||
    !auction_ends_at ||
    start_minor === null ||
    step_minor === null ||
    step_bps === null
  ) {
    return null;
  }
  const minimum =
    auction_price_minor === null
      ? start_minor
      : auction_price_minor + incrementAt(auction_price_minor, { stepBps: step_bps, stepMinor: step_minor });
  return {
    status: auction_status,
    auctionEndTime: auction_ends_at,
    currentBid: auction_price_minor === null ? null : money(auction_price_minor, row),
    minimumBid: money(minimum, row),
    bidCount: Number(row.auction_seq ?? 0n),
    reserveMet: row.reserve_minor === null ? null : (row.leader_max_minor ?? 0n) >= row.reserve_minor,
    leader: row.leader_mask,
  };
};

export const listingView = (row: ListingWithAuction) => ({
  id: row.id,
  sellerId: row.seller_id,
  listingType: row.kind,
  creditsAmount: row.amount_g,
  creditsRemaining: row.remaining_g,
  pricePerCredit: money(row.price_minor, row),
  currency: row.currency,
  status: row.status,
  vintage: row.vintage_year,
  country: row.country_code,
  method: row.method_code,
  mixed: row.mixed,
  createdAt: row.created_at,
  auctionEndTime: row.auction_ends_at,
  currentBid: row.auction_price_minor === null ? null : money(row.auction_price_minor, row),
  bidCount: Number(row.auction_seq ?? 0n),
});

export const ownListingView = (row: ListingWithAuction) => ({
  ...listingView(row),
  sold: row.sold_g,
  reserved: row.amount_g - row.remaining_g - row.sold_g - row.returned_g,
  auction: auctionView(row),
  reservePrice: row.reserve_minor === null ? null : money(row.reserve_minor, row),
});

export const orderView = (row: OrderWithLot) => ({
  id: row.id,
  kind: row.kind,
  listingId: row.listing_id,
  buyerId: row.buyer_id,
  sellerId: row.seller_id,
  paymentId: row.payment_id,
  creditsAmount: row.amount_g,
  pricePerCredit: money(row.price_minor, row),
  totalPrice: money(row.total_minor, row),
  platformFee: money(row.platform_fee_minor, row),
  cvaFee: money(row.cva_fee_minor, row),
  netToSeller: money(row.net_minor, row),
  currency: row.currency,
  status: row.status,
  vintage: row.vintage_year,
  country: row.country_code,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  paidAt: row.paid_at,
  endedAt: row.ended_at,
});

/** A listing's live state as text; equal texts mean that nothing a watcher sees has changed. */
export const liveText = (
  row: AuctionPart & { id: string; status: LiveListing["status"]; remaining_g: bigint; currency: string },
): string => {
  const auction = auctionView(row);
  const state: Omit<LiveListing, "now"> = {
    listingId: row.id as Id<"listing">,
    status: row.status,
    creditsRemaining: creditsFromGrams(row.remaining_g),
    auction: auction && { ...auction, auctionEndTime: auction.auctionEndTime.toISOString() },
  };
  return JSON.stringify(state);
};
