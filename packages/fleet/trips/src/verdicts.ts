import type { Tx } from "@evx/db";
import type { Candidate } from "@evx/formats";
import type { Id } from "@evx/kernel";
import { bounds } from "./policy.ts";
import { recordedTrips, tripCounts } from "./queries/trips.ts";
import { type Recorded, sortOut, type Verdict } from "./timeline.ts";
import { monthOf } from "./trip-ids.ts";

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

/** The time that candidates can touch, in milliseconds. */
const reachOf = (candidates: readonly Candidate[]): { from: number; to: number } => {
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  for (const { start, end } of candidates) {
    if (start < from) from = start;
    if (end > to) to = end;
  }
  return { from: from - bounds.longestTrip_ms, to: to + 1 };
};

/** What an accepted candidate is to those of later windows, before it is stored. */
const asRecorded = (
  { precision, distance_m, sourceId, fingerprint, odometerEnd_m }: Candidate,
  { start, end }: { start: number; end: number },
  source: string,
): Recorded => ({
  start,
  end,
  precision,
  distance_m,
  source,
  sourceId: precision === "day" ? fingerprint : sourceId,
  odometerEnd_m,
  ofFile: true,
});

/**
 * Tells candidates of one car from what is recorded already, window by window, in the candidates' order.
 * The caller holds the car's lock, so nothing is recorded meanwhile.
 */
export const verdictsFor = async (
  tx: Tx,
  candidates: readonly Candidate[],
  into: { carId: bigint; source: string; importId: Id<"import"> | null },
): Promise<Verdict[]> => {
  const verdicts: Verdict[] = new Array(candidates.length);
  if (candidates.length === 0) return verdicts;
  const whole = reachOf(candidates);
  const counted = await tripCounts(tx, into.carId, monthOf(whole.from), monthOf(whole.to));
  const counts = new Map(counted.map(({ month, trips }) => [month, trips]));
  const windows = windowsOf(candidates, counts);
  const accepted: Recorded[] = [];
  for (const places of windows) {
    const window = windows.length === 1 ? candidates : places.map((place) => candidates[place] as Candidate);
    const { from, to } = reachOf(window);
    const recorded = counts.size === 0 ? [] : await recordedTrips(tx, into, from, to);
    // What an earlier window accepted is not stored yet.
    const earlier = accepted.filter((trip) => trip.end > from);
    const known =
      earlier.length === 0 ? recorded : [...recorded, ...earlier].sort((a, b) => a.start - b.start);
    const found = sortOut(window, known, into.source);
    for (const [at, place] of places.entries()) {
      const verdict = found[at] as Verdict;
      verdicts[place] = verdict;
      if (verdict.kind === "new" && windows.length > 1)
        accepted.push(asRecorded(window[at] as Candidate, verdict, into.source));
    }
  }
  return verdicts;
};
