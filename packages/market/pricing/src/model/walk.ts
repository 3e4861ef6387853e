import { type Rung, rungs } from "../schema.ts";
import { fitHedonic, type Hedonic, hedonicLog, timeLine } from "./hedonic.ts";
import { type Conformal, conformal, volatility } from "./interval.ts";
import { FEWEST_ERRORS, ladder } from "./ladder.ts";
import { freedom, indicativeLog, type Past, POOL, rateLimited, rungLog } from "./rungs.ts";
import { clamp, median, quantile, weightedMedian } from "./stats.ts";
import { capTraders, type Offering, type Sale, type Sides, sidesOf } from "./trade.ts";

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
  /** Two median misses: how far an accepted price may lie from what was said before it. */
  readonly bound: number | null;
  /** The market's deviation in a day. */
  readonly sigma: number;
};

export type Walked = Standing & { readonly said: readonly Said[] };

/** The newest sales that a standing keeps: the pool, and what the pool of a week before reaches back to. */
const KEPT = POOL + 100;
const REFIT_AFTER = 0.05;
/** An interval asks for this many past errors. */
const FEWEST_SCORES = 20;
const DEFAULT_SIGMA = 0.03;
const LEAST_SIGMA = 0.01;
const MOST_SIGMA = 0.06;
const BOUND = 2;
/** Nine of ten normal moves are smaller than this many deviations. */
const NORMAL_90 = 1.645;

type Book = {
  model: Hedonic | null;
  sales: readonly Sale[];
  sides: Sides;
  traderCap: number;
  logs: number[];
  weights: number[];
  fitted: number[];
  lines: number[];
};

/** What is known now. A new one each moment: it answers for the prices and weights as they stand. */
const pastOf = (book: Book): Past => ({ ...book, model: book.model as Hedonic });

/** Weighs the newest sales of the first `count` by trader. */
const weigh = (book: Book, count: number): void => {
  const from = Math.max(0, count - KEPT);
  const equal = new Array<number>(count - from).fill(1);
  const weights = capTraders(book.sides, equal, book.traderCap, from);
  for (const [i, weight] of weights.entries()) book.weights[from + i] = weight;
};

const refit = (book: Book, count: number): void => {
  book.model = fitHedonic(book.sales.slice(0, count), book.sides, book.logs.slice(0, count), book.traderCap);
  for (let i = Math.max(0, count - 2 * KEPT); i < count; i++) place(book, i);
};

/** What the regression makes of one sale. */
const place = (book: Book, index: number): void => {
  const model = book.model as Hedonic;
  const sale = book.sales[index] as Sale;
  book.fitted[index] = hedonicLog(model, sale, sale.day);
  book.lines[index] = timeLine(model, sale.day);
};

/** How many of the newest sales tell whether many traders or few make the prices. */
const NEWEST = 10;

/**
 * A sale's ln price as far as it is believed: two median misses from what was said before it, and further in proportion
 * to how many traders stand behind the newest sales.
 */
const accepted = (
  sides: Sides,
  { index, log, actual }: Pick<Said, "index" | "log" | "actual">,
  bound: number,
): number => {
  const most = bound * freedom(sides, Math.max(0, index - NEWEST + 1), index + 1);
  return log + clamp(actual - log, -most, most);
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
  readonly missed: number[];
  readonly levelMoves: number[];
  level: { day: number; log: number } | null;
  nextFit: number;
  bound: number | null;
};

const startWalk = (
  sales: readonly Sale[],
  { traderCap, fewestTrades, guarded = true }: WalkOptions,
): Walk => ({
  book: {
    model: null,
    sales,
    sides: sidesOf(sales),
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
  missed: [],
  levelMoves: [],
  level: null,
  nextFit: fewestTrades,
  bound: null,
});

/** Two median misses of the last ones; null while there are too few, or without guards. */
const boundOf = ({ options, missed, said, book }: Walk): number | null => {
  if (!options.guarded || missed.length < FEWEST_ERRORS) return null;
  const recent = missed.slice(-200);
  const weights = said.slice(-recent.length).map(({ index }) => book.weights[index] as number);
  return BOUND * weightedMedian(recent, weights);
};

/** Notes how far the market's level has moved since the last day on which there was a sale. */
const followLevel = (walk: Walk, past: Past, day: number, count: number): void => {
  const { level, steps, book } = walk;
  if (level !== null && Math.floor(day) <= Math.floor(level.day)) return;
  const log = rungLog(past, steps.rung() ?? "hedonic", referenceOffering(book.sales, count), day, count);
  if (level) walk.levelMoves.push((log - level.log) / Math.sqrt(Math.max(day - level.day, 1)));
  walk.level = { day, log };
};

/** Predicts the sales from `start` to `end`, which are of one moment, from those before. */
const predictMoment = (walk: Walk, start: number, end: number): void => {
  const { book, steps, moves, bounds, options } = walk;
  const day = (book.sales[start] as Sale).day;
  if (start >= walk.nextFit) {
    refit(book, start);
    walk.nextFit = start + Math.max(1, Math.floor(start * REFIT_AFTER));
  }
  weigh(book, start);
  const past = pastOf(book);
  walk.bound = boundOf(walk);
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
    walk.said.push({
      index,
      log,
      actual: sale.log,
      naive: (book.sales[start - 1] as Sale).log,
      rung,
      by,
      reach: reach === null ? null : reach * moves.sigma(),
    });
  }
};

/** Learns from one prediction that has come true. */
const learn = (walk: Walk, one: Said): void => {
  const { book, steps, moves, bounds } = walk;
  const miss = one.actual - one.log;
  if (walk.bound !== null) book.logs[one.index] = accepted(book.sides, one, walk.bound);
  walk.missed.push(Math.abs(miss));
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
  place(book, one.index);
};

/**
 * Walks through sales in order of time, predicting each from strictly earlier ones and then learning from it: sales of
 * the same moment are all predicted before any of them is learnt. Each price is accepted only as far as two median
 * misses from what was said before.
 */
export const walk = (sales: readonly Sale[], options: WalkOptions): Walked => {
  const now = startWalk(sales, options);
  const { book, steps, moves, bounds, said } = now;
  for (let start = 0, end = 0; start < sales.length; start = end) {
    const day = (sales[start] as Sale).day;
    end = start + 1;
    while (end < sales.length && (sales[end] as Sale).day === day) end++;
    const predicts = start >= options.fewestTrades;
    if (predicts) predictMoment(now, start, end);
    for (let i = start; i < end; i++) book.logs[i] = (sales[i] as Sale).log;
    if (predicts) for (const one of said.slice(-(end - start))) learn(now, one);
    for (let i = start; i < end; i++) book.weights[i] = 1;
  }
  refit(book, sales.length);
  weigh(book, sales.length);
  const reach = bounds.reach();
  return {
    past: pastOf(book),
    rung: steps.rung(),
    reach: reach === null ? null : reach * moves.sigma(),
    bound: boundOf(now),
    sigma: dailySigma(now.levelMoves),
    said,
  };
};

/** An offering whose price stands for the market's level: of average traits and the size of the newest sale's pool. */
const referenceOffering = (sales: readonly Sale[], count: number): Offering => ({
  country: null,
  method: null,
  vintage: null,
  size: median(sales.slice(Math.max(0, count - 50), count).map(({ size }) => size)),
  auction: false,
});
