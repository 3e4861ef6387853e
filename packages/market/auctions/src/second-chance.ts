import type { Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { type Id, newId } from "@evx/kernel";
import { release } from "@evx/ledger";
import { ruleAt } from "@evx/rules";
import { termsOf } from "./auctions.ts";
import { refuse } from "./errors.ts";
import { auctionClosed, secondChanceOffered } from "./events.ts";
import { returnGrams } from "./listings.ts";
import { auctionRules, orderLimits, outcomeWithout, saleFees } from "./policy.ts";
import { type AuctionRow, bidRows, endAuction, lockAuction } from "./queries/auctions.ts";
import { changeListing, type ListingRow, lockListing } from "./queries/listings.ts";
import { auctionOrderRows, type OrderRow } from "./queries/orders.ts";
import { reserve } from "./reservations.ts";

/** More bids than any auction has; a log is read whole when a winner has not paid. */
const ALL_BIDS = 1_000_000;

/**
 * The winner of an auction, or whoever had the chance after them, did not pay: the next bidder is offered the lot for
 * what it would have cost them without those who did not pay. When the rule allows no more offers, or nobody is left
 * at the reserve price, the credits go back to the seller.
 */
export const offerToNext = async (tx: Tx, order: OrderRow): Promise<void> => {
  const auction = await lockAuction(tx, order.listing_id);
  const lot = await lockListing(tx, order.listing_id);
  if (!auction || !lot) throw refuse("listing_not_found");
  await release(tx, { holdId: order.id });

  const { value: rule } = await ruleAt(tx, auctionRules, tx.at);
  const tried = await auctionOrderRows(tx, lot.id);
  const next =
    tried.length <= rule.secondChances
      ? outcomeWithout(
          termsOf(auction),
          (await bidRows(tx, lot.id, 0n, ALL_BIDS)).map(({ bidder_id, max_minor, at }) => ({
            bidder: bidder_id,
            max: max_minor,
            at,
          })),
          new Set(tried.map((past) => past.buyer_id)),
        )
      : null;
  if (!next) return endUnsold(tx, auction, lot, { free: 0n, reserved: order.amount_g });

  await changeListing(tx, lot.id, { free: order.amount_g });
  const offer = await reserveWon(tx, lot, "second_chance", next.winner as Id<"user">, next.price);
  await emit(tx, secondChanceOffered, {
    listingId: lot.id,
    sellerId: lot.seller_id,
    bidderId: offer.buyer_id,
    orderId: offer.id,
    priceMinor: String(offer.price_minor),
    currency: offer.currency,
    expiresAt: offer.expires_at.toISOString(),
  });
};

/** Reserves the whole lot for somebody who won it, with the longer payment window. The caller holds the listing's lock. */
export const reserveWon = async (
  tx: Tx,
  lot: ListingRow,
  kind: "auction_win" | "second_chance",
  winner: Id<"user">,
  price_minor: bigint,
) => {
  const { value: limits } = await ruleAt(tx, orderLimits, tx.at);
  return reserve(tx, lot, await ruleAt(tx, saleFees, tx.at), {
    id: newId("order"),
    kind,
    buyer_id: winner,
    amount_g: lot.amount_g,
    price_minor,
    expires_at: new Date(tx.at.getTime() + limits.winnerWindow_h * 3_600_000),
  });
};

/** Ends an auction that sold to nobody: the credits go back to the seller's wallet. */
export const endUnsold = async (
  tx: Tx,
  auction: AuctionRow,
  lot: ListingRow,
  grams: { free: bigint; reserved: bigint },
): Promise<void> => {
  await endAuction(tx, lot.id, "closed_unsold");
  await emit(tx, auctionClosed, {
    listingId: lot.id,
    sellerId: lot.seller_id,
    outcome: "unsold",
    winnerId: null,
    orderId: null,
    priceMinor: null,
    currency: lot.currency,
    grams: String(lot.amount_g),
    bidCount: Number(auction.seq),
    at: tx.at.toISOString(),
  });
  await returnGrams(tx, lot, { ...grams, ended: "expired" });
};
