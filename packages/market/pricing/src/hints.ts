import type { Db } from "@evx/db";
import { type Currency, day_ms, GRAMS_PER_CREDIT, type Grams, textFromMinor } from "@evx/kernel";
import { ruleAt } from "@evx/rules";
import { hintLog } from "./model/hint.ts";
import { COVERAGE } from "./model/interval.ts";
import { comparablesFor, type Past } from "./model/rungs.ts";
import { mean } from "./model/stats.ts";
import { type Offering, type Sale, tradersOf } from "./model/trade.ts";
import { type Said, type Walked, walk } from "./model/walk.ts";
import { hintRules, SALES_READ } from "./policy.ts";
import { type TradeRow, tradeRows } from "./queries/trades.ts";
import type { ListingType, PriceHintView, Trait } from "./schema.ts";

export type HintInput = {
  currency: Currency;
  now: Date;
  creditsAmount: Grams;
  vintage?: number | undefined;
  country?: string | undefined;
  method?: string | undefined;
  listingType: ListingType;
};

const sizeOf = (grams: Grams): number => Math.log(Number(grams) / Number(GRAMS_PER_CREDIT));

const saleOf = (row: TradeRow): Sale => ({
  country: row.country,
  method: row.method,
  vintage: row.vintage,
  size: sizeOf(row.grams),
  auction: row.listing_type === "auction",
  day: row.at.getTime() / day_ms,
  log: Math.log(Number(row.price_minor)),
  buyer: row.buyer_id,
  seller: row.seller_id,
});

/** Models speak in ln price; a hint is whole minor units, at least one. */
const minorOf = (log: number): bigint => BigInt(Math.max(1, Math.round(Math.exp(log))));

/** Misses smaller than this, in ln price, are rounding. */
const NO_MISS = 1e-6;

/**
 * The interval to show around a price, in whole minor units, or null: without a finite reach, when every past miss was
 * zero (a market that never moved says nothing of how it will), when it would be empty, and when its high is more than
 * `widest` times its low.
 */
export const intervalAround = (
  { log, reach }: { log: number; reach: number | null },
  said: readonly Pick<Said, "log" | "actual">[],
  widest: number,
): { low: bigint; high: bigint } | null => {
  if (reach === null || !Number.isFinite(reach) || !Number.isFinite(log)) return null;
  if (said.every((one) => Math.abs(one.actual - one.log) < NO_MISS)) return null;
  const ratio = Math.exp(2 * reach);
  if (!(ratio <= widest)) return null;
  const [low, high] = [minorOf(log - reach), minorOf(log + reach)];
  return low < high && Number(high) <= Number(low) * widest ? { low, high } : null;
};

/** Traits that were asked for and that no sale had. */
const unseenIn = (sales: readonly Sale[], input: HintInput): Trait[] =>
  (["country", "method", "vintage"] as const).filter(
    (trait) => input[trait] !== undefined && !sales.some((sale) => sale[trait] === input[trait]),
  );

const nothing = (
  currency: Currency,
  counts: Pick<PriceHintView, "trades" | "traders" | "needed">,
): PriceHintView => ({
  pricePerCredit: null,
  low: null,
  high: null,
  coverage: null,
  currency,
  basis: "insufficient_data",
  model: {
    name: null,
    trainedAt: null,
    backtestMae: null,
    naiveMae: null,
    measuredCoverage: null,
    pastErrors: 0,
  },
  ...counts,
  unseen: [],
  comparables: [],
});

type Options = Parameters<typeof walk>[1];

const newest = new Map<Currency, { name: string; walked: Walked }>();

/**
 * The walk over these sales, kept until there is another sale: it takes up to a second, and what it answers follows
 * from the sales and the rule alone, which its name holds.
 */
const walkOver = (
  rows: readonly TradeRow[],
  sales: readonly Sale[],
  currency: Currency,
  options: Options,
  day: number,
): Walked => {
  const ends = [rows[0], rows.at(-1)].map((row) => row?.order_id);
  // A sale begins to count on a day of its own, so each day is another.
  const name = [...ends, rows.length, options.traderCap, options.fewestTrades, Math.floor(day)].join(" ");
  const known = newest.get(currency);
  if (known?.name === name) return known.walked;
  const walked = walk(sales, options, day);
  newest.set(currency, { name, walked });
  return walked;
};

/** Mean absolute errors of the walk in minor units: the hint's own, and those of "the last price". */
const backtest = ({ said }: Walked, currency: Currency) => {
  if (said.length === 0) return { backtestMae: null, naiveMae: null, measuredCoverage: null };
  const miss = (log: number, actual: number) => Math.abs(Math.exp(log) - Math.exp(actual));
  const text = (value: number) => textFromMinor(BigInt(Math.round(value)), currency);
  const held = said.filter(({ reach }) => reach !== null);
  return {
    backtestMae: text(mean(said.map(({ log, actual }) => miss(log, actual)))),
    naiveMae: text(mean(said.map(({ naive, actual }) => miss(naive, actual)))),
    measuredCoverage:
      held.length === 0
        ? null
        : held.filter(({ log, actual, reach }) => Math.abs(log - actual) <= (reach ?? 0)).length /
          held.length,
  };
};

const comparablesOf = (
  past: Past,
  rows: readonly TradeRow[],
  offering: Offering,
  day: number,
  currency: Currency,
) =>
  comparablesFor(past, offering, day, rows.length)
    .sort((a, b) => b.index - a.index)
    .slice(0, 8)
    .map(({ index, log }) => {
      const row = rows[index] as TradeRow;
      return {
        pricePerCredit: textFromMinor(row.price_minor, currency),
        pricePerCreditToday: textFromMinor(minorOf(log), currency),
        creditsAmount: row.grams,
        vintage: row.vintage,
        country: row.country,
        method: row.method,
        listingType: row.listing_type,
        at: row.at,
      };
    });

/** What is asked about, as the models see it. */
const offeringOf = (input: HintInput): Offering => ({
  country: input.country ?? null,
  method: input.method ?? null,
  vintage: input.vintage ?? null,
  size: sizeOf(input.creditsAmount),
  auction: input.listingType === "auction",
});

/**
 * What credits may fetch, per credit, from strictly earlier sales. Under five sales or three people it says
 * `insufficient_data`; while past errors are too few it is indicative, without an interval.
 * The method and its limits: packages/market/pricing/README.md.
 */
export const priceHint = async (db: Db, input: HintInput): Promise<PriceHintView> => {
  const { currency, now } = input;
  const [{ value: rule }, rows] = await Promise.all([
    ruleAt(db, hintRules, now),
    tradeRows(db, { currency, before: now, limit: SALES_READ }),
  ]);
  const sales = rows.map(saleOf);
  const counts = {
    trades: sales.length,
    traders: tradersOf(sales),
    needed: { trades: rule.fewestTrades, traders: rule.fewestTraders },
  };
  if (counts.trades < rule.fewestTrades || counts.traders < rule.fewestTraders)
    return nothing(currency, counts);

  const { traderCap, fewestTrades, fewestErrors, widestInterval } = rule;
  const day = now.getTime() / day_ms;
  const walked = walkOver(rows, sales, currency, { traderCap, fewestTrades }, day);
  const offering = offeringOf(input);
  const log = hintLog(walked, offering, day);
  if (log === null) return nothing(currency, counts);
  const unseen = unseenIn(sales, input);
  const reach = unseen.length === 0 && walked.said.length >= fewestErrors ? walked.reach : null;
  const interval = intervalAround({ log, reach }, walked.said, widestInterval);
  return {
    pricePerCredit: textFromMinor(minorOf(log), currency),
    low: interval === null ? null : textFromMinor(interval.low, currency),
    high: interval === null ? null : textFromMinor(interval.high, currency),
    coverage: interval === null ? null : COVERAGE,
    currency,
    basis: "model",
    model: {
      name: walked.rung ?? "indicative",
      trainedAt: now,
      ...backtest(walked, currency),
      pastErrors: walked.said.length,
    },
    ...counts,
    unseen,
    comparables: comparablesOf(walked.past, rows, offering, day, currency),
  };
};
