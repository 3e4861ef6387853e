import type { Db } from "@evx/db";
import type { Candidate } from "@evx/formats";
import { day_ms, minute_ms } from "@evx/kernel";
import { recordedTrips } from "./queries/trips.ts";

const QUARTER = 15 * minute_ms;

/** The farthest that two zones are apart in practice, and an export in UTC from a local one. */
const FARTHEST = 14 * 60 * minute_ms;

/** So many trips tell an offset; more would only cost. */
const COMPARED = 300;

type Drive = { start: number; end: number; distance_m: number };

const alike = (a: Drive, b: Drive): boolean =>
  Math.abs(a.distance_m - b.distance_m) <= Math.max(100, b.distance_m / 100) &&
  Math.abs(a.end - a.start - (b.end - b.start)) <= 2 * minute_ms;

/**
 * The one offset by which newcomers are moved against drives that are recorded: whole quarters of an hour, as zones are
 * apart. Null where fewer than three fit, fewer than four of five, or as many are where they were.
 */
const offsetOf = (newcomers: readonly Drive[], recorded: readonly Drive[]): number | null => {
  const votes = new Map<number, number>();
  const sorted = [...recorded].sort((a, b) => a.start - b.start);
  for (const drive of newcomers) {
    const seen = new Set<number>();
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] as Drive).start < drive.start - FARTHEST - minute_ms) low = middle + 1;
      else high = middle;
    }
    for (let at = low; at < sorted.length; at++) {
      const other = sorted[at] as Drive;
      if (other.start > drive.start + FARTHEST + minute_ms) break;
      const apart = drive.start - other.start;
      const offset = Math.round(apart / QUARTER) * QUARTER;
      if (Math.abs(apart - offset) <= minute_ms && alike(drive, other)) seen.add(offset);
    }
    for (const offset of seen) votes.set(offset, (votes.get(offset) ?? 0) + 1);
  }
  const [best] = [...votes].sort((a, b) => b[1] - a[1] || Math.abs(a[0]) - Math.abs(b[0]));
  if (!best || best[0] === 0 || best[1] < 3 || best[1] * 5 < newcomers.length * 4) return null;
  return best[0];
};

/** As `offsetOf`, against what a car has recorded around the candidates. Days' records have no time to be moved. */
export const shiftOfTrips = async (
  db: Db,
  carId: bigint,
  candidates: readonly Candidate[],
): Promise<number | null> => {
  const timed = candidates.filter(({ precision }) => precision !== "day");
  const step = Math.max(1, Math.floor(timed.length / COMPARED));
  const compared = timed.filter((_, place) => place % step === 0);
  if (compared.length < 3) return null;
  let [from, to] = [Number.POSITIVE_INFINITY, 0];
  for (const { start } of compared) {
    from = Math.min(from, start);
    to = Math.max(to, start);
  }
  const recorded = await recordedTrips(
    db,
    { carId, importId: null },
    Math.max(0, from - day_ms),
    to + day_ms,
  );
  return offsetOf(
    compared,
    recorded.filter(({ precision }) => precision !== "day"),
  );
};
