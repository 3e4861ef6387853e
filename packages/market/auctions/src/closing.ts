import type { Tx } from "@evx/db";
import { emit, enqueue } from "@evx/jobs";
import type { Id } from "@evx/kernel";
import { termsOf } from "./auctions.ts";
import { refuse } from "./errors.ts";
import { auctionClosed } from "./events.ts";
import { isSold } from "./policy.ts";
import { endAuction, lockAuction } from "./queries/auctions.ts";
import { lockListing } from "./queries/listings.ts";
import { endUnsold, reserveWon } from "./second-chance.ts";
import { closeAuctionTask } from "./tasks.ts";

/**
 * Ends an auction whose time is over by the database's clock: the leader gets an order to pay, or the credits go back.
 * One that was extended meanwhile is looked at again at its new end. Runs any number of times.
 */
export const closeAuction = async (tx: Tx, listingId: Id<"listing">): Promise<void> => {
  const auction = await lockAuction(tx, listingId);
  if (auction?.status !== "live") return;
  if (!auction.over) {
    // Not sooner than in a second: should this machine's clock be ahead of the database's, it would ask in circles.
    const runAt = new Date(Math.max(auction.ends_at.getTime(), tx.at.getTime() + 1_000));
    return enqueue(tx, closeAuctionTask, { listingId }, { runAt });
  }

  const lot = await lockListing(tx, listingId);
  if (!lot) throw refuse("listing_not_found");
  const { leader_id, leader_max_minor: leaderMax, second_max_minor: secondMax, price_minor: price } = auction;
  const standing = { leader: leader_id, leaderMax, secondMax, price, endsAt: auction.ends_at };
  if (leader_id === null || price === null || !isSold(termsOf(auction), standing)) {
    return endUnsold(tx, auction, lot, { free: lot.remaining_g, reserved: 0n });
  }
  await endAuction(tx, listingId, "closed_sold");
  const order = await reserveWon(tx, lot, "auction_win", leader_id, price);
  await emit(tx, auctionClosed, {
    listingId,
    sellerId: lot.seller_id,
    outcome: "sold",
    winnerId: leader_id,
    orderId: order.id,
    priceMinor: String(price),
    currency: lot.currency,
    grams: String(lot.amount_g),
    bidCount: Number(auction.seq),
    at: tx.at.toISOString(),
  });
};
