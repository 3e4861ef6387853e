import { mayAct } from "@evx/accounts";
import { revokedGrams } from "@evx/credits";
import type { Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { type Grams, type Id, minute_ms, newId, priceOf } from "@evx/kernel";
import {
  cheapestRows,
  currencyOf,
  type ListingRow,
  listingRow,
  lockListing,
  payable,
  tiersOf,
} from "@evx/listings";
import { mayOrderMore, reserve, saleFees } from "@evx/orders";
import { ruleAt } from "@evx/rules";
import { wantedMatched } from "./events.ts";
import { leftAfter, payFill } from "./funding.ts";
import { gramsFor, isDust, smaller, takes, wantedRules } from "./policy.ts";
import {
  bestRows,
  changeWanted,
  insertFill,
  lockBook,
  lockWanted,
  type WantedRow,
} from "./queries/wanted.ts";

/** So many buyers are looked at for one listing; who cannot take it leaves it to the next. */
const LOOKED_AT = 200;

const isForSale = (listing: ListingRow | undefined, at: Date): listing is ListingRow =>
  listing?.status === "active" &&
  listing.kind === "fixed" &&
  listing.starts_at === null &&
  listing.remaining_g > 0n &&
  (listing.expires_at === null || listing.expires_at > at);

/**
 * Sells what is free of a listing to the buyer who would pay most for it, of equal ones to the earliest, at the
 * listing's price: one order, which waits for payment. False when nobody takes it. Matching takes turns for each
 * currency.
 */
export const matchOnce = async (tx: Tx, listingId: Id<"listing">): Promise<boolean> => {
  const known = await listingRow(tx, listingId);
  if (!isForSale(known, tx.at)) return false;
  await lockBook(tx, known.currency);
  const buyers = await bestRows(tx, {
    currency: known.currency,
    price_minor: known.price_minor,
    buyerNot: known.seller_id,
    kind: { ...known, tiers: await tiersOf(tx, listingId) },
    at: tx.at,
    limit: LOOKED_AT,
  });
  for (const { id: wantedId } of buyers) if (await sellTo(tx, { wantedId, listingId })) return true;
  return false;
};

/**
 * Reserves grams of a listing for a wanted order. Null when either is not there any more, or what both have cannot be paid
 * for. The caller holds the book's lock.
 */
export const sellTo = async (
  tx: Tx,
  input: { wantedId: Id<"wanted">; listingId: Id<"listing">; orderId?: Id<"order"> },
): Promise<Id<"order"> | null> => {
  const { wantedId, listingId, orderId = newId("order") } = input;
  const known = await lockWanted(tx, wantedId);
  if (!known || !(await mayBuy(tx, known))) return null;
  const wanted = await lockWanted(tx, wantedId);
  const listing = await lockListing(tx, listingId);
  if (wanted?.status !== "open" || !isForSale(listing, tx.at) || listing.price_minor > wanted.max_minor)
    return null;
  // A revocation whose job is still on its way.
  if ((await revokedGrams(tx, listingId)) > 0n) return null;
  const affordable = wanted.funded ? gramsFor(wanted.held_minor, listing.price_minor) : wanted.remaining_g;
  const amount_g = takes(listing, smaller(wanted.remaining_g, affordable));
  const total_minor = priceOf(amount_g, listing.price_minor);
  const { least, most } = payable[currencyOf(listing)];
  if (total_minor < least || total_minor > most) return null;
  const { value: rule } = await ruleAt(tx, wantedRules, tx.at);
  const order = await reserve(tx, {
    listing,
    fees: await ruleAt(tx, saleFees, tx.at),
    id: orderId,
    kind: "purchase",
    buyer_id: wanted.buyer_id,
    funded: wanted.funded,
    amount_g,
    price_minor: listing.price_minor,
    expires_at: new Date(tx.at.getTime() + rule.paymentWindow_min * minute_ms),
  });
  await noteFill(tx, wanted, { ...order, seller_id: listing.seller_id });
  return order.id;
};

/** What is paid at once takes no place among a buyer's open orders; the money of somebody shut out stays where it is. */
const mayBuy = async (tx: Tx, { funded, buyer_id }: WantedRow): Promise<boolean> =>
  funded ? (await mayAct(tx, buyer_id)) !== null : mayOrderMore(tx, buyer_id);

/** Notes what an order took of a wanted order, which is filled when the rest is none or too small to be paid for.
 * What pays by itself is paid and settled. */
export const noteFill = async (
  tx: Tx,
  wanted: WantedRow,
  order: {
    id: Id<"order">;
    payment_id: Id<"payment">;
    amount_g: Grams;
    total_minor: bigint;
    expires_at: Date;
    seller_id: Id<"user"> | null;
  },
): Promise<void> => {
  const remaining = wanted.remaining_g - order.amount_g;
  const { least } = payable[currencyOf(wanted)];
  const left = wanted.funded ? leftAfter(wanted, order.total_minor, remaining) : null;
  const filled =
    remaining === 0n || isDust(remaining, wanted.max_minor, least) || (left !== null && left < least);
  await insertFill(tx, { order_id: order.id, wanted_id: wanted.id, amount_g: order.amount_g, at: tx.at });
  await changeWanted(tx, wanted.id, { remaining, ...(filled ? { status: "filled" } : {}) });
  await emit(tx, wantedMatched, {
    wantedId: wanted.id,
    buyerId: wanted.buyer_id,
    grams: String(order.amount_g),
    currency: wanted.currency,
    orderId: order.id,
    sellerId: order.seller_id,
    totalMinor: String(order.total_minor),
    funded: wanted.funded,
    expiresAt: order.expires_at.toISOString(),
    at: tx.at.toISOString(),
  });
  if (left !== null) await payFill(tx, wanted, order, filled ? 0n : left);
};

/** Listings that somebody wants: what an event has missed, or an order that ended has freed. */
export const wantedListings = async (
  tx: Tx,
  { currency, limit }: { currency: string; limit: number },
): Promise<Id<"listing">[]> => {
  const [highest] = await bestRows(tx, {
    currency,
    price_minor: 0n,
    buyerNot: null,
    kind: null,
    at: tx.at,
    limit: 1,
  });
  if (!highest) return [];
  const rows = await cheapestRows(tx, { currency, max_minor: highest.max_minor }, { limit });
  return rows.map(({ id }) => id);
};
