import type { QualityTier } from "@evx/credits";
import { creditsFromGrams, day_ms, type Grams } from "@evx/kernel";
import { defineRule } from "@evx/rules";
import * as v from "valibot";
import type { RiskReason } from "./reasons.ts";

/**
 * Above this many grams two reviewers must approve the same thing: of one request, of what a car was issued within twelve
 * months, and of what one reviewer approved for one owner in that time. 10 credits unless an operator sets another.
 */
export const fourEyes = defineRule(
  "verification.four_eyes",
  v.object({ above_g: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER)) }),
  { above_g: 10_000_000 },
);

/** What one call may ask for; more becomes a submission that a job works off. */
export const requestAtOnce = { trips: 20_000, lines: 25 } as const;

const qualities = ["connected", "export", "manual"] as const satisfies readonly QualityTier[];

/** Grams of each tier, out of what the trips' claim says of them. */
export const gramsByQuality = (totals: {
  qualityTiers: Readonly<Record<QualityTier, { co2_g: Grams }>>;
}): Record<QualityTier, Grams> => ({
  connected: totals.qualityTiers.connected.co2_g,
  export: totals.qualityTiers.export.co2_g,
  manual: totals.qualityTiers.manual.co2_g,
});

/** A batch is called by the poorest data in it. */
export const poorestOf = (grams: Readonly<Record<QualityTier, Grams>>): QualityTier =>
  grams.manual > 0n ? "manual" : grams.export > 0n ? "export" : "connected";

export const statuses = ["pending", "in_review", "needs_info", "approved", "rejected"] as const;

export type Status = (typeof statuses)[number];

/** What can be done to a request. */
export type Step = "take_up" | "give_back" | "ask" | "answer" | "approve" | "approve_first" | "reject";

/**
 * The lifecycle as a table: from where each step may be taken and where it leads.
 * After a first of two approvals nobody holds the request: it stays in review until the second reviewer takes it.
 */
const steps: Record<Step, { from: readonly Status[]; to: Status }> = {
  take_up: { from: ["pending", "in_review", "needs_info"], to: "in_review" },
  give_back: { from: ["in_review"], to: "pending" },
  ask: { from: ["in_review"], to: "needs_info" },
  answer: { from: ["needs_info"], to: "in_review" },
  approve: { from: ["in_review", "needs_info"], to: "approved" },
  approve_first: { from: ["in_review", "needs_info"], to: "in_review" },
  reject: { from: ["in_review", "needs_info"], to: "rejected" },
};

/** Where a step leads from a status; null where it cannot be taken. */
export const after = (status: Status, step: Step): Status | null =>
  steps[step].from.includes(status) ? steps[step].to : null;

export const isDecided = (status: Status): boolean => status === "approved" || status === "rejected";

/** How far back grams add up, in milliseconds. */
export const fourEyesPeriod_ms = 365 * day_ms;

/** Why a second reviewer must approve. */
export type SecondNeeded = "amount" | "car" | "pair" | "odometer" | "twins";

/** On so many days within twelve months one reviewer may approve for one owner before another must look as well. */
const pairDaysAllowed = 4;

/**
 * Whether one reviewer decides for one owner again and again although others are at work: more than four days, and most
 * of the owner's. Days count, not requests: a fleet's many cars are decided in one sitting.
 */
export const isPair = (facts: { days: number; all: number; others: number }): boolean =>
  facts.others > 0 && facts.days > pairDaysAllowed && facts.days * 2 > facts.all;

/**
 * Whether so much of a request is recorded elsewhere that it cannot be chance. Of a thousand drives one has the minutes and
 * the hundred metres of a stranger's; a copy has them, or the order of its trips, throughout, and a part of a copy has that
 * order in an eighth of what is compared at least, since of large files one shape in four is kept.
 */
export const isCopied = (facts: {
  trips: number;
  twins: number;
  shapes: { own: number; elsewhere: number; traced?: boolean };
}): boolean => {
  const { trips, twins, shapes } = facts;
  if (twins * 5 >= trips && twins > 0) return true;
  if (twins >= 3 && twins * 100 >= trips) return true;
  if (shapes.traced) return true;
  return shapes.elsewhere >= 3 && shapes.elsewhere * 8 >= shapes.own;
};

/**
 * Whether a price is so far from what others paid that a sale may be a gift in disguise: less than half, or more than
 * double. Where nobody knows what credits cost, any price may be.
 */
export const isOddPrice = (price_minor: bigint, market_minor: bigint | null): boolean =>
  market_minor === null || price_minor * 2n < market_minor || price_minor > market_minor * 2n;

/** What of a request asks for a second reviewer; empty where one is enough. Issued grams are those before this request. */
export const secondNeeded = (
  facts: {
    grams: Grams;
    car_g: Grams;
    pair_g: Grams;
    /** Whether this reviewer approves for this owner again and again (`isPair`). */
    repeated?: boolean;
    odometerExcess_m: bigint | null;
    copied: boolean;
  },
  rule: { above_g: number },
): SecondNeeded[] => {
  const above = (grams: Grams) => grams > BigInt(rule.above_g);
  const needed: SecondNeeded[] = [];
  if (above(facts.grams)) needed.push("amount");
  else if (above(facts.grams + facts.car_g)) needed.push("car");
  else if (facts.repeated || above(facts.grams + facts.pair_g)) needed.push("pair");
  if ((facts.odometerExcess_m ?? 0n) > 0n) needed.push("odometer");
  if (facts.copied) needed.push("twins");
  return needed;
};

/** Why a reviewer must not judge a request; null when nothing speaks against it. */
export type Interest = "own_request" | "own_vehicle" | "same_person" | "declared" | "traded";

export const interestOf = (facts: {
  reviewerId: string;
  /** All accounts of the reviewer, this one among them. */
  own: readonly string[];
  ownerId: string;
  /** Everybody who ever held the vehicle. */
  holderIds: readonly string[];
  /** People and vehicles that the reviewer, or an operator for them, declared an interest in. */
  declared: boolean;
  /** The reviewer holds credits that were issued to this owner. */
  traded: boolean;
}): Interest | null => {
  if (facts.ownerId === facts.reviewerId) return "own_request";
  if (facts.holderIds.includes(facts.reviewerId)) return "own_vehicle";
  if ([facts.ownerId, ...facts.holderIds].some((id) => facts.own.includes(id))) return "same_person";
  if (facts.declared) return "declared";
  return facts.traded ? "traded" : null;
};

/** What the risk of a request is judged by. */
export type RiskFacts = {
  trips: number;
  flagged: number;
  grams: Grams;
  gramsByQuality: Readonly<Record<QualityTier, Grams>>;
  flat_g: Grams;
  /** By the metered method, over the trips that it can compute. */
  metered_g: Grams;
  meteredTrips: number;
  distance_m: bigint;
  /** Days from the first trip to the last, one at least. */
  days: number;
  /** By how much the claimed distance is above the odometer's difference; null where no odometer is known. */
  odometerExcess_m: bigint | null;
  /** Odometer readings that contradict the others. */
  odometerFalls: number;
  /** Trips that another car has as well. */
  twins: number;
  /** Rows of trips, all that are compared and those that follow one another elsewhere as here. */
  shapes: { own: number; elsewhere: number };
  earlier: { approved: number; rejected: number };
  /** Trips among them that were refused in an earlier request. */
  refusedBefore: number;
  fourEyes_g: number;
};

const percent = (part: bigint, whole: bigint): number => (whole > 0n ? Number((part * 100n) / whole) : 0);

const clamp = (points: number, most: number): number => Math.max(0, Math.min(most, Math.round(points)));

/** What trips that are recorded elsewhere, or follow one another as elsewhere, weigh. */
export const copiedReasons = (facts: Pick<RiskFacts, "trips" | "twins" | "shapes">): RiskReason[] => {
  const reasons: RiskReason[] = [];
  if (facts.twins > 0) {
    const points = clamp(10 + (facts.twins / facts.trips) * 40, 50);
    reasons.push({ code: "twins", points, values: { count: facts.twins, trips: facts.trips } });
  }
  const { own, elsewhere } = facts.shapes;
  if (elsewhere >= 3) {
    const points = clamp(5 + (elsewhere / own) * 25, 30);
    reasons.push({
      code: "order_copied",
      points,
      values: { percent: Math.round((elsewhere / own) * 100) },
    });
  }
  return reasons;
};

/**
 * How urgently a request wants a careful look, 0 to 100, and why: a sum of points, so that a reviewer can see
 * which fact weighs how much. It orders the queue; it decides nothing.
 */
export const riskOf = (facts: RiskFacts): { score: number; reasons: RiskReason[] } => {
  const reasons: RiskReason[] = [];
  const add = (code: RiskReason["code"], points: number, values: RiskReason["values"] = {}) => {
    if (points > 0) reasons.push({ code, points, values });
  };
  const whole = qualities.reduce((sum, tier) => sum + facts.gramsByQuality[tier], 0n);

  if (facts.flagged > 0) {
    const points = clamp(5 + (facts.flagged / facts.trips) * 25, 30);
    add("flagged_trips", points, { flagged: facts.flagged, trips: facts.trips });
  }
  const byHand = percent(facts.gramsByQuality.manual, whole);
  add("hand_entered", clamp(byHand * 0.15, 15), { percent: byHand });
  if (byHand === 0 && whole > 0n && facts.gramsByQuality.connected === 0n) add("export_only", 3);

  // Compared only where both methods speak of the same trips.
  const comparable = facts.meteredTrips === facts.trips;
  const less = comparable ? percent(facts.flat_g - facts.metered_g, facts.flat_g) : 0;
  if (less > 10) add("methods_apart", clamp(less / 4, 15), { percent: less });
  const unknown = percent(BigInt(facts.trips - facts.meteredTrips), BigInt(facts.trips));
  add("energy_unknown", clamp(unknown * 0.1, 10), { percent: unknown });

  const excess_m = facts.odometerExcess_m ?? 0n;
  if (excess_m > 1_000n) {
    const points = clamp(5 + percent(excess_m, facts.distance_m), 25);
    add("odometer_excess", points, { km: Number(excess_m / 1000n) });
  }
  add("odometer_falls", facts.odometerFalls > 0 ? 10 : 0, { count: facts.odometerFalls });
  reasons.push(...copiedReasons(facts));
  const daily_km = Number(facts.distance_m / BigInt(facts.days)) / 1000;
  if (daily_km > 300) add("much_driven", clamp(daily_km / 100, 15), { km: Math.round(daily_km) });

  const size = facts.fourEyes_g > 0 ? (Number(facts.grams) / facts.fourEyes_g) * 15 : 15;
  add("large_amount", clamp(size, 15), { credits: creditsFromGrams(facts.grams) });

  if (facts.earlier.approved + facts.earlier.rejected === 0) add("first_request", 8);
  add("rejected_before", clamp(facts.earlier.rejected * 6, 18), { count: facts.earlier.rejected });
  if (facts.refusedBefore > 0) {
    const points = clamp(5 + (facts.refusedBefore / facts.trips) * 10, 15);
    add("refused_before", points, { count: facts.refusedBefore });
  }

  reasons.sort((a, b) => b.points - a.points);
  return {
    score: Math.min(
      100,
      reasons.reduce((sum, { points }) => sum + points, 0),
    ),
    reasons,
  };
};

/** In words: what a list shows beside the figure. */
export const riskLevel = (score: number): "low" | "medium" | "high" =>
  score >= 50 ? "high" : score >= 25 ? "medium" : "low";
