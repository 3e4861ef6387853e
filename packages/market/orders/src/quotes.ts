import type { Db, Tx } from "@evx/db";
import {
  type Currency,
  creditsFromGrams,
  GRAMS_PER_CREDIT,
  type Grams,
  type Id,
  type Minor,
  minute_ms,
  newId,
  textFromMinor,
} from "@evx/kernel";
import { type Basket, boundFrom, cheapestRows, checkPayable, type ListingRow, payable } from "@evx/listings";
import { ruleAt } from "@evx/rules";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { feesOf, saleFees } from "./policy.ts";
import { insertQuote, type QuoteLine } from "./queries/quotes.ts";
import type { AskQuote } from "./schema.ts";

/** How long a quote may be ordered. */
const HOLDS_MS = 2 * minute_ms;

/** One order has at most so many lines: its settlement is one posting. */
export const MOST_LINES = 200;

/** What a line costs: rounded up, so that no cutting into lines can pay its seller less than the price. */
const lineTotal = (grams: Grams, price_minor: Minor): Minor =>
  (grams * price_minor + GRAMS_PER_CREDIT - 1n) / GRAMS_PER_CREDIT;

const least = (a: Grams, b: Grams): Grams => (a < b ? a : b);

/** Fills an amount from listings in their order, as far as they go. */
export const filled = (
  rows: readonly ListingRow[],
  amount_g: Grams,
): { lines: QuoteLine[]; grams: Grams } => {
  const lines: QuoteLine[] = [];
  let left = amount_g;
  for (const row of rows) {
    if (left === 0n) break;
    const grams = least(row.remaining_g, left);
    if (row.min_g !== null && grams < row.min_g) continue;
    const { price_minor } = row;
    lines.push({ listingId: row.id, grams, price_minor, total_minor: lineTotal(grams, price_minor) });
    left -= grams;
  }
  return { lines, grams: amount_g - left };
};

const basketOf = (
  input: Omit<v.InferOutput<typeof AskQuote>, "creditsAmount"> & { currency: Currency },
): Basket => ({
  currency: input.currency,
  max_minor: boundFrom(input.maxPrice, input.currency, "maxPrice") ?? null,
  vintage_from: input.vintageFrom ?? null,
  country_code: input.country ?? null,
  method_code: input.method ?? null,
  quality_tier: input.quality ?? null,
});

/**
 * What so many credits would cost now, over as many listings as it takes: cheapest first, ties by age. It reserves
 * nothing and may be ordered for two minutes. One's own listings are left out and named in `skipped`.
 * Refuses `quote_short`, naming what there is and which of one's own were left out, and what no gateway can charge.
 */
export const makeQuote = async (
  tx: Tx,
  asker: { id: Id<"user"> } | null,
  input: v.InferOutput<typeof AskQuote> & { currency: Currency },
) => {
  const { creditsAmount, currency } = input;
  const basket = basketOf(input);
  // Asked for apart: many cheap ones of one's own must not push the others' beyond the most that a quote reads.
  const others = await cheapestRows(tx, basket, { sellerNot: asker?.id ?? null, limit: MOST_LINES });
  const own = asker
    ? (await cheapestRows(tx, basket, { limit: MOST_LINES })).filter((row) => row.seller_id === asker.id)
    : [];
  const skipped = own.map((row) => row.id);
  const { lines, grams } = filled(others, creditsAmount);
  if (grams < creditsAmount) {
    const available = creditsFromGrams(grams);
    throw refuse("quote_short", { available }, { facts: { available, skipped } });
  }
  const total_minor = lines.reduce((sum, line) => sum + line.total_minor, 0n);
  checkPayable(total_minor, currency);
  const id = newId("quote");
  const expires_at = new Date(tx.at.getTime() + HOLDS_MS);
  await insertQuote(tx, {
    ...basket,
    id,
    amount_g: creditsAmount,
    lines,
    total_minor,
    created_at: tx.at,
    expires_at,
    order_id: null,
  });
  return {
    ...quoteView({ id, currency, amount_g: creditsAmount, lines, total_minor, expires_at }),
    fees: await feesIn(tx, lines, currency),
    available: others.reduce((sum, row) => sum + row.remaining_g, 0n),
    skipped,
  };
};

/**
 * How many of so many credits could be quoted now; zero where there are none, or too few to be paid for. What one payment
 * cannot carry is left out.
 */
export const quotableGrams = async (
  db: Db,
  asker: { id: Id<"user"> },
  input: v.InferOutput<typeof AskQuote> & { currency: Currency },
  /** What the asker has for it, where that may be less than a payment carries. */
  money = payable[input.currency].most,
): Promise<Grams> => {
  const { least, most } = payable[input.currency];
  const rows = await cheapestRows(db, basketOf(input), { sellerNot: asker.id, limit: MOST_LINES });
  let [grams, total] = [0n, 0n];
  for (const line of filled(rows, input.creditsAmount).lines) {
    if (total + line.total_minor > most || total + line.total_minor > money) break;
    grams += line.grams;
    total += line.total_minor;
  }
  return total < least ? 0n : grams;
};

/** What of the lines' totals is platform and CVA fee: sellers bear them, the buyer pays the total and no more. */
const feesIn = async (tx: Tx, lines: readonly QuoteLine[], currency: Currency) => {
  const { value: rule } = await ruleAt(tx, saleFees, tx.at);
  const each = lines.map((line) => feesOf(line.total_minor, rule));
  const sum = (name: "platform" | "cva") => each.reduce((total, fees) => total + fees[name], 0n);
  return {
    platformFee: textFromMinor(sum("platform"), currency),
    cvaFee: textFromMinor(sum("cva"), currency),
  };
};

const lineView = (line: QuoteLine, currency: Currency) => ({
  listingId: line.listingId,
  creditsAmount: line.grams,
  pricePerCredit: textFromMinor(line.price_minor, currency),
  total: textFromMinor(line.total_minor, currency),
});

/** What a credit costs on average, rounded up to the minor unit. */
export const averageOf = (total_minor: Minor, grams: Grams): Minor =>
  (total_minor * GRAMS_PER_CREDIT + grams - 1n) / grams;

const quoteView = (quote: {
  id: Id<"quote">;
  currency: Currency;
  amount_g: Grams;
  lines: readonly QuoteLine[];
  total_minor: Minor;
  expires_at: Date;
}) => {
  const { currency, lines, total_minor } = quote;
  // The cheapest come first.
  const worst = lines.at(-1)?.price_minor ?? 0n;
  return {
    id: quote.id,
    creditsAmount: quote.amount_g,
    lines: lines.map((line) => lineView(line, currency)),
    averagePrice: textFromMinor(averageOf(total_minor, quote.amount_g), currency),
    worstPrice: textFromMinor(worst, currency),
    totalPrice: textFromMinor(total_minor, currency),
    currency,
    expiresAt: quote.expires_at,
  };
};
