import { countryCode, creditsIn, creditsOut, idOf, momentOut, textOf, yearIn } from "@evx/kernel";
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
  vintage: v.optional(yearIn),
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

const movers = ["country", "method", "vintage", "size", "auction", "market"] as const;

/** What makes a price another than the market's average, or the market's own move in a month. */
const Mover = v.object({ what: v.picklist(movers), share: v.number() });
export type MovedBy = v.InferOutput<typeof Mover>;

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
  /**
   * Why there is no figure: too few sales or people; prices that moved or differ within the week as they hardly ever did, or hang by a few
   * sales; or, while errors are too few for an interval, that the last price alone came far closer to past sales.
   */
  why: v.nullable(v.picklist(["few_sales", "unsettled", "worse"])),
  /** The order book's best prices per credit now, beside the hint and no part of it: anybody may write them for nothing. */
  book: v.object({ bestAsk: v.nullable(v.string()), bestBid: v.nullable(v.string()) }),
  model: v.object({
    name: v.nullable(v.picklist(modelNames)),
    /** Which training's. */
    version: v.nullable(v.number()),
    trainedAt: v.nullable(momentOut),
    /** The first and the last sale that it learned from. */
    firstSaleAt: v.nullable(momentOut),
    lastSaleAt: v.nullable(momentOut),
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
  /** The strongest first; `share` of the price, 0.08 is 8 % more. */
  movedBy: v.array(Mover),
  /**
   * The chance that a whole lot at a fixed price sells within `days`, at prices around the hint, from `lots` of the past of
   * which `sold` did. Null unless it foretold the newest third of them better than their plain share: mean squared errors
   * `error` and `plainError`.
   */
  timeToSell: v.nullable(
    v.object({
      days: v.number(),
      lots: v.number(),
      sold: v.number(),
      error: v.number(),
      plainError: v.number(),
      curve: v.array(v.object({ pricePerCredit: v.string(), chance: v.number() })),
    }),
  ),
  /** For an auction: where to start, and a reserve that nineteen of twenty such sales reached. Null without an interval. */
  auction: v.nullable(v.object({ start: v.string(), reserve: v.string() })),
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
  /** The share of past days that such a range held. */
  held: v.number(),
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

export const FairPrices = v.object({
  listingIds: v.pipe(v.array(idOf("listing")), v.minLength(1), v.maxLength(50)),
});

/** How a listing's price compares with what past sales suggest for such credits. */
export const FairPrice = v.object({
  listingId: v.string(),
  /** `fair` lies within the interval that nine of ten sales do. */
  verdict: v.picklist(["below", "fair", "above"]),
  /** Of the suggested price: 0.1 is 10 % dearer. */
  share: v.number(),
  suggested: v.string(),
  low: v.string(),
  high: v.string(),
  currency: v.string(),
  /** What it leans on: sales, and how often such intervals held. */
  trades: v.number(),
  measuredCoverage: v.nullable(v.number()),
  trainedAt: momentOut,
});

/** Listings of which nothing can be said honestly are left out. */
export const FairPriceList = v.object({ items: v.array(FairPrice) });
export type FairPriceView = v.InferInput<typeof FairPrice>;

/** One training, as operators see it. */
export const ModelRun = v.object({
  version: v.number(),
  status: v.picklist(["serving", "replaced", "kept_back", "insufficient_data"]),
  reason: v.nullable(v.picklist(["not_a_number", "worse", "fewer_sales"])),
  startedAt: momentOut,
  endedAt: momentOut,
  tookMs: v.number(),
  firstSaleAt: v.nullable(momentOut),
  lastSaleAt: v.nullable(momentOut),
  trades: v.number(),
  traders: v.number(),
  features: v.array(v.string()),
  parameters: v.record(v.string(), v.number()),
  metrics: v.record(v.string(), v.nullable(v.number())),
  rung: v.nullable(v.picklist(modelNames)),
});

export const ModelRuns = v.object({ currency: v.string(), items: v.array(ModelRun) });
export type ModelRunView = v.InferInput<typeof ModelRun>;
