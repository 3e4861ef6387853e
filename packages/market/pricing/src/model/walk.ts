import { type Rung, rungs } from "../schema.ts";
import {
  type Book,
  canPredict,
  FEWEST_VOUCHED,
  lookForCircles,
  openBook,
  pastOf,
  refit,
  refitInTime,
  takeIn,
  weigh,
} from "./book.ts";
import { doubtedSales } from "./doubted.ts";
import { type Standing as Hinting, hintOf } from "./hint.ts";
import { type Conformal, conformal, volatility } from "./interval.ts";
import { FEWEST_ERRORS, ladder } from "./ladder.ts";
import { heardAt, type Past, rungLog } from "./rungs.ts";
import { usualMoves } from "./settled.ts";
import { clamp, median, quantile, weightedQuantile } from "./stats.ts";
import { capTraders, heardSince, type Offering, type Sale, sidesAt } from "./trade.ts";

export type WalkOptions = {
  /** The most that one trader's sales and purchases may weigh, of 1. */
  readonly traderCap: number;
  /** Sales before anything is predicted. */
  readonly fewestTrades: number;
  /** So many first sales make their people known; as many as come before a prediction unless a measurement of nameless prices says otherwise. */
  readonly founders?: number;
  /** Guards against bought prices. Only measurements switch them off, to see what they cost. */
  readonly guarded?: boolean;
};

/** What was said of one sale before it was known, in ln price, and by each rung. */
export type Said = {
  readonly index: number;
  readonly log: number;
  readonly actual: number;
  /** The last strictly earlier sale's price as it was paid: what a person would look at. */
  readonly naive: number;
  readonly rung: Rung | null;
  readonly by: Readonly<Record<Rung, number>>;
  /** Half the interval's width in ln price; null before there was one. */
  readonly reach: number | null;
  /** Prices had not settled, so nobody was told. */
  readonly unsettled: boolean;
};

/** Where a walk has arrived: all that a prediction for the next moment needs. */
export type Standing = Hinting & {
  /** Half an interval's width in ln price. */
  readonly reach: number | null;
  /** How far an accepted price may lie from what was said before it; null without guards. */
  readonly bound: number | null;
};

export type Walked = Standing & {
  readonly said: readonly Said[];
  /** ln of the market's level on each day with sales, as it was seen then. */
  readonly levels: readonly { readonly day: number; readonly log: number }[];
};

/** An interval asks for this many past errors. */
const FEWEST_SCORES = 20;
const DEFAULT_SIGMA = 0.03;
const LEAST_SIGMA = 0.01;
const MOST_SIGMA = 0.06;
const BOUND = 8;
const BOUND_AT = 0.75;
/** The bound before there are misses, and the most it may be, in ln price: 42 %. */
const MOST_BOUND = 0.35;
const BOUND_WINDOW = 200;
/** Nine of ten normal moves are smaller than this many deviations. */
const NORMAL_90 = 1.645;
/** Misses smaller than this, in ln price, are none: most sales of alike lots repeat a price. */
const NO_MISS = 1e-9;

/** How much the market's level moves in a day, from its moves so far. */
const dailySigma = (moves: readonly number[]): number =>
  moves.length < 20
    ? DEFAULT_SIGMA
    : clamp(quantile(moves.slice(-120).map(Math.abs), 0.9) / NORMAL_90, LEAST_SIGMA, MOST_SIGMA);

/** What a walk knows so far, and what it has said. */
type Walk = {
  readonly book: Book;
  readonly options: Required<WalkOptions>;
  readonly steps: ReturnType<typeof ladder>;
  readonly moves: ReturnType<typeof volatility>;
  readonly bounds: Conformal;
  readonly usual: ReturnType<typeof usualMoves>;
  readonly said: Said[];
  /** Predictions of sales that do not count yet, in the order in which they will: nothing is learnt from them until they do. */
  readonly waiting: { soon: Said[]; later: Said[] };
  readonly missed: { readonly index: number; readonly miss: number }[];
  readonly levelMoves: number[];
  level: { day: number; log: number } | null;
  readonly levels: { day: number; log: number }[];
};

const startWalk = (
  sales: readonly Sale[],
  { traderCap, fewestTrades, founders = fewestTrades, guarded = true }: WalkOptions,
): Walk => ({
  book: openBook(sales, { traderCap, fewestTrades, founders, guarded }),
  options: { traderCap, fewestTrades, founders, guarded },
  steps: ladder(),
  moves: volatility(),
  bounds: conformal(FEWEST_SCORES),
  usual: usualMoves(),
  said: [],
  waiting: { soon: [], later: [] },
  missed: [],
  levelMoves: [],
  level: null,
  levels: [],
});

/**
 * How far an accepted price may lie from what was said of it: so many times the miss that three of four of those that
 * were any do not exceed, each trader's weighing no more than the cap. Null without guards.
 */
const boundOf = ({ options, missed, book }: Walk): number | null => {
  if (!options.guarded) return null;
  const any = missed.slice(-BOUND_WINDOW).filter(({ miss }) => miss > NO_MISS);
  if (any.length < FEWEST_ERRORS) return MOST_BOUND;
  const sides = sidesAt(
    { sides: book.raw, circles: book.circles },
    any.map(({ index }) => index),
  );
  const weights = capTraders(
    sides,
    any.map(() => 1),
    options.traderCap,
  );
  return Math.min(
    MOST_BOUND,
    BOUND *
      weightedQuantile(
        any.map(({ miss }) => miss),
        weights,
        BOUND_AT,
      ),
  );
};

/** Notes how far the market's level has moved since the last day on which there was a sale. */
const followLevel = (walk: Walk, past: Past, day: number, count: number): void => {
  const { level, steps, book, usual } = walk;
  const log = rungLog(
    past,
    steps.rung() ?? "hedonic",
    referenceOffering(book.sales, heardAt(past, day, count)),
    day,
    count,
  );
  usual.level(day, log);
  lookForCircles(book, past, day, count);
  if (level) walk.levelMoves.push((log - level.log) / Math.sqrt(Math.max(day - level.day, 1)));
  walk.level = { day, log };
  walk.levels.push(walk.level);
};

/** Predicts the sales from `start` to `end`, which are of one moment, from those before. */
const predictMoment = (walk: Walk, start: number, end: number): void => {
  const { book, steps, moves, bounds, options, usual } = walk;
  const day = (book.sales[start] as Sale).day;
  refitInTime(book, day, start);
  let past = pastOf(book, day, start);
  weigh(book, past, day, start);
  if (walk.level === null || Math.floor(day) > Math.floor(walk.level.day)) {
    followLevel(walk, past, day, start);
    past = pastOf(book, day, start);
  }
  const rung = steps.rung();
  const standing = { past, rung, sigma: dailySigma(walk.levelMoves), usual: usual.at(day) };
  const plain = { ...standing, sigma: Infinity };
  const reach = bounds.reach();
  for (let index = start; index < end; index++) {
    const sale = book.sales[index] as Sale;
    const { log, unsettled } = hintOf(options.guarded ? standing : plain, sale, day, start);
    const by = { last_price: 0, comparables: 0, nearest: 0, hedonic: 0 };
    for (const name of rungs) by[name] = rungLog(past, name, sale, day, start);
    const one = {
      index,
      log,
      actual: sale.log,
      naive: (book.sales[start - 1] as Sale).log,
      rung,
      by,
      reach: reach === null ? null : reach * moves.sigma(),
      unsettled,
    };
    walk.said.push(one);
    walk.waiting[(book.since[index] as number) > day ? "later" : "soon"].push(one);
  }
};

/** Learns from one prediction that has come true and counts by now. */
const learn = (walk: Walk, one: Said): void => {
  const { steps, moves, bounds, usual, book } = walk;
  const miss = one.actual - one.log;
  usual.miss((book.sales[one.index] as Sale).day, Math.abs(miss));
  walk.missed.push({ index: one.index, miss: Math.abs((book.logs[one.index] as number) - one.log) });
  steps.observe(
    Object.fromEntries(rungs.map((name) => [name, Math.abs(one.actual - one.by[name])])) as Record<
      Rung,
      number
    >,
  );
  const scale = moves.sigma();
  moves.observe(miss);
  if (!Number.isNaN(scale))
    bounds.observe(Math.abs(miss) / scale, one.reach === null ? null : one.reach / scale);
};

/** Takes prices in as far as they are believed: no further from what was said before than the bound. */
const accept = ({ book }: Walk, said: readonly Said[], bound: number | null): void => {
  for (const { index, log, actual } of said) {
    if (bound !== null) book.logs[index] = log + clamp(actual - log, -bound, bound);
  }
};

/** Learns from all that counts at a moment. */
const learnWaiting = (walk: Walk, day: number): void => {
  const { waiting, book } = walk;
  let learnt = 0;
  while (learnt < waiting.later.length) {
    const one = waiting.later[learnt] as Said;
    if ((book.since[one.index] as number) > day) break;
    learn(walk, one);
    learnt++;
  }
  if (learnt > 0) waiting.later.splice(0, learnt);
  for (const one of waiting.soon.splice(0)) learn(walk, one);
};

/**
 * So many of the newest sales are predicted and learnt from; those before make people known and feed the regression. Every
 * window of what is learnt is shorter.
 */
const WALKED = 25_000;

function* walkingOnce(
  sales: readonly Sale[],
  options: WalkOptions,
  { until, walked }: { until: number; walked: number },
): Generator<void, Walked> {
  const now = startWalk(sales, options);
  const { book, steps, moves, bounds, said } = now;
  const first = Math.max(options.fewestTrades, sales.length - walked);
  for (let start = 0, end = 0; start < sales.length; start = end) {
    const day = (sales[start] as Sale).day;
    end = start + 1;
    while (end < sales.length && (sales[end] as Sale).day === day) end++;
    const predicts = start >= first && canPredict(book, day);
    const bound = boundOf(now);
    if (predicts) {
      learnWaiting(now, day - 1e-9);
      predictMoment(now, start, end);
    }
    for (let i = start; i < end; i++) takeIn(book, i);
    if (predicts) {
      accept(now, said.slice(-(end - start)), bound);
      learnWaiting(now, day);
    }
    yield;
  }
  learnWaiting(now, until);
  refit(book, until, sales.length);
  lookForCircles(book, pastOf(book, until, sales.length), until, sales.length);
  const past = pastOf(book, until, sales.length);
  weigh(book, past, until, sales.length);
  const reach = bounds.reach();
  return {
    past,
    rung: steps.rung(),
    reach: reach === null ? null : reach * moves.sigma(),
    bound: boundOf(now),
    sigma: dailySigma(now.levelMoves),
    usual: now.usual.at(until),
    levels: now.levels,
    said,
  };
}

/** Whether so many sales count by then: a walk needs some at its end. */
export const isEnough = (
  sales: readonly Sale[],
  { fewestTrades, founders = fewestTrades, guarded = true }: WalkOptions,
  until: number,
  fewest: number,
): boolean =>
  (guarded ? heardSince(sales, founders) : sales.map(({ day }) => day)).filter((since) => since <= until)
    .length >= fewest;

/** A walk without the doubted sales learns from so many of the newest. */
const HELD_WALKED = 2_000;

/**
 * A walk, and a second one that never saw the sales which are doubted in the end: whatever those taught the first one, a rung,
 * a weight or an accepted price, it is held to the second.
 */
function* walking(sales: readonly Sale[], options: WalkOptions, until: number): Generator<void, Walked> {
  const all = yield* walkingOnce(sales, options, { until, walked: WALKED });
  if (options.guarded === false) return all;
  const doubted = doubtedSales(all.past, until, sales.length);
  const vouched = sales.filter((_, i) => !doubted.has(i));
  if (doubted.size === 0 || !isEnough(vouched, options, until, FEWEST_VOUCHED)) return all;
  const { past, rung } = yield* walkingOnce(vouched, options, { until, walked: HELD_WALKED });
  return { ...all, held: { past, rung, doubted } };
}

/**
 * Walks through sales in order of time, predicting each from strictly earlier ones and then learning from it: sales of
 * the same moment are all predicted before any of them is learnt. Each price is accepted only within a bound
 * around what was said before, and moves nothing before it counts (`heardSince`).
 *
 * @param until the day for which the end stands.
 */
export const walk = (
  sales: readonly Sale[],
  options: WalkOptions,
  until = sales.at(-1)?.day ?? 0,
): Walked => {
  const steps = walking(sales, options, until);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
};

/** So long a slice of work may hold up whatever else its process does. */
const SLICE_MS = 25;

/** The same walk, in slices: between two of them the process does its other work. */
export const walkInSlices = async (
  sales: readonly Sale[],
  options: WalkOptions,
  until: number,
): Promise<Walked> => {
  const steps = walking(sales, options, until);
  for (let since = performance.now(); ; ) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - since < SLICE_MS) continue;
    await new Promise((resume) => setImmediate(resume));
    since = performance.now();
  }
};

/** An offering whose price stands for the market's level: of average traits and the size of the newest sale's pool. */
const referenceOffering = (sales: readonly Sale[], heard: readonly number[]): Offering => ({
  country: null,
  method: null,
  vintage: null,
  size: median(heard.slice(0, 50).map((i) => (sales[i] as Sale).size)),
  auction: false,
});
