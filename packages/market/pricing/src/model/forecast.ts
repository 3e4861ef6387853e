import { walkSeries } from "./series.ts";
import { mean } from "./stats.ts";

/** The range that should hold the price so many days after the last day with a sale, in ln. */
export type Forecast = {
  readonly days: number;
  readonly log: number;
  readonly reach: number;
  /** The share of the past in which such a range held. */
  readonly held: number;
};

/** Twenty days ahead no range of ours kept its word on real prices (three quarters at worst), so none is given. */
const AHEAD = [1, 2, 3, 4, 5, 6, 7];
const LAST_DAYS = 730;
const FEWEST_HELD = 40;
/** A range that held less often than this is not shown. */
const LEAST_HELD = 0.85;

/**
 * Ranges for the coming week from the last price of each day with a sale, oldest first: days are whole days since 1970. Days without
 * a sale keep the price before and are not scored. The middle is the last price, unless a model was surely better for long.
 */
export const forecastOf = (days: readonly { day: number; log: number }[]): Forecast[] => {
  const last = days.at(-1)?.day ?? 0;
  const recent = days.filter(({ day }) => day > last - LAST_DAYS);
  const first = recent[0];
  if (!first) return [];
  const known = new Map(recent.map(({ day, log }) => [day, log]));
  const logs: number[] = [];
  for (let day = first.day; day <= last; day++) logs.push(known.get(day) ?? (logs.at(-1) as number));
  const counts = (index: number) => known.has(first.day + index);
  return AHEAD.flatMap((ahead) => {
    const { said, next } = walkSeries(logs, ahead, { counts });
    const scored = said.filter(({ reach }) => reach !== null);
    if (!next || next.reach === null || scored.length < FEWEST_HELD) return [];
    const held = mean(
      scored.map(({ index, log, reach }) =>
        Math.abs((logs[index] as number) - log) <= (reach ?? 0) ? 1 : 0,
      ),
    );
    return held >= LEAST_HELD && next.reach > 0
      ? [{ days: ahead, log: next.log, reach: next.reach, held }]
      : [];
  });
};
