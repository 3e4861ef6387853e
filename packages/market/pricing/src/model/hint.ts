import type { Rung } from "../schema.ts";
import { agreeing, type Held } from "./agreeing.ts";
import { leansBy } from "./leaning.ts";
import { daysBefore, heardAt, indicativeLog, type Past, rateLimited, rungLog } from "./rungs.ts";
import { burstSales, contradicts, MOST_BY_BURST, type Usual, WEEK_DAYS } from "./settled.ts";
import { clamp } from "./stats.ts";
import { earlierThan, type Offering } from "./trade.ts";

const FEWEST_THEN = 5;
/** While fewer sales count than this, a price that moves in a week by more than 5 % has not settled. */
const FEWEST_TO_MOVE = 12;
const THIN_WEEK = 0.05;
/** Sales that must tell of a day or a week before for the hint to be held to it. */
const FEWEST_TO_HOLD = 20;

/** Doubted sales move a price by no more than this, in ln. */
const MOST_BY_DOUBTED = 0.015;
/** Where they would move it further than this, nobody can say who is right, and there is no figure. */
const MOST_APART = 0.04;

/** A price that changes by more than this, in ln, with a fifth of its sales left out hangs by too few. */
const MOST_BY_FIFTH = 0.12;

/** All that a prediction for the next moment needs. */
export type Standing = {
  readonly past: Past;
  readonly rung: Rung | null;
  /** The market's deviation in a day. */
  readonly sigma: number;
  readonly usual: Usual;
  /** The market as it would stand had there never been a doubted sale; absent where there are none. */
  readonly held?: Held;
};

type Hinted = {
  /** ln price, held to how fast the market honestly moves. */
  readonly log: number;
  /** Prices have moved or differ within a week as hardly in an honest market: nobody can say yet where they settle. */
  readonly unsettled: boolean;
};

/** The market a week ago, or as its first sales left it where it is not that old. */
const weekAgo = (past: Past, day: number, count: number): { count: number; when: number } => {
  const then = daysBefore(day, WEEK_DAYS);
  const before = Math.min(earlierThan(past.sales, then), count);
  if (heardAt(past, then, before).length >= FEWEST_THEN) return { count: before, when: then };
  const first = Math.min(FEWEST_THEN, count);
  return { count: first, when: Math.max(then, past.sales[first - 1]?.day ?? then) };
};

/**
 * Whether a price hangs by too few sales. Asked where few are known, while it is indicative, and where others are doubted, which whoever
 * buys a price can bring about. An established market's long past answers for itself.
 */
const hangs = ({ past, rung, held }: Standing, offering: Offering, day: number, count: number): boolean => {
  if (!held && rung !== null) return false;
  const [from, by] = held ? [held.past, held.rung] : [past, rung];
  const at = { day, count: held ? from.sales.length : count };
  const predict = (part: Past): number =>
    by === null ? indicativeLog(part, offering, day, at.count) : rungLog(part, by, offering, day, at.count);
  return leansBy(from, predict, at) > MOST_BY_FIFTH;
};

/** Holds a price to what it would be without the doubted sales. */
const heldTo = (log: number, vouched: number): number =>
  clamp(log, vouched - MOST_BY_DOUBTED, vouched + MOST_BY_DOUBTED);

/** The price of such credits at a moment, from the first `count` sales. */
export const hintOf = (standing: Standing, offering: Offering, day: number, count: number): Hinted => {
  const { past, rung, sigma, usual, held } = standing;
  const predictFrom = (from: Past, many: number, when: number, by = rung): number =>
    by === null ? indicativeLog(from, offering, when, many) : rungLog(from, by, offering, when, many);
  const predict = (many: number, when: number): number => predictFrom(past, many, when);
  const log = predict(count, day);
  const { count: before, when } = weekAgo(past, day, count);
  const moved = Math.abs(log - predict(before, when));
  const without = burstSales(past, day, count);
  const byBurst = without.size === 0 ? 0 : Math.abs(log - predictFrom({ ...past, without }, count, day));
  const far =
    heardAt(past, day, count).length < FEWEST_TO_MOVE ? Math.min(usual.week, THIN_WEEK) : usual.week;
  let limited = rateLimited(log, predict, past, count, day, sigma, FEWEST_TO_HOLD);
  let apart = 0;
  if (held) {
    const all = held.past.sales.length;
    const vouched = predictFrom(held.past, all, day, held.rung);
    apart = Math.abs(log - vouched);
    limited = heldTo(limited, vouched);
    const agreed = predictFrom(agreeing({ past, usual, held }, day, count), count, day, held.rung);
    apart = Math.max(apart, Math.abs(limited - agreed));
  } else if (past.vouched && sigma < Infinity) {
    const vouched = predictFrom(past.vouched, count, day);
    apart = Math.abs(log - vouched);
    limited = heldTo(limited, vouched);
  }
  return {
    log: limited,
    unsettled:
      moved > far ||
      byBurst > MOST_BY_BURST ||
      apart > MOST_APART ||
      contradicts(past, usual, day, count) ||
      hangs(standing, offering, day, count),
  };
};

/** ln price from all that is known, or null while prices have not settled. */
export const hintLog = (standing: Standing, offering: Offering, day: number): number | null => {
  const { log, unsettled } = hintOf(standing, offering, day, standing.past.sales.length);
  return unsettled ? null : log;
};
