import { mayAct } from "@evx/accounts";
import { revokedGrams } from "@evx/credits";
import type { Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { hour_ms, type Id, type Minor, newId } from "@evx/kernel";
import { release } from "@evx/ledger";
import { changeListing, type ListingRow, lockListing, returnGrams } from "@evx/listings";
import { refuse } from "@evx/listings/errors";
import { auctionOrderRows, type OrderRow, orderLimits, reserve, saleFees } from "@evx/orders";
import { ruleAt } from "@evx/rules";
import { termsOf } from "./auctions.ts";
import { keepDeposit } from "./deposits.ts";
import { auctionClosed, secondChanceOffered } from "./events.ts";
import { auctionRules, outcomeWithout } from "./policy.ts";
import { type AuctionRow, bidRows, endAuction, lockAuction } from "./queries/auctions.ts";
import { noteStrike } from "./strikes.ts";

/** More bids than any auction has; a log is read whole when a winner has not paid. */
const ALL_BIDS = 1_000_000;

/**
 * The winner of an auction, or whoever had the chance after them, did not pay: the next bidder is offered the credits for
 * what it would have cost them without those who did not pay. When the rule allows no more offers, or nobody is left
 * at the reserve price, the credits go back to the seller.
 */
export const offerToNext = async (tx: Tx, order: OrderRow): Promise<void> => {
  const auction = await lockAuction(tx, order.listing_id);
  const listing = await lockListing(tx, order.listing_id);
  if (!auction || !listing) throw refuse("listing_not_found");
  await release(tx, { holdId: order.id });
  if (order.status === "expired" && order.kind === "auction_win")
    await noteStrike(tx, order, {
      kept: await keepDeposit(tx, auction, order),
      agreedAt: listing.created_at,
    });
  if (await goesOn(tx, { auction, listing, order })) return;

  const { value: rule } = await ruleAt(tx, auctionRules, listing.created_at);
  const tried = await auctionOrderRows(tx, listing.id);
  const sellable =
    listing.status === "active" &&
    tried.length <= rule.secondChances &&
    (await revokedGrams(tx, listing.id)) === 0n;
  const next = sellable ? await nextOf(tx, auction, tried) : null;
  if (!next) return endUnsold(tx, { auction, listing, free: 0n, reserved: order.amount_g });

  await changeListing(tx, listing.id, { free: order.amount_g });
  const offer = await reserveWon(tx, {
    listing,
    kind: "second_chance",
    winnerId: next.winner,
    price_minor: next.price,
  });
  await emit(tx, secondChanceOffered, {
    listingId: listing.id,
    sellerId: listing.seller_id,
    bidderId: offer.buyer_id,
    orderId: offer.id,
    priceMinor: String(offer.price_minor),
    currency: offer.currency,
    expiresAt: offer.expires_at.toISOString(),
  });
};

/** An auction that was bought at once and not paid for runs on, where its end has not come. */
const goesOn = async (
  tx: Tx,
  {
    auction,
    listing,
    order,
  }: { auction: AuctionRow & { over: boolean }; listing: ListingRow; order: OrderRow },
): Promise<boolean> => {
  if (auction.seq > 0n || auction.over || listing.status !== "active") return false;
  if ((await revokedGrams(tx, listing.id)) > 0n) return false;
  await endAuction(tx, listing.id, "live");
  await changeListing(tx, listing.id, { free: order.amount_g });
  return true;
};

/** Whoever comes next without those who had their chance, and without those who are shut out of the venue meanwhile. */
const nextOf = async (tx: Tx, auction: AuctionRow, tried: readonly Pick<OrderRow, "buyer_id">[]) => {
  const bids = await bidRows(tx, auction.listing_id, { afterSeq: 0n, limit: ALL_BIDS });
  const without = new Set(tried.map((past) => past.buyer_id));
  for (const bidder of new Set(bids.map(({ bidder_id }) => bidder_id)))
    if (!without.has(bidder) && !(await mayAct(tx, bidder))) without.add(bidder);
  return outcomeWithout(
    termsOf(auction),
    bids.map(({ bidder_id, max_minor, at }) => ({ bidder: bidder_id, max: max_minor, at })),
    without,
  );
};

/**
 * Reserves the whole listing for somebody who won it, with the longer payment window. The caller holds its lock. Fees and
 * window are those of when the auction was opened: what seller and bidders went by stays, whatever was set meanwhile.
 */
export const reserveWon = async (
  tx: Tx,
  input: {
    listing: ListingRow;
    kind: "auction_win" | "second_chance";
    winnerId: Id<"user">;
    price_minor: Minor;
  },
) => {
  const { listing, kind, winnerId, price_minor } = input;
  const { value: limits } = await ruleAt(tx, orderLimits, listing.created_at);
  return reserve(tx, {
    listing,
    fees: await ruleAt(tx, saleFees, listing.created_at),
    id: newId("order"),
    kind,
    buyer_id: winnerId,
    amount_g: listing.amount_g,
    price_minor,
    expires_at: new Date(tx.at.getTime() + limits.winnerWindow_h * hour_ms),
  });
};

/** Ends an auction that sold to nobody: the credits go back to the seller's wallet. */
export const endUnsold = async (
  tx: Tx,
  input: { auction: AuctionRow; listing: ListingRow; free: bigint; reserved: bigint },
): Promise<void> => {
  const { auction, listing, free, reserved } = input;
  await endAuction(tx, listing.id, "closed_unsold");
  await emit(tx, auctionClosed, {
    listingId: listing.id,
    sellerId: listing.seller_id,
    outcome: "unsold",
    winnerId: null,
    orderId: null,
    priceMinor: null,
    currency: listing.currency,
    grams: String(listing.amount_g),
    bidCount: Number(auction.seq),
    at: tx.at.toISOString(),
  });
  const ended = listing.status === "active" ? { ended: "expired" as const } : {};
  await returnGrams(tx, listing, { free, reserved, ...ended });
};
