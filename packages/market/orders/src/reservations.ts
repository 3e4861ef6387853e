import type { Tx } from "@evx/db";
import { emit, enqueue } from "@evx/jobs";
import { creditsFromGrams, type Grams, type Id, type Minor, namedId, newId, priceOf } from "@evx/kernel";
import {
  type AccountId,
  cash,
  cvaPool,
  escrow,
  hold,
  listingAccount,
  platformFee,
  retiredAccount,
  wallet,
} from "@evx/ledger";
import { changeListing, currencyOf, type ListingRow } from "@evx/listings";
import { openPayment } from "@evx/payments";
import type { RuleAt } from "@evx/rules";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { orderPlaced } from "./events.ts";
import { expireOrderJob } from "./jobs.ts";
import { feesOf, type saleFees } from "./policy.ts";
import { insertOrder, type OrderRow, type OrderWithFacts } from "./queries/orders.ts";
import type { QuoteLine } from "./queries/quotes.ts";
import type { SweepRow } from "./queries/sweeps.ts";
import type { OrderKind } from "./schema.ts";

type Reservation = {
  /** Locked by the caller. */
  listing: ListingRow;
  /** The rule in force now; the order keeps it whatever the rule becomes. */
  fees: RuleAt<v.InferOutput<typeof saleFees.schema>>;
  id: Id<"order">;
  kind: OrderKind;
  buyer_id: Id<"user">;
  amount_g: Grams;
  price_minor: Minor;
  expires_at: Date;
  /** Its money is set aside already: the caller settles it in the same transaction. */
  funded?: boolean;
};

/** Writes an order of a locked listing, holds its grams and opens its payment: all of it or nothing. */
export const reserve = async (tx: Tx, input: Reservation): Promise<OrderWithFacts> => {
  const { listing, funded = false, ...asked } = input;
  const order = await agreed(tx, { listing, ...asked });
  if (!(await insertOrder(tx, order))) throw refuse("order_id_reused");
  await changeListing(tx, listing.id, { free: -order.amount_g });
  if (!funded) await enqueue(tx, expireOrderJob, { orderId: order.id }, { runAt: order.expires_at });
  await emit(tx, orderPlaced, {
    ...orderFacts(order),
    paymentId: order.payment_id,
    funded,
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
    description: `${creditsFromGrams(order.amount_g)} carbon credits, ${listing.country_code} ${listing.vintage_year}`,
  });
  await hold(tx, { id: order.id, account: listingAccount(listing.id), amount: order.amount_g });
  const { vintage_year, country_code, method_code } = listing;
  return { ...order, vintage_year, country_code, method_code };
};

/** The order's terms, which nothing changes any more: price, fees and legs. Refuses `order_too_small`. */
const agreed = async (
  tx: Tx,
  { listing, fees: { value, version }, ...asked }: Omit<Reservation, "funded">,
): Promise<OrderRow> => {
  const total_minor = priceOf(asked.amount_g, asked.price_minor);
  if (total_minor < 1n) throw refuse("order_too_small", { currency: listing.currency });
  const { platform, cva, net } = feesOf(total_minor, value);
  const terms = {
    ...asked,
    listing_id: listing.id,
    seller_id: listing.seller_id,
    status: "pending_payment" as const,
    currency: listing.currency,
    total_minor,
    platform_fee_minor: platform,
    cva_fee_minor: cva,
    net_minor: net,
    fees_version: version,
    payment_id: await namedId("payment", asked.id),
    // Not derived from the order's id, which the buyer chose: nobody can take this name in the book beforehand.
    transfer_id: newId("transfer"),
    created_at: tx.at,
    paid_at: null,
    ended_at: null,
    sweep_id: null,
  };
  return { ...terms, ...legsOf(terms, { money: terms.id, credits: wallet(terms.buyer_id) }) };
};

/** A line of a sweep as the order that it is for its seller: with the sweep's payment, transfer and escrow. */
export const lineOf = (
  tx: Tx,
  input: {
    sweep: SweepRow;
    listing: ListingRow;
    fees: Reservation["fees"];
    line: QuoteLine;
    status: "pending_payment" | "paid";
  },
): OrderRow => {
  const { sweep, listing, fees, line } = input;
  const { platform, cva, net } = feesOf(line.total_minor, fees.value);
  const terms = {
    id: newId("order"),
    kind: "purchase" as const,
    listing_id: listing.id,
    buyer_id: sweep.buyer_id,
    seller_id: listing.seller_id,
    status: input.status,
    amount_g: line.grams,
    price_minor: line.price_minor,
    currency: listing.currency,
    total_minor: line.total_minor,
    platform_fee_minor: platform,
    cva_fee_minor: cva,
    net_minor: net,
    fees_version: fees.version,
    payment_id: sweep.payment_id,
    transfer_id: sweep.transfer_id,
    created_at: tx.at,
    expires_at: sweep.expires_at,
    paid_at: null,
    ended_at: null,
    sweep_id: sweep.id,
  };
  const to = sweep.retirement === null ? wallet(sweep.buyer_id) : retiredAccount(sweep.buyer_id);
  return { ...terms, ...legsOf(terms, { money: sweep.id, credits: to }) };
};

/**
 * Who gets what when the order is settled: the money leaves escrow in three parts that sum to it, the grams leave the
 * listing. In the order of the accounts' names, in which the book locks them.
 */
const legsOf = (
  order: Omit<OrderRow, "leg_accounts" | "leg_amounts">,
  from: { money: Id<"order">; credits: AccountId },
) => {
  const currency = currencyOf(order);
  const legs = [
    { account: escrow(currency, from.money), amount: -order.total_minor },
    { account: cash(currency, order.seller_id), amount: order.net_minor },
    { account: platformFee(currency, order.transfer_id), amount: order.platform_fee_minor },
    { account: cvaPool(currency, order.transfer_id), amount: order.cva_fee_minor },
    { account: listingAccount(order.listing_id), amount: -order.amount_g },
    { account: from.credits, amount: order.amount_g },
  ]
    .filter(({ amount }) => amount !== 0n)
    .sort((a, b) => (a.account < b.account ? -1 : 1));
  return { leg_accounts: legs.map(({ account }) => account), leg_amounts: legs.map(({ amount }) => amount) };
};

/** What every event about an order says. */
export const orderFacts = (order: OrderRow) => ({
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
