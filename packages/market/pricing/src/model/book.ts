import { circlesOf } from "./circles.ts";
import { doubtedSales } from "./doubted.ts";
import { fitHedonic, type Hedonic, hedonicLog, timeLine } from "./hedonic.ts";
import { heardAt, type Past, sidesHeard } from "./rungs.ts";
import { capTraders, heardSince, type Sale, type Sides, sidesAt, sidesOf } from "./trade.ts";

/** The regression reads so many of the newest sales that count: more say nothing else, and take time. */
const FIT_MOST = 5_000;
const REFIT_AFTER = 0.05;
const REFIT_AT_LATEST = 250;

type Fit = { readonly log: number; readonly line: number; readonly by: Hedonic };

/** What a walk has taken in. What the regression makes of a sale is worked out when somebody asks. */
export type Book = {
  readonly sales: readonly Sale[];
  readonly since: readonly number[];
  readonly traderCap: number;
  readonly guarded: boolean;
  readonly raw: Sides;
  circles: ReadonlyMap<number, number>;
  model: Hedonic | null;
  /** The regression of the sales that nobody doubts. */
  vouched: Hedonic | null;
  /** The places of those that somebody may, looked for again with each regression and each day. */
  doubted: ReadonlySet<number>;
  doubtedOn: number;
  readonly logs: number[];
  readonly weights: number[];
  readonly fits: Fit[];
  readonly vouchedFits: Fit[];
  /** Of the sales so far: those that count, and the places of those that do not yet, by the day they will. */
  heard: number;
  readonly later: number[];
  next: number;
  nextFit: number;
};

export const openBook = (
  sales: readonly Sale[],
  {
    traderCap,
    fewestTrades,
    founders,
    guarded,
  }: { traderCap: number; fewestTrades: number; founders: number; guarded: boolean },
): Book => ({
  sales,
  since: guarded ? heardSince(sales, founders) : sales.map(({ day }) => day),
  traderCap,
  guarded,
  raw: sidesOf(sales),
  circles: new Map(),
  model: null,
  vouched: null,
  doubted: new Set(),
  doubtedOn: -Infinity,
  logs: [],
  weights: [],
  fits: [],
  vouchedFits: [],
  heard: 0,
  later: [],
  next: 0,
  nextFit: fewestTrades,
});

/** What a regression makes of one sale. */
const fitOf = (sales: readonly Sale[], fits: Fit[], model: Hedonic, index: number): Fit => {
  const known = fits[index];
  if (known?.by === model) return known;
  const sale = sales[index] as Sale;
  const fit = { log: hedonicLog(model, sale, sale.day), line: timeLine(model, sale.day), by: model };
  fits[index] = fit;
  return fit;
};

/** A past needs so many sales that nobody doubts, to hold the others to them. */
export const FEWEST_VOUCHED = 5;

/** The past without its doubted sales; undefined where there are none, or hardly any others. */
const vouchedOf = (book: Book, past: Past, day: number, count: number): Past | undefined => {
  if (Math.floor(day) > book.doubtedOn) lookForDoubted(book, past, day, count);
  const without = book.doubted;
  const model = book.vouched ?? past.model;
  if (without.size === 0) return undefined;
  const vouched = {
    ...past,
    model,
    without,
    fitted: (index: number) => fitOf(book.sales, book.vouchedFits, model, index).log,
    line: (index: number) => fitOf(book.sales, book.vouchedFits, model, index).line,
  };
  return heardAt(vouched, day, count).length < FEWEST_VOUCHED ? undefined : vouched;
};

const lookForDoubted = (book: Book, past: Past, day: number, count: number): void => {
  book.doubted = book.guarded ? doubtedSales(past, day, count) : new Set();
  book.doubtedOn = Math.floor(day);
};

/** What is known now. A new one each moment: it answers for the prices and weights as they stand. */
export const pastOf = (book: Book, day: number, count: number): Past => {
  const model = book.model as Hedonic;
  const past: Past = {
    model,
    sales: book.sales,
    sides: book.raw,
    circles: book.circles,
    since: book.since,
    traderCap: book.traderCap,
    logs: book.logs,
    weights: book.weights,
    fitted: (index) => fitOf(book.sales, book.fits, model, index).log,
    line: (index) => fitOf(book.sales, book.fits, model, index).line,
  };
  const vouched = vouchedOf(book, past, day, count);
  return vouched ? { ...past, vouched } : past;
};

/** Weighs the newest sales that count at a moment by trader. */
export const weigh = (book: Book, past: Past, day: number, count: number): void => {
  const heard = heardAt(past, day, count);
  const weights = capTraders(
    sidesHeard(past, heard),
    heard.map(() => 1),
    book.traderCap,
  );
  for (const [i, place] of heard.entries()) book.weights[place] = weights[i] as number;
};

/** Looks anew at who trades mostly with whom among the newest sales. */
export const lookForCircles = (book: Book, past: Past, day: number, count: number): void => {
  book.circles = circlesOf(book.raw, heardAt(past, day, count));
};

/** Fits the regressions to the newest sales among the first `count` that count at a moment. */
export const refit = (book: Book, day: number, count: number): void => {
  const heard: number[] = [];
  for (let i = count - 1; i >= 0 && heard.length < FIT_MOST; i--)
    if ((book.since[i] as number) <= day) heard.push(i);
  heard.reverse();
  const fit = (places: readonly number[]): Hedonic => {
    const at = <T>(values: readonly T[]): T[] => places.map((i) => values[i] as T);
    const sides = sidesAt({ sides: book.raw, circles: book.circles }, places);
    return fitHedonic(at(book.sales), sides, at(book.logs), book.traderCap);
  };
  book.model = fit(heard);
  lookForDoubted(book, pastOf(book, day, count), day, count);
  const vouched = heard.filter((i) => !book.doubted.has(i));
  book.vouched = vouched.length === heard.length || vouched.length < FEWEST_VOUCHED ? null : fit(vouched);
};

/** Counts the sales that begin to count by then. */
const hear = (book: Book, day: number): void => {
  while ((book.since[book.later[book.next] ?? Number.NaN] ?? Infinity) <= day) {
    book.next++;
    book.heard++;
  }
};

/** Whether there is a regression, or there are enough sales that count to fit one: of a market's first some may not. */
export const canPredict = (book: Book, day: number): boolean => {
  hear(book, day);
  return book.model !== null || book.heard >= book.nextFit;
};

/** Fits anew when a twentieth more sales count, and after 250 at the latest. `count` sales were before this moment. */
export const refitInTime = (book: Book, day: number, count: number): void => {
  hear(book, day);
  if (book.heard < book.nextFit) return;
  refit(book, day, count);
  book.nextFit = book.heard + Math.min(REFIT_AT_LATEST, Math.max(1, Math.floor(book.heard * REFIT_AFTER)));
};

/** Takes a sale's price in. */
export const takeIn = (book: Book, index: number): void => {
  const sale = book.sales[index] as Sale;
  book.logs[index] = sale.log;
  book.weights[index] = 1;
  if ((book.since[index] as number) <= sale.day) book.heard++;
  else book.later.push(index);
};
