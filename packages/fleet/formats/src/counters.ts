import type { Candidate, ImportOptions, Plan, RowReader, Sink } from "./candidate.ts";
import { refuse } from "./errors.ts";

/** So many trips show whether a column counts up; of fewer it may be chance. */
const fewest = 6;
/** A trip meter is set back now and then: at every charge, at every refill. */
const setBack = 0.2;
/** What no car averages over a trip, and what nobody drives on a day, day after day. */
const fast_kmh = 150;
const far_m = 1_000_000;

const isUnlikely = ({ start, end, precision, distance_m }: Candidate): boolean =>
  precision === "day" ? distance_m > far_m : distance_m * 3_600 > fast_kmh * (end - start);

/**
 * Refuses a table whose distances count up from row to row (`import_distance_counts_up`): the column is an odometer, or
 * a meter that goes on from trip to trip, and every kilometre in it would count again with each row. Distances that
 * happen to grow are left alone where cars can drive them, and so is a column that somebody named as the distance.
 */
export const refuseCounters = (
  plan: Plan,
  options: ImportOptions,
  sample: readonly (readonly string[])[],
  readerFor: (plan: Plan, options: ImportOptions, sink: Sink) => RowReader,
): void => {
  const { distance } = plan.columns;
  if (distance === undefined || options.mapping?.distance || sample.length < fewest) return;
  const trips: Candidate[] = [];
  const reader = readerFor(plan, options, { trip: (trip) => trips.push(trip), pass() {}, reject() {} });
  for (const [place, fields] of sample.entries()) reader.row(fields, place + 2);
  reader.end();
  if (trips.length < fewest || !trips.some(isUnlikely)) return;
  // The newest may stand first.
  trips.sort((a, b) => a.start - b.start);
  let rises = 0;
  let falls = 0;
  for (const [place, { distance_m }] of trips.entries()) {
    const before = trips[place - 1]?.distance_m ?? distance_m;
    if (distance_m > before) rises++;
    if (distance_m < before) falls++;
  }
  if (rises < fewest - 2 || falls > (rises + falls) * (trips.length < 12 ? 0 : setBack)) return;
  throw refuse("import_distance_counts_up", { column: (plan.header[distance] ?? "").trim().slice(0, 60) });
};
