import type { Tx } from "@evx/db";
import { ownVehicle, periodIn } from "@evx/garage";
import { emit } from "@evx/jobs";
import { type Bound, day_ms, type Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { ruleAt } from "@evx/rules";
import {
  type ClaimedTotals,
  claimTrips,
  odometerOfRequest,
  type Twins,
  tripsOfRequestByIds,
  twinsOfRequest,
} from "@evx/trips";
import { refuse } from "./errors.ts";
import { infoGiven, requestSubmitted } from "./events.ts";
import {
  after,
  copiedReasons,
  fourEyes,
  gramsByQuality,
  isCopied,
  isDecided,
  poorestOf,
  type RiskFacts,
  riskOf,
  secondNeeded,
} from "./policy.ts";
import {
  decisionsOf,
  insertMessage,
  insertRequest,
  lockedRequest,
  type RequestRow,
  requestRow,
  updateRequest,
  updateRisk,
} from "./queries/requests.ts";
import { earlierRejections, rejectionRows } from "./queries/review.ts";
import type { RiskReason } from "./reasons.ts";
import { issuedWithin } from "./second.ts";
import { changed } from "./steps.ts";

type Owner = Pick<Actor, "id">;

/**
 * Asks for credits for the free trips of a vehicle in a period, whose days are those of the vehicle's zone: claims them, freezes method, factors and sums, and
 * puts the request into the queue, all or nothing. Of two at once one gets the trips; the other is refused
 * `trips_none_to_claim`. `id` is the caller's, so a retry names the same request and is answered with it.
 */
export const submitRequest = async (
  tx: Tx,
  owner: Owner,
  input: { id: Id<"request">; vehicleId: Id<"vehicle">; from?: Bound | undefined; to?: Bound | undefined },
): Promise<RequestRow> => {
  const { id, vehicleId } = input;
  const known = await requestRow(tx, id);
  if (known) return known;
  const vehicle = await ownVehicle(tx, owner, vehicleId);
  const { from, to } = await periodIn(tx, vehicle.zone, input);
  if (from && to && from >= to) throw refuse("request_period_backwards");
  const claimed = await claimTrips(tx, { requestId: id, vehicleId, ownerId: owner.id, from, to });
  return stored(tx, owner, { id, vehicleId, from: from ?? null, to: to ?? null, resubmitsId: null, claimed });
};

/**
 * Sends the refused trips of a decided request again, and only those, with the owner's explanation. Once per request.
 * Refuses `request_nothing_to_resubmit`, `request_wrong_state`.
 */
export const resubmitRequest = async (
  tx: Tx,
  owner: Owner,
  input: { id: Id<"request">; requestId: Id<"request">; explanation?: string | undefined },
): Promise<RequestRow> => {
  const known = await requestRow(tx, input.id);
  if (known) return known;
  const before = await lockedRequest(tx, input.requestId);
  if (before?.owner_id !== owner.id) throw refuse("request_not_found");
  if (!isDecided(before.status)) throw refuse("request_wrong_state");
  if (before.resubmitted_by) throw refuse("request_nothing_to_resubmit");
  const refused = await rejectionRows(tx, before.id);
  if (before.status === "approved" && refused.length === 0) throw refuse("request_nothing_to_resubmit");
  const claimed = await claimTrips(tx, {
    requestId: input.id,
    vehicleId: before.vehicle_id,
    ownerId: owner.id,
    // Rejected as a whole, without a word on single trips: all of its time failed.
    ...(refused.length > 0
      ? { tripIds: refused.map(({ trip_id }) => trip_id) }
      : { from: before.first_at, to: new Date(before.last_at.getTime() + 1) }),
  });
  const row = await stored(tx, owner, {
    id: input.id,
    vehicleId: before.vehicle_id,
    from: before.period_from,
    to: before.period_to,
    resubmitsId: before.id,
    claimed,
  });
  if (input.explanation) {
    await insertMessage(tx, {
      requestId: input.id,
      authorId: owner.id,
      kind: "answer",
      body: input.explanation,
    });
  }
  return row;
};

type Stored = {
  id: Id<"request">;
  vehicleId: Id<"vehicle">;
  from: Date | null;
  to: Date | null;
  resubmitsId: Id<"request"> | null;
  claimed: ClaimedTotals;
};

/** How urgently the request wants a careful look; see `riskOf`. */
const riskFor = async (
  tx: Tx,
  owner: Owner,
  { id, vehicleId, claimed }: Stored,
  known: Pick<RiskFacts, "fourEyes_g" | "odometerExcess_m" | "odometerFalls" | "twins" | "shapes">,
) =>
  riskOf({
    ...known,
    trips: claimed.tripCount,
    flagged: claimed.flaggedTrips,
    grams: claimed.co2Saved_g,
    gramsByQuality: gramsByQuality(claimed),
    flat_g: claimed.flat_g,
    metered_g: claimed.metered_g,
    meteredTrips: claimed.meteredTrips,
    distance_m: BigInt(claimed.distance_m),
    days: Math.max(1, Math.ceil((claimed.lastAt.getTime() - claimed.firstAt.getTime()) / day_ms)),
    earlier: await decisionsOf(tx, owner.id),
    refusedBefore: await refusedBefore(tx, vehicleId, id),
  });

/** What a claim says, as a request freezes it. */
const frozen = (claimed: ClaimedTotals) => ({
  trip_count: BigInt(claimed.tripCount),
  distance_m: BigInt(claimed.distance_m),
  energy_wh: claimed.energyTrips > 0 ? BigInt(claimed.energy_wh) : null,
  co2_saved_g: claimed.co2Saved_g,
  first_at: claimed.firstAt,
  last_at: claimed.lastAt,
  method_code: claimed.method,
  factor_set: claimed.factorSet,
  factors: claimed.factors,
  flat_g: claimed.flat_g,
  metered_g: claimed.metered_g,
  metered_trips: BigInt(claimed.meteredTrips),
  country_code: claimed.countryCode,
  zone: claimed.zone,
  vehicle_make: claimed.vehicle.make,
  vehicle_model: claimed.vehicle.model,
  vehicle_year: claimed.vehicle.year,
  vehicle_class: claimed.vehicle.class,
  quality_tier: poorestOf(gramsByQuality(claimed)),
  flagged_count: BigInt(claimed.flaggedTrips),
});

const stored = async (tx: Tx, owner: Owner, input: Stored): Promise<RequestRow> => {
  const { id, vehicleId, claimed } = input;
  // Claiming waited for whoever had the car; under the same id that was this very request.
  const known = await requestRow(tx, id);
  if (known) return known;
  if (claimed.co2Saved_g <= 0n) throw refuse("request_without_savings", { trips: claimed.tripCount });
  const { value: rule } = await ruleAt(tx, fourEyes, tx.at);
  const odometer = await odometerExcess(tx, id);
  const twins = await twinsOfRequest(tx, id);
  const elsewhere = { trips: claimed.tripCount, twins: twins.trips, shapes: twins.shapes };
  const facts = { ...odometer, twins: twins.trips, shapes: twins.shapes, fourEyes_g: rule.above_g };
  const risk = await riskFor(tx, owner, input, facts);
  const { car_g } = await issuedWithin(tx, { owners: [owner.id], vehicleId, reviewers: [] });
  const second = secondNeeded(
    { grams: claimed.co2Saved_g, car_g, pair_g: 0n, ...odometer, copied: isCopied(elsewhere) },
    rule,
  );
  await insertRequest(tx, {
    id,
    owner_id: owner.id,
    vehicle_id: vehicleId,
    resubmits_id: input.resubmitsId,
    period_from: input.from,
    period_to: input.to,
    submitted_at: tx.at,
    ...frozen(claimed),
    risk_score: risk.score,
    risk_reasons: risk.reasons,
    approvals_needed: second.length > 0 ? 2 : 1,
  });
  await raiseTwins(tx, id, twins);
  await insertMessage(tx, { requestId: id, authorId: owner.id, kind: "submitted", body: null });
  await emit(tx, requestSubmitted, {
    requestId: id,
    ownerId: owner.id,
    vehicleId,
    grams: String(claimed.co2Saved_g),
    tripCount: claimed.tripCount,
    riskScore: risk.score,
    resubmitsId: input.resubmitsId,
  });
  return changed(tx, id);
};

/** Requests that hold the other halves came first and knew nothing of it: those that are open go up in the queue. */
const raiseTwins = async (tx: Tx, own: Id<"request">, { others, shapes }: Twins): Promise<void> => {
  const halves = new Set([...others.flatMap(({ requestIds }) => requestIds), ...shapes.requestIds]);
  halves.delete(own);
  for (const requestId of [...halves].sort()) {
    const row = await lockedRequest(tx, requestId);
    if (!row || isDecided(row.status)) continue;
    const twins = await twinsOfRequest(tx, requestId);
    const told = (row.risk_reasons as RiskReason[]).filter(
      ({ code }) => code !== "twins" && code !== "order_copied",
    );
    const reasons = [
      ...told,
      ...copiedReasons({ trips: Number(row.trip_count), twins: twins.trips, shapes: twins.shapes }),
    ].sort((a, b) => b.points - a.points);
    await updateRisk(tx, requestId, reasons);
  }
};

/** By how many metres the car's trips exceed what its odometer moved, in the stretches where they do, and its contradictions. */
const odometerExcess = async (
  tx: Tx,
  requestId: Id<"request">,
): Promise<{ odometerExcess_m: bigint | null; odometerFalls: number }> => {
  const picture = await odometerOfRequest(tx, requestId);
  const odometerFalls = picture?.contradictions ?? 0;
  if (!picture || picture.drivenKm === null) return { odometerExcess_m: null, odometerFalls };
  const over = picture.stretches.filter(({ verdict }) => verdict === "excess");
  const km = over.reduce((sum, { gapKm }) => sum - gapKm, 0);
  return { odometerExcess_m: BigInt(Math.round(km * 1000)), odometerFalls };
};

/** How many of a new request's trips an earlier one was refused for. */
const refusedBefore = async (tx: Tx, vehicleId: Id<"vehicle">, requestId: Id<"request">): Promise<number> => {
  const earlier = await earlierRejections(tx, vehicleId, 5_000);
  const held = await tripsOfRequestByIds(tx, requestId, [...new Set(earlier.map(({ trip_id }) => trip_id))]);
  return held.length;
};

/** The owner answers what the reviewer asked; the request is back in review, with the same reviewer. */
export const answerQuestion = async (
  tx: Tx,
  owner: Owner,
  { id, answer }: { id: Id<"request">; answer: string },
): Promise<RequestRow> => {
  const row = await lockedRequest(tx, id);
  if (row?.owner_id !== owner.id) throw refuse("request_not_found");
  const to = after(row.status, "answer");
  if (!to || !row.reviewer_id) throw refuse("request_wrong_state");
  await updateRequest(tx, id, { status: to });
  await insertMessage(tx, { requestId: id, authorId: owner.id, kind: "answer", body: answer });
  await emit(tx, infoGiven, { requestId: id, ownerId: owner.id, reviewerId: row.reviewer_id });
  return { ...row, status: to };
};
