import { zOf } from "./ladder.ts";
import { clamp, mean } from "./stats.ts";

/**
 * The chance that a lot sells within a week, from how much dearer than the market it was offered: a logistic curve that falls
 * with the price. It is shown only when it
 * foretold the newest third of lots surely better than the plain share of the others did, and as many sold as it had said.
 */
export type TimeToSell = {
  readonly intercept: number;
  /** Per ln price above the market; below zero. */
  readonly slope: number;
  /** The lots that it was learned from, how many of them sold in time, and how far above the market they were offered. */
  readonly lots: number;
  readonly sold: number;
  readonly range: readonly [low: number, high: number];
  /** Mean squared error over the newest third, foretold from the others; and that of their plain share. */
  readonly error: number;
  readonly plainError: number;
};

/** `above`: ln of the lot's price over what the model said of it on that day. In order of time. */
export type Outcome = { readonly above: number; readonly sold: boolean };

const FEWEST_LOTS = 30;
const FEWEST_OF_EACH = 5;
const RIDGE = 0.05;
const ROUNDS = 50;

const chance = (intercept: number, slope: number, above: number): number =>
  1 / (1 + Math.exp(-clamp(intercept + slope * above, -30, 30)));

/** Newton's method on two coefficients, with a little ridge, so that lots told apart perfectly give no infinite slope. */
const fit = (outcomes: readonly Outcome[]): { intercept: number; slope: number } => {
  let [intercept, slope] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    let [g0, g1, h00, h01, h11] = [-RIDGE * intercept, -RIDGE * slope, RIDGE, 0, RIDGE];
    for (const { above, sold } of outcomes) {
      const p = chance(intercept, slope, above);
      const miss = (sold ? 1 : 0) - p;
      const weight = p * (1 - p);
      g0 += miss;
      g1 += miss * above;
      h00 += weight;
      h01 += weight * above;
      h11 += weight * above * above;
    }
    const determinant = h00 * h11 - h01 * h01;
    const [d0, d1] = [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant];
    intercept += clamp(d0, -2, 2);
    slope += clamp(d1, -5, 5);
    if (Math.abs(d0) + Math.abs(d1) < 1e-9) break;
  }
  return { intercept, slope };
};

/** The newest third must have been foretold better so surely, in standard errors. */
const SURE = -1;
/** And as many of them must have sold as was said, give or take so many standard errors: a market that changed is not foretold. */
const MOST_OFF = 2;

const cameTrue = (foretold: readonly number[], sold: number): boolean => {
  const said = foretold.reduce((sum, p) => sum + p, 0);
  const spread = Math.sqrt(foretold.reduce((sum, p) => sum + p * (1 - p), 0));
  return Math.abs(sold - said) <= MOST_OFF * Math.max(1, spread);
};

/** Learns from lots whose week is over, or null: too few, all alike, no better than the plain share, or not come true of the newest. */
export const learnTimeToSell = (outcomes: readonly Outcome[]): TimeToSell | null => {
  const finite = outcomes.filter(({ above }) => Number.isFinite(above));
  const sold = finite.filter((one) => one.sold).length;
  if (finite.length < FEWEST_LOTS || Math.min(sold, finite.length - sold) < FEWEST_OF_EACH) return null;
  const first = finite.slice(0, Math.floor((finite.length * 2) / 3));
  const newest = finite.slice(first.length);
  const before = fit(first);
  const share = mean(first.map((one) => (one.sold ? 1 : 0)));
  const errorOf = (say: (one: Outcome) => number) =>
    mean(newest.map((one) => (say(one) - (one.sold ? 1 : 0)) ** 2));
  const error = errorOf(({ above }) => chance(before.intercept, before.slope, above));
  const plainError = errorOf(() => share);
  const { intercept, slope } = fit(finite);
  const foretold = newest.map(({ above }) => chance(before.intercept, before.slope, above));
  const gains = newest.map((one, i) => {
    const came = one.sold ? 1 : 0;
    return ((foretold[i] as number) - came) ** 2 - (share - came) ** 2;
  });
  if (!(slope < 0) || !(error < plainError) || zOf(gains) > SURE) return null;
  if (!cameTrue(foretold, newest.filter((one) => one.sold).length)) return null;
  const sorted = finite.map(({ above }) => above).sort((a, b) => a - b);
  const range = [sorted[0] as number, sorted.at(-1) as number] as const;
  return { intercept, slope, lots: finite.length, sold, range, error, plainError };
};

/** The chance at a price that lies so far above the market; beyond what was ever offered it is that of the last offered. */
export const chanceToSell = ({ intercept, slope, range }: TimeToSell, above: number): number =>
  chance(intercept, slope, clamp(above, range[0], range[1]));
