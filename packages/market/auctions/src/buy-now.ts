import { revokedGrams } from "@evx/credits";
import type { Tx } from "@evx/db";
import { type Id, minute_ms } from "@evx/kernel";
import { lockListing } from "@evx/listings";
import { refuse as refuseListing } from "@evx/listings/errors";
import { mayOrderMore, orderLimits, orderRow, reserve, saleFees } from "@evx/orders";
import { refuse as refuseOrder } from "@evx/orders/errors";
import type { Actor } from "@evx/rpc";
import { ruleAt } from "@evx/rules";
import { refuse } from "./errors.ts";
import { endAuction, lockAuction } from "./queries/auctions.ts";

/**
 * Buys all of an auction at its buy-now price: bidding ends, and begins again should it not be paid for. The same order
 * again is the same purchase.
 * Refuses `listing_is_auction` without such a price, `buy_now_gone` once somebody has bid, `auction_not_started`,
 * `auction_ended`, `listing_is_own`, `order_limit_reached`, `order_id_reused`.
 */
export const buyNow = async (
  tx: Tx,
  buyer: Pick<Actor, "id">,
  { id, listingId }: { id: Id<"order">; listingId: Id<"listing"> },
): Promise<void> => {
  const { value: limits } = await ruleAt(tx, orderLimits, tx.at);
  const may = await mayOrderMore(tx, buyer.id);
  const known = await orderRow(tx, id);
  if (known) {
    if (known.buyer_id === buyer.id && known.listing_id === listingId) return;
    throw refuseOrder("order_id_reused");
  }
  const auction = await lockAuction(tx, listingId);
  if (!auction || auction.buy_now_minor === null) throw refuseOrder("listing_is_auction");
  if (auction.seller_id === buyer.id) throw refuseListing("listing_is_own");
  if (auction.status !== "live" || auction.over) throw refuse("auction_ended");
  if (auction.early)
    throw refuse("auction_not_started", { startsAt: auction.starts_at?.toISOString() ?? "" });
  if (auction.seq > 0n) throw refuse("buy_now_gone");
  if (!may) throw refuseOrder("order_limit_reached", { limit: limits.openOrdersPerBuyer });
  const listing = await lockListing(tx, listingId);
  if (listing?.status !== "active" || (await revokedGrams(tx, listingId)) > 0n) throw refuse("auction_ended");
  await endAuction(tx, listingId, "closed_sold");
  await reserve(tx, {
    listing,
    // As when the auction was opened, as for whoever wins it.
    fees: await ruleAt(tx, saleFees, listing.created_at),
    id,
    kind: "auction_win",
    buyer_id: buyer.id,
    amount_g: listing.amount_g,
    price_minor: auction.buy_now_minor,
    expires_at: new Date(tx.at.getTime() + limits.paymentWindow_min * minute_ms),
  });
};
