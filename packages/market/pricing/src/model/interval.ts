import { clamp, sortedWindow } from "./stats.ts";

/**
 * A 90 % interval that is held to its word by past errors (adaptive conformal inference: Gibbs and Candès 2021), in
 * units of a volatility that follows the market (RiskMetrics' 0.94). All in ln price.
 */
export const COVERAGE = 0.9;
const FADE = 0.94;
const WARM = 20;
/** The volatility may not fall below this share of its long run, whose half-life is 120 observations. */
const FLOOR = 0.3;
const LONG_FADE = 2 ** (-1 / 120);
const WINDOW = 250;
const STEP = 0.01;
const LEAST_ALPHA = 0.01;
const MOST_ALPHA = 0.25;
const MOST_WIDTH = 2.5;

export type Volatility = {
  /** NaN until twenty observations are there. */
  sigma(): number;
  observe(move: number): void;
};

/**
 * Follows the size of moves: σ² ← 0.94 σ² + 0.06 move². `calm` is the share of the long run in what is said: how wild the last
 * days were says little of a month ahead.
 */
export const volatility = (calm = 0): Volatility => {
  const first: number[] = [];
  let variance = Number.NaN;
  let long = Number.NaN;
  return {
    sigma: () => Math.sqrt((1 - calm) * Math.max(variance, FLOOR ** 2 * long) + calm * long),
    observe(move) {
      if (first.length < WARM) {
        first.push(move);
        if (first.length === WARM) {
          variance = first.reduce((sum, each) => sum + each * each, 0) / WARM + 1e-12;
          long = variance;
        }
        return;
      }
      variance = FADE * variance + (1 - FADE) * move * move;
      long = LONG_FADE * long + (1 - LONG_FADE) * move * move;
    },
  };
};

export type Conformal = {
  /** How many σ the interval reaches to either side; null while fewer scores are there than it needs. */
  reach(): number | null;
  /** A prediction's error has come true: in σ of its moment, with the reach that was said then. */
  observe(score: number, reach: number | null): void;
};

/** `fewest` scores before anything is said; nine are the least from which 90 % can be read at all. */
export const conformal = (fewest: number, window = WINDOW, step = STEP): Conformal => {
  const scores = sortedWindow(window);
  let alpha = 1 - COVERAGE;
  return {
    reach() {
      if (scores.size() < fewest) return null;
      const rank = (share: number) => scores.kth(Math.ceil((scores.size() + 1) * share));
      return Math.min(rank(1 - alpha), MOST_WIDTH * rank(COVERAGE));
    },
    observe(score, reach) {
      if (reach !== null) {
        const miss = score > reach ? 1 : 0;
        alpha = clamp(alpha + step * (1 - COVERAGE - miss), LEAST_ALPHA, MOST_ALPHA);
      }
      scores.push(score);
    },
  };
};
