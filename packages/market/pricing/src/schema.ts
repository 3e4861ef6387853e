import { countryCode, creditsIn, creditsOut, momentOut, textOf } from "@evx/kernel";
import * as v from "valibot";

export const listingTypes = ["fixed", "auction"] as const;
export type ListingType = (typeof listingTypes)[number];

/** The rungs of the ladder, from the plainest to the one that asks for most trades. */
export const rungs = ["last_price", "comparables", "nearest", "hedonic"] as const;
export type Rung = (typeof rungs)[number];

/** What a hint's price came from: a rung of the ladder, or their median while there are too few trades to choose. */
export const modelNames = [...rungs, "indicative"] as const;
export type ModelName = (typeof modelNames)[number];

export const traits = ["country", "method", "vintage"] as const;
export type Trait = (typeof traits)[number];

export const PredictPrice = v.object({
  creditsAmount: creditsIn,
  vintage: v.optional(
    v.pipe(
      v.number(),
      v.integer("Write the year as four digits."),
      v.minValue(1990, "At least 1990."),
      v.maxValue(2199, "At most 2199."),
    ),
  ),
  country: v.optional(countryCode),
  method: v.optional(textOf(40)),
  listingType: v.optional(v.picklist(listingTypes, "Choose fixed or auction."), "fixed"),
});

/** A past sale that the hint leans on. Nobody is named. */
export const Comparable = v.object({
  pricePerCredit: v.string(),
  /** The same price moved to today's market level. */
  pricePerCreditToday: v.string(),
  creditsAmount: creditsOut,
  vintage: v.number(),
  country: v.string(),
  method: v.string(),
  listingType: v.picklist(listingTypes),
  at: momentOut,
});

const needed = v.object({ trades: v.number(), traders: v.number() });

export const PriceHint = v.object({
  /** Null when `basis` is insufficient_data, like low, high and coverage. */
  pricePerCredit: v.nullable(v.string()),
  /** The interval; null while past errors are too few to hold it to its word. */
  low: v.nullable(v.string()),
  high: v.nullable(v.string()),
  /** The share of sales that the interval is made to contain. */
  coverage: v.nullable(v.number()),
  currency: v.string(),
  basis: v.picklist(["model", "insufficient_data"]),
  model: v.object({
    name: v.nullable(v.picklist(modelNames)),
    trainedAt: v.nullable(momentOut),
    /** Mean absolute error per credit over past sales, each predicted from strictly earlier ones. */
    backtestMae: v.nullable(v.string()),
    /** The same for "the last price". */
    naiveMae: v.nullable(v.string()),
    /** The share of past sales that the interval of their time did contain. */
    measuredCoverage: v.nullable(v.number()),
    pastErrors: v.number(),
  }),
  /** What the hint could lean on, and what it needs at least. */
  trades: v.number(),
  traders: v.number(),
  needed,
  /** What was asked for that no sale had: the hint takes the market's average there and gives no interval. */
  unseen: v.array(v.picklist(traits)),
  comparables: v.array(Comparable),
});

export const MarketDay = v.object({
  /** Of UTC. */
  date: v.string(),
  /** Average price per credit, weighted by credits. */
  price: v.string(),
  /** Of the day's last sale. */
  last: v.string(),
  lowest: v.string(),
  highest: v.string(),
  volume: creditsOut,
  trades: v.number(),
});

export const MarketForecast = v.object({
  date: v.string(),
  price: v.string(),
  low: v.string(),
  high: v.string(),
});

export const MarketTrends = v.object({
  currency: v.string(),
  /** insufficient_data: `lastPrice` and `series` are facts of single sales, and no trend is drawn from them. */
  basis: v.picklist(["trades", "insufficient_data"]),
  lastPrice: v.nullable(v.string()),
  lastAt: v.nullable(momentOut),
  /** Relative change of the last price: 0.034 is 3.4 % up. Null without a sale before that, or with insufficient data. */
  change7d: v.nullable(v.number()),
  change30d: v.nullable(v.number()),
  /** Credits sold in the last 30 days. */
  volume30d: creditsOut,
  trades30d: v.number(),
  /** Credits that can be bought or bid on now. */
  supply: creditsOut,
  /** Credits that buyers are after now: in orders that wait for payment and in live auctions with a bid. */
  demand: creditsOut,
  trades: v.number(),
  traders: v.number(),
  needed,
  /** Days with sales, oldest first. */
  series: v.array(MarketDay),
  /** The coming days at 90 %; empty where the past does not support one. */
  forecast: v.array(MarketForecast),
});

export type PriceHintView = v.InferInput<typeof PriceHint>;
export type MarketTrendsView = v.InferInput<typeof MarketTrends>;

/** How many sales there are after a rebuild. */
export const Rebuilt = v.object({ sales: v.pipe(v.number(), v.integer(), v.minValue(0)) });

/** What an estimate of an owner's earnings stands on. */
export const EarningsBasis = v.object({
  currency: v.string(),
  method: v.string(),
  factorSet: v.string(),
  /** Avoided grams that 10,000 km of a typical car count. */
  gramsPer10000km: v.string(),
  /** Middle price per credit of the sales of the last `days` days; null without a sale in a year. */
  price: v.nullable(v.string()),
  days: v.number(),
  /** How many sales the price is the middle of. */
  sales: v.number(),
  /** Lowest and highest price per credit in the past year. */
  low: v.nullable(v.string()),
  high: v.nullable(v.string()),
  platformFeePercent: v.number(),
  cvaFeePercent: v.number(),
});

export type EarningsBasisView = v.InferInput<typeof EarningsBasis>;
