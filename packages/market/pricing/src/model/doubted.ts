import type { Past } from "./rungs.ts";
import { BURST, FEWEST_IN_BURST, WEEK_DAYS } from "./settled.ts";
import { earlierThan, type Sale, sideOf } from "./trade.ts";

/**
 * Sales that a price may hardly hang by, however long ago they were: what was sold in a week in which a kind of credits, or
 * the market, sold far more than in the weeks before and after; what people sold or bought in a week in which they traded
 * as they never do; and the last weeks' sales to buyers whom nobody knew. Only who, what and when is looked at, never a price, so that whoever buys one cannot choose by it
 * what is left out.
 */

/** Sales to buyers who were not known then are young for so long, unless more than such a share of those weeks' others are. */
const YOUNG_DAYS = 45;
const MOST_UNKNOWN = 0.9;
/** The market's first sales are never doubted: somebody has to begin. */
const FOUNDING = 8;
/** So many of the newest sales are looked at: as many as the regression reads. */
const LOOKED_AT = 5_000;
/** A week is usual that saw no more than one and a half times the weeks near it, and what chance adds to few. */
const NEAR_WEEKS = 4;
const USUAL_SHARE = 1.5;
const DEVIATIONS = 3;
const SLACK = 3;

/** Sales in order of time: their places, and when each was. */
type Timed = { readonly places: number[]; readonly days: { day: number }[] };
type Span = { readonly first: number; readonly now: number };

/** Calls back with each longest run of sales, from one index up to before another, that fits into a week. */
const weeksOf = ({ days }: Timed, see: (from: number, to: number) => void): void => {
  for (let from = 0, to = 0, before = 0; from < days.length; from++) {
    const end = (days[from] as { day: number }).day + WEEK_DAYS;
    while (to < days.length && (days[to] as { day: number }).day < end) to++;
    if (to > before) see(from, to);
    before = to;
  }
};

/** How many sales the weeks near a week saw, each: those before it or those after, whichever saw more. */
const usualNear = ({ days }: Timed, from: number, to: number, { first, now }: Span): number => {
  const begin = (days[from] as { day: number }).day;
  const end = begin + WEEK_DAYS;
  const reach = NEAR_WEEKS * WEEK_DAYS;
  const weeksBefore = Math.min(NEAR_WEEKS, (begin - first) / WEEK_DAYS);
  const weeksAfter = Math.min(NEAR_WEEKS, (now - end) / WEEK_DAYS);
  const before = from - earlierThan(days, begin - reach);
  const after = earlierThan(days, end + reach) - to;
  return Math.max(before / Math.max(1, weeksBefore), weeksAfter < 1 ? 0 : after / weeksAfter);
};

/** Notes sales of weeks that saw far more of them than the weeks near. */
const noteSpikes = (sales: Timed, span: Span, found: Set<number>): void =>
  weeksOf(sales, (from, to) => {
    const usual = usualNear(sales, from, to, span);
    if (to - from <= USUAL_SHARE * usual + DEVIATIONS * Math.sqrt(usual) + SLACK) return;
    for (let at = from; at < to; at++) found.add(sales.places[at] as number);
  });

/** Notes one person's sales of weeks in which they traded in a burst. */
const noteBursts = (sales: Timed, weeks: number, found: Set<number>): void =>
  weeksOf(sales, (from, to) => {
    const within = to - from;
    if (within < FEWEST_IN_BURST || within <= (BURST * (sales.days.length - within)) / weeks) return;
    for (let at = from; at < to; at++) found.add(sales.places[at] as number);
  });

const groupsBy = <K>(past: Past, places: readonly number[], namesOf: (i: number) => Iterable<K>) => {
  const groups = new Map<K, Timed>();
  for (const i of places)
    for (const name of namesOf(i)) {
      const group = groups.get(name) ?? { places: [], days: [] };
      groups.set(name, group);
      group.places.push(i);
      group.days.push(past.sales[i] as Sale);
    }
  return groups.values();
};

/** Places of the doubted among the first `count` sales, as they look at a moment. */
export const doubtedSales = (past: Past, day: number, count: number): Set<number> => {
  const from = Math.max(0, count - LOOKED_AT);
  // What does not count yet moves nothing, and must not take others with it either.
  const places = Array.from({ length: count - from }, (_, i) => from + i).filter(
    (i) => (past.since[i] as number) <= day,
  );
  const sale = (i: number) => past.sales[i] as Sale;
  const span: Span = { first: from < count ? sale(from).day : day, now: day };
  const found = new Set<number>();
  for (const kind of groupsBy(past, places, (i) => [`${sale(i).country} ${sale(i).method}`]))
    noteSpikes(kind, span, found);
  // What is still too much when the kinds that were are left out.
  const others = places.filter((i) => !found.has(i));
  for (const all of groupsBy(past, others, () => [""])) noteSpikes(all, span, found);
  const sidesOf = (i: number) =>
    new Set([past.sides.buyers[i], past.sides.sellers[i]].map((who) => sideOf(past.circles, who)));
  const weeks = Math.max(1, (day - span.first) / WEEK_DAYS - 1);
  for (const person of groupsBy(past, places, sidesOf)) noteBursts(person, weeks, found);
  // In a market of newcomers to be one says nothing.
  const young = places.filter((i) => !found.has(i) && sale(i).day > day - YOUNG_DAYS);
  const unknown = young.filter((i) => (past.since[i] as number) > sale(i).day);
  if (unknown.length <= MOST_UNKNOWN * young.length) for (const i of unknown) found.add(i);
  for (let i = from; i < FOUNDING; i++) found.delete(i);
  return found;
};
