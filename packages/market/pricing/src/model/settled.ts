import { fittedNow, heardAt, type Past, sidesHeard } from "./rungs.ts";
import { clamp, quantile, sortedWindow } from "./stats.ts";
import { numbered, type Sale } from "./trade.ts";

/**
 * Whether prices have settled. An honest market seldom moves further in a week than it ever did in its past, and its sales of
 * one week agree with each other; where they do not, nobody can say yet what is the price. What is usual is learnt
 * from the market's own past up to two weeks ago, so that what happens now cannot make itself usual.
 */
export const WEEK_DAYS = 7;
const LEARNT_AFTER_DAYS = 14;
const WINDOW = 120;
const FEWEST = 20;
/** Nine of ten normal moves are smaller than this many deviations. */
const NORMAL_90 = 1.645;
const DEVIATIONS = 2.2;
/** Of a market too young to have shown what is usual, and the least and the most that is taken for usual, in ln price. */
const YOUNG_WEEK = 0.15;
const LEAST_WEEK = 0.04;
const MOST_WEEK = 0.2;
const YOUNG_MISS = 0.25;
const LEAST_MISS = 0.05;
export const MOST_MISS = 0.3;

export type Usual = {
  /** The furthest that a price usually moves in a week, in ln. */
  readonly week: number;
  /** The furthest that a sale usually lies from what was said of it; null of a market too young to tell. */
  readonly miss: number | null;
};

/** Learns what is usual; tell it levels and misses in order of time. */
export const usualMoves = () => {
  const levels: { day: number; log: number }[] = [];
  const moves = sortedWindow(WINDOW);
  const misses = sortedWindow(WINDOW);
  const waiting: { day: number; size: number; into: typeof moves }[] = [];
  let weekAgo = 0;
  return {
    level(day: number, log: number): void {
      levels.push({ day, log });
      while ((levels[weekAgo + 1]?.day ?? Infinity) <= day - WEEK_DAYS) weekAgo++;
      const then = levels[weekAgo] as { day: number; log: number };
      if (then.day <= day - WEEK_DAYS) waiting.push({ day, size: Math.abs(log - then.log), into: moves });
    },
    miss(day: number, size: number): void {
      waiting.push({ day, size, into: misses });
    },
    at(day: number): Usual {
      let learnt = 0;
      while ((waiting[learnt]?.day ?? Infinity) <= day - LEARNT_AFTER_DAYS) {
        const { size, into } = waiting[learnt++] as (typeof waiting)[number];
        into.push(size);
      }
      waiting.splice(0, learnt);
      const of = (sizes: typeof moves, share: number) => sizes.kth(Math.ceil(sizes.size() * share));
      return {
        week:
          moves.size() < FEWEST
            ? YOUNG_WEEK
            : clamp((DEVIATIONS * of(moves, 0.9)) / NORMAL_90, LEAST_WEEK, MOST_WEEK),
        miss: misses.size() < FEWEST ? null : clamp(of(misses, 0.95), LEAST_MISS, MOST_MISS),
      };
    },
  };
};

/** Of a week's sales so many, and such a share, may lie further off than is usual. */
const FEWEST_ODD = 3;
const FEWEST_OLD = 5;
const SLACK = 1.25;
/** How much further off than the older sales this week's middle one may lie. */
const WIDER = 1.8;
const MOST_ODD = 0.25;

/** The furthest that this week's sales may lie off: what is usual, and no more than most of the sales before them do now. */
const furthest = (usual: number | null, old: readonly number[]): number => {
  const now = old.length < FEWEST_OLD ? YOUNG_MISS : clamp(SLACK * quantile(old, 0.9), LEAST_MISS, MOST_MISS);
  return Math.min(usual ?? MOST_MISS, now);
};

/** Who trades so often in a week, and so many times as often as in the weeks before, trades in a burst. */
export const FEWEST_IN_BURST = 3;
export const BURST = 2;
/** Of a burst's sales a price must not hang by more than this, in ln. */
export const MOST_BY_BURST = 0.05;

/** Places of this week's sales by accounts that trade in a burst. */
export const burstSales = (past: Past, day: number, count: number): Set<number> => {
  const heard = heardAt(past, day, count);
  const { bought, sold, traders } = numbered(sidesHeard(past, heard));
  const isFresh = heard.map(
    (i) => (past.sales[i] as Sale).day > day - WEEK_DAYS || (past.since[i] as number) > day - WEEK_DAYS,
  );
  const [fresh, old] = [new Array<number>(traders).fill(0), new Array<number>(traders).fill(0)];
  for (let at = 0; at < heard.length; at++) {
    const [buyer, seller] = [bought[at] as number, sold[at] as number];
    const into = isFresh[at] ? fresh : old;
    into[buyer] = (into[buyer] as number) + 1;
    if (seller !== buyer) into[seller] = (into[seller] as number) + 1;
  }
  const oldest = (past.sales[heard.at(-1) ?? 0] as Sale).day;
  const weeks = Math.max(1, (day - WEEK_DAYS - oldest) / WEEK_DAYS);
  const bursts = (who: number): boolean =>
    (fresh[who] as number) >= FEWEST_IN_BURST &&
    (fresh[who] as number) > (BURST * (old[who] as number)) / weeks;
  return new Set(
    heard.filter((_, at) => isFresh[at] && (bursts(bought[at] as number) || bursts(sold[at] as number))),
  );
};

/** Goes on when this week's sales contradict each other: too many lie further from the middle of them than is usual. */
export const contradicts = (past: Past, usual: Usual, day: number, count: number): boolean => {
  const fresh: number[] = [];
  const old: number[] = [];
  for (const i of heardAt(past, day, count)) {
    const sale = past.sales[i] as Sale;
    const from = Math.max(sale.day, past.since[i] as number);
    (from > day - WEEK_DAYS ? fresh : old).push(Math.abs(sale.log - fittedNow(past, i, day, count)));
  }
  const most = furthest(usual.miss, old);
  const odd = fresh.filter((off) => off > most).length;
  if (odd >= FEWEST_ODD && odd > MOST_ODD * fresh.length) return true;
  return (
    fresh.length >= FEWEST_OLD &&
    old.length >= FEWEST_OLD &&
    quantile(fresh, 0.5) > Math.max(WIDER * quantile(old, 0.5), LEAST_MISS)
  );
};
