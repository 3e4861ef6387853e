import type { Minor } from "@evx/kernel";
import { defineRule } from "@evx/rules";
import * as v from "valibot";

const upTo = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));
const step = upTo(1_000_000_000);
const YEAR_S = 366 * 86_400;

/**
 * How auctions run. An auction keeps what held when it was opened, to its last second chance: increments and window in its
 * own row, the rest by the version of that moment.
 */
export const auctionRules = defineRule(
  "marketplace.auctions",
  v.pipe(
    v.object({
      /** An accepted bid this close to the end moves the end this far from the bid (anti-sniping). */
      window_s: upTo(86_400),
      /** The increment: this share of the price, rounded up, but at least `stepMinor`. */
      stepBps: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000)),
      stepMinor: step,
      /** Instead of `stepMinor`, while the price per credit is in a band: the one that begins highest below it counts. */
      bands: v.optional(
        v.pipe(v.array(v.object({ fromMinor: upTo(100_000_000_000), stepMinor: step })), v.maxLength(20)),
        [],
      ),
      shortest_s: upTo(YEAR_S),
      longest_s: upTo(YEAR_S),
      /** How many next bidders are offered the credits, one after the other, when a winner does not pay. */
      secondChances: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10)),
      /** The share of a lot's price at the start that a bidder sets aside, where the seller asks for no deposit of their own. */
      depositBps: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000)), 0),
      /** So many won and unpaid auctions within half a year, and nobody bids for so many days. */
      strikes: v.optional(upTo(1_000), 2),
      pauseDays: v.optional(upTo(3_660), 30),
    }),
    v.forward(
      v.partialCheck(
        [["shortest_s"], ["longest_s"]],
        ({ shortest_s, longest_s }) => shortest_s <= longest_s,
        "Must not be more than the longest.",
      ),
      ["shortest_s"],
    ),
  ),
  {
    window_s: 300,
    stepBps: 100,
    stepMinor: 1,
    bands: [],
    shortest_s: 1,
    longest_s: 30 * 86_400,
    secondChances: 1,
    depositBps: 0,
    strikes: 2,
    pauseDays: 30,
  },
);

/** From a price on, the least step. */
export type Band = { from: Minor; step: Minor };

/** Ascending by where they begin. */
export type Increment = { stepBps: number; stepMinor: Minor; bands?: readonly Band[] };

/** The price bands of the rule, ascending, as an auction freezes them. */
export const bandsOf = ({ bands }: Pick<v.InferOutput<typeof auctionRules.schema>, "bands">): Band[] =>
  bands
    .map(({ fromMinor, stepMinor }) => ({ from: BigInt(fromMinor), step: BigInt(stepMinor) }))
    .toSorted((one, other) => (one.from < other.from ? -1 : 1));

/** The smallest raise over a price: its share rounded up, at least the step of the band that the price lies in. */
export const incrementAt = (price: Minor, { stepBps, stepMinor, bands = [] }: Increment): Minor => {
  const share = (price * BigInt(stepBps) + 9_999n) / 10_000n;
  const least = bands.findLast(({ from }) => from <= price)?.step ?? stepMinor;
  return share > least ? share : least;
};

/** What everybody's bids have made of an auction so far. The two highest maxima are secret until the close. */
export type Standing = {
  leader: string | null;
  leaderMax: Minor | null;
  /** The highest maximum of anybody but the leader. */
  secondMax: Minor | null;
  price: Minor | null;
  endsAt: Date;
};

export type AuctionTerms = Increment & { start: Minor; reserve: Minor | null; window_s: number };

const smaller = (a: Minor, b: Minor): Minor => (a < b ? a : b);
const larger = (a: Minor, b: Minor): Minor => (a > b ? a : b);

/**
 * What the leader pays: the smaller of the highest maximum and the second maximum plus one increment; the start while
 * nobody else has bid; lifted to the reserve once the highest maximum reaches it.
 */
const priceFor = (terms: AuctionTerms, highest: Minor, second: Minor | null): Minor => {
  const price = second === null ? terms.start : smaller(highest, second + incrementAt(second, terms));
  return terms.reserve !== null && highest >= terms.reserve ? larger(price, terms.reserve) : price;
};

/** The least that this bidder's maximum must be for the bid to be accepted. A leader may only raise. */
export const minimumBid = (terms: AuctionTerms, standing: Standing, bidder: string): Minor => {
  if (standing.price === null || standing.leaderMax === null) return terms.start;
  if (standing.leader === bidder) return standing.leaderMax + 1n;
  return standing.price + incrementAt(standing.price, terms);
};

/** The end after a bid at a moment: never earlier than before, and at least a window after the bid. */
export const endAfterBid = (endsAt: Date, at: Date, window_s: number): Date => {
  const extended = at.getTime() + window_s * 1_000;
  return extended > endsAt.getTime() ? new Date(extended) : endsAt;
};

/**
 * Proxy bidding: the highest maximum leads, an equal one goes to the earlier bidder. Null when the bid is below the
 * minimum. The same rule runs in SQL (`marketplace.place_bid`), under the row's lock; a property test holds the two
 * equal.
 */
export const applyBid = (
  terms: AuctionTerms,
  standing: Standing,
  bid: { bidder: string; max: Minor; at: Date },
): Standing | null => {
  if (bid.max < minimumBid(terms, standing, bid.bidder)) return null;
  const { leader, leaderMax, secondMax } = standing;
  let next: { leader: string; leaderMax: Minor; secondMax: Minor | null };
  if (leader === null || leaderMax === null || leader === bid.bidder) {
    next = { leader: bid.bidder, leaderMax: bid.max, secondMax };
  } else if (bid.max > leaderMax) {
    next = { leader: bid.bidder, leaderMax: bid.max, secondMax: leaderMax };
  } else {
    next = { leader, leaderMax, secondMax: bid.max };
  }
  return {
    ...next,
    price: priceFor(terms, next.leaderMax, next.secondMax),
    endsAt: endAfterBid(standing.endsAt, bid.at, terms.window_s),
  };
};

/** Whether the standing sells the credits: somebody leads, and their maximum reaches the reserve. */
export const isSold = (terms: Pick<AuctionTerms, "reserve">, standing: Standing): boolean =>
  standing.leaderMax !== null && (terms.reserve === null || standing.leaderMax >= terms.reserve);

/**
 * Who would have won, and at what price, had some bidders never bid: the terms of a second-chance offer.
 * A winner who does not pay has thus not driven up the price for the next. Null when nobody is left.
 */
export const outcomeWithout = <Bidder extends string>(
  terms: AuctionTerms,
  bids: readonly { bidder: Bidder; max: Minor; at: Date }[],
  excluded: ReadonlySet<Bidder>,
): { winner: Bidder; price: Minor } | null => {
  // Where each bidder's highest maximum was set, so that of two equal ones the earlier stays in front.
  const maxima = new Map<Bidder, { max: Minor; place: number }>();
  for (const [place, { bidder, max }] of bids.entries()) {
    const known = maxima.get(bidder);
    if (!excluded.has(bidder) && (!known || max > known.max)) maxima.set(bidder, { max, place });
  }
  const [first, second] = [...maxima].sort(([, a], [, b]) =>
    a.max === b.max ? a.place - b.place : a.max > b.max ? -1 : 1,
  );
  if (!first) return null;
  const [winner, { max }] = first;
  if (terms.reserve !== null && max < terms.reserve) return null;
  return { winner, price: priceFor(terms, max, second?.[1].max ?? null) };
};
