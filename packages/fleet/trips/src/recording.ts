import type { Db, Tx } from "@evx/db";
import { baselineOf, type FrozenFactors, factorsAt } from "@evx/emissions";
import type { Candidate, Finding, Rejection } from "@evx/formats";
import type { VehicleRow } from "@evx/garage";
import { LocalDays } from "@evx/garage";
import { day_ms, greatCircle_m, type Id } from "@evx/kernel";
import { bounds, judgeTrip, type VehicleFacts } from "./policy.ts";
import { copyPages, printKey } from "./queries/prints.ts";
import {
  addToTotals,
  copyTrips,
  dayDistances,
  ensureMonths,
  insertTracks,
  missingMonths,
  recordedIds,
} from "./queries/trips.ts";
import { earnTiers } from "./tiers.ts";
import type { Verdict } from "./timeline.ts";
import { dayOf, monthOf, tripSuffix } from "./trip-ids.ts";
import { type NewTrip, tripRowsOf } from "./trip-rows.ts";
import { verdictsFor } from "./verdicts.ts";

/** What a verb needs that opens several transactions: reading a large file takes longer than one should. */
export type RequestContext = {
  db: Db;
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
};

/** Everything about a vehicle that recording its trips needs. */
export type Recording = {
  carId: bigint;
  vehicleId: Id<"vehicle">;
  /** By whose days the totals grow. The vehicle is read under the car's lock, where it cannot change. */
  zone: string;
  suffix: string;
  ownedFrom: number;
  ownedTo: number;
  facts: VehicleFacts;
  factors: FrozenFactors & { version: number };
  /** The key of the prints by which the same drive is found among other cars. */
  printKey: Uint8Array;
  importId: Id<"import"> | null;
  /** Where the trips come from: the format of a file, or the name of a connection. */
  source: string;
  /** Over what the reader says, for trips that a car or its provider sent by itself. */
  quality: "connected" | null;
  /** Whether the source's own ids decide: one that is recorded is the same trip, whenever it is said to have been. */
  byId: boolean;
};

/** What recording candidates came to. `co2_g` in whole grams. */
export type RecordedCount = {
  imported: number;
  duplicates: number;
  flagged: number;
  co2_g: number;
  rejections: Rejection[];
};

/** Everything that recording trips into a vehicle needs, with the factors in force now. */
export const recordingFor = async (
  db: Db,
  vehicle: VehicleRow & { vin_hash: string },
  at: Date,
  of: { importId: Id<"import"> | null; source: string; connected?: boolean; byId?: boolean },
): Promise<Recording> => ({
  carId: vehicle.car_id,
  vehicleId: vehicle.id,
  zone: vehicle.zone,
  suffix: tripSuffix(vehicle.vin_hash),
  ownedFrom: vehicle.owned_from?.getTime() ?? Number.NEGATIVE_INFINITY,
  ownedTo: vehicle.owned_to?.getTime() ?? Number.POSITIVE_INFINITY,
  facts: { vehicleClass: vehicle.class, battery_wh: vehicle.battery_wh },
  factors: await factorsAt(db, vehicle.country_code, at, baselineOf(vehicle.class)),
  printKey: await printKey(db),
  importId: of.importId,
  source: of.source,
  quality: of.connected ? "connected" : null,
  byId: of.byId ?? false,
});

/** Makes the partitions that trips need, in a transaction of its own. */
export const prepareMonths = async (
  ctx: RequestContext,
  candidates: readonly Candidate[],
  known?: Set<string>,
): Promise<void> => {
  const months = monthsOf(candidates).filter((month) => !known?.has(month));
  if (months.length === 0) return;
  const missing = await missingMonths(ctx.db, months);
  if (missing.length > 0) await ctx.transact((tx) => ensureMonths(tx, "trip", missing.sort()));
  for (const month of months) known?.add(month);
};

/** Months (as "2026-03-01") in which the candidates start; their partitions must exist before recording. */
const monthsOf = (candidates: readonly Candidate[]): string[] => {
  const months = new Set<string>();
  let from = 0;
  let to = 0;
  for (const { start } of candidates) {
    if (start >= from && start < to) continue;
    const month = monthOf(start);
    months.add(month);
    from = Date.parse(month);
    to = Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)));
  }
  return [...months].filter((month) => month >= "2000-01-01" && month <= "2199-12-01");
};

/** Trips that cannot be, whatever else is recorded: dates, ownership, speed, energy, distance. Flags for the others. */
const judge = (
  candidate: Candidate,
  into: Recording,
  now: number,
): { reject: Omit<Rejection, "row"> | null; flags: readonly Finding[] } => {
  const { start, end } = candidate;
  const refuse = (field: string, code: string, values: Finding["values"] = {}) => ({
    reject: { field, code, values },
    flags: [],
  });
  // A day that is not over yet has records too; only its beginning must not lie ahead.
  if ((candidate.precision === "day" ? start : end) > now + bounds.clockSlack_ms)
    return refuse("end", "in_future");
  if (start < bounds.earliest_ms) return refuse("start", "too_old", { year: "2000" });
  if (end - start > bounds.longestTrip_ms) {
    return refuse("end", "trip_too_long", {
      days: Math.round((end - start) / day_ms),
      limit: bounds.longestTrip_ms / day_ms,
    });
  }
  if (start < into.ownedFrom || end > into.ownedTo) {
    const written = (at: number) => (Number.isFinite(at) ? dayOf(at) : "…");
    return refuse("start", "outside_ownership", { from: written(into.ownedFrom), to: written(into.ownedTo) });
  }
  const direct = candidate.from && candidate.to ? greatCircle_m(candidate.from, candidate.to) : null;
  const judged = judgeTrip({ ...candidate, greatCircle_m: direct }, into.facts);
  const flags = candidate.flags.length === 0 ? judged.flags : [...candidate.flags, ...judged.flags];
  return { reject: judged.reject, flags };
};

const rejectionOf = (row: number, verdict: Verdict): Rejection => {
  if (verdict.kind === "overlaps") {
    return {
      row,
      field: "start",
      code: "overlaps_trip",
      values: { start: new Date(verdict.start).toISOString().slice(0, 16).replace("T", " ") },
    };
  }
  if (verdict.kind === "day_too_full")
    return {
      row,
      field: "distance",
      code: "speed_impossible",
      values: { kmh: verdict.kmh, limit: bounds.speedReject_kmh },
    };
  return { row, field: "start", code: verdict.kind, values: {} };
};

const idsOf = (candidates: readonly Candidate[]): string[] =>
  candidates.flatMap(({ sourceId }) => (sourceId === null ? [] : [sourceId]));

/** Trips that are new, with their times after trimming; the others are counted, or said why they are none. */
const newTripsOf = async (
  tx: Tx,
  into: Recording,
  candidates: readonly Candidate[],
): Promise<{ fresh: NewTrip[]; duplicates: number; rejections: Rejection[] }> => {
  const rejections: Rejection[] = [];
  const possible: { candidate: Candidate; flags: readonly Finding[] }[] = [];
  for (const candidate of candidates) {
    const { reject, flags } = judge(candidate, into, tx.at.getTime());
    if (reject) rejections.push({ row: candidate.row, ...reject });
    else possible.push({ candidate, flags });
  }
  const verdicts = await verdictsFor(
    tx,
    possible.map(({ candidate }) => candidate),
    into,
  );
  const known = new Set(into.byId ? await recordedIds(tx, into.carId, idsOf(candidates)) : []);
  const fresh: NewTrip[] = [];
  let duplicates = 0;
  for (const [at, { candidate, flags }] of possible.entries()) {
    const verdict = verdicts[at] as Verdict;
    const sameId = into.byId && candidate.sourceId !== null && known.has(candidate.sourceId);
    if (sameId || verdict.kind === "duplicate") duplicates++;
    else if (verdict.kind !== "new") rejections.push(rejectionOf(candidate.row, verdict));
    else {
      const { start, end, trimmed_s } = verdict;
      const trimmed = trimmed_s > 0 ? [{ code: "overlap_trimmed", values: { seconds: trimmed_s } }] : [];
      // The same id twice in one message is one trip too.
      if (into.byId && candidate.sourceId !== null) known.add(candidate.sourceId);
      fresh.push({ candidate, start, end, flags: [...flags, ...trimmed] });
    }
  }
  return { fresh, duplicates, rejections };
};

/**
 * Records what is new and possible among candidates, with its CO2, its flags and the running totals, and says of each
 * other one why not. The caller holds the car's lock (`lockCar`) and has made the months' partitions.
 * Candidates may be in any order of time; a repeated call finds everything a duplicate.
 */
export const recordTrips = async (
  tx: Tx,
  into: Recording,
  candidates: readonly Candidate[],
): Promise<RecordedCount> => {
  const { fresh, duplicates, rejections } = await newTripsOf(tx, into, candidates);
  if (fresh.length === 0) return { imported: 0, duplicates, flagged: 0, co2_g: 0, rejections };
  const local = await LocalDays.around(
    tx,
    into.zone,
    fresh.map(({ start }) => start),
  );
  await flagLongDays(tx, into.carId, fresh, local);
  const { rows, tracks, localDays, days, months, pages, flagged, co2_g } = tripRowsOf(into, fresh, {
    local,
    said: candidates,
  });
  const imported = await copyTrips(tx, rows);
  if (pages) await copyPages(tx, pages);
  // Local days first: where the database counts them again for itself, that comes last and stands.
  await addToTotals(tx, into, "local_day_total", localDays);
  await addToTotals(tx, into, "day_total", days);
  await addToTotals(tx, into, "month_total", months);
  if (tracks.length > 0) await insertTracks(tx, tracks);
  if (fresh.some(({ candidate }) => candidate.odometerEnd_m !== null)) await earnTiers(tx, into);
  return { imported, duplicates, flagged, co2_g, rejections };
};

/** Flags trips with which a local day's distance passes 1,500 km, with how far the day then is. Nearly always none. */
const flagLongDays = async (
  tx: Tx,
  carId: bigint,
  fresh: readonly NewTrip[],
  local: LocalDays,
): Promise<void> => {
  const sums = new Map<string, number>();
  for (const { start, candidate } of fresh) {
    const day = local.dayOf(start);
    sums.set(day, (sums.get(day) ?? 0) + candidate.distance_m);
  }
  const recorded = await dayDistances(tx, carId, [...sums.keys()]);
  /** What long days came to before the trip that is looked at. */
  const before = new Map<string, number>();
  for (const [day, sum] of sums) {
    const earlier = recorded.get(day) ?? 0;
    if (sum + earlier > bounds.day_m) before.set(day, earlier);
  }
  if (before.size === 0) return;
  for (const trip of fresh) {
    const day = local.dayOf(trip.start);
    const earlier = before.get(day);
    if (earlier === undefined) continue;
    const { distance_m } = trip.candidate;
    before.set(day, earlier + distance_m);
    // A trip that is too long by itself carries the flag from its own judgement.
    if (earlier + distance_m > bounds.day_m && distance_m <= bounds.day_m)
      trip.flags.push({
        code: "day_too_long",
        values: { km: (earlier + distance_m) / 1000, limit: bounds.day_m / 1000 },
      });
  }
};
