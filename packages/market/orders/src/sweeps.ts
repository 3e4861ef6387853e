import { audit } from "@evx/audit";
import { type RetirementInput, retirementContent, revokedGrams } from "@evx/credits";
import { json, type Tx } from "@evx/db";
import { emit, enqueue } from "@evx/jobs";
import {
  assert,
  type Currency,
  creditsFromGrams,
  type Id,
  isCurrency,
  minute_ms,
  namedId,
  newId,
} from "@evx/kernel";
import { cash, escrow, holdAll, listingAccount, releaseAll } from "@evx/ledger";
import { changeFree, cheapestRows, type ListingRow, lockListings, returnGrams } from "@evx/listings";
import { cancelPayment, openPayment } from "@evx/payments";
import type { Actor } from "@evx/rpc";
import { type RuleAt, ruleAt } from "@evx/rules";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { sweepEnded, sweepLineLost, sweepPlaced } from "./events.ts";
import { expireOrderJob } from "./jobs.ts";
import { orderLimits, saleFees } from "./policy.ts";
import { countOpenOrders, type OrderRow } from "./queries/orders.ts";
import { type QuoteLine, type QuoteRow, quoteRow, useQuote } from "./queries/quotes.ts";
import {
  changeSweep,
  insertLines,
  insertSweep,
  lineRows,
  lockBuyer,
  type SweepRow,
  sweepRow,
} from "./queries/sweeps.ts";
import { filled, MOST_LINES } from "./quotes.ts";
import { lineOf } from "./reservations.ts";

export type NewSweep = {
  id: Id<"order">;
  quoteId: Id<"quote">;
  retire?: Omit<RetirementInput, "id" | "amount"> | undefined;
  /** Its money is set aside already: the caller settles it in the same transaction, and no limit of open orders holds. */
  funded?: boolean;
};

/** Whom a sweep's payment names as seller: the venue collects it for all of them. */
const VENUE: Id<"user"> = "usr_00000000000000000000000000";

type Fees = RuleAt<v.InferOutput<typeof saleFees.schema>>;

const currencyIn = ({ currency }: { currency: string }): Currency => {
  assert(isCurrency(currency), `${currency} is a currency of the venue`);
  return currency;
};

/** The row of an order over these lines. */
const sweepOf = async (
  tx: Tx,
  buyer: Pick<Actor, "id">,
  input: NewSweep,
  { quote, lines, window_ms }: { quote: QuoteRow; lines: readonly QuoteLine[]; window_ms: number },
) => {
  const amount_g = lines.reduce((sum, { grams }) => sum + grams, 0n);
  const total_minor = lines.reduce((sum, line) => sum + line.total_minor, 0n);
  const currency = currencyIn(quote);
  // The cheapest come first.
  const worst = lines.at(-1)?.price_minor ?? 0n;
  const retirement = input.retire
    ? retirementContent({ ...input.retire, id: await namedId("retirement", `sweep:${input.id}`) })
    : null;
  return {
    id: input.id,
    quote_id: quote.id,
    buyer_id: buyer.id,
    status: "pending_payment" as const,
    amount_g,
    currency,
    total_minor,
    max_minor: quote.max_minor ?? worst,
    vintage_from: quote.vintage_from,
    country_code: quote.country_code,
    method_code: quote.method_code,
    quality_tier: quote.quality_tier,
    payment_id: await namedId("payment", input.id),
    // Not derived from the order's id, which the buyer chose.
    transfer_id: newId("transfer"),
    escrow_account: escrow(currency, input.id),
    change_account: cash(currency, buyer.id),
    retirement: retirement && json(retirement),
    created_at: tx.at,
    expires_at: new Date(tx.at.getTime() + window_ms),
    paid_at: null,
    ended_at: null,
  };
};

/**
 * Orders what a quote said: all lines reserved together or none, one payment for all. Lines of the buyer's own are left
 * out. The buyer names the order, so a retry is the same order.
 * Refuses `quote_not_found`, `quote_used`, `quote_lapsed`, `quote_gone`, `order_id_reused`, `order_limit_reached`.
 */
export const placeSweep = async (tx: Tx, buyer: Pick<Actor, "id">, input: NewSweep): Promise<SweepRow> => {
  const { value: limits } = await ruleAt(tx, orderLimits, tx.at);
  const fees = await ruleAt(tx, saleFees, tx.at);
  await lockBuyer(tx, buyer.id);
  const known = await sweepRow(tx, input.id);
  if (known) {
    if (known.buyer_id !== buyer.id || known.quote_id !== input.quoteId) throw refuse("order_id_reused");
    return known;
  }
  const { funded = false } = input;
  if (!funded && (await countOpenOrders(tx, buyer.id)) >= limits.openOrdersPerBuyer)
    throw refuse("order_limit_reached", { limit: limits.openOrdersPerBuyer });
  const quote = await useQuote(tx, input.quoteId, input.id);
  if (!quote) throw await quoteRefusal(tx, input.quoteId);

  const listings = await lockListings(
    tx,
    quote.lines.map(({ listingId }) => listingId),
  );
  const lines = quote.lines.filter(({ listingId }) => listings.get(listingId)?.seller_id !== buyer.id);
  if (lines.length === 0) throw refuse("quote_gone", { listings: quote.lines.length });
  await checkLines(tx, lines, listings);
  const sweep = await sweepOf(tx, buyer, input, {
    quote,
    lines,
    window_ms: limits.paymentWindow_min * minute_ms,
  });
  if (!(await insertSweep(tx, sweep))) throw refuse("order_id_reused");
  if (!funded) await enqueue(tx, expireOrderJob, { orderId: sweep.id }, { runAt: sweep.expires_at });
  await openPayment(tx, {
    id: sweep.payment_id,
    orderId: sweep.id,
    buyerId: buyer.id,
    sellerId: VENUE,
    amount_minor: sweep.total_minor,
    currency: sweep.currency,
    expiresAt: sweep.expires_at,
    description: `${creditsFromGrams(sweep.amount_g)} carbon credits from ${lines.length} listings`,
  });
  await emit(tx, sweepPlaced, {
    orderId: sweep.id,
    buyerId: buyer.id,
    grams: String(sweep.amount_g),
    totalMinor: String(sweep.total_minor),
    currency: sweep.currency,
    funded,
    expiresAt: sweep.expires_at.toISOString(),
    at: tx.at.toISOString(),
  });
  await audit(tx, buyer, "order.sweep", sweep.id, {
    after: { lines: lines.length, grams: String(sweep.amount_g) },
  });
  const row = (await sweepRow(tx, sweep.id)) as SweepRow;
  await reserveLines(tx, row, { lines, listings, fees, status: "pending_payment" });
  return row;
};

const quoteRefusal = async (tx: Tx, id: Id<"quote">) => {
  const quote = await quoteRow(tx, id);
  if (!quote) return refuse("quote_not_found");
  return quote.order_id ? refuse("quote_used", { orderId: quote.order_id }) : refuse("quote_lapsed");
};

/** Refuses `quote_gone` when a line is not there any more as it was quoted. */
const checkLines = async (
  tx: Tx,
  lines: readonly QuoteLine[],
  listings: ReadonlyMap<Id<"listing">, ListingRow>,
): Promise<void> => {
  let gone = 0;
  for (const line of lines) {
    const listing = listings.get(line.listingId);
    const stands =
      listing?.status === "active" &&
      listing.starts_at === null &&
      listing.price_minor === line.price_minor &&
      listing.remaining_g >= line.grams &&
      (await revokedGrams(tx, listing.id)) === 0n;
    if (!stands) gone++;
  }
  if (gone > 0) throw refuse("quote_gone", { listings: gone });
};

/** Writes a sweep's lines, takes their grams off what is free and holds them. The caller holds the listings' locks. */
const reserveLines = async (
  tx: Tx,
  sweep: SweepRow,
  input: {
    lines: readonly QuoteLine[];
    listings: ReadonlyMap<Id<"listing">, ListingRow>;
    fees: Fees;
    status: "pending_payment" | "paid";
  },
): Promise<void> => {
  const rows = input.lines.map((line) => {
    const listing = input.listings.get(line.listingId);
    assert(listing, `${line.listingId} is locked`);
    return lineOf(tx, { sweep, listing, fees: input.fees, line, status: input.status });
  });
  await insertLines(tx, rows);
  await changeFree(
    tx,
    rows.map((row) => ({ id: row.listing_id, free: -row.amount_g })),
  );
  await holdAll(
    tx,
    rows.map((row) => ({ id: row.id, account: listingAccount(row.listing_id), amount: row.amount_g })),
  );
};

/** Frees what lines held, of listings that were taken down for their sellers. Takes the listings' locks. */
const freeLines = async (tx: Tx, lines: readonly OrderRow[]): Promise<void> => {
  const listings = await lockListings(tx, [...new Set(lines.map((line) => line.listing_id))]);
  const sorted = lines.toSorted((a, b) => (a.listing_id < b.listing_id ? -1 : 1));
  await releaseAll(
    tx,
    sorted.map((line) => line.id),
  );
  const open = sorted.filter((line) => listings.get(line.listing_id)?.status === "active");
  await changeFree(
    tx,
    open.map((line) => ({ id: line.listing_id, free: line.amount_g })),
  );
  for (const line of sorted) {
    const listing = listings.get(line.listing_id);
    if (listing && listing.status !== "active")
      await returnGrams(tx, listing, { free: 0n, reserved: line.amount_g });
  }
};

/**
 * Ends a sweep that waits in a status, with all its lines: their grams are free again. `withdrawn` says that its credits
 * were not to be had. False when it waits no longer.
 */
export const endSweep = async (
  tx: Tx,
  id: Id<"order">,
  from: "pending_payment" | "paid" | "disputed",
  to: "cancelled" | "expired" | "refunded",
  withdrawn = false,
): Promise<boolean> => {
  const ended = await changeSweep(tx, id, from, to);
  if (!ended) return false;
  await emit(tx, sweepEnded, {
    orderId: id,
    buyerId: ended.sweep.buyer_id,
    grams: String(ended.sweep.amount_g),
    outcome: to,
    withdrawn,
    at: tx.at.toISOString(),
  });
  await cancelPayment(tx, { paymentId: ended.sweep.payment_id });
  if (ended.lines.length > 0) await freeLines(tx, ended.lines);
  return true;
};

/**
 * A line whose credits may not be sold has ended: it is made up for from other listings within the sweep's limit and for
 * no more than it cost, or its money goes to the buyer's balance at settlement. A sweep without lines ends.
 */
export const replaceLine = async (
  tx: Tx,
  sweep: SweepRow,
  line: OrderRow,
): Promise<"replaced" | "lost" | "ended"> => {
  await freeLines(tx, [line]);
  const rows = await cheapestRows(tx, sweep, {
    without: [line.listing_id],
    sellerNot: sweep.buyer_id,
    limit: MOST_LINES,
  });
  const { lines, grams } = filled(rows, line.amount_g);
  const cost = lines.reduce((sum, one) => sum + one.total_minor, 0n);
  const others = (await lineRows(tx, [sweep.id])).filter((one) => one.status === sweep.status);
  const fits =
    grams === line.amount_g && cost <= line.total_minor && others.length + lines.length <= MOST_LINES;
  if (fits) {
    const listings = await lockListings(
      tx,
      lines.map(({ listingId }) => listingId),
    );
    const still = lines.every((one) => {
      const listing = listings.get(one.listingId);
      return (
        listing?.status === "active" &&
        listing.starts_at === null &&
        listing.price_minor === one.price_minor &&
        listing.remaining_g >= one.grams
      );
    });
    if (still) {
      const fees = await ruleAt(tx, saleFees, tx.at);
      await reserveLines(tx, sweep, { lines, listings, fees, status: "pending_payment" });
      return "replaced";
    }
  }
  if (others.length > 0) {
    await emit(tx, sweepLineLost, {
      orderId: sweep.id,
      buyerId: sweep.buyer_id,
      lineId: line.id,
      grams: String(line.amount_g),
      at: tx.at.toISOString(),
    });
    return "lost";
  }
  await endSweep(tx, sweep.id, "pending_payment", "cancelled", true);
  return "ended";
};
