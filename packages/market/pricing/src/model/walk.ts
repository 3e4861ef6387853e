import { type Rung, rungs } from "../schema.ts";
import { fitHedonic, type Hedonic, hedonicLog, timeLine } from "./hedonic.ts";
import { type Conformal, conformal, volatility } from "./interval.ts";
import { FEWEST_ERRORS, ladder } from "./ladder.ts";
import { heardAt, indicativeLog, type Past, rateLimited, rungLog } from "./rungs.ts";
import { clamp, median, quantile, weightedQuantile } from "./stats.ts";
import { capTraders, heardSince, type Offering, type Sale, type Sides, sidesAt, sidesOf } from "./trade.ts";

export type WalkOptions = {
  /** The most that one trader's sales and purchases may weigh, of 1. */
  readonly traderCap: number;
  /** Sales before anything is predicted. */
  readonly fewestTrades: number;
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
};

/** Where a walk has arrived: all that a prediction for the next moment needs. */
export type Standing = {
  readonly past: Past;
  readonly rung: Rung | null;
  /** Half an interval's width in ln price. */
  readonly reach: number | null;
  /** How far an accepted price may lie from what was said before it; null without guards. */
  readonly bound: number | null;
  /** The market's deviation in a day. */
  readonly sigma: number;
};

export type Walked = Standing & { readonly said: readonly Said[] };

const REFIT_AFTER = 0.05;
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

type Book = {
  model: Hedonic | null;
  sales: readonly Sale[];
  sides: Sides;
  since: readonly number[];
  traderCap: number;
  logs: number[];
  weights: number[];
  fitted: number[];
  lines: number[];
};

/** What is known now. A new one each moment: it answers for the prices and weights as they stand. */
const pastOf = (book: Book): Past => ({ ...book, model: book.model as Hedonic });

/** Weighs the newest sales that count at a moment by trader. */
const weigh = (book: Book, past: Past, day: number, count: number): void => {
  const heard = heardAt(past, day, count);
  const weights = capTraders(
    sidesAt(book.sides, heard),
    heard.map(() => 1),
    book.traderCap,
  );
  for (const [i, place] of heard.entries()) book.weights[place] = weights[i] as number;
};

/** Fits the regression to all sales among the first `count` that count at a moment. */
const refit = (book: Book, day: number, count: number): void => {
  const heard: number[] = [];
  for (let i = 0; i < count; i++) if ((book.since[i] as number) <= day) heard.push(i);
  const at = <T>(values: readonly T[]): T[] => heard.map((i) => values[i] as T);
  book.model = fitHedonic(at(book.sales), sidesAt(book.sides, heard), at(book.logs), book.traderCap);
  for (let i = 0; i < count; i++) place(book, i);
};

/** What the regression makes of one sale. */
const place = (book: Book, index: number): void => {
  const model = book.model as Hedonic;
  const sale = book.sales[index] as Sale;
  book.fitted[index] = hedonicLog(model, sale, sale.day);
  book.lines[index] = timeLine(model, sale.day);
};

/** How much the market's level moves in a day, from its moves so far. */
const dailySigma = (moves: readonly number[]): number =>
  moves.length < 20
    ? DEFAULT_SIGMA
    : clamp(quantile(moves.slice(-120).map(Math.abs), 0.9) / NORMAL_90, LEAST_SIGMA, MOST_SIGMA);

/** Prediction of the ladder for an offering at a moment from the first `count` sales, held to the rate limit. */
const ladderLog = (
  past: Past,
  rung: Rung | null,
  offering: Offering,
  day: number,
  count: number,
  sigma: number,
  guarded: boolean,
): number => {
  const predict = (many: number, when: number): number =>
    rung === null ? indicativeLog(past, offering, when, many) : rungLog(past, rung, offering, when, many);
  const log = predict(count, day);
  return guarded ? rateLimited(log, predict, past, count, day, sigma, FEWEST_ERRORS + 5) : log;
};

/** What a walk knows so far, and what it has said. */
type Walk = {
  readonly book: Book;
  readonly options: Required<WalkOptions>;
  readonly steps: ReturnType<typeof ladder>;
  readonly moves: ReturnType<typeof volatility>;
  readonly bounds: Conformal;
  readonly said: Said[];
  /** Predictions of sales that do not count yet: nothing is learnt from them until they do. */
  readonly waiting: Said[];
  readonly missed: { readonly index: number; readonly miss: number }[];
  readonly levelMoves: number[];
  level: { day: number; log: number } | null;
  nextFit: number;
};

const startWalk = (
  sales: readonly Sale[],
  { traderCap, fewestTrades, guarded = true }: WalkOptions,
): Walk => ({
  book: {
    model: null,
    sales,
    sides: sidesOf(sales),
    since: guarded ? heardSince(sales, fewestTrades) : sales.map(({ day }) => day),
    traderCap,
    logs: [],
    weights: [],
    fitted: [],
    lines: [],
  },
  options: { traderCap, fewestTrades, guarded },
  steps: ladder(),
  moves: volatility(),
  bounds: conformal(FEWEST_SCORES),
  said: [],
  waiting: [],
  missed: [],
  levelMoves: [],
  level: null,
  nextFit: fewestTrades,
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
    book.sides,
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
  const { level, steps, book } = walk;
  if (level !== null && Math.floor(day) <= Math.floor(level.day)) return;
  const log = rungLog(
    past,
    steps.rung() ?? "hedonic",
    referenceOffering(book.sales, heardAt(past, day, count)),
    day,
    count,
  );
  if (level) walk.levelMoves.push((log - level.log) / Math.sqrt(Math.max(day - level.day, 1)));
  walk.level = { day, log };
};

/** Predicts the sales from `start` to `end`, which are of one moment, from those before. */
const predictMoment = (walk: Walk, start: number, end: number): void => {
  const { book, steps, moves, bounds, options } = walk;
  const day = (book.sales[start] as Sale).day;
  const heard = book.since.reduce((sum, since, i) => (i < start && since <= day ? sum + 1 : sum), 0);
  if (heard >= walk.nextFit) {
    refit(book, day, start);
    walk.nextFit = heard + Math.max(1, Math.floor(heard * REFIT_AFTER));
  }
  const past = pastOf(book);
  weigh(book, past, day, start);
  followLevel(walk, past, day, start);
  const sigma = dailySigma(walk.levelMoves);
  const rung = steps.rung();
  for (let index = start; index < end; index++) {
    const sale = book.sales[index] as Sale;
    const log = ladderLog(past, rung, sale, day, start, sigma, options.guarded);
    const by = Object.fromEntries(
      rungs.map((name) => [name, rungLog(past, name, sale, day, start)]),
    ) as Record<Rung, number>;
    const reach = bounds.reach();
    const one = {
      index,
      log,
      actual: sale.log,
      naive: (book.sales[start - 1] as Sale).log,
      rung,
      by,
      reach: reach === null ? null : reach * moves.sigma(),
    };
    walk.said.push(one);
    walk.waiting.push(one);
  }
};

/** Learns from one prediction that has come true and counts by now. */
const learn = (walk: Walk, one: Said): void => {
  const { steps, moves, bounds } = walk;
  const miss = one.actual - one.log;
  walk.missed.push({ index: one.index, miss: Math.abs((walk.book.logs[one.index] as number) - one.log) });
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
    place(book, index);
  }
};

/** Learns from all that counts at a moment. */
const learnWaiting = (walk: Walk, day: number): void => {
  const { waiting, book } = walk;
  const later = waiting.filter((one) => {
    if ((book.since[one.index] as number) > day) return true;
    learn(walk, one);
    return false;
  });
  waiting.splice(0, waiting.length, ...later);
};

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
  const now = startWalk(sales, options);
  const { book, steps, moves, bounds, said } = now;
  for (let start = 0, end = 0; start < sales.length; start = end) {
    const day = (sales[start] as Sale).day;
    end = start + 1;
    while (end < sales.length && (sales[end] as Sale).day === day) end++;
    const predicts = start >= options.fewestTrades;
    const bound = boundOf(now);
    if (predicts) {
      learnWaiting(now, day - 1e-9);
      predictMoment(now, start, end);
    }
    for (let i = start; i < end; i++) {
      book.logs[i] = (sales[i] as Sale).log;
      book.weights[i] = 1;
    }
    if (predicts) {
      accept(now, said.slice(-(end - start)), bound);
      learnWaiting(now, day);
    }
  }
  if (sales.length > 0) learnWaiting(now, until);
  refit(book, until, sales.length);
  const past = pastOf(book);
  weigh(book, past, until, sales.length);
  const reach = bounds.reach();
  return {
    past,
    rung: steps.rung(),
    reach: reach === null ? null : reach * moves.sigma(),
    bound: boundOf(now),
    sigma: dailySigma(now.levelMoves),
    said,
  };
};

/** An offering whose price stands for the market's level: of average traits and the size of the newest sale's pool. */
const referenceOffering = (sales: readonly Sale[], heard: readonly number[]): Offering => ({
  country: null,
  method: null,
  vintage: null,
  size: median(heard.slice(0, 50).map((i) => (sales[i] as Sale).size)),
  auction: false,
});
