import type { Db, Tx } from "@evx/db";
import { emit, enqueue } from "@evx/jobs";
import {
  creditsFromGrams,
  type Grams,
  type Id,
  type Minor,
  namedId,
  newId,
  type Page,
  type PageInput,
  pageFrom,
} from "@evx/kernel";
import { cash, cvaPool, escrow, hold, listingAccount, platformFee, release, wallet } from "@evx/ledger";
import { cancelPayment, openPayment } from "@evx/payments";
import type { Actor } from "@evx/rpc";
import { type RuleAt, ruleAt } from "@evx/rules";
import type * as v from "valibot";
import { momentAfter } from "./cursors.ts";
import { refuse } from "./errors.ts";
import { orderCancelled, orderExpired, orderPlaced } from "./events.ts";
import { returnGrams } from "./listings.ts";
import { feesOf, orderLimits, saleFees, totalOf } from "./policy.ts";
import { changeListing, type ListingRow, lockListing } from "./queries/listings.ts";
import {
  countOpenOrders,
  insertOrder,
  leavePending,
  type OrderRow,
  type OrderWithLot,
  orderRow,
  orderRowsOf,
} from "./queries/orders.ts";
import type { OrderKind, OrderStatus } from "./schema.ts";
import { offerToNext } from "./second-chance.ts";
import { expireOrderTask } from "./tasks.ts";
import { currencyOf, orderView } from "./views.ts";

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

type Reservation = {
  id: Id<"order">;
  kind: OrderKind;
  buyer_id: Id<"user">;
  amount_g: Grams;
  price_minor: Minor;
  expires_at: Date;
};

/**
 * Writes an order of a locked listing, holds its grams and opens its payment: all of it or nothing.
 * The fees are those in force now; the order keeps them whatever the rule becomes.
 */
export const reserve = async (
  tx: Tx,
  lot: ListingRow,
  { value: rule, version }: RuleAt<v.InferOutput<typeof saleFees.schema>>,
  wish: Reservation,
): Promise<OrderWithLot> => {
  const total_minor = totalOf(wish.amount_g, wish.price_minor);
  if (total_minor < 1n) throw refuse("order_too_small", { currency: lot.currency });
  const { platform, cva, net } = feesOf(total_minor, rule);
  const transfer_id = newId("transfer");
  const agreed = {
    ...wish,
    listing_id: lot.id,
    seller_id: lot.seller_id,
    status: "pending_payment" as const,
    currency: lot.currency,
    total_minor,
    platform_fee_minor: platform,
    cva_fee_minor: cva,
    net_minor: net,
    fees_version: version,
    payment_id: await namedId("payment", wish.id),
    // Not derived from the order's id, which the buyer chose: nobody can take this name in the book beforehand.
    transfer_id,
    created_at: tx.at,
    paid_at: null,
    ended_at: null,
  };
  const order: OrderRow = { ...agreed, ...legsOf(agreed) };
  if (!(await insertOrder(tx, order))) throw refuse("order_id_reused");
  await changeListing(tx, lot.id, { free: -order.amount_g });
  await enqueue(tx, expireOrderTask, { orderId: order.id }, { runAt: order.expires_at });
  await emit(tx, orderPlaced, {
    ...orderFacts(order),
    paymentId: order.payment_id,
    expiresAt: order.expires_at.toISOString(),
    at: tx.at.toISOString(),
  });
  await openPayment(tx, {
    id: order.payment_id,
    orderId: order.id,
    buyerId: order.buyer_id,
    sellerId: order.seller_id,
    amount_minor: order.total_minor,
    currency: currencyOf(order),
    expiresAt: order.expires_at,
    description: `${creditsFromGrams(order.amount_g)} carbon credits, ${lot.country_code} ${lot.vintage_year}`,
  });
  await hold(tx, { id: order.id, account: listingAccount(lot.id), amount: order.amount_g });
  const { vintage_year, country_code, method_code } = lot;
  return { ...order, vintage_year, country_code, method_code };
};

/**
 * Who gets what when the order is settled: the money leaves escrow in three parts that sum to it, the grams leave the
 * listing. In the order of the accounts' names, in which the book locks them.
 */
const legsOf = (order: Omit<OrderRow, "leg_accounts" | "leg_amounts">) => {
  const currency = currencyOf(order);
  const legs = [
    { account: escrow(currency, order.id), amount: -order.total_minor },
    { account: cash(currency, order.seller_id), amount: order.net_minor },
    { account: platformFee(currency, order.transfer_id), amount: order.platform_fee_minor },
    { account: cvaPool(currency, order.transfer_id), amount: order.cva_fee_minor },
    { account: listingAccount(order.listing_id), amount: -order.amount_g },
    { account: wallet(order.buyer_id), amount: order.amount_g },
  ]
    .filter(({ amount }) => amount !== 0n)
    .sort((a, b) => (a.account < b.account ? -1 : 1));
  return { leg_accounts: legs.map(({ account }) => account), leg_amounts: legs.map(({ amount }) => amount) };
};

/** What every event about an order says. */
const orderFacts = (order: OrderRow) => ({
  orderId: order.id,
  kind: order.kind,
  listingId: order.listing_id,
  buyerId: order.buyer_id,
  sellerId: order.seller_id,
  grams: String(order.amount_g),
  pricePerCreditMinor: String(order.price_minor),
  totalMinor: String(order.total_minor),
  currency: order.currency,
});

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
