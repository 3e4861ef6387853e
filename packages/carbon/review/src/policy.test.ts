import { describe, expect, test } from "bun:test";
import { findingSentences } from "@evx/formats";
import fc from "@evx/tooling/properties";
import {
  after,
  interestOf,
  poorestOf,
  type RiskFacts,
  riskLevel,
  riskOf,
  secondNeeded,
  statuses,
} from "./policy.ts";
import { flagNames, readTripReason, riskSentence, tripReasonCodes } from "./reasons.ts";

const calm: RiskFacts = {
  trips: 100,
  flagged: 0,
  grams: 100_000n,
  gramsByQuality: { connected: 100_000n, export: 0n, manual: 0n },
  flat_g: 100_000n,
  metered_g: 95_000n,
  meteredTrips: 100,
  distance_m: 1_000_000n,
  days: 30,
  odometerExcess_m: 0n,
  odometerFalls: 0,
  twins: 0,
  shapes: { own: 10, elsewhere: 0 },
  earlier: { approved: 3, rejected: 0 },
  refusedBefore: 0,
  fourEyes_g: 100_000_000,
};

describe("risk", () => {
  test("a connected car's clean month after three approvals scores nothing", () => {
    expect(riskOf(calm)).toEqual({ score: 0, reasons: [] });
  });

  const worse: [string, Partial<RiskFacts>][] = [
    ["flagged_trips", { flagged: 1 }],
    ["hand_entered", { gramsByQuality: { connected: 0n, export: 0n, manual: 100_000n } }],
    ["export_only", { gramsByQuality: { connected: 0n, export: 100_000n, manual: 0n } }],
    ["methods_apart", { metered_g: 50_000n }],
    ["energy_unknown", { meteredTrips: 40 }],
    ["odometer_excess", { odometerExcess_m: 50_000n }],
    ["much_driven", { days: 2 }],
    ["large_amount", { grams: 90_000_000n }],
    ["first_request", { earlier: { approved: 0, rejected: 0 } }],
    ["rejected_before", { earlier: { approved: 0, rejected: 2 } }],
    ["refused_before", { refusedBefore: 3 }],
  ];
  for (const [code, change] of worse) {
    test(`${code} raises the score, and says so in both languages without a gap`, () => {
      const { score, reasons } = riskOf({ ...calm, ...change });
      expect(score).toBeGreaterThan(0);
      const reason = reasons.find((one) => one.code === code);
      if (!reason) throw new Error(`${code} is not among the reasons`);
      for (const locale of ["en", "vi"] as const) expect(riskSentence(reason, locale)).not.toMatch(/[{}]/);
    });
  }

  test("the score is the sum of its reasons, between 0 and 100, whatever the facts", () => {
    const grams = fc.bigInt({ min: 0n, max: 10n ** 12n });
    fc.assert(
      fc.property(
        fc.record({
          trips: fc.integer({ min: 1, max: 1e6 }),
          grams,
          gramsByQuality: fc.record({ connected: grams, export: grams, manual: grams }),
          flat_g: grams,
          distance_m: grams,
          days: fc.integer({ min: 1, max: 4000 }),
          odometerExcess_m: fc.option(grams),
          odometerFalls: fc.nat(50),
          twins: fc.nat(50),
          shapes: fc.record({ own: fc.integer({ min: 1, max: 100 }), elsewhere: fc.nat(100) }),
          earlier: fc.record({ approved: fc.nat(50), rejected: fc.nat(50) }),

          fourEyes_g: fc.nat(),
          share: fc.double({ min: 0, max: 1, noNaN: true }),
          metered_g: grams,
        }),
        ({ share, ...facts }) => {
          const part = Math.floor(facts.trips * share);
          const { score, reasons } = riskOf({
            ...facts,
            flagged: part,
            meteredTrips: part,
            refusedBefore: part,
          });
          expect(score).toBe(
            Math.min(
              100,
              reasons.reduce((sum, { points }) => sum + points, 0),
            ),
          );
          expect(score).toBeGreaterThanOrEqual(0);
          for (const { points } of reasons) expect(points).toBeGreaterThan(0);
        },
      ),
    );
  });

  test("a score has a word", () => {
    expect([0, 24, 25, 49, 50, 100].map(riskLevel)).toEqual([
      "low",
      "low",
      "medium",
      "medium",
      "high",
      "high",
    ]);
  });
});

describe("the lifecycle", () => {
  test("a decided request takes no further step", () => {
    for (const step of [
      "take_up",
      "give_back",
      "ask",
      "answer",
      "approve",
      "approve_first",
      "reject",
    ] as const) {
      expect(after("approved", step)).toBeNull();
      expect(after("rejected", step)).toBeNull();
    }
  });

  test("nothing is decided without having been in review", () => {
    expect(after("pending", "approve")).toBeNull();
    expect(after("pending", "reject")).toBeNull();
    expect(after("pending", "take_up")).toBe("in_review");
    expect(statuses.filter((status) => after(status, "answer"))).toEqual(["needs_info"]);
  });

  test("two reviewers are needed above the amount, one at it", () => {
    const of = (grams: bigint, more = {}) =>
      secondNeeded(
        { grams, car_g: 0n, pair_g: 0n, odometerExcess_m: null, copied: false, ...more },
        { above_g: 100_000_000 },
      );
    expect(of(100_000_000n)).toEqual([]);
    expect(of(100_000_001n)).toEqual(["amount"]);
    expect(of(1n, { car_g: 99_999_999n })).toEqual([]);
    expect(of(1n, { car_g: 100_000_000n })).toEqual(["car"]);
    expect(of(1n, { pair_g: 100_000_000n })).toEqual(["pair"]);
    expect(of(1n, { odometerExcess_m: 1n })).toEqual(["odometer"]);
  });
});

describe("conflict of interest", () => {
  const facts = {
    reviewerId: "usr_a",
    own: ["usr_a"],
    ownerId: "usr_b",
    holderIds: ["usr_b"],
    declared: false,
    traded: false,
  };
  test("one's own request, a car one ever held, a declared interest and a trade each bar a reviewer", () => {
    expect(interestOf(facts)).toBeNull();
    expect(interestOf({ ...facts, ownerId: "usr_a" })).toBe("own_request");
    expect(interestOf({ ...facts, holderIds: ["usr_b", "usr_a"] })).toBe("own_vehicle");
    const own = ["usr_a", "usr_a2"];
    expect(interestOf({ ...facts, own, ownerId: "usr_a2" })).toBe("same_person");
    expect(interestOf({ ...facts, own, holderIds: ["usr_b", "usr_a2"] })).toBe("same_person");
    expect(interestOf({ ...facts, declared: true })).toBe("declared");
    expect(interestOf({ ...facts, traded: true })).toBe("traded");
  });
});

test("a batch is called by the poorest data in it", () => {
  const grams = { connected: 1_000n, export: 1_000n, manual: 1_001n };
  expect(poorestOf(grams)).toBe("manual");
  expect(poorestOf({ ...grams, manual: 0n })).toBe("export");
  expect(poorestOf({ connected: 1n, export: 0n, manual: 0n })).toBe("connected");
});

test("a reason is a code of the closed list; free words become the note of `other`", () => {
  expect(readTripReason("wrong_vehicle")).toEqual({ code: "wrong_vehicle", note: null });
  expect(readTripReason("The plate does not match.")).toEqual({
    code: "other",
    note: "The plate does not match.",
  });
  expect(readTripReason("toString").code).toBe("other");
  expect(tripReasonCodes).toContain("other");
});

test("every flag that a trip can carry has a name in both languages", () => {
  const unnamed = ["speed_high", "energy_high", "odometer_disagrees"].filter((code) => !flagNames[code]);
  expect(unnamed).toEqual([]);
  for (const code of Object.keys(flagNames))
    expect(Object.hasOwn(findingSentences, code) ? "" : code).toBe("");
});
