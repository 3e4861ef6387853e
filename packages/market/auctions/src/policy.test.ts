import { describe, expect, test } from "bun:test";
import fc from "@evx/tooling/properties";
import {
  type AuctionTerms,
  applyBid,
  bandsOf,
  endAfterBid,
  incrementAt,
  isSold,
  minimumBid,
  outcomeWithout,
  type Standing,
} from "./policy.ts";

const minor = (max: bigint) => fc.bigInt({ min: 1n, max });

const startsAt = new Date("2026-03-01T00:00:00Z").getTime();
const fresh = (): Standing => ({
  leader: null,
  leaderMax: null,
  secondMax: null,
  price: null,
  endsAt: new Date(startsAt + 3_600_000),
});

const termsArb: fc.Arbitrary<AuctionTerms> = fc.record({
  start: minor(2_000n),
  reserve: fc.option(minor(4_000n), { nil: null }),
  stepBps: fc.integer({ min: 0, max: 1_000 }),
  stepMinor: minor(50n),
  window_s: fc.integer({ min: 1, max: 600 }),
});

const bidsArb = fc.array(
  fc.record({
    bidder: fc.constantFrom("ann", "bob", "cy", "dee"),
    max: minor(6_000n),
    wait: fc.nat(600_000),
  }),
  { maxLength: 60 },
);

/** All standings an auction goes through, with the accepted bids. */
const run = (terms: AuctionTerms, bids: { bidder: string; max: bigint; wait: number }[]) => {
  const standings: Standing[] = [fresh()];
  const accepted: { bidder: string; max: bigint; at: Date }[] = [];
  let at = startsAt;
  for (const { bidder, max, wait } of bids) {
    at += wait;
    const before = standings.at(-1) as Standing;
    if (at >= before.endsAt.getTime()) break;
    const bid = { bidder, max, at: new Date(at) };
    const after = applyBid(terms, before, bid);
    if (!after) continue;
    standings.push(after);
    accepted.push(bid);
  }
  return { standings, accepted, last: standings.at(-1) as Standing };
};

describe("increments", () => {
  test("an increment is at least the step and at least its share of the price, and grows with the price", () => {
    fc.assert(
      fc.property(
        minor(10n ** 11n),
        fc.integer({ min: 0, max: 10_000 }),
        minor(1_000n),
        (price, stepBps, stepMinor) => {
          const step = incrementAt(price, { stepBps, stepMinor });
          expect(step >= stepMinor).toBe(true);
          expect(step * 10_000n >= price * BigInt(stepBps)).toBe(true);
          expect(incrementAt(price + 1n, { stepBps, stepMinor }) >= step).toBe(true);
        },
      ),
    );
  });
});

describe("proxy bidding", () => {
  test("the price never falls, never passes the leader's maximum and never falls below the start", () => {
    fc.assert(
      fc.property(termsArb, bidsArb, (terms, bids) => {
        const { standings } = run(terms, bids);
        let floor = terms.start;
        for (const { price, leaderMax } of standings.slice(1)) {
          expect(price !== null && price >= floor).toBe(true);
          expect((price as bigint) <= (leaderMax as bigint)).toBe(true);
          floor = price as bigint;
        }
      }),
    );
  });

  test("the leader is whoever first set the highest maximum", () => {
    fc.assert(
      fc.property(termsArb, bidsArb, (terms, bids) => {
        const { accepted, last } = run(terms, bids);
        const [highest] = accepted.map((bid) => bid.max).toSorted((a, b) => Number(b - a));
        expect(last.leader).toBe(accepted.find((bid) => bid.max === highest)?.bidder ?? null);
      }),
    );
  });

  test("the price is the second maximum plus one increment, capped by the highest, lifted to a met reserve", () => {
    fc.assert(
      fc.property(termsArb, bidsArb, (terms, bids) => {
        const { accepted, last } = run(terms, bids);
        const outcome = outcomeWithout(terms, accepted, new Set());
        if (!isSold(terms, last)) return expect(outcome).toBeNull();
        expect(outcome).toEqual({ winner: last.leader as string, price: last.price as bigint });
        if (terms.reserve !== null) expect((last.price as bigint) >= terms.reserve).toBe(true);
      }),
    );
  });

  test("a bid below the minimum changes nothing, one at the minimum is accepted", () => {
    fc.assert(
      fc.property(termsArb, bidsArb, fc.constantFrom("ann", "eve"), (terms, bids, bidder) => {
        const { last } = run(terms, bids);
        const minimum = minimumBid(terms, last, bidder);
        const at = new Date(startsAt);
        expect(applyBid(terms, last, { bidder, max: minimum - 1n, at })).toBeNull();
        expect(applyBid(terms, last, { bidder, max: minimum, at })).not.toBeNull();
      }),
    );
  });

  test("an equal maximum goes to the earlier bidder, at that maximum", () => {
    const terms: AuctionTerms = { start: 1_000n, reserve: null, stepBps: 0, stepMinor: 10n, window_s: 300 };
    const at = new Date(startsAt);
    const first = applyBid(terms, fresh(), { bidder: "ann", max: 2_000n, at }) as Standing;
    expect(first).toMatchObject({ leader: "ann", price: 1_000n });
    expect(applyBid(terms, first, { bidder: "bob", max: 2_000n, at })).toMatchObject({
      leader: "ann",
      price: 2_000n,
    });
  });

  test("a maximum at the reserve lifts the price to the reserve; one below it does not", () => {
    const terms: AuctionTerms = { start: 1_000n, reserve: 1_500n, stepBps: 0, stepMinor: 10n, window_s: 300 };
    const at = new Date(startsAt);
    expect(applyBid(terms, fresh(), { bidder: "ann", max: 1_499n, at })?.price).toBe(1_000n);
    expect(applyBid(terms, fresh(), { bidder: "ann", max: 1_500n, at })?.price).toBe(1_500n);
  });

  test("without the bids of a winner who did not pay, the next bidder pays as if they had never been there", () => {
    const terms: AuctionTerms = { start: 1_000n, reserve: 1_100n, stepBps: 0, stepMinor: 10n, window_s: 300 };
    const at = new Date(startsAt);
    const bids = [
      { bidder: "ann", max: 1_200n, at },
      { bidder: "bob", max: 1_500n, at },
      { bidder: "cy", max: 2_000n, at },
    ];
    expect(outcomeWithout(terms, bids, new Set())).toEqual({ winner: "cy", price: 1_510n });
    expect(outcomeWithout(terms, bids, new Set(["cy"]))).toEqual({ winner: "bob", price: 1_210n });
    expect(outcomeWithout(terms, bids, new Set(["cy", "bob"]))).toEqual({ winner: "ann", price: 1_100n });
    expect(outcomeWithout(terms, bids, new Set(["cy", "bob", "ann"]))).toBeNull();
  });
});

describe("anti-sniping", () => {
  test("a bid never brings the end forward, and leaves at least a window after it", () => {
    fc.assert(
      fc.property(
        fc.nat(10_000_000),
        fc.nat(10_000_000),
        fc.integer({ min: 1, max: 900 }),
        (end, at, window_s) => {
          const after = endAfterBid(new Date(end), new Date(at), window_s).getTime();
          expect(after >= end).toBe(true);
          expect(after - at >= Math.min(window_s * 1_000, end - at)).toBe(true);
          expect(after === end || after === at + window_s * 1_000).toBe(true);
        },
      ),
    );
  });

  test("a refused bid in the last second does not extend the end", () => {
    const terms: AuctionTerms = { start: 1_000n, reserve: null, stepBps: 0, stepMinor: 10n, window_s: 300 };
    const standing = fresh();
    const at = new Date(standing.endsAt.getTime() - 1_000);
    expect(applyBid(terms, standing, { bidder: "ann", max: 999n, at })).toBeNull();
    expect(applyBid(terms, standing, { bidder: "ann", max: 1_000n, at })?.endsAt).toEqual(
      new Date(at.getTime() + 300_000),
    );
  });
});

test("the least increment is that of the band that the price is in, or the one for all below the first", () => {
  const bands = bandsOf({
    bands: [
      { fromMinor: 10_000, stepMinor: 500 },
      { fromMinor: 1_000, stepMinor: 50 },
    ],
  });
  const at = (price: bigint, stepBps = 0) => incrementAt(price, { stepBps, stepMinor: 5n, bands });
  expect([999n, 1_000n, 9_999n, 10_000n, 1_000_000n].map((price) => at(price))).toEqual([
    5n,
    50n,
    50n,
    500n,
    500n,
  ]);
  // The share of the price is more than a band's step where it is.
  expect(at(1_000_000n, 100)).toBe(10_000n);
  expect(incrementAt(1_000_000n, { stepBps: 0, stepMinor: 5n })).toBe(5n);
});
