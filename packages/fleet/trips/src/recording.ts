import type { Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { countedGrams, type FrozenFactors } from "./co2.ts";
import { CopyRows } from "./copy-rows.ts";
import { greatCircle_m } from "./geo.ts";
import type { Candidate, Rejection } from "./import/candidate.ts";
import { bounds, type Finding, judgeTrip, type VehicleFacts } from "./policy.ts";
import {
  addToTotals,
  copyTrips,
  dayDistances,
  insertTracks,
  recordedTrips,
  type Sums,
  tripColumns,
  tripCounts,
} from "./queries/trips.ts";
import { type Recorded, sortOut, type Verdict } from "./timeline.ts";
import { dayOf, momentPrefix, monthOf } from "./trip-ids.ts";

/** Everything about a vehicle that recording its trips needs. */
export type Recording = {
  carId: bigint;
  vehicleId: Id<"vehicle">;
  suffix: string;
  ownedFrom: number;
  ownedTo: number;
  facts: VehicleFacts;
  factors: FrozenFactors & { version: number };
  importId: Id<"import"> | null;
  /** Where the trips come from: the format of a file, or the name of a connection. */
  source: string;
  /** Over what the reader says, for trips that a car or its provider sent by itself. */
  quality: "connected" | null;
};

export type RecordedCount = {
  imported: number;
  duplicates: number;
  flagged: number;
  co2_g: number;
  rejections: Rejection[];
};

const DAY = 86_400_000;

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
      days: Math.round((end - start) / DAY),
      limit: bounds.longestTrip_ms / DAY,
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

/** Months (as "2026-03-01") in which the candidates start; their partitions must exist before recording. */
export const monthsOf = (candidates: readonly Candidate[]): string[] => {
  const months = new Set<string>();
  let from = 0;
  let to = 0;
  for (const { start } of candidates) {
    if (start >= from && start < to) continue;
    const month = monthOf(start);
    months.add(month);
    from = Date.parse(month);
    to = from + 28 * DAY;
  }
  return [...months].filter((month) => month >= "2000-01-01" && month <= "2199-12-01");
};

/** Groups of candidates (as places in the list) for which what is recorded around them fits in memory. */
const windowsOf = (candidates: readonly Candidate[], counts: ReadonlyMap<string, number>): number[][] => {
  const places = candidates.map((_, place) => place);
  const total = [...counts.values()].reduce((sum, trips) => sum + trips, 0);
  if (total <= 100_000) return [places];
  const byMonth = new Map<string, number[]>();
  for (const place of places) {
    const month = monthOf((candidates[place] as Candidate).start);
    const held = byMonth.get(month);
    if (held) held.push(place);
    else byMonth.set(month, [place]);
  }
  return [...byMonth].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, held]) => held);
};

const verdictsFor = async (tx: Tx, candidates: readonly Candidate[], into: Recording): Promise<Verdict[]> => {
  const verdicts: Verdict[] = new Array(candidates.length);
  if (candidates.length === 0) return verdicts;
  const reach = (list: readonly Candidate[]) => {
    let from = Number.POSITIVE_INFINITY;
    let to = 0;
    for (const { start, end } of list) {
      if (start < from) from = start;
      if (end > to) to = end;
    }
    return { from: from - bounds.longestTrip_ms, to: to + 1 };
  };
  const whole = reach(candidates);
  const counted = await tripCounts(tx, into.carId, monthOf(whole.from), monthOf(whole.to));
  const counts = new Map(counted.map(({ month, trips }) => [month, trips]));
  const accepted: Recorded[] = [];
  for (const places of windowsOf(candidates, counts)) {
    const list =
      places.length === candidates.length
        ? candidates
        : places.map((place) => candidates[place] as Candidate);
    const { from, to } = reach(list);
    const recorded =
      counts.size === 0
        ? []
        : await recordedTrips(tx, into.carId, {
            fromMonth: monthOf(from),
            toMonth: monthOf(to),
            fromId: `trp_${momentPrefix(from)}`,
            toId: `trp_${momentPrefix(to)}`,
          });
    // What an earlier window accepted is not stored yet.
    const known =
      accepted.length === 0
        ? recorded
        : [...recorded, ...accepted.filter((trip) => trip.end > from)].sort((a, b) => a.start - b.start);
    const found = sortOut(list, known, into.source);
    for (let at = 0; at < places.length; at++) {
      const verdict = found[at] as Verdict;
      verdicts[places[at] as number] = verdict;
      if (verdict.kind !== "new" || places.length === candidates.length) continue;
      const { precision, distance_m, sourceId, fingerprint } = list[at] as Candidate;
      accepted.push({
        start: verdict.start,
        end: verdict.end,
        precision,
        distance_m,
        source: into.source,
        sourceId: precision === "day" ? fingerprint : sourceId,
      });
    }
  }
  return verdicts;
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
  return { row, field: "start", code: verdict.kind, values: {} };
};

const texts = new Map<string, Uint8Array>();

/** Bytes of texts that many rows share. */
const shared = (text: string): Uint8Array => {
  let bytes = texts.get(text);
  if (!bytes) {
    bytes = Buffer.from(text);
    texts.set(text, bytes);
  }
  return bytes;
};

const add = (
  sums: Map<string, Sums>,
  key: string,
  distance_m: number,
  energy_wh: number,
  co2_g: number,
): void => {
  const sum = sums.get(key);
  if (!sum) {
    sums.set(key, { trips: 1, distance_m, energy_wh, co2_g });
    return;
  }
  sum.trips++;
  sum.distance_m += distance_m;
  sum.energy_wh += energy_wh;
  sum.co2_g += co2_g;
};

/** Odometers above two million kilometres do not fit the column, and no car has one. */
const odometer = (value: number | null): number | null =>
  value !== null && value <= 2_000_000_000 ? value : null;

/**
 * Records what is new and possible among candidates, with its CO2, its flags and the running totals, and says of each
 * other one why not. The caller holds the car's lock (`lockCar`) and has made the months' partitions.
 * Candidates are put in the order of time; a repeated call finds everything a duplicate.
 */
export const recordTrips = async (
  tx: Tx,
  into: Recording,
  candidates: readonly Candidate[],
): Promise<RecordedCount> => {
  const count: RecordedCount = { imported: 0, duplicates: 0, flagged: 0, co2_g: 0, rejections: [] };
  const possible: Candidate[] = [];
  const flagsOf: (readonly Finding[])[] = [];
  const now = tx.at.getTime();
  for (const candidate of candidates) {
    const { reject, flags } = judge(candidate, into, now);
    if (reject) {
      count.rejections.push({ row: candidate.row, ...reject });
      continue;
    }
    possible.push(candidate);
    flagsOf.push(flags);
  }
  const verdicts = await verdictsFor(tx, possible, into);
  const days = new Map<string, Sums>();
  const months = new Map<string, Sums>();
  const tracks: { car_id: bigint; month: string; trip_id: Id<"trip">; points: string }[] = [];
  const fresh: number[] = [];
  for (let at = 0; at < possible.length; at++) {
    const verdict = verdicts[at] as Verdict;
    if (verdict.kind === "new") fresh.push(at);
    else if (verdict.kind === "duplicate") count.duplicates++;
    else count.rejections.push(rejectionOf((possible[at] as Candidate).row, verdict));
  }
  if (fresh.length === 0) return count;

  const rows = new CopyRows(tripColumns, fresh.length);
  const suffix = into.suffix;
  const carId = Number(into.carId);
  const vehicle = shared(into.vehicleId);
  const importId = into.importId === null ? null : shared(into.importId);
  const source = shared(into.source);
  let dayNumber = Number.NaN;
  let day = "";
  let month = "";
  let monthDays = 0;
  let year = 0;
  const crossed = await longDays(tx, into.carId, fresh, possible, verdicts);
  for (const at of fresh) {
    const candidate = possible[at] as Candidate;
    const verdict = verdicts[at] as Extract<Verdict, { kind: "new" }>;
    const { start, end } = verdict;
    const number = Math.floor(start / DAY);
    if (number !== dayNumber) {
      dayNumber = number;
      day = dayOf(start);
      month = `${day.slice(0, 7)}-01`;
      monthDays = Math.floor(Date.parse(month) / DAY);
      year = Number(day.slice(0, 4));
    }
    const { distance_m, energy_wh } = candidate;
    const co2_g = Number(countedGrams({ distance_m, energy_wh, year }, into.factors));
    let flags = flagsOf[at] as readonly Finding[];
    if (verdict.trimmed_s > 0)
      flags = [...flags, { code: "overlap_trimmed", values: { seconds: verdict.trimmed_s } }];
    const long = crossed.get(at);
    if (long !== undefined)
      flags = [...flags, { code: "day_too_long", values: { km: long / 1000, limit: bounds.day_m / 1000 } }];

    rows.row();
    rows.date(monthDays);
    const id = `trp_${momentPrefix(start)}${suffix}` as Id<"trip">;
    rows.ascii(id);
    rows.int8(carId);
    rows.bytes(vehicle);
    if (importId === null) rows.nothing();
    else rows.bytes(importId);
    rows.moment(start);
    rows.moment(end);
    rows.int4(distance_m);
    rows.int4(energy_wh);
    rows.int8(co2_g);
    rows.int4(into.factors.version);
    rows.bytes(shared(candidate.precision));
    rows.bytes(shared(into.quality ?? candidate.quality));
    rows.bytes(source);
    rows.text(candidate.precision === "day" ? candidate.fingerprint : candidate.sourceId);
    rows.int4(candidate.from?.lat_e6 ?? null);
    rows.int4(candidate.from?.lon_e6 ?? null);
    rows.int4(candidate.to?.lat_e6 ?? null);
    rows.int4(candidate.to?.lon_e6 ?? null);
    rows.int4(odometer(candidate.odometerStart_m));
    rows.int4(odometer(candidate.odometerEnd_m));
    rows.text(candidate.notes);
    if (flags.length === 0) rows.nothing();
    else {
      rows.jsonb(flags);
      count.flagged++;
    }
    add(days, day, distance_m, energy_wh ?? 0, co2_g);
    add(months, month, distance_m, energy_wh ?? 0, co2_g);
    count.co2_g += co2_g;
    if (candidate.track) {
      const points = candidate.track.flatMap((fix) => [
        Math.round((fix.at - start) / 1000),
        fix.lat_e6,
        fix.lon_e6,
        fix.speed_mph,
      ]);
      tracks.push({ car_id: into.carId, month, trip_id: id, points: JSON.stringify(points) });
    }
  }
  count.imported = await copyTrips(tx, rows.end());
  await addToTotals(tx, into, "day_total", days);
  await addToTotals(tx, into, "month_total", months);
  if (tracks.length > 0) await insertTracks(tx, tracks);
  return count;
};

/** Trips with which a day's distance passes 1,500 km, and how far the day then is. Nearly always none. */
const longDays = async (
  tx: Tx,
  carId: bigint,
  fresh: readonly number[],
  possible: readonly Candidate[],
  verdicts: readonly Verdict[],
): Promise<Map<number, number>> => {
  const crossed = new Map<number, number>();
  const sums = new Map<number, number>();
  for (const at of fresh) {
    const day = Math.floor((verdicts[at] as { start: number }).start / DAY);
    sums.set(day, (sums.get(day) ?? 0) + (possible[at] as Candidate).distance_m);
  }
  const recorded = await dayDistances(
    tx,
    carId,
    [...sums.keys()].map((day) => dayOf(day * DAY)),
  );
  const before = new Map<number, number>();
  for (const [day, sum] of sums) {
    const earlier = recorded.get(dayOf(day * DAY)) ?? 0;
    if (sum + earlier > bounds.day_m) before.set(day, earlier);
  }
  if (before.size === 0) return crossed;
  for (const at of fresh) {
    const day = Math.floor((verdicts[at] as { start: number }).start / DAY);
    const earlier = before.get(day);
    if (earlier === undefined) continue;
    const sum = earlier + (possible[at] as Candidate).distance_m;
    before.set(day, sum);
    if (sum > bounds.day_m && (possible[at] as Candidate).distance_m <= bounds.day_m) crossed.set(at, sum);
  }
  return crossed;
};
