import type { Db } from "@evx/db";
import type { JobContext } from "@evx/jobs";
import {
  afterMoment,
  type Currency,
  type Grams,
  type Id,
  type Minor,
  momentKey,
  type PageInput,
  pageFrom,
  priceOf,
  textFromMinor,
} from "@evx/kernel";
import { checkPayable, currencyOf, listingRow, payable, priceFrom } from "@evx/listings";
import { refuse as refuseListing } from "@evx/listings/errors";
import { wonOrderIds } from "@evx/orders";
import type { Actor } from "@evx/rpc";
import { auctionOf, notAnAuction } from "./auctions.ts";
import { holdDeposit, noteDeposit } from "./deposits.ts";
import { refuse } from "./errors.ts";
import { callPlaceBid, type MyBidRow, myBidRows, type PlacedBid } from "./queries/auctions.ts";

export type NewBid = {
  id: Id<"bid">;
  listingId: Id<"listing">;
  /** The most per credit that the bidder would pay, as it was typed. */
  bidAmount: string;
  currency: Currency;
  /** The venue's holding time: what still lies it out is no deposit. */
  holdDays: number;
  /** When it was asked for, and in which request: what a Tx carries otherwise. */
  at: Date;
  cause: string;
};

/**
 * Bids up to a maximum per credit. Takes a context, because without a deposit it is one statement
 * (`marketplace.place_bid`, which emits `outbid`) and so a transaction of its own: proxy rule, order, end, chain and
 * events are decided in SQL under the auction's lock. With one, bid and deposit are one transaction. The same id and maximum again answers how that bid stands now.
 * Refuses `listing_not_found`, `listing_is_fixed`, `listing_is_own`, `auction_ended`, `auction_not_started`, `bid_paused`, `bid_too_low`, `bid_id_reused`,
 * `bid_wrong_currency`, `amount_above_maximum`, `deposit_not_covered`.
 */
export const placeBid = async (
  ctx: Pick<JobContext, "db" | "transact">,
  bidder: Pick<Actor, "id">,
  input: NewBid,
) => {
  const { db } = ctx;
  const { id, listingId, at, cause } = input;
  const { currency, grams, deposit_minor } = await lotOf(db, listingId);
  if (input.currency !== currency) throw refuse("bid_wrong_currency", { currency });
  const max_minor = priceFrom(input.bidAmount, currency, "bidAmount");
  const total = priceOf(grams, max_minor);
  // What is too little is told by how much the next bid must be.
  if (total > payable[currency].most) checkPayable(total, currency);
  const call = { listingId, id, bidderId: bidder.id, max_minor, at, cause };
  const place = async (handle: Db) => {
    const placed = await callPlaceBid(handle, call);
    if (placed.outcome === "placed" || placed.outcome === "replayed") return placed;
    throw await refusalOf(handle, placed, { listingId, currency });
  };
  const bid =
    deposit_minor === null
      ? await place(db)
      : await ctx.transact(async (tx) => {
          const { holdDays } = input;
          const wanted = { listing_id: listingId, currency, deposit_minor };
          const isFirst = await noteDeposit(tx, wanted, bidder.id);
          const placed = await place(tx);
          // After the auction's lock, as all that take both; a bid that is refused takes its deposit back with it.
          const hold = { listingId, bidderId: bidder.id, amount: deposit_minor, currency, holdDays };
          if (isFirst) await holdDeposit(tx, hold);
          return placed;
        });
  return {
    bid: {
      id,
      listingId,
      bidAmount: textFromMinor(max_minor, currency),
      status: bid.leads ? ("leading" as const) : ("outbid" as const),
      mask: bid.mask,
    },
    listing: {
      currentBid: textFromMinor(bid.price_minor, currency),
      bidCount: Number(bid.seq),
      auctionEndTime: bid.ends_at,
    },
  };
};

/** What an auction is of: it never changes, so a server asks once for each. */
type Lot = { readonly currency: Currency; readonly grams: Grams; readonly deposit_minor: Minor | null };
const known = new Map<Id<"listing">, Lot>();
const MOST_KNOWN = 10_000;

const lotOf = async (db: Db, listingId: Id<"listing">): Promise<Lot> => {
  const found = known.get(listingId) ?? (await askLot(db, listingId));
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(listingId, found);
  return found;
};

const askLot = async (db: Db, listingId: Id<"listing">): Promise<Lot> => {
  const auction = await auctionOf(db, listingId);
  const listing = await listingRow(db, listingId);
  if (!listing) throw refuseListing("listing_not_found");
  return { currency: currencyOf(auction), grams: listing.amount_g, deposit_minor: auction.deposit_minor };
};

const refusalOf = async (
  db: Db,
  bid: PlacedBid,
  { listingId, currency }: Pick<NewBid, "listingId" | "currency">,
) => {
  switch (bid.outcome) {
    case "ended":
      return refuse("auction_ended");
    case "early":
      return refuse("auction_not_started", { startsAt: bid.ends_at.toISOString() });
    case "paused":
      return refuse("bid_paused", { until: bid.ends_at.toISOString() });
    case "own":
      return refuseListing("listing_is_own");
    case "id_reused":
      return refuse("bid_id_reused");
    case "too_low":
      return refuse("bid_too_low", { minimum: textFromMinor(bid.minimum_minor ?? 0n, currency), currency });
    default:
      return notAnAuction(db, listingId);
  }
};

const statusOf = (row: MyBidRow, orderId: Id<"order"> | null): "leading" | "outbid" | "won" | "lost" => {
  if (row.status === "live") return row.leads ? "leading" : "outbid";
  return orderId ? "won" : "lost";
};

const myBidView = (row: MyBidRow, orderId: Id<"order"> | null) => {
  const currency = currencyOf(row);
  return {
    listingId: row.listing_id,
    mask: row.mask,
    maximum: textFromMinor(row.max_minor, currency),
    status: statusOf(row, orderId),
    currentBid: textFromMinor(row.price_minor, currency),
    currency,
    bidCount: Number(row.seq),
    auctionEndTime: row.ends_at,
    auctionStatus: row.status,
    creditsAmount: row.listed_g,
    lastBidAt: row.last_at,
    orderId,
  };
};

/** The auctions in which somebody has bid, with where they stand; latest bid first. */
export const bidsOf = async (db: Db, bidder: Pick<Actor, "id">, { limit, cursor }: PageInput) => {
  const after = afterMoment("listing", cursor);
  const rows = await myBidRows(db, { bidderId: bidder.id, only: null, after, limit: limit + 1 });
  const orders = await wonOrderIds(
    db,
    bidder.id,
    rows.map((row) => row.listing_id),
  );
  return pageFrom(
    rows,
    limit,
    (row) => myBidView(row, orders.get(row.listing_id) ?? null),
    (row) => momentKey(row.last_at, row.listing_id),
  );
};

/** Where somebody stands in one auction; null when they have not bid. */
export const bidOn = async (db: Db, bidder: Pick<Actor, "id">, listingId: Id<"listing">) => {
  const [row] = await myBidRows(db, { bidderId: bidder.id, only: listingId, after: null, limit: 1 });
  if (!row) return null;
  return myBidView(row, (await wonOrderIds(db, bidder.id, [listingId])).get(listingId) ?? null);
};
