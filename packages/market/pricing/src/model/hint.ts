import { heardAt, indicativeLog, rateLimited, rungLog } from "./rungs.ts";
import { earlierThan, type Offering } from "./trade.ts";
import type { Walked } from "./walk.ts";

/** A week's move of more than so many of the market's deviations is no price yet; in a thin market of fewer. */
const UNSETTLED = 3;
const UNSETTLED_THIN = 2;
const THIN = 30;
const WEEK_DAYS = 7;
const FEWEST_THEN = 5;
/** Sales that must tell of a day or a week before for the hint to be held to it. */
const FEWEST_TO_HOLD = 20;

/**
 * The price of such credits at a moment, in ln, held to how fast the market honestly moves. Null while prices have moved
 * within a week as hardly an honest market does: then nobody can say yet where they settle.
 */
export const hintLog = ({ past, rung, sigma }: Walked, offering: Offering, day: number): number | null => {
  const predict = (count: number, when: number): number =>
    rung === null ? indicativeLog(past, offering, when, count) : rungLog(past, rung, offering, when, count);
  const count = past.sales.length;
  const log = predict(count, day);
  const before = earlierThan(past.sales, day - WEEK_DAYS);
  const then = heardAt(past, day - WEEK_DAYS, before).length;
  if (then >= FEWEST_THEN) {
    const moved = Math.abs(log - predict(before, day - WEEK_DAYS));
    if (moved > (then < THIN ? UNSETTLED_THIN : UNSETTLED) * sigma * Math.sqrt(WEEK_DAYS)) return null;
  }
  return rateLimited(log, predict, past, count, day, sigma, FEWEST_TO_HOLD);
};
