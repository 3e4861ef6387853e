import type { Rung } from "../schema.ts";
import { type Hedonic, hedonicLog, levelOf, timeLine } from "./hedonic.ts";
import { type Memo, memoOf } from "./memo.ts";
import { clamp, decay, effectiveCount, orderOf, weightedMedian } from "./stats.ts";
import {
  capTraders,
  earlierThan,
  numbered,
  type Offering,
  type Sale,
  type Sides,
  sideOf,
  sidesAt,
} from "./trade.ts";

/**
 * The past as a prediction sees it: sales in order of time with the ln prices that were accepted of them, their weight
 * by trader, and what the regression makes of each (`fitted`).
 */
export type Past = {
  readonly model: Hedonic;
  readonly sales: readonly Sale[];
  readonly sides: Sides;
  /** Accounts that count as one with others → the one that stands for them. */
  readonly circles: ReadonlyMap<number, number>;
  /** The day from which each sale counts. */
  readonly since: readonly number[];
  /** Places of sales that are left out, to see what a prediction is without them. */
  readonly without?: ReadonlySet<number>;
  /** The same past without its doubted sales; absent where there are none. */
  readonly vouched?: Past;
  /** The most that one trader may weigh, of 1. */
  readonly traderCap: number;
  readonly logs: readonly number[];
  readonly weights: readonly number[];
  fitted(index: number): number;
  /** The time line at a sale. */
  line(index: number): number;
};

/** How many of the newest sales are looked at; older ones speak through the regression. */
const POOL = 300;
const FEWEST_COMPARABLES = 5;
const MOST_COMPARABLES = 15;
const NEAREST = 10;
const RECENT_DAYS = 60;
/** In the level, where six sales decide, one trader may weigh twice the cap: at the cap itself quiet markets lag. */
const LEVEL_CAPS = 2;
/** However often somebody trades, it says no more of the level than one sale of today. */
const ONE_SALE = 1;

/** From the closest likeness to none: each a test that a comparable must pass. A trait not asked for always fits. */
const likenesses: readonly ((sale: Sale, offering: Offering) => boolean)[] = [
  (sale, offering) =>
    sameOrigin(sale, offering) &&
    sameVintage(sale, offering, 0) &&
    sale.auction === offering.auction &&
    sameSize(sale, offering),
  (sale, offering) =>
    sameOrigin(sale, offering) && sameVintage(sale, offering, 1) && sale.auction === offering.auction,
  (sale, offering) => sameOrigin(sale, offering) && sameVintage(sale, offering, 2),
  (sale, offering) => sameOrigin(sale, offering),
  (sale, offering) => offering.country === null || sale.country === offering.country,
  () => true,
];

const sameOrigin = (sale: Sale, offering: Offering): boolean =>
  (offering.country === null || sale.country === offering.country) &&
  (offering.method === null || sale.method === offering.method);

const sameVintage = (sale: Sale, offering: Offering, years: number): boolean =>
  offering.vintage === null || Math.abs(sale.vintage - offering.vintage) <= years;

/** Within four times as large or small. */
const sameSize = (sale: Sale, offering: Offering): boolean =>
  Math.abs(sale.size - offering.size) <= Math.log(4);

const heard = new WeakMap<Past, Memo<readonly number[]>>();

/** Places of the newest sales among the first `count` that may move a prediction for `day`, newest first. */
export const heardAt = (past: Past, day: number, count: number): readonly number[] => {
  const known = memoOf(heard, past);
  const before = known.get(count, day);
  if (before) return before;
  const found: number[] = [];
  for (let i = count - 1; i >= 0 && found.length < POOL; i--)
    if ((past.since[i] as number) <= day && !past.without?.has(i)) found.push(i);
  known.set(count, day, found);
  return found;
};

const sidesOfHeard = new WeakMap<readonly number[], Sides>();

/** Who traded at places that `heardAt` found in the same past. */
export const sidesHeard = (past: Past, heard: readonly number[]): Sides => {
  const known = sidesOfHeard.get(heard);
  if (known) return known;
  const sides = sidesAt(past, heard);
  sidesOfHeard.set(heard, sides);
  return sides;
};

/** Of the sales that a price leans on, so many may be one trader's. */
const MOST_OF_ONE = 2;

/** Says of one sale after another whether it may be leant on, until a trader has had their share. */
const sharing = (past: Past): ((index: number) => boolean) => {
  const had = new Map<number, number>();
  return (index) => {
    const [buyer, seller] = [
      sideOf(past.circles, past.sides.buyers[index]),
      sideOf(past.circles, past.sides.sellers[index]),
    ];
    const both = buyer === seller ? [buyer] : [buyer, seller];
    for (const who of both) if ((had.get(who) ?? 0) >= MOST_OF_ONE) return false;
    for (const who of both) had.set(who, (had.get(who) ?? 0) + 1);
    return true;
  };
};

export type Likened = { readonly index: number; readonly log: number; readonly weight: number };

/**
 * The newest sales most like the offering, newest first, each price moved to the market's level at `day`. Likeness is given
 * up step by step until five are found.
 */
export const comparablesFor = (past: Past, offering: Offering, day: number, count: number): Likened[] => {
  const line = timeLine(past.model, day);
  const heard = heardAt(past, day, count);
  for (const [step, alike] of likenesses.entries()) {
    const found: Likened[] = [];
    const mayLean = sharing(past);
    for (const i of heard) {
      if (found.length === MOST_COMPARABLES) break;
      const sale = past.sales[i] as Sale;
      if (!alike(sale, offering) || !mayLean(i)) continue;
      found.push({
        index: i,
        log: (past.logs[i] as number) + line - past.line(i),
        weight: (past.weights[i] as number) * decay(day - sale.day, RECENT_DAYS),
      });
    }
    if (found.length >= FEWEST_COMPARABLES || step === likenesses.length - 1) return found;
  }
  return [];
};

const distance = (sale: Sale, offering: Offering, day: number): number =>
  (offering.country !== null && sale.country !== offering.country ? 2 : 0) +
  (offering.method !== null && sale.method !== offering.method ? 2 : 0) +
  (sale.auction !== offering.auction ? 1 : 0) +
  (offering.vintage === null ? 0 : ((sale.vintage - offering.vintage) / 2) ** 2) +
  ((sale.size - offering.size) / 2) ** 2 +
  (day - sale.day) / RECENT_DAYS;

const nearestLog = (past: Past, offering: Offering, day: number, count: number): number => {
  const line = timeLine(past.model, day);
  const mayLean = sharing(past);
  const heard = heardAt(past, day, count);
  const far = heard.map((i) => distance(past.sales[i] as Sale, offering, day));
  const near: { log: number; weight: number }[] = [];
  const order = orderOf(far);
  for (let next = 0; next < heard.length; next++) {
    const at = order[next] as number;
    const i = heard[at] as number;
    if (!mayLean(i)) continue;
    near.push({
      log: (past.logs[i] as number) + line - past.line(i),
      weight: (past.weights[i] as number) / (1 + (far[at] as number)),
    });
    if (near.length === NEAREST) break;
  }
  return weightedMedian(
    near.map(({ log }) => log),
    near.map(({ weight }) => weight),
  );
};

const levels = new WeakMap<object, Memo<number>>();

/**
 * The level does not depend on the offering, so it is worked out once a moment; one of some days ago, which many moments ask
 * for, once for each regression.
 */
export const levelAt = (past: Past, day: number, count: number): number => {
  const whose = past.without || count === past.sales.length ? past : past.model;
  const known = memoOf(levels, whose);
  const before = known.get(count, day);
  if (before !== undefined) return before;
  const heard = heardAt(past, day, count);
  const residuals: number[] = [];
  const days: number[] = [];
  for (const i of heard) {
    residuals.push((past.logs[i] as number) - past.fitted(i));
    days.push((past.sales[i] as Sale).day);
  }
  const sides = sidesHeard(past, heard);
  const level = levelOf(residuals, days, day, (weights) =>
    capTraders(sides, weights, LEVEL_CAPS * past.traderCap, ONE_SALE),
  );
  known.set(count, day, level);
  return level;
};

/** What the regression and the newest sales' level make of one past sale at a moment. */
export const fittedNow = (past: Past, index: number, day: number, count: number): number =>
  past.fitted(index) + levelAt(past, day, count);

const hedonicNow = (past: Past, offering: Offering, day: number, count: number): number =>
  hedonicLog(past.model, offering, day) + levelAt(past, day, count);

const comparablesLog = (past: Past, offering: Offering, day: number, count: number): number => {
  const found = comparablesFor(past, offering, day, count);
  return weightedMedian(
    found.map(({ log }) => log),
    found.map(({ weight }) => weight),
  );
};

const predictions = {
  last_price: (past: Past, _lot: Offering, day: number, count: number) =>
    past.logs[heardAt(past, day, count)[0] ?? count - 1] as number,
  comparables: comparablesLog,
  nearest: nearestLog,
  hedonic: hedonicNow,
} satisfies Record<Rung, (past: Past, offering: Offering, day: number, count: number) => number>;

/** ln price of an offering by one rung, from the first `count` sales. */
export const rungLog = (past: Past, rung: Rung, offering: Offering, day: number, count: number): number =>
  predictions[rung](past, offering, day, count);

/** Where there are too few errors to choose by: the median of the three that look at the offering. */
export const indicativeLog = (past: Past, offering: Offering, day: number, count: number): number =>
  weightedMedian(
    [
      comparablesLog(past, offering, day, count),
      nearestLog(past, offering, day, count),
      hedonicNow(past, offering, day, count),
    ],
    [1, 1, 1],
  );

/** So many days before a moment, to the eighth of a day: near moments ask for the same one. */
export const daysBefore = (day: number, days: number): number => Math.floor((day - days) * 8) / 8;

/** A hint may have moved by this many of the market's daily deviations, times the root of the days. */
const RATE = 6;
const RATE_DAYS = [1, 7];
/** So many traders may move it as far; more of them move it further, in proportion, and up to twice as far. */
const FEW_TRADERS = 4;
const MOST_FREEDOM = 2;

/**
 * By how much more sales may move things because many stand behind them: 1 for up to four
 * traders of equal activity, 2 from eight on.
 */
const freedom = (past: Past, places: readonly number[]): number => {
  const { bought, sold, traders } = numbered(sidesAt(past, places));
  const counts = new Array<number>(traders).fill(0);
  for (const side of [bought, sold])
    for (let i = 0; i < side.length; i++) {
      const who = side[i] as number;
      counts[who] = (counts[who] as number) + 1;
    }
  return clamp(effectiveCount(counts) / FEW_TRADERS, 1, MOST_FREEDOM);
};

/**
 * Holds a prediction to what the market could honestly have moved since a day and a week before, so that a burst of
 * prices that few have bought moves a hint no further. Skipped where fewer than `fewest` sales could tell of the past then.
 */
export const rateLimited = (
  log: number,
  predict: (count: number, day: number) => number,
  past: Past,
  count: number,
  day: number,
  sigma: number,
  fewest: number,
): number => {
  let limited = log;
  const now = heardAt(past, day, count);
  for (const days of RATE_DAYS) {
    const when = daysBefore(day, days);
    const before = Math.min(earlierThan(past.sales, when), count);
    const then = heardAt(past, when, before);
    if (then.length < fewest || then[0] === now[0]) continue;
    const fresh = now.filter((i) => i >= before || (past.since[i] as number) > when);
    const most = RATE * sigma * Math.sqrt(days) * freedom(past, fresh);
    const log = predict(before, when);
    limited = clamp(limited, log - most, log + most);
  }
  return limited;
};
