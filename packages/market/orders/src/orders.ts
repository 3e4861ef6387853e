import { revokedGrams } from "@evx/credits";
import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import {
  afterMoment,
  creditsFromGrams,
  type Grams,
  type Id,
  minute_ms,
  momentKey,
  type Page,
  type PageInput,
  pageFrom,
  priceOf,
} from "@evx/kernel";
import { release } from "@evx/ledger";
import {
  changeListing,
  checkPayable,
  currencyOf,
  type ListingRow,
  lockListing,
  returnGrams,
} from "@evx/listings";
import { refuse as refuseListing } from "@evx/listings/errors";
import { cancelPayment } from "@evx/payments";
import type { Actor } from "@evx/rpc";
import { ruleAt } from "@evx/rules";
import { refuse } from "./errors.ts";
import { orderCancelled, orderExpired } from "./events.ts";
import { orderLimits, saleFees } from "./policy.ts";
import type { WonOrderPorts } from "./ports.ts";
import {
  countOpenOrders,
  leavePending,
  type OrderRow,
  type OrderWithFacts,
  orderRow,
  orderRowsOf,
} from "./queries/orders.ts";
import { lineRows, lockBuyer, lockSweep, sweepRow, sweepRowsOf } from "./queries/sweeps.ts";
import { orderFacts, reserve } from "./reservations.ts";
import type { OrderStatus } from "./schema.ts";
import { endSweep } from "./sweeps.ts";
import { orderView, sweepView } from "./views.ts";

export type NewOrder = { id: Id<"order">; listingId: Id<"listing">; creditsAmount?: Grams | undefined };

/**
 * Buys all or part of a fixed-price listing: reserves the grams and asks for the money. The buyer names the order, so
 * a retry is the same order.
 * Refuses `listing_not_found`, `listing_is_own`, `listing_is_auction`, `listing_sold`, `listing_ended`,
 * `listing_reserved`, `listing_exceeded`, `order_too_small`, `order_id_reused`, `order_limit_reached`.
 */
export const placeOrder = async (
  tx: Tx,
  buyer: Pick<Actor, "id">,
  input: NewOrder,
): Promise<OrderWithFacts> => {
  // What does not depend on the listing is read before its lock, which every other buyer of it waits for.
  const { value: limits } = await ruleAt(tx, orderLimits, tx.at);
  const fees = await ruleAt(tx, saleFees, tx.at);
  // A buyer's orders take turns, or many at once would each count as the last that is allowed.
  await lockBuyer(tx, buyer.id);
  const open = await countOpenOrders(tx, buyer.id);

  const listing = await lockListing(tx, input.listingId);
  if (!listing) throw refuseListing("listing_not_found");
  const known = await orderRow(tx, input.id);
  if (known) return sameOrder(known, buyer.id, input);
  if (open >= limits.openOrdersPerBuyer)
    throw refuse("order_limit_reached", { limit: limits.openOrdersPerBuyer });
  checkBuyable(listing, buyer.id);
  // A revocation whose job is still on its way: the listing is as good as withdrawn.
  if ((await revokedGrams(tx, listing.id)) > 0n) throw refuseListing("listing_ended");
  const amount_g = input.creditsAmount ?? listing.remaining_g;
  if (amount_g > listing.remaining_g)
    throw refuse("listing_exceeded", { remaining: creditsFromGrams(listing.remaining_g) });
  if (listing.min_g !== null && amount_g < listing.min_g && amount_g < listing.remaining_g)
    throw refuse("order_below_least", { least: creditsFromGrams(listing.min_g) });
  const total = priceOf(amount_g, listing.price_minor);
  if (total < 1n) throw refuse("order_too_small", { currency: listing.currency });
  checkPayable(total, currencyOf(listing));

  return reserve(tx, {
    listing,
    fees,
    id: input.id,
    kind: "purchase",
    buyer_id: buyer.id,
    amount_g,
    price_minor: listing.price_minor,
    expires_at: new Date(tx.at.getTime() + limits.paymentWindow_min * minute_ms),
  });
};

/**
 * Whether a buyer may have one more order open. Their orders take turns from here on, so the answer holds for the
 * transaction.
 */
export const mayOrderMore = async (tx: Tx, buyerId: Id<"user">): Promise<boolean> => {
  const { value: limits } = await ruleAt(tx, orderLimits, tx.at);
  await lockBuyer(tx, buyerId);
  return (await countOpenOrders(tx, buyerId)) < limits.openOrdersPerBuyer;
};

/** Refuses when the listing is not this buyer's to buy. */
const checkBuyable = (listing: ListingRow, buyerId: Id<"user">): void => {
  if (listing.seller_id === buyerId) throw refuseListing("listing_is_own");
  if (listing.kind === "auction") throw refuse("listing_is_auction");
  if (listing.status === "sold") throw refuseListing("listing_sold");
  if (listing.status !== "active") throw refuseListing("listing_ended");
  if (listing.starts_at)
    throw refuseListing("listing_not_started", { startsAt: listing.starts_at.toISOString() });
  if (listing.remaining_g === 0n) throw refuse("listing_reserved");
};

const sameOrder = (known: OrderWithFacts, buyerId: Id<"user">, input: NewOrder): OrderWithFacts => {
  const same =
    known.buyer_id === buyerId &&
    known.listing_id === input.listingId &&
    (input.creditsAmount === undefined || input.creditsAmount === known.amount_g);
  if (!same) throw refuse("order_id_reused");
  return known;
};

/**
 * Gives up an order whose payment window has closed: the grams are free again. Does nothing to one that was paid or
 * given up before, so it can run any number of times, and of a capture and an expiry exactly one wins.
 */
export const expireOrder = async (tx: Tx, ports: WonOrderPorts, id: Id<"order">): Promise<boolean> => {
  if (await sweepRow(tx, id)) return endSweep(tx, id, "pending_payment", "expired");
  const order = await leavePending(tx, id, "expired");
  if (!order) return false;
  await emit(tx, orderExpired, { ...orderFacts(order), at: tx.at.toISOString() });
  await letGo(tx, ports, order);
  return true;
};

/**
 * The buyer lets go of an unpaid order. Cancelling twice answers the same.
 * Refuses `order_not_found` (also another's), `order_not_cancellable` and, unless the venue itself lets go, `order_won_binding`.
 */
export const cancelOrder = async (
  tx: Tx,
  ports: WonOrderPorts,
  buyer: Pick<Actor, "id">,
  id: Id<"order">,
  options: { byVenue?: boolean } = {},
): Promise<OrderWithFacts> => {
  const known = await orderRow(tx, id);
  // A line goes with its order alone.
  if (!known || known.buyer_id !== buyer.id || known.sweep_id) throw refuse("order_not_found");
  if (known.status === "cancelled") return known;
  // Two who bid for each other would void any auction; a second chance was not asked for, so it may be declined.
  if (known.kind === "auction_win" && known.status === "pending_payment" && !options.byVenue)
    throw refuse("order_won_binding", { expiresAt: known.expires_at.toISOString() });
  const order = await leavePending(tx, id, "cancelled");
  const now = await orderRow(tx, id);
  if (!now) throw refuse("order_not_found");
  if (!order) {
    if (now.status === "cancelled") return now;
    throw refuse("order_not_cancellable", { status: now.status });
  }
  await emit(tx, orderCancelled, { ...orderFacts(order), at: tx.at.toISOString() });
  await letGo(tx, ports, order);
  return now;
};

/**
 * What an ended order had reserved becomes free again; of an auction it is offered to the next bidder; of a listing
 * that was taken down meanwhile it goes back to the seller. Money that still arrives will be refunded.
 */
export const letGo = async (tx: Tx, ports: WonOrderPorts, order: OrderRow): Promise<void> => {
  await cancelPayment(tx, { paymentId: order.payment_id });
  if (order.kind !== "purchase") return ports.offerToNext(tx, order);
  const listing = await lockListing(tx, order.listing_id);
  if (!listing) throw refuseListing("listing_not_found");
  await release(tx, { holdId: order.id });
  if (listing.status === "active") await changeListing(tx, listing.id, { free: order.amount_g });
  else await returnGrams(tx, listing, { free: 0n, reserved: order.amount_g });
};

/** Whether an order is one over many listings. */
export const isSweep = async (db: Db, id: Id<"order">): Promise<boolean> =>
  (await sweepRow(db, id)) !== undefined;

/** The same for an order over many listings. */
export const cancelSweep = async (tx: Tx, buyer: Pick<Actor, "id">, id: Id<"order">): Promise<void> => {
  const sweep = await lockSweep(tx, id);
  if (!sweep || sweep.buyer_id !== buyer.id) throw refuse("order_not_found");
  if (sweep.status === "cancelled") return;
  if (!(await endSweep(tx, id, "pending_payment", "cancelled")))
    throw refuse("order_not_cancellable", { status: sweep.status });
};

/** An order for its buyer, its seller and operators. Refuses `order_not_found` to everybody else. */
export const orderFor = async (
  db: Db,
  actor: Pick<Actor, "id" | "role">,
  id: Id<"order">,
): Promise<OrderWithFacts> => {
  const order = await orderRow(db, id);
  const theirs =
    order && (order.buyer_id === actor.id || order.seller_id === actor.id || actor.role === "admin");
  if (!theirs) throw refuse("order_not_found");
  return order;
};

/** An order with its lines where it has some, for its buyer and operators; a line also for its seller. */
export const orderDetail = async (
  db: Db,
  actor: Pick<Actor, "id" | "role">,
  id: Id<"order">,
): Promise<ReturnType<typeof orderView>> => {
  const sweep = await sweepRow(db, id);
  if (!sweep) return orderView(await orderFor(db, actor, id));
  if (sweep.buyer_id !== actor.id && actor.role !== "admin") throw refuse("order_not_found");
  return sweepView(sweep, await lineRows(db, [id]));
};

/** Somebody's orders as buyer, as seller or both, newest first; everybody's for null. */
export const ordersOf = async (
  db: Db,
  userId: Id<"user"> | null,
  input: PageInput & { sides: "bought" | "sold" | "both"; status?: OrderStatus | undefined },
): Promise<Page<ReturnType<typeof orderView>>> => {
  const { limit, cursor, sides, status } = input;
  const after = afterMoment("order", cursor);
  const rows = await orderRowsOf(db, { userId, sides, status, after, limit: limit + 1 });
  const sweeps =
    sides === "sold" ? [] : await sweepRowsOf(db, { buyerId: userId, status, after, limit: limit + 1 });
  const lines = Map.groupBy(
    await lineRows(
      db,
      sweeps.map(({ id }) => id),
    ),
    (line) => line.sweep_id,
  );
  const all = [
    ...rows.map((row) => ({ at: row.created_at, view: orderView(row) })),
    ...sweeps.map((row) => ({ at: row.created_at, view: sweepView(row, lines.get(row.id) ?? []) })),
  ].sort((a, b) => b.at.getTime() - a.at.getTime() || (a.view.id < b.view.id ? 1 : -1));
  return pageFrom(
    all,
    limit,
    ({ view }) => view,
    ({ at, view }) => momentKey(at, view.id),
  );
};
