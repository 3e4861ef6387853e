import type { Db, Tx } from "@evx/db";
import {
  assert,
  type Currency,
  type Id,
  type Minor,
  type PageInput,
  pageFrom,
  textFromMinor,
} from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { ruleAt } from "@evx/rules";
import { commitment, genesisOf } from "./chain.ts";
import { momentAfter } from "./cursors.ts";
import { refuse } from "./errors.ts";
import { priceFrom } from "./money.ts";
import { auctionRules, LARGEST_TOTAL, totalOf } from "./policy.ts";
import {
  type AuctionRow,
  auctionRow,
  callPlaceBid,
  endAuction,
  insertAuction,
  lockAuction,
  type MyBidRow,
  myBidRows,
  type PlacedBid,
} from "./queries/auctions.ts";
import { listingRow } from "./queries/listings.ts";
import { currencyOf } from "./views.ts";

export type AuctionPlan = {
  endsAt: Date;
  start_minor: Minor;
  reserve_minor: Minor | null;
  step_bps: number;
  step_minor: Minor;
  window_s: number;
};

/**
 * Checks what a seller asks of an auction against the rules in force and freezes those; null for a fixed price.
 * Refuses `auction_end_required`, `auction_end_out_of_range`, `auction_reserve_too_low`, `auction_fields_on_fixed`.
 */
export const planAuction = async (
  db: Tx,
  wish: {
    listingType: "fixed" | "auction";
    auctionEndTime?: Date | undefined;
    reservePrice?: string | undefined;
    creditsAmount: bigint;
  },
  start_minor: Minor,
  currency: Currency,
): Promise<AuctionPlan | null> => {
  const { auctionEndTime: endsAt, reservePrice } = wish;
  if (wish.listingType === "fixed") {
    if (endsAt !== undefined || reservePrice !== undefined) throw refuse("auction_fields_on_fixed");
    return null;
  }
  if (endsAt === undefined) throw refuse("auction_end_required");
  const { value: rule } = await ruleAt(db, auctionRules, db.at);
  const length_s = (endsAt.getTime() - db.at.getTime()) / 1_000;
  if (length_s < rule.shortest_s || length_s > rule.longest_s) {
    throw refuse("auction_end_out_of_range", {
      shortest: rule.shortest_s,
      longest: Math.floor(rule.longest_s / 86_400),
    });
  }
  const reserve_minor = reservePrice === undefined ? null : priceFrom(reservePrice, currency, "reservePrice");
  if (reserve_minor !== null) {
    if (reserve_minor < start_minor) throw refuse("auction_reserve_too_low");
    if (totalOf(wish.creditsAmount, reserve_minor) > LARGEST_TOTAL) throw refuse("listing_too_large");
  }
  const { window_s, stepBps: step_bps, stepMinor } = rule;
  return { endsAt, start_minor, reserve_minor, step_bps, step_minor: BigInt(stepMinor), window_s };
};

/** Starts an auction: its terms become the first link of its log, with the reserve price behind a commitment. */
export const openAuction = async (
  tx: Tx,
  lot: { id: Id<"listing">; seller_id: Id<"user">; currency: Currency },
  plan: AuctionPlan,
): Promise<void> => {
  const { endsAt, ...terms } = plan;
  const reserve_salt = crypto.randomUUID();
  const reserveHash =
    terms.reserve_minor === null ? null : await commitment(reserve_salt, terms.reserve_minor);
  const genesis = await genesisOf({
    listingId: lot.id,
    currency: lot.currency,
    start: String(terms.start_minor),
    reserveHash,
    stepBps: terms.step_bps,
    stepMinor: String(terms.step_minor),
    windowSeconds: terms.window_s,
    auctionEndTime: endsAt.toISOString(),
  });
  await insertAuction(tx, {
    ...terms,
    listing_id: lot.id,
    seller_id: lot.seller_id,
    currency: lot.currency,
    status: "live",
    reserve_salt,
    mask_secret: crypto.randomUUID(),
    first_ends_at: endsAt,
    ends_at: endsAt,
    head: Buffer.from(genesis, "hex"),
  });
};

/** Ends an auction without a sale at its seller's wish. Refuses once somebody has bid. */
export const cancelAuction = async (
  tx: Tx,
  seller: Pick<Actor, "id">,
  listingId: Id<"listing">,
): Promise<void> => {
  const auction = await lockAuction(tx, listingId);
  if (!auction || auction.seller_id !== seller.id) throw refuse("listing_not_found");
  if (auction.status === "cancelled" || auction.status === "closed_unsold") return;
  if (auction.seq > 0n) throw refuse("listing_has_bids");
  await endAuction(tx, listingId, "cancelled");
};

/** Who asked for something that is one statement, and when: what a Tx carries otherwise. */
export type Asked = { at: Date; cause: string };

/**
 * Bids up to a maximum per credit. Takes a Db, because it is one statement and so a transaction of its own: proxy
 * rule, order, end, chain and events are decided in SQL under the auction's lock. The same id and maximum again
 * answers how that bid stands now.
 * Refuses `listing_not_found`, `listing_is_fixed`, `listing_is_own`, `auction_ended`, `bid_too_low`, `bid_id_reused`.
 */
export const placeBid = async (
  db: Db,
  asked: Asked,
  bidder: Pick<Actor, "id">,
  currency: Currency,
  wish: { id: Id<"bid">; listingId: Id<"listing">; bidAmount: string },
) => {
  const max_minor = priceFrom(wish.bidAmount, currency, "bidAmount");
  const { id, listingId } = wish;
  const bid = await callPlaceBid(db, { listingId, id, bidderId: bidder.id, max_minor, ...asked });
  if (bid.outcome !== "placed" && bid.outcome !== "replayed") {
    throw await refusalOf(db, bid, listingId, currency);
  }
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

const refusalOf = async (db: Db, bid: PlacedBid, listingId: Id<"listing">, currency: Currency) => {
  switch (bid.outcome) {
    case "ended":
      return refuse("auction_ended");
    case "own":
      return refuse("listing_is_own");
    case "id_reused":
      return refuse("bid_id_reused");
    case "too_low":
      return refuse("bid_too_low", { minimum: textFromMinor(bid.minimum_minor ?? 0n, currency), currency });
    default:
      return refuse((await listingRow(db, listingId)) ? "listing_is_fixed" : "listing_not_found");
  }
};

const statusOf = (row: MyBidRow): "leading" | "outbid" | "won" | "lost" => {
  if (row.status === "live") return row.leads ? "leading" : "outbid";
  return row.order_id ? "won" : "lost";
};

const myBidView = (row: MyBidRow) => {
  const currency = currencyOf(row);
  return {
    listingId: row.listing_id,
    mask: row.mask,
    maximum: textFromMinor(row.max_minor, currency),
    status: statusOf(row),
    currentBid: textFromMinor(row.price_minor, currency),
    currency,
    bidCount: Number(row.seq),
    auctionEndTime: row.ends_at,
    auctionStatus: row.status,
    creditsAmount: row.amount_g,
    lastBidAt: row.last_at,
    orderId: row.order_id,
  };
};

/** The auctions in which somebody has bid, with where they stand; latest bid first. */
export const bidsOf = async (db: Db, bidderId: Id<"user">, { limit, cursor }: PageInput) => {
  const rows = await myBidRows(db, bidderId, null, momentAfter(cursor), limit + 1);
  return pageFrom(rows, limit, myBidView, (row) => [row.last_at.getTime(), row.listing_id]);
};

/** Where somebody stands in one auction; null when they have not bid. */
export const bidOn = async (db: Db, bidderId: Id<"user">, listingId: Id<"listing">) => {
  const [row] = await myBidRows(db, bidderId, listingId, null, 1);
  return row ? myBidView(row) : null;
};

/** An auction that must be there. */
export const auctionOf = async (db: Db, listingId: Id<"listing">): Promise<AuctionRow> => {
  const row = await auctionRow(db, listingId);
  if (row) return row;
  throw refuse((await listingRow(db, listingId)) ? "listing_is_fixed" : "listing_not_found");
};

/** The terms of an auction as the rules take them. */
export const termsOf = (auction: AuctionRow) => {
  assert(auction.step_minor > 0n, "an increment is more than nothing");
  return {
    start: auction.start_minor,
    reserve: auction.reserve_minor,
    stepBps: auction.step_bps,
    stepMinor: auction.step_minor,
    window_s: auction.window_s,
  };
};
