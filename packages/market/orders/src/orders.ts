import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { creditsFromGrams, type Grams, type Id, type Page, type PageInput, pageFrom } from "@evx/kernel";
import { release } from "@evx/ledger";
import { cancelPayment } from "@evx/payments";
import type { Actor } from "@evx/rpc";
import { ruleAt } from "@evx/rules";
import { momentAfter } from "./cursors.ts";
import { refuse } from "./errors.ts";
import { orderCancelled, orderExpired } from "./events.ts";
import { returnGrams } from "./listings.ts";
import { orderLimits, saleFees } from "./policy.ts";
import { changeListing, type ListingRow, lockListing } from "./queries/listings.ts";
import {
  countOpenOrders,
  leavePending,
  type OrderRow,
  type OrderWithLot,
  orderRow,
  orderRowsOf,
} from "./queries/orders.ts";
import { orderFacts, reserve } from "./reservations.ts";
import type { OrderStatus } from "./schema.ts";
import { offerToNext } from "./second-chance.ts";
import { orderView } from "./views.ts";

export type NewOrder = { id: Id<"order">; listingId: Id<"listing">; creditsAmount?: Grams | undefined };

/**
 * Buys all or part of a fixed-price listing: reserves the grams and asks for the money. The buyer names the order, so
 * a retry is the same order.
 * Refuses `listing_not_found`, `listing_is_own`, `listing_is_auction`, `listing_sold`, `listing_ended`,
 * `listing_reserved`, `listing_exceeded`, `order_too_small`, `order_id_reused`, `order_limit_reached`.
 */
export const placeOrder = async (tx: Tx, buyer: Pick<Actor, "id">, wish: NewOrder): Promise<OrderWithLot> => {
  // What does not depend on the listing is read before its lock, which every other buyer of the lot waits for.
  const { value: limits } = await ruleAt(tx, orderLimits, tx.at);
  const fees = await ruleAt(tx, saleFees, tx.at);
  const open = await countOpenOrders(tx, buyer.id);

  const lot = await lockListing(tx, wish.listingId);
  if (!lot) throw refuse("listing_not_found");
  const known = await orderRow(tx, wish.id);
  if (known) return sameOrder(known, buyer.id, wish);
  if (open >= limits.openOrdersPerBuyer)
    throw refuse("order_limit_reached", { limit: limits.openOrdersPerBuyer });
  checkLot(lot, buyer.id);
  const amount_g = wish.creditsAmount ?? lot.remaining_g;
  if (amount_g > lot.remaining_g)
    throw refuse("listing_exceeded", { remaining: creditsFromGrams(lot.remaining_g) });

  return reserve(tx, lot, fees, {
    id: wish.id,
    kind: "purchase",
    buyer_id: buyer.id,
    amount_g,
    price_minor: lot.price_minor,
    expires_at: new Date(tx.at.getTime() + limits.paymentWindow_min * 60_000),
  });
};

/** Refuses when the lot is not this buyer's to buy. */
const checkLot = (lot: ListingRow, buyerId: Id<"user">): void => {
  if (lot.seller_id === buyerId) throw refuse("listing_is_own");
  if (lot.kind === "auction") throw refuse("listing_is_auction");
  if (lot.status === "sold") throw refuse("listing_sold");
  if (lot.status !== "active") throw refuse("listing_ended");
  if (lot.remaining_g === 0n) throw refuse("listing_reserved");
};

const sameOrder = (known: OrderWithLot, buyerId: Id<"user">, wish: NewOrder): OrderWithLot => {
  const same =
    known.buyer_id === buyerId &&
    known.listing_id === wish.listingId &&
    (wish.creditsAmount === undefined || wish.creditsAmount === known.amount_g);
  if (!same) throw refuse("order_id_reused");
  return known;
};

/**
 * Gives up an order whose payment window has closed: the grams are free again. Does nothing to one that was paid or
 * given up before, so it can run any number of times, and of a capture and an expiry exactly one wins.
 */
export const expireOrder = async (tx: Tx, id: Id<"order">): Promise<boolean> => {
  const order = await leavePending(tx, id, "expired");
  if (!order) return false;
  await emit(tx, orderExpired, { ...orderFacts(order), at: tx.at.toISOString() });
  await letGo(tx, order);
  return true;
};

/**
 * The buyer lets go of an unpaid order. Cancelling twice answers the same.
 * Refuses `order_not_found` (also another's) and `order_not_cancellable`.
 */
export const cancelOrder = async (
  tx: Tx,
  buyer: Pick<Actor, "id">,
  id: Id<"order">,
): Promise<OrderWithLot> => {
  const known = await orderRow(tx, id);
  if (!known || known.buyer_id !== buyer.id) throw refuse("order_not_found");
  if (known.status === "cancelled") return known;
  const order = await leavePending(tx, id, "cancelled");
  const now = await orderRow(tx, id);
  if (!now) throw refuse("order_not_found");
  if (!order) {
    if (now.status === "cancelled") return now;
    throw refuse("order_not_cancellable", { status: now.status });
  }
  await emit(tx, orderCancelled, { ...orderFacts(order), at: tx.at.toISOString() });
  await letGo(tx, order);
  return now;
};

/**
 * What an ended order had reserved becomes free again; of an auction it is offered to the next bidder; of a listing
 * that was taken down meanwhile it goes back to the seller. Money that still arrives will be refunded.
 */
export const letGo = async (tx: Tx, order: OrderRow): Promise<void> => {
  await cancelPayment(tx, { paymentId: order.payment_id });
  if (order.kind !== "purchase") return offerToNext(tx, order);
  const lot = await lockListing(tx, order.listing_id);
  if (!lot) throw refuse("listing_not_found");
  await release(tx, { holdId: order.id });
  if (lot.status === "active") await changeListing(tx, lot.id, { free: order.amount_g });
  else await returnGrams(tx, lot, { free: 0n, reserved: order.amount_g });
};

/** An order for its buyer, its seller and operators. Refuses `order_not_found` to everybody else. */
export const orderFor = async (
  db: Db,
  actor: Pick<Actor, "id" | "role">,
  id: Id<"order">,
): Promise<OrderWithLot> => {
  const order = await orderRow(db, id);
  const theirs =
    order && (order.buyer_id === actor.id || order.seller_id === actor.id || actor.role === "admin");
  if (!theirs) throw refuse("order_not_found");
  return order;
};

/** Somebody's orders as buyer, as seller or both, newest first; everybody's for null. */
export const ordersOf = async (
  db: Db,
  userId: Id<"user"> | null,
  sides: "bought" | "sold" | "both",
  { limit, cursor, status }: PageInput & { status?: OrderStatus | undefined },
): Promise<Page<ReturnType<typeof orderView>>> => {
  const rows = await orderRowsOf(db, userId, sides, status, momentAfter(cursor), limit + 1);
  return pageFrom(rows, limit, orderView, (row) => [row.created_at.getTime(), row.id]);
};
