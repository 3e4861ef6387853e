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
  const rising: Reading[] = [];
  for (const reading of readings) {
    const last = rising.at(-1);
    if (!last || (reading.at > last.at && reading.odometer_m >= last.odometer_m)) rising.push(reading);
  }
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
  };
};

export const odometerReconciliation = async (db: Db, actor: Actor, id: Id<"vehicle">) =>
  reconcileOdometer(db, (await visibleVehicle(db, actor, id)).car_id);
