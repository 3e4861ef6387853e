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
  /** A day's record that the file at hand gave itself, a stretch before. */
  ofFile?: boolean;
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
type Said = { id: string; distance_m: number; odometer_m: number | null; taken: boolean };

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
    if (trip.precision === "day") remember(days, trip, trip.ofFile === true);
    else trips.push(trip);
  }
  // What is recorded of a day is looked for in the whole file, before anything is added to that day.
  for (const [at, candidate] of candidates.entries())
    if (candidate.precision === "day" && isKnown(days.get(candidate.start), candidate, source))
      verdicts[at] = { kind: "duplicate" };
  const timed: number[] = [];
  for (let at = 0; at < candidates.length; at++) {
    const candidate = candidates[at] as Candidate;
    if (candidate.precision === "day") verdicts[at] ??= judgeDay(candidate, source, trips, days);
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
  const id = trip.sourceId ?? "";
  day.ids.add(id);
  day.said.push({ id, distance_m: trip.distance_m, odometer_m: trip.odometerEnd_m, taken });
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

/** Whether a row tells a record of the day again, which is then accounted for. */
const isKnown = (day: Day | undefined, candidate: Candidate, source: string): boolean => {
  if (day?.source !== source) return false;
  const id = candidate.fingerprint ?? "";
  const known = day.ids.has(id) ? day.said.find((said) => said.id === id) : sameRecord(day, candidate);
  if (!known && !day.ids.has(id)) return false;
  if (known) known.taken = true;
  // The row's twin further down in the same file is no second drive.
  day.ids.add(id);
  return true;
};

/**
 * Whether a file tells a day otherwise than it is recorded: then it tells the same drives in other words, and adds nothing.
 * Where both write the odometer, that tells drives apart.
 */
const isToldOtherwise = (day: Day, { odometerEnd_m }: Candidate): boolean =>
  day.said.some(({ taken, odometer_m }) => !taken && (odometer_m === null || odometerEnd_m === null));

const judgeDay = (
  candidate: Candidate,
  source: string,
  trips: readonly Recorded[],
  days: Map<number, Day>,
): Verdict => {
  const day = days.get(candidate.start);
  const id = candidate.fingerprint ?? "";
  if (isKnown(day, candidate, source)) return { kind: "duplicate" };
  if (day && (day.source !== source || day.next > 999 || isToldOtherwise(day, candidate)))
    return { kind: "day_recorded" };
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
