import type { Db } from "@evx/db";
import { type Currency, type Grams, textFromMinor } from "@evx/kernel";
import { askDepth } from "@evx/listings";
import { explain } from "./model/explain.ts";
import { COVERAGE } from "./model/interval.ts";
import { comparablesFor } from "./model/rungs.ts";
import type { StoredModel, StoredSale } from "./model/stored.ts";
import { chanceToSell, type TimeToSell } from "./model/time-to-sell.ts";
import type { Offering } from "./model/trade.ts";
import type { PricingPorts } from "./ports.ts";
import type { RunRow } from "./queries/runs.ts";
import type { ListingType, PriceHintView, Trait } from "./schema.ts";
import { answerOf, minorOf, type Serving, servedModel } from "./serving.ts";
import { sizeOf } from "./sizes.ts";
import type { Metrics } from "./training.ts";

export type HintInput = {
  currency: Currency;
  now: Date;
  creditsAmount: Grams;
  vintage?: number | undefined;
  country?: string | undefined;
  method?: string | undefined;
  listingType: ListingType;
};

/** Traits that are stated and that no sale had. */
export const unseenIn = ({ seen }: StoredModel, { country, method, vintage }: Offering): Trait[] => [
  ...(country !== null && !seen.country.includes(country) ? (["country"] as const) : []),
  ...(method !== null && !seen.method.includes(method) ? (["method"] as const) : []),
  ...(vintage !== null && !seen.vintage.includes(vintage) ? (["vintage"] as const) : []),
];

type Counts = Pick<PriceHintView, "trades" | "traders" | "needed">;

const nothing = (
  currency: Currency,
  counts: Counts,
  more: Pick<PriceHintView, "why" | "book">,
): PriceHintView => ({
  ...{ pricePerCredit: null, low: null, high: null, coverage: null, currency },
  basis: "insufficient_data",
  ...more,
  model: {
    ...{ name: null, version: null, trainedAt: null, firstSaleAt: null, lastSaleAt: null },
    ...{ backtestMae: null, naiveMae: null, measuredCoverage: null, pastErrors: 0 },
  },
  ...counts,
  ...{ unseen: [], movedBy: [], timeToSell: null, auction: null, comparables: [] },
});

const modelOf = (run: RunRow, currency: Currency): PriceHintView["model"] => {
  const metrics = run.metrics as Partial<Metrics>;
  const text = (value: number | null | undefined) =>
    typeof value === "number" ? textFromMinor(BigInt(Math.round(value)), currency) : null;
  return {
    name: run.rung,
    version: run.version,
    trainedAt: run.ended_at,
    firstSaleAt: run.first_sale_at,
    lastSaleAt: run.last_sale_at,
    backtestMae: text(metrics.mae),
    naiveMae: text(metrics.naiveMae),
    measuredCoverage: metrics.coverage ?? null,
    pastErrors: metrics.errors ?? 0,
  };
};

const comparablesOf = (
  { stored, standing: { past }, day }: Serving,
  offering: Offering,
  currency: Currency,
): PriceHintView["comparables"] =>
  comparablesFor(past, offering, day, past.sales.length)
    .sort((a, b) => b.index - a.index)
    .slice(0, 8)
    .map(({ index, log }) => {
      const sale = stored.sales[index] as StoredSale;
      return {
        pricePerCredit: textFromMinor(BigInt(sale.price), currency),
        pricePerCreditToday: textFromMinor(minorOf(log), currency),
        creditsAmount: BigInt(sale.grams),
        vintage: sale.vintage,
        country: sale.country,
        method: sale.method,
        listingType: sale.auction ? ("auction" as const) : ("fixed" as const),
        at: new Date(sale.at),
      };
    });

/** What is asked about, as the models see it. */
const offeringOf = (input: Omit<HintInput, "currency" | "now">): Offering => ({
  country: input.country ?? null,
  method: input.method ?? null,
  vintage: input.vintage ?? null,
  size: sizeOf(input.creditsAmount),
  auction: input.listingType === "auction",
});

/** Prices around the hint, as shares of it, at which the chance to sell is told. */
const CURVE = [0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.15, 1.2, 1.3, 1.4];

const timeToSellOf = (model: TimeToSell, log: number, currency: Currency): PriceHintView["timeToSell"] => ({
  days: 7,
  lots: model.lots,
  sold: model.sold,
  error: model.error,
  plainError: model.plainError,
  curve: CURVE.map((share) => ({
    pricePerCredit: textFromMinor(minorOf(log + Math.log(share)), currency),
    chance: chanceToSell(model, Math.log(share)),
  })),
});

/**
 * A start low enough that several may bid, and a reserve that nineteen of twenty such sales reached. Only where there is
 * an interval: without one nobody knows what a lot does not sell below.
 */
const AUCTION_START = 0.8;
const auctionPrices = (low: bigint, currency: Currency): PriceHintView["auction"] => {
  const start = (low * BigInt(Math.round(AUCTION_START * 100))) / 100n;
  return start < 1n ? null : { start: textFromMinor(start, currency), reserve: textFromMinor(low, currency) };
};

/**
 * A hint without an interval says less than the last price where it missed past sales by so many times what that one missed them by, and by
 * such a share of the price more.
 */
const FAR_WORSE = 1.5;
const WORSE_BY = 0.05;
const FEWEST_MISSES = 5;
const isFarWorse = ({ errors = 0, mae, naiveMae }: Partial<Metrics>, price: number): boolean =>
  errors >= FEWEST_MISSES &&
  typeof mae === "number" &&
  typeof naiveMae === "number" &&
  mae > FAR_WORSE * naiveMae &&
  mae - naiveMae > WORSE_BY * price;

/** The best prices of the order book now: what a buyer would pay at once, and what one could buy for. */
const bookNow = async (
  db: Db,
  ports: PricingPorts,
  { currency, now }: { currency: Currency; now: Date },
): Promise<PriceHintView["book"]> => {
  const [[ask], bid] = await Promise.all([
    askDepth(db, { currency, limit: 1 }),
    ports.bestBid(db, { currency, at: now }),
  ]);
  const text = (minor: bigint | null | undefined) =>
    minor === null || minor === undefined ? null : textFromMinor(minor, currency);
  return { bestAsk: text(ask?.price_minor), bestBid: text(bid) };
};

/**
 * What credits may fetch, per credit, read from the model that the last training stored: nothing is learnt here and nothing
 * kept. Under five sales or three people, and while prices have not settled, it says `insufficient_data` and why; while
 * past errors are too few it is indicative, without an interval. The method and its limits: packages/market/pricing/README.md.
 */
export const priceHint = async (db: Db, ports: PricingPorts, input: HintInput): Promise<PriceHintView> => {
  const { currency, now } = input;
  const [{ serving, counts }, book] = await Promise.all([
    servedModel(db, { currency, now }),
    bookNow(db, ports, { currency, now }),
  ]);
  if (!serving) return nothing(currency, counts, { why: "few_sales", book });
  const { stored, run } = serving;
  const offering = offeringOf(input);
  const unseen = unseenIn(stored, offering);
  const answer = answerOf(serving, offering, unseen.length === 0);
  if (answer === null) return nothing(currency, counts, { why: "unsettled", book });
  const { log, interval } = answer;
  if (interval === null && isFarWorse(serving.metrics, Math.exp(log)))
    return nothing(currency, counts, { why: "worse", book });
  const auction = input.listingType === "auction";
  return {
    pricePerCredit: textFromMinor(minorOf(log), currency),
    low: interval === null ? null : textFromMinor(interval.low, currency),
    high: interval === null ? null : textFromMinor(interval.high, currency),
    coverage: interval === null ? null : COVERAGE,
    currency,
    basis: "model",
    why: null,
    book,
    model: modelOf(run, currency),
    ...counts,
    unseen,
    movedBy: explain(stored, offering),
    timeToSell: stored.timeToSell && !auction ? timeToSellOf(stored.timeToSell, log, currency) : null,
    auction: interval !== null && auction ? auctionPrices(interval.low, currency) : null,
    comparables: comparablesOf(serving, offering, currency),
  };
};
