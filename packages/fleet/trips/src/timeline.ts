import type { Candidate } from "@evx/formats";
import { bounds } from "./policy.ts";

/** A trip that is recorded already, as far as telling trips apart needs. */
export type Recorded = {
  start: number;
  end: number;
  precision: Candidate["precision"];
  distance_m: number;
  source: string;
  sourceId: string | null;
  odometerEnd_m: number | null;
};

export type Verdict =
  | { kind: "new"; start: number; end: number; trimmed_s: number }
  | { kind: "duplicate" }
  | { kind: "overlaps"; start: number }
  | { kind: "day_recorded" }
  | { kind: "day_has_trips" }
  | { kind: "day_too_full"; kmh: number };

/** Clocks and rounding to minutes make neighbours touch; so much of an overlap is cut off the newcomer. */
const TOUCHING_MS = 120_000;

const alike = (a: number, b: number): boolean => Math.abs(a - b) <= Math.max(1_000, Math.max(a, b) / 4);

const lapOf = (a: { start: number; end: number }, b: { start: number; end: number }): number =>
  Math.min(a.end, b.end) - Math.max(a.start, b.start);

/** Whether two overlapping records tell of the same drive: mostly the same time, about the same distance. */
const sameTrip = (
  candidate: Candidate,
  other: Pick<Recorded, "start" | "end" | "distance_m" | "sourceId">,
  lap: number,
): boolean => {
  if (candidate.sourceId !== null && candidate.sourceId === other.sourceId) return true;
  const shorter = Math.min(candidate.end - candidate.start, other.end - other.start);
  return lap * 2 >= shorter && alike(candidate.distance_m, other.distance_m);
};

/** What a day's record says, whatever the words around it. `taken` once a row of the file at hand was found to be it. */
type Said = { distance_m: number; odometer_m: number | null; taken: boolean };

type Day = {
  span: { start: number; end: number };
  source: string;
  ids: Set<string>;
  said: Said[];
  distance_m: number;
  next: number;
};

/**
 * Sorts newcomers from what is recorded already, for one car. A car drives one trip at a time, so no two recorded
 * trips overlap: the same drive from a second file or source is a duplicate, any other overlap is refused.
 * A day's record stands for its whole day, so a day has either trips or records, and records of one source only.
 *
 * `recorded` is sorted by start and holds everything within reach of the candidates. Verdicts come in the order of
 * `candidates`, which may be in any order.
 */
export const sortOut = (
  candidates: readonly Candidate[],
  recorded: readonly Recorded[],
  source: string,
): Verdict[] => {
  const verdicts: Verdict[] = new Array(candidates.length);
  const trips: Recorded[] = [];
  const days = new Map<number, Day>();
  for (const trip of recorded) {
    if (trip.precision === "day") remember(days, trip, false);
    else trips.push(trip);
  }
  const timed: number[] = [];
  for (let at = 0; at < candidates.length; at++) {
    const candidate = candidates[at] as Candidate;
    if (candidate.precision === "day") verdicts[at] = judgeDay(candidate, source, trips, days);
    else timed.push(at);
  }
  if (timed.length === 0) return verdicts;
  const startAt = (at: number) => (candidates[at] as Candidate).start;
  let sorted = true;
  for (let at = 1; at < timed.length; at++) {
    if (startAt(timed[at] as number) < startAt(timed[at - 1] as number)) {
      sorted = false;
      break;
    }
  }
  // Equal starts keep the file's order, so the first of two twins is the one recorded.
  if (!sorted) timed.sort((a, b) => startAt(a) - startAt(b) || a - b);
  sweep(timed, candidates, trips, [...days.values()], verdicts);
  return verdicts;
};

const remember = (
  days: Map<number, Day>,
  trip: Pick<Recorded, "start" | "end" | "distance_m" | "source" | "sourceId" | "odometerEnd_m">,
  taken: boolean,
): void => {
  const start = Math.floor(trip.start / 1000) * 1000;
  const day = days.get(start) ?? {
    span: { start, end: trip.end },
    source: trip.source,
    ids: new Set(),
    said: [],
    distance_m: 0,
    next: 0,
  };
  day.ids.add(trip.sourceId ?? "");
  day.said.push({ distance_m: trip.distance_m, odometer_m: trip.odometerEnd_m, taken });
  day.distance_m += trip.distance_m;
  day.next = Math.max(day.next, trip.start - start + 1);
  days.set(start, day);
};

/**
 * The record that says what a row says: the same distance as far as files round it, and no other odometer. A file may
 * leave the odometer out. Two equal drives of one day are told apart by where the odometer stood, or by there being two.
 */
const sameRecord = (day: Day, candidate: Candidate): Said | null => {
  const slack = Math.max(100, candidate.distance_m / 100);
  let nearest: Said | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const said of day.said) {
    const apart = Math.abs(said.distance_m - candidate.distance_m);
    if (said.taken || apart > slack || apart >= least) continue;
    const moved =
      said.odometer_m === null || candidate.odometerEnd_m === null
        ? 0
        : Math.abs(said.odometer_m - candidate.odometerEnd_m);
    if (moved * 2 >= Math.max(1, candidate.distance_m)) continue;
    nearest = said;
    least = apart;
  }
  return nearest;
};

const judgeDay = (
  candidate: Candidate,
  source: string,
  trips: readonly Recorded[],
  days: Map<number, Day>,
): Verdict => {
  const day = days.get(candidate.start);
  const id = candidate.fingerprint ?? "";
  if (day?.source === source) {
    if (day.ids.has(id)) return { kind: "duplicate" };
    const known = sameRecord(day, candidate);
    if (known) {
      known.taken = true;
      // The row's twin further down in the same file is no second drive.
      day.ids.add(id);
      return { kind: "duplicate" };
    }
  }
  if (day && (day.source !== source || day.next > 999)) return { kind: "day_recorded" };
  if (!day) {
    for (const other of days.values()) if (lapOf(other.span, candidate) > 0) return { kind: "day_recorded" };
    for (const trip of trips) if (lapOf(trip, candidate) > 0) return { kind: "day_has_trips" };
  }
  const kmh = (((day?.distance_m ?? 0) + candidate.distance_m) * 3600) / (candidate.end - candidate.start);
  if (kmh > bounds.speedReject_kmh) return { kind: "day_too_full", kmh: Math.round(kmh) };
  const place = day?.next ?? 0;
  remember(days, { ...candidate, start: candidate.start + place, source, sourceId: id }, true);
  return { kind: "new", start: candidate.start + place, end: candidate.end, trimmed_s: 0 };
};

const sweep = (
  order: readonly number[],
  candidates: readonly Candidate[],
  trips: readonly Recorded[],
  days: readonly Day[],
  verdicts: Verdict[],
): void => {
  const spans = days.map((day) => day.span).sort((a, b) => a.start - b.start);
  let next = 0;
  let span = 0;
  let accepted: { start: number; end: number; distance_m: number; sourceId: string | null } | null = null;
  for (const at of order) {
    const candidate = candidates[at] as Candidate;
    while (next < trips.length && (trips[next] as Recorded).start <= candidate.start) next++;
    while (span < spans.length && (spans[span] as { end: number }).end <= candidate.start) span++;
    const day = spans[span];
    if (day && day.start < candidate.end) {
      verdicts[at] = { kind: "day_recorded" };
      continue;
    }
    const before = trips[next - 1] ?? null;
    const previous = accepted && (!before || accepted.start > before.start) ? accepted : before;
    const verdict = judgeTimed(candidate, previous, trips[next] ?? null);
    verdicts[at] = verdict;
    if (verdict.kind === "new") {
      accepted = {
        start: verdict.start,
        end: verdict.end,
        distance_m: candidate.distance_m,
        sourceId: candidate.sourceId,
      };
    }
  }
};

type Neighbour = Pick<Recorded, "start" | "end" | "distance_m" | "sourceId">;

const judgeTimed = (
  candidate: Candidate,
  previous: Neighbour | null,
  following: Neighbour | null,
): Verdict => {
  const lasts = candidate.end - candidate.start;
  let { start, end } = candidate;
  for (const other of [previous, following]) {
    if (!other) continue;
    const lap = lapOf(candidate, other);
    if (lap <= 0) continue;
    if (sameTrip(candidate, other, lap)) return { kind: "duplicate" };
    if (lap > TOUCHING_MS || lap * 2 >= lasts) return { kind: "overlaps", start: other.start };
    if (other === previous) start = other.end;
    else end = other.start;
  }
  if (end <= start) return { kind: "overlaps", start: (previous ?? following ?? candidate).start };
  return { kind: "new", start, end, trimmed_s: Math.round((lasts - (end - start)) / 1000) };
};
