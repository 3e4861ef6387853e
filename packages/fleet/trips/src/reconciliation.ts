import type { Db } from "@evx/db";
import { odometerRows, visibleVehicle } from "@evx/garage";
import type { Id } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { distanceBetween, odometersOfTrips } from "./queries/trip-pages.ts";
import type * as S from "./schema.ts";

type Reading = { at: number; odometer_m: number };
type Stretch = { from: number; to: number; driven_m: number; trips_m: number };

/** A stretch matches within 2 % or 2 km: odometers count whole kilometres, and trips are rounded. */
const verdictOf = ({ driven_m, trips_m }: Stretch): "matches" | "gap" | "excess" => {
  const slack = Math.max(2_000, driven_m / 50);
  if (trips_m > driven_m + slack) return "excess";
  return driven_m > trips_m + slack ? "gap" : "matches";
};

/** At most so many stretches are shown; between are whole readings, so nothing is smoothed away. */
const SHOWN = 24;

const thinned = (readings: readonly Reading[]): Reading[] => {
  if (readings.length <= SHOWN + 1) return [...readings];
  const step = (readings.length - 1) / SHOWN;
  return Array.from({ length: SHOWN + 1 }, (_, place) => readings[Math.round(place * step)] as Reading);
};

type Fault = { at: number; odometer_m: number; before_m: number };

/**
 * The readings that rise with time, as many of them as can be, and those that contradict them: one false reading, too
 * high or too low, stands alone against all others and hides nothing. Of readings at one moment the first counts.
 */
const risingReadings = (readings: readonly Reading[]): { rising: Reading[]; falls: Fault[] } => {
  /** For each length of a rising row the place of its least last reading. */
  const lasts: number[] = [];
  const previous: number[] = [];
  for (const [place, { odometer_m }] of readings.entries()) {
    let [low, high] = [0, lasts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((readings[lasts[middle] as number] as Reading).odometer_m <= odometer_m) low = middle + 1;
      else high = middle;
    }
    previous.push(low > 0 ? (lasts[low - 1] as number) : -1);
    lasts[low] = place;
  }
  const kept = new Set<number>();
  for (let place = lasts.at(-1) ?? -1; place >= 0; place = previous[place] as number) kept.add(place);
  const rising: Reading[] = [];
  const falls: Fault[] = [];
  for (const [place, reading] of readings.entries()) {
    const last = rising.at(-1);
    if (!kept.has(place)) {
      // A kilometre either way is rounding.
      const before_m = (readings[place - 1] ?? reading).odometer_m;
      const apart = Math.abs(reading.odometer_m - (last ?? readings[place + 1] ?? reading).odometer_m);
      if (apart > 2_000) falls.push({ at: reading.at, odometer_m: reading.odometer_m, before_m });
    } else if (!last || reading.at > last.at) rising.push(reading);
  }
  return { rising, falls };
};

/** What is told of readings that contradict the others; all of them are counted. */
const FALLS_TOLD = 20;

/**
 * What a car's trips claim against what its odometer says was driven. Readings come from trips that carry them, from
 * the owner and from connections. More claimed than driven is an excess that the auditor must explain.
 */
export const reconcileOdometer = async (
  db: Db,
  carId: bigint,
): Promise<v.InferInput<typeof S.ReconciliationView>> => {
  const readings: Reading[] = (await odometerRows(db, carId)).map((row) => ({
    at: row.read_at.getTime(),
    odometer_m: row.odometer_m,
  }));
  for (const trip of await odometersOfTrips(db, carId)) {
    if (trip.odometer_start_m !== null)
      readings.push({ at: trip.started_at.getTime(), odometer_m: trip.odometer_start_m });
    if (trip.odometer_end_m !== null)
      readings.push({ at: trip.ended_at.getTime(), odometer_m: trip.odometer_end_m });
  }
  readings.sort((a, b) => a.at - b.at || a.odometer_m - b.odometer_m);
  const { rising, falls } = risingReadings(readings);
  const points = thinned(rising);
  const stretches: Stretch[] = [];
  for (let place = 1; place < points.length; place++) {
    const [a, b] = [points[place - 1] as Reading, points[place] as Reading];
    const trips_m = await distanceBetween(db, carId, new Date(a.at), new Date(b.at));
    stretches.push({ from: a.at, to: b.at, driven_m: b.odometer_m - a.odometer_m, trips_m });
  }
  const trips_m = stretches.reduce((sum, stretch) => sum + stretch.trips_m, 0);
  const [first, last] = [points[0], points.at(-1)];
  const driven_m = first && last && points.length > 1 ? last.odometer_m - first.odometer_m : null;
  return {
    stretches: stretches.map((stretch) => ({
      from: new Date(stretch.from),
      to: new Date(stretch.to),
      drivenKm: stretch.driven_m / 1000,
      tripsKm: stretch.trips_m / 1000,
      gapKm: (stretch.driven_m - stretch.trips_m) / 1000,
      verdict: verdictOf(stretch),
    })),
    drivenKm: driven_m === null ? null : driven_m / 1000,
    tripsKm: trips_m / 1000,
    excess: stretches.some((stretch) => verdictOf(stretch) === "excess"),
    contradictions: falls.length,
    falls: falls.slice(0, FALLS_TOLD).map((fall) => ({
      at: new Date(fall.at),
      km: fall.odometer_m / 1000,
      beforeKm: fall.before_m / 1000,
    })),
  };
};

export const odometerReconciliation = async (db: Db, actor: Actor, id: Id<"vehicle">) =>
  reconcileOdometer(db, (await visibleVehicle(db, actor, id)).car_id);
