import type { Db, Tx } from "@evx/db";
import { baselineOf, type FrozenFactors, factorsAt } from "@evx/emissions";
import type { QualityTier } from "@evx/formats";
import { lockCar, ownVehicle, type VehicleClass, vehicleRow } from "@evx/garage";
import { afterId, type Grams, type Id, type Locale, type PageInput, pageFrom } from "@evx/kernel";
import { refuse } from "./errors.ts";
import {
  type BasisRow,
  basisRow,
  dropClaims,
  enterTaken,
  giveBack,
  insertBasis,
  markVerified,
  monthsOfRequest,
  monthsReached,
  type RequestScope,
  refreshGrams,
  requestSums,
  requestTrips,
  takeTrips,
  zoneOf,
} from "./queries/claims.ts";
import { dropTraces } from "./queries/traces.ts";
import { ensureMonths } from "./queries/trips.ts";
import { traceRequest } from "./tracing.ts";
import { auditedTripView, gramsOfTrip } from "./views.ts";

type TierSum = { trips: number; co2_g: Grams };

/** A calendar year of what a request holds. */
export type ClaimedYear = {
  year: number;
  trips: number;
  co2_g: Grams;
  firstAt: Date;
  lastAt: Date;
  /** The local days of the first and the last trip's start: from when to when the vintage is. */
  firstDay: string;
  lastDay: string;
  gramsByQuality: Record<QualityTier, Grams>;
};

/** What a request holds now, by its frozen factors. Released trips are no longer in it. */
export type ClaimedTotals = {
  requestId: Id<"request">;
  vehicleId: Id<"vehicle">;
  ownerId: Id<"user">;
  tripCount: number;
  flaggedTrips: number;
  /** By the frozen method: what credits would be issued for, before any buffer. */
  co2Saved_g: Grams;
  flat_g: Grams;
  metered_g: Grams;
  /** Trips that `metered-v1` could compute; the others count zero in `metered_g`. */
  meteredTrips: number;
  energyTrips: number;
  distance_m: number;
  energy_wh: number;
  firstAt: Date;
  lastAt: Date;
  method: FrozenFactors["method"];
  factorSet: string;
  factors: FrozenFactors;
  countryCode: string;
  vehicle: { make: string; model: string; year: number; class: VehicleClass };
  qualityTiers: Record<QualityTier, TierSum>;
  /** The zone that the vehicle had when its trips were taken. */
  zone: string;
  /** By calendar year of driving in that zone: each is a vintage. */
  years: ClaimedYear[];
};

const factorsOf = (basis: BasisRow): FrozenFactors => basis.factors as FrozenFactors;

const scopeOf = async (db: Db, basis: BasisRow): Promise<RequestScope> => ({
  carId: basis.car_id,
  requestId: basis.request_id,
  months: await monthsOfRequest(db, basis.car_id, basis.request_id),
});

/**
 * Takes a vehicle's trips of a period for a request: those recorded or released whose start lies in [from, to).
 * Freezes the method and factors in force now. The car's row is locked first, so requests for one car take turns,
 * whoever its owners are; and the constraint on the car's time refuses a moment that another request holds, even to
 * code that forgets the lock. A repeated call for the same request answers what it holds.
 */
export const claimTrips = async (
  tx: Tx,
  claim: {
    requestId: Id<"request">;
    vehicleId: Id<"vehicle">;
    ownerId: Id<"user">;
    from?: Date | undefined;
    to?: Date | undefined;
    /** Only these: trips that an auditor refused and the owner sends again. */
    tripIds?: readonly Id<"trip">[] | undefined;
  },
): Promise<ClaimedTotals> => {
  const vehicle = await ownVehicle(tx, { id: claim.ownerId }, claim.vehicleId);
  await lockCar(tx, vehicle.car_id);
  const known = await basisRow(tx, claim.requestId);
  if (known) {
    const totals = known.vehicle_id === claim.vehicleId ? await claimedTotals(tx, claim.requestId) : null;
    if (!totals) throw refuse("trips_none_to_claim");
    return totals;
  }
  const scope = {
    carId: vehicle.car_id,
    vehicleId: vehicle.id,
    from: claim.from ?? null,
    to: claim.to ?? null,
    tripIds: claim.tripIds ?? null,
  };
  const { version, ...factors } = await factorsAt(tx, vehicle.country_code, tx.at, baselineOf(vehicle.class));
  await refreshGrams(tx, scope, { version, ...factors });
  const taken = await takeTrips(tx, scope, claim.requestId);
  if (taken.length === 0) throw refuse("trips_none_to_claim");
  const request = {
    carId: vehicle.car_id,
    requestId: claim.requestId,
    months: taken.map((entry) => entry.month),
  };
  await ensureMonths(tx, "claim", await monthsReached(tx, request));
  await enterTaken(tx, request);
  await insertBasis(tx, {
    requestId: claim.requestId,
    carId: vehicle.car_id,
    vehicleId: vehicle.id,
    ownerId: claim.ownerId,
    countryCode: vehicle.country_code,
    factors,
  });
  await traceRequest(tx, (await basisRow(tx, claim.requestId)) as BasisRow);
  return (await claimedTotals(tx, claim.requestId)) as ClaimedTotals;
};

const yearsOf = (sums: Awaited<ReturnType<typeof requestSums>>): ClaimedYear[] => {
  const years = new Map<number, ClaimedYear>();
  for (const { year, quality, trips, co2_g, first_at, last_at, first_day, last_day } of sums) {
    const known = years.get(year) ?? {
      year,
      trips: 0,
      co2_g: 0n,
      firstAt: first_at,
      lastAt: last_at,
      firstDay: first_day,
      lastDay: last_day,
      gramsByQuality: { connected: 0n, export: 0n, manual: 0n },
    };
    known.gramsByQuality[quality] += co2_g;
    years.set(year, {
      ...known,
      trips: known.trips + trips,
      co2_g: known.co2_g + co2_g,
      firstAt: first_at < known.firstAt ? first_at : known.firstAt,
      lastAt: last_at > known.lastAt ? last_at : known.lastAt,
      firstDay: first_day < known.firstDay ? first_day : known.firstDay,
      lastDay: last_day > known.lastDay ? last_day : known.lastDay,
    });
  }
  return [...years.values()].sort((a, b) => a.year - b.year);
};

/** What a request holds; null when it never claimed anything or holds nothing any more. */
export const claimedTotals = async (db: Db, requestId: Id<"request">): Promise<ClaimedTotals | null> => {
  const basis = await basisRow(db, requestId);
  if (!basis) return null;
  const factors = factorsOf(basis);
  const sums = await requestSums(db, await scopeOf(db, basis), { factors, zone: zoneOf(basis) });
  const vehicle = await vehicleRow(db, basis.vehicle_id);
  if (sums.length === 0 || !vehicle) return null;
  const qualityTiers: ClaimedTotals["qualityTiers"] = {
    connected: { trips: 0, co2_g: 0n },
    export: { trips: 0, co2_g: 0n },
    manual: { trips: 0, co2_g: 0n },
  };
  const totals = {
    trips: 0,
    flagged: 0,
    energyTrips: 0,
    meteredTrips: 0,
    distance: 0n,
    energy: 0n,
    co2: 0n,
    flat: 0n,
    metered: 0n,
  };
  for (const sum of sums) {
    const tier = qualityTiers[sum.quality];
    tier.trips += sum.trips;
    tier.co2_g += sum.co2_g;
    totals.trips += sum.trips;
    totals.flagged += sum.flagged;
    totals.energyTrips += sum.energy_trips;
    totals.meteredTrips += sum.metered_trips;
    totals.distance += sum.distance_m;
    totals.energy += sum.energy_wh;
    totals.co2 += sum.co2_g;
    totals.flat += sum.flat_g;
    totals.metered += sum.metered_g;
  }
  const time = (pick: (sum: (typeof sums)[number]) => Date, best: (...values: number[]) => number) =>
    new Date(best(...sums.map((sum) => pick(sum).getTime())));
  return {
    requestId,
    vehicleId: basis.vehicle_id,
    ownerId: basis.owner_id,
    tripCount: totals.trips,
    flaggedTrips: totals.flagged,
    co2Saved_g: totals.co2,
    flat_g: totals.flat,
    metered_g: totals.metered,
    meteredTrips: totals.meteredTrips,
    energyTrips: totals.energyTrips,
    distance_m: Number(totals.distance),
    energy_wh: Number(totals.energy),
    firstAt: time((sum) => sum.first_at, Math.min),
    lastAt: time((sum) => sum.last_at, Math.max),
    method: factors.method,
    factorSet: factors.factorSet,
    factors,
    countryCode: basis.country_code,
    vehicle: { make: vehicle.make, model: vehicle.model, year: vehicle.model_year, class: vehicle.class },
    qualityTiers,
    zone: zoneOf(basis),
    years: yearsOf(sums),
  };
};

const lockedBasis = async (tx: Tx, requestId: Id<"request">): Promise<BasisRow | null> => {
  const basis = await basisRow(tx, requestId);
  if (!basis) return null;
  await lockCar(tx, basis.car_id);
  return basis;
};

type Released = Id<"trip"> | { tripId: Id<"trip">; reason: string };

/**
 * Gives trips back from a request: all of them, or those named, each with its reason. They can be claimed again, and
 * their time is free at once. Refuses names of trips that the request does not hold.
 */
export const releaseTrips = async (
  tx: Tx,
  requestId: Id<"request">,
  trips?: readonly Released[],
  reason?: string,
): Promise<{ tripCount: number }> => {
  const basis = await lockedBasis(tx, requestId);
  if (!basis) return { tripCount: 0 };
  const scope = { ...(await scopeOf(tx, basis)), vehicleId: basis.vehicle_id };
  const named = trips?.map((trip) =>
    typeof trip === "string"
      ? { tripId: trip, reason: reason ?? null }
      : { tripId: trip.tripId, reason: trip.reason },
  );
  const distinct = new Map((named ?? []).map((trip) => [trip.tripId, trip]));
  const given = await giveBack(tx, scope, reason ?? null, named ? [...distinct.values()] : null);
  if (named && given !== distinct.size) throw refuse("trips_not_of_request");
  if (given === 0) return { tripCount: 0 };
  await dropClaims(tx, basis.car_id, requestId);
  if (!named) await dropTraces(tx, requestId);
  await enterTaken(tx, scope);
  return { tripCount: given };
};

/** The auditor approved: the request's trips are verified for good. A repeated call finds nothing left to do. */
export const verifyTrips = async (tx: Tx, requestId: Id<"request">): Promise<{ tripCount: number }> => {
  const basis = await lockedBasis(tx, requestId);
  if (!basis) return { tripCount: 0 };
  return { tripCount: await markVerified(tx, await scopeOf(tx, basis)) };
};

/** A page of what a request holds, by start, with both methods' results under its frozen factors. */
export const tripsOfRequest = async (
  db: Db,
  requestId: Id<"request">,
  page: PageInput & { flagged?: boolean | undefined },
  locale: Locale = "en",
) => {
  const basis = await basisRow(db, requestId);
  if (!basis) return { items: [], nextCursor: null };
  const after = afterId("trip", page.cursor);
  const rows = await requestTrips(db, await scopeOf(db, basis), {
    limit: page.limit + 1,
    after,
    flagged: page.flagged ?? null,
  });
  return pageFrom(
    rows,
    page.limit,
    (row) => auditedTripView(row, factorsOf(basis), locale),
    (row) => [row.id],
  );
};

/**
 * Computes a request again from the factors that it froze and the trips that it holds, which nothing can change.
 * `equal` must be true for ever; anything else is a bug or a broken database.
 */
export const recompute = async (
  db: Db,
  requestId: Id<"request">,
): Promise<{ stored_g: Grams; recomputed_g: Grams; tripCount: number; equal: boolean }> => {
  const basis = await basisRow(db, requestId);
  if (!basis) return { stored_g: 0n, recomputed_g: 0n, tripCount: 0, equal: true };
  const scope = await scopeOf(db, basis);
  const factors = factorsOf(basis);
  let stored_g = 0n;
  let recomputed_g = 0n;
  let tripCount = 0;
  for (let after: Id<"trip"> | null = null; ; ) {
    const rows: Awaited<ReturnType<typeof requestTrips>> = await requestTrips(db, scope, {
      limit: 10_000,
      after,
      flagged: null,
    });
    for (const row of rows) {
      stored_g += row.co2_g;
      recomputed_g += gramsOfTrip(row, factors);
      tripCount++;
    }
    after = rows.at(-1)?.id ?? null;
    if (rows.length < 10_000) return { stored_g, recomputed_g, tripCount, equal: stored_g === recomputed_g };
  }
};
