import { mayAct } from "@evx/accounts";
import { revokedGrams } from "@evx/credits";
import type { Tx } from "@evx/db";
import { emit, enqueue } from "@evx/jobs";
import { type Id, second_ms } from "@evx/kernel";
import { lockListing } from "@evx/listings";
import { refuse } from "@evx/listings/errors";
import { cancelOrder } from "@evx/orders";
import { termsOf } from "./auctions.ts";
import { buyNow } from "./buy-now.ts";
import { auctionClosed } from "./events.ts";
import { closeAuctionJob } from "./jobs.ts";
import { isSold } from "./policy.ts";
import { endAuction, lockAuction } from "./queries/auctions.ts";
import { endUnsold, offerToNext, reserveWon } from "./second-chance.ts";

/**
 * Ends an auction whose time is over by the database's clock: the leader gets an order to pay, or the credits go back.
 * One that was extended meanwhile is looked at again at its new end. Runs any number of times.
 */
export const closeAuction = async (tx: Tx, listingId: Id<"listing">): Promise<void> => {
  const auction = await lockAuction(tx, listingId);
  if (auction?.status !== "live") return;
  if (!auction.over) {
    // Not sooner than in a second: should this machine's clock be ahead of the database's, it would ask in circles.
    const runAt = new Date(Math.max(auction.ends_at.getTime(), tx.at.getTime() + second_ms));
    return enqueue(tx, closeAuctionJob, { listingId }, { runAt });
  }

  const listing = await lockListing(tx, listingId);
  if (!listing) throw refuse("listing_not_found");
  const { leader_id, leader_max_minor: leaderMax, second_max_minor: secondMax, price_minor: price } = auction;
  const standing = { leader: leader_id, leaderMax, secondMax, price, endsAt: auction.ends_at };
  // A revocation that came first: its job would end the auction in a moment.
  const revoked = (await revokedGrams(tx, listingId)) > 0n;
  if (leader_id === null || price === null || revoked || !isSold(termsOf(auction), standing)) {
    return endUnsold(tx, { auction, listing, free: listing.remaining_g, reserved: 0n });
  }
  await endAuction(tx, listingId, "closed_sold");
  const order = await reserveWon(tx, {
    listing,
    kind: "auction_win",
    winnerId: leader_id,
    price_minor: price,
  });
  await emit(tx, auctionClosed, {
    listingId,
    sellerId: listing.seller_id,
    outcome: "sold",
    winnerId: leader_id,
    orderId: order.id,
    priceMinor: String(price),
    currency: listing.currency,
    grams: String(listing.amount_g),
    bidCount: Number(auction.seq),
    at: tx.at.toISOString(),
  });
  // Who is shut out cannot pay: the next bidder is asked at once, not after the winner's two days.
  if (!(await mayAct(tx, leader_id)))
    await cancelOrder(tx, { offerToNext, buyNow }, { id: leader_id }, order.id, { byVenue: true });
};
