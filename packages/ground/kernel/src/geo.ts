/** Positions are whole millionths of a degree (about 11 cm), so they compare and store exactly. */
export type Position = { lat_e6: number; lon_e6: number };

/** One reading of a logger: milliseconds since 1970, position, and the speed in metres per hour where it is known. */
export type Fix = Position & { at: number; speed_mph: number | null };

/** Mean radius of the Earth in metres (IUGG). */
const EARTH_M = 6_371_008.8;
const radians = Math.PI / 180 / 1e6;

/** Length of the great circle between two positions, in whole metres (haversine). */
export const greatCircle_m = (a: Position, b: Position): number => {
  const dLat = (b.lat_e6 - a.lat_e6) * radians;
  const dLon = (b.lon_e6 - a.lon_e6) * radians;
  const h =
    Math.sin(dLat / 2) ** 2 +
    Math.cos(a.lat_e6 * radians) * Math.cos(b.lat_e6 * radians) * Math.sin(dLon / 2) ** 2;
  return Math.round(2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h))));
};

/** Whether numbers name a place on Earth. 0,0 is what a receiver without a fix reports, not a place anyone drives. */
export const isPlace = (lat_e6: number, lon_e6: number): boolean =>
  Math.abs(lat_e6) <= 90_000_000 && Math.abs(lon_e6) <= 180_000_000 && (lat_e6 !== 0 || lon_e6 !== 0);

/** Faster than this between two fixes is a jump of the receiver, not of the car. */
const JUMP_MPS = 200_000 / 3_600;

/** At least a second is allowed for a step, or loggers with coarse clocks would lose honest ones. */
const reachable = (millis: number, step_m: number): boolean =>
  step_m <= JUMP_MPS * Math.max(1, Math.abs(millis) / 1000);

/**
 * Cleans a track as it streams by: drops fixes at 0,0 or off the Earth, repeats, and steps faster than 200 km/h.
 *
 * A jump is judged against the last fix that was kept. When the fixes after a jump agree with one another, the kept
 * one was the stray: after five in a row the track goes on from there, and the step between is not counted.
 */
export class Track {
  distance_m = 0;
  kept = 0;
  dropped = { nowhere: 0, repeated: 0, jumped: 0 };
  first: Fix | null = null;
  last: Fix | null = null;
  #away: Fix | null = null;
  #agreeing = 0;
  #seenAt = 0;

  /** Whether the fix was kept; the caller stores those for the map. */
  add(fix: Fix): boolean {
    if (!isPlace(fix.lat_e6, fix.lon_e6)) {
      this.dropped.nowhere++;
      return false;
    }
    const last = this.last;
    if (!last) return this.#keep(fix, 0);
    if (fix.lat_e6 === last.lat_e6 && fix.lon_e6 === last.lon_e6) {
      this.dropped.repeated++;
      this.#away = null;
      this.#seenAt = fix.at;
      return false;
    }
    const step_m = greatCircle_m(last, fix);
    // A receiver slower than the logger repeats itself for seconds, a parked car for hours: only ten seconds count.
    const waited = Math.min(10_000, this.#seenAt - last.at);
    if (reachable(fix.at - this.#seenAt + waited, step_m)) return this.#keep(fix, step_m);
    this.dropped.jumped++;
    const away = this.#away;
    const agrees = away !== null && reachable(fix.at - away.at, greatCircle_m(away, fix));
    this.#agreeing = agrees ? this.#agreeing + 1 : 1;
    this.#away = fix;
    if (this.#agreeing < 5) return false;
    this.dropped.jumped -= 1;
    return this.#keep(fix, 0);
  }

  #keep(fix: Fix, step_m: number): true {
    this.distance_m += step_m;
    this.kept++;
    this.first ??= fix;
    this.last = fix;
    this.#seenAt = fix.at;
    this.#away = null;
    this.#agreeing = 0;
    return true;
  }
}
