import { type Fix, greatCircle_m, hour_ms, Track } from "@evx/kernel";

/** Between readings closer than this the speed is taken to have changed evenly. */
export const steady_ms = 10_000;
/** Readings kept for the map; a longer trip keeps every second one, then every fourth. */
const mostFixes = 4_000;

/** One reading of a logger. NaN is what it did not say. */
export type LogReading = {
  row: number;
  at: number;
  /** Metres per hour. */
  speed_mph: number;
  odometer_m: number;
  charge_bp: number;
  /** Energy counted so far. */
  energy_wh: number;
  lat_e6: number;
  lon_e6: number;
  /** Not a reading: here something else than driving was done. */
  ends?: true;
};

/** A drive as its readings stream by. Values may come one a row: each is carried to the next that has it. */
export class Drive {
  readonly track = new Track();
  readonly fixes: Fix[] = [];
  readonly row: number;
  readonly start: number;
  end: number;
  moved: number;
  readings = 0;
  integral_m = 0;
  odometerStart_m = Number.NaN;
  odometerEnd_m = Number.NaN;
  chargeStart_bp = Number.NaN;
  chargeEnd_bp = Number.NaN;
  energyStart_wh = Number.NaN;
  energyEnd_wh = Number.NaN;
  /** Whether part of it is known by the odometer alone, over a gap of the log. */
  gapped = false;
  #every = 1;
  #seen = 0;
  #speed_mph = Number.NaN;
  #speedAt = Number.NaN;

  constructor(
    first: LogReading,
    private readonly steady: number,
  ) {
    this.row = first.row;
    this.start = first.at;
    this.end = first.at;
    this.moved = first.at;
    this.add(first);
  }

  /** Adds a later reading: the speed between two readings is their mean, unless too much time lies between. */
  add(reading: LogReading): void {
    const { at, speed_mph, odometer_m, charge_bp, energy_wh } = reading;
    const gap = at - this.end > steady_ms;
    this.readings++;
    if (!Number.isNaN(speed_mph)) {
      const millis = at - this.#speedAt;
      if (millis <= this.steady) this.integral_m += ((this.#speed_mph + speed_mph) / 2) * (millis / hour_ms);
      this.#speed_mph = speed_mph;
      this.#speedAt = at;
    }
    if (speed_mph > 1_000 || odometer_m > this.odometerEnd_m) this.moved = at;
    const before = this.end;
    this.end = at;
    if (!Number.isNaN(odometer_m)) {
      if (Number.isNaN(this.odometerStart_m)) this.odometerStart_m = odometer_m;
      this.odometerEnd_m = odometer_m;
    }
    if (!Number.isNaN(charge_bp)) {
      if (Number.isNaN(this.chargeStart_bp)) this.chargeStart_bp = charge_bp;
      this.chargeEnd_bp = charge_bp;
    }
    if (!Number.isNaN(energy_wh)) {
      if (Number.isNaN(this.energyStart_wh)) this.energyStart_wh = energy_wh;
      this.energyEnd_wh = energy_wh;
    }
    if (!Number.isNaN(reading.lat_e6) && !Number.isNaN(reading.lon_e6))
      this.#place(reading, gap ? before : Number.NaN);
  }

  #place({ at, lat_e6, lon_e6, speed_mph }: LogReading, gapFrom: number): void {
    const fix: Fix = {
      at,
      lat_e6,
      lon_e6,
      speed_mph: Number.isNaN(speed_mph) ? null : Math.round(speed_mph),
    };
    const before = this.track.last;
    if (!this.track.add(fix)) return;
    // Over a gap in the speed the positions say how far it was. Only what the integral left out: receivers that repeat
    // a position for long must not count twice.
    if (before && fix.speed_mph !== null && before.at === gapFrom && at - before.at > this.steady)
      this.integral_m += greatCircle_m(before, fix);
    if (this.#seen++ % this.#every !== 0) return;
    this.fixes.push(fix);
    if (this.fixes.length < mostFixes) return;
    const thinned = this.fixes.filter((_, place) => place % 2 === 0);
    this.fixes.splice(0, this.fixes.length, ...thinned);
    this.#every *= 2;
  }
}
