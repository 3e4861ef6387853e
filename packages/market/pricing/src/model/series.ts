import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { conformal, volatility } from "./interval.ts";
import { zOf } from "./ladder.ts";
import { mean } from "./stats.ts";

/**
 * A price series' next steps. On real daily prices nothing beats the last price, so the last price it is, unless a
 * model has been surely better for long: then half of it is taken. All in ln price.
 */
const TRAILING = 500;
const BLOCK = 10;
const FEWEST_BLOCKS = 10;
const SURE = 2.5;
const SMOOTHINGS = [0.3, 0.5];
const LAGS = 5;
const RIDGE = 1;
const REFIT_EVERY = 20;

/** Further ahead than this, errors overlap for long: they are fewer than they look, so more of them are looked at and each moves less. */
const NEAR_STEPS = 7;
const FAR_WINDOW = 1_000;
const FAR_STEP = 0.02;
const FAR_CALM = 0.5;
/** In 250 steps are a dozen errors that do not overlap: to hold four of five of them in the worst times takes a fifth more. */
const FAR_WIDER = 1.2;

/** What an interval so many steps ahead is held to its word by. */
const intervalAhead = (horizon: number, fewest: number) =>
  horizon <= NEAR_STEPS
    ? { wider: 1, spread: volatility(), bounds: conformal(fewest) }
    : {
        wider: FAR_WIDER,
        spread: volatility(FAR_CALM),
        bounds: conformal(fewest, FAR_WINDOW, FAR_STEP / Math.sqrt(horizon)),
      };

/** The models, in the order of `by`: two ways to smooth, and a regression of moves on the five before. */
export const seriesRungs = [...SMOOTHINGS.map((rate) => `smoothing ${rate}`), "autoregression"] as const;

export type SeriesSaid = {
  /** The step that was predicted, `horizon` after the last one that was known. */
  readonly index: number;
  readonly log: number;
  readonly naive: number;
  /** What each of the models said. */
  readonly by: readonly number[];
  /** Half the interval's width; null while errors were too few. */
  readonly reach: number | null;
};

export type SeriesForecast = { readonly log: number; readonly reach: number | null };

/** Autoregression of one step's move on the five before, by ridge; null before there is enough to fit. */
const fitMoves = (moves: readonly number[]): readonly number[] | null => {
  const from = Math.max(LAGS, moves.length - TRAILING);
  if (moves.length - from < 60) return null;
  const normal = Matrix.zeros(LAGS, LAGS);
  const right = Matrix.zeros(LAGS, 1);
  let variance = 0;
  for (let t = from; t < moves.length; t++) {
    const move = moves[t] as number;
    variance += move * move;
    for (let a = 0; a < LAGS; a++) {
      const lag = moves[t - 1 - a] as number;
      right.set(a, 0, right.get(a, 0) + lag * move);
      for (let b = 0; b < LAGS; b++) normal.set(a, b, normal.get(a, b) + lag * (moves[t - 1 - b] as number));
    }
  }
  // λ in units of one observation's variance, so that it means the same for every currency and every calm.
  const penalty = (RIDGE * variance) / (moves.length - from) + 1e-12;
  for (let a = 0; a < LAGS; a++) normal.set(a, a, normal.get(a, a) + penalty);
  return new CholeskyDecomposition(normal).solve(right).to1DArray();
};

const sumOfMoves = (weights: readonly number[], moves: readonly number[], horizon: number): number => {
  const recent = moves.slice(-LAGS).reverse();
  let sum = 0;
  for (let step = 0; step < horizon; step++) {
    const next = weights.reduce((total, weight, lag) => total + weight * (recent[lag] ?? 0), 0);
    sum += next;
    recent.unshift(next);
  }
  return sum;
};

/** How surely a model's errors were smaller: z of the means over blocks, since neighbouring errors hang together. */
const blockZ = (better: readonly number[], block: number): number => {
  const blocks = Math.floor(better.length / block);
  if (blocks < FEWEST_BLOCKS) return 0;
  const from = better.length - blocks * block;
  return zOf(
    Array.from({ length: blocks }, (_, i) => mean(better.slice(from + i * block, from + (i + 1) * block))),
  );
};

/**
 * Walks through a series, predicting step t + horizon from steps up to t, and what follows the last step. A choice or an
 * interval at t knows only errors that had come true by t. `counts` says at which steps there was a price at all, so
 * that steps filled in between are not scored.
 */
export const walkSeries = (
  logs: readonly number[],
  horizon: number,
  { counts = () => true, fewest = 40 }: { counts?: (index: number) => boolean; fewest?: number } = {},
): { said: SeriesSaid[]; next: SeriesForecast | null } => {
  const size = SMOOTHINGS.length + 1;
  const better: number[][] = Array.from({ length: size }, () => []);
  const waiting: { said: SeriesSaid; sigma: number }[] = [];
  const said: SeriesSaid[] = [];
  const moves: number[] = [];
  const { wider, spread, bounds } = intervalAhead(horizon, fewest);
  const smooth = SMOOTHINGS.map(() => logs[0] ?? 0);
  const block = Math.max(BLOCK, horizon);
  let weights: readonly number[] | null = null;
  let next: SeriesForecast | null = null;

  for (let t = 0; t < logs.length; t++) {
    const now = logs[t] as number;
    if (t > 0) {
      const move = now - (logs[t - 1] as number);
      moves.push(move);
      spread.observe(move);
      for (const [i, rate] of SMOOTHINGS.entries())
        smooth[i] = (1 - rate) * (smooth[i] as number) + rate * now;
      if (t % REFIT_EVERY === 0) weights = fitMoves(moves);
    }
    // What was said of this step has come true.
    while (waiting[0] && waiting[0].said.index <= t) {
      const { said: before, sigma } = waiting.shift() as (typeof waiting)[number];
      if (!counts(t)) continue;
      for (const [i, log] of before.by.entries()) {
        const gains = better[i] as number[];
        gains.push(Math.abs(now - before.naive) - Math.abs(now - log));
        if (gains.length > TRAILING) gains.shift();
      }
      if (sigma > 0)
        bounds.observe(
          Math.abs(now - before.log) / sigma,
          before.reach === null ? null : before.reach / (sigma * wider),
        );
    }
    const by = [...smooth, weights ? now + sumOfMoves(weights, moves, horizon) : now];
    let log = now;
    let surest = SURE;
    for (const [i, gains] of better.entries()) {
      const z = blockZ(gains, block);
      if (z <= surest) continue;
      surest = z;
      log = (now + (by[i] as number)) / 2;
    }
    const sigma = spread.sigma();
    const reach = bounds.reach();
    next = { log, reach: reach === null || Number.isNaN(sigma) ? null : reach * sigma * wider };
    waiting.push({ said: { index: t + horizon, naive: now, by, ...next }, sigma });
    if (t + horizon < logs.length && counts(t + horizon))
      said.push({ index: t + horizon, naive: now, by, ...next });
  }
  return { said, next };
};
