import type { Rung } from "../schema.ts";
import { rungs } from "../schema.ts";
import { kthSmallest, mean } from "./stats.ts";

const WINDOW = 200;
export const FEWEST_ERRORS = 15;
const BETTER_BY = 0.97;
const SURE = -1;
/** A choice is looked at again after so many errors: it seldom changes, and sorting is what a walk's time goes into. */
const LOOK_AFTER = 5;

export type Ladder = {
  /** The rung to stand on; null while there are too few errors to choose by. */
  rung(): Rung | null;
  errors(): number;
  /** What each rung missed a sale by, as |ln|. */
  observe(missed: Record<Rung, number>): void;
};

/**
 * Starts from indexed comparables and changes rungs only for one that was 3 % better over the last 200 errors and
 * surely so (z < −1), errors winsorised at their 95 % quantile: one odd sale must not choose the model.
 */
export const ladder = (): Ladder => {
  const errors: Record<Rung, number[]> = { last_price: [], comparables: [], nearest: [], hedonic: [] };
  let standing: Rung = "comparables";
  let seen = 0;
  const winsorised = (rung: Rung): number[] => {
    const most = kthSmallest(errors[rung], Math.ceil(errors[rung].length * 0.95));
    return errors[rung].map((error) => Math.min(error, most));
  };
  return {
    rung: () => (seen >= FEWEST_ERRORS ? standing : null),
    errors: () => seen,
    observe(missed) {
      seen++;
      for (const rung of rungs) {
        errors[rung].push(missed[rung]);
        if (errors[rung].length > WINDOW) errors[rung].shift();
      }
      if (seen < FEWEST_ERRORS || seen % LOOK_AFTER !== 0) return;
      const now = winsorised(standing);
      const least = mean(now) * BETTER_BY;
      let best: { rung: Rung; error: number } | null = null;
      for (const rung of rungs) {
        if (rung === standing) continue;
        const other = winsorised(rung);
        const error = mean(other);
        if (error > least || (best && error >= best.error)) continue;
        const differences = other.map((each, i) => each - (now[i] as number));
        if (zOf(differences) < SURE) best = { rung, error };
      }
      if (best) standing = best.rung;
    },
  };
};

/** How many standard errors the mean lies from zero; −∞, 0 or ∞ without any spread. */
export const zOf = (values: readonly number[]): number => {
  const centre = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
  if (!(variance > 0)) return centre === 0 ? 0 : centre * Infinity;
  return centre / Math.sqrt(variance / values.length);
};
