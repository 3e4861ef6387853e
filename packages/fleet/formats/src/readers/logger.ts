import type { ImportOptions, Plan, RowReader, Sink } from "../candidate.ts";
import { Cells, energyFromCharge, isBlank } from "../cells.ts";
import type { Finding } from "../findings.ts";
import { type Fix, greatCircle_m, isPlace, Track } from "../geo.ts";
import { plainHeader } from "../headers.ts";
import { readTimeOfDay, zoneOf } from "../times.ts";

/** A gap longer than this starts another trip; so does standing still for the second time. */
const GAP_MS = 10 * 60_000;
const STANDING_MS = 30 * 60_000;
/** Between readings closer than this the speed is taken to have changed evenly. */
const STEADY_MS = 10_000;
const SHORTEST_MS = 60_000;
/** Readings kept for the map; a longer trip keeps every second one, then every fourth. */
const MOST_FIXES = 4_000;

/** Metres per hour in one unit of the speed column. */
const speedUnit = (header: string, miles: boolean): number => {
  if (/(^|_)(ms|m_s|mps)$/.test(header)) return 3_600;
  if (/(^|_)mph$/.test(header) || (miles && !/km/.test(header))) return 1_609.344;
  return 1_000;
};

class Drive {
  readonly track = new Track();
  readonly fixes: Fix[] = [];
  end: number;
  moved: number;
  readings = 1;
  integral_m = 0;
  odometerEnd_m: number;
  chargeEnd_bp: number;
  #every = 1;
  #seen = 0;
  #speed_mph: number;

  constructor(
    readonly row: number,
    readonly start: number,
    speed_mph: number,
    readonly odometerStart_m: number,
    readonly chargeStart_bp: number,
  ) {
    this.end = start;
    this.moved = start;
    this.odometerEnd_m = odometerStart_m;
    this.chargeEnd_bp = chargeStart_bp;
    this.#speed_mph = speed_mph;
  }

  /** Adds a later reading: the speed between two readings is their mean, unless too much time lies between. */
  advance(at: number, speed_mph: number, odometer_m: number, charge_bp: number): void {
    const millis = at - this.end;
    if (millis <= STEADY_MS && !Number.isNaN(speed_mph) && !Number.isNaN(this.#speed_mph)) {
      this.integral_m += ((this.#speed_mph + speed_mph) / 2) * (millis / 3_600_000);
    }
    if (speed_mph > 1_000 || odometer_m > this.odometerEnd_m) this.moved = at;
    this.end = at;
    this.#speed_mph = speed_mph;
    this.readings++;
    if (!Number.isNaN(odometer_m)) this.odometerEnd_m = odometer_m;
    if (!Number.isNaN(charge_bp)) this.chargeEnd_bp = charge_bp;
  }

  place(fix: Fix): void {
    const before = this.track.last;
    if (!this.track.add(fix)) return;
    // Over a gap in the speed the positions say how far it was.
    if (
      before &&
      fix.at - before.at > STEADY_MS &&
      fix.speed_mph !== null &&
      this.end - before.at === fix.at - before.at
    ) {
      this.integral_m += this.#gap(before, fix);
    }
    if (this.#seen++ % this.#every !== 0) return;
    this.fixes.push(fix);
    if (this.fixes.length < MOST_FIXES) return;
    const thinned = this.fixes.filter((_, place) => place % 2 === 0);
    this.fixes.splice(0, this.fixes.length, ...thinned);
    this.#every *= 2;
  }

  /** Only what the integral left out: receivers that repeat a position for long must not count twice. */
  #gap(before: Fix, fix: Fix): number {
    return this.gapAt === fix.at ? greatCircle_m(before, fix) : 0;
  }

  /** Moment of the reading that followed a gap in the log, if the last one did. */
  gapAt = Number.NaN;
}

/** Raw readings, once a second or so: position, speed, state of charge. Each run without a long gap is a trip. */
export class LoggerReader implements RowReader {
  readonly #cells: Cells;
  readonly #speedUnit: number;
  readonly #placed: boolean;
  #drive: Drive | null = null;

  constructor(
    plan: Plan,
    private readonly options: ImportOptions,
    private readonly sink: Sink,
  ) {
    this.#cells = new Cells(plan, options, sink);
    this.#speedUnit = speedUnit(
      plainHeader(plan.header[plan.columns.speed ?? -1] ?? ""),
      options.distanceUnit === "mi",
    );
    this.#placed = plan.columns.lat !== undefined && plan.columns.lon !== undefined;
  }

  row(fields: readonly string[], row: number) {
    const cells = this.#cells;
    const at = this.#moment(fields, row);
    if (at === null) return;
    const speed_mph = cells.number(fields, "speed", 3) * (this.#speedUnit / 1000);
    const odometer = cells.text(fields, "odometer");
    const odometer_m = odometer === undefined || isBlank(odometer) ? Number.NaN : cells.metresOf(odometer);
    const charge_bp = cells.charge(fields);
    const drive = this.#drive;
    if (drive && at < drive.end) return this.sink.reject(row, "start", "reading_out_of_order");
    if (drive && (at - drive.end > GAP_MS || at - drive.moved > STANDING_MS)) this.#close();
    if (this.#drive) {
      this.#drive.gapAt = at - this.#drive.end > STEADY_MS ? at : Number.NaN;
      this.#drive.advance(at, speed_mph, odometer_m, charge_bp);
    } else this.#drive = new Drive(row, at, speed_mph, odometer_m, charge_bp);
    if (!this.#placed) return;
    const lat_e6 = cells.number(fields, "lat", 6);
    const lon_e6 = cells.number(fields, "lon", 6);
    if (!Number.isNaN(lat_e6) && !Number.isNaN(lon_e6)) {
      this.#drive.place({
        at,
        lat_e6,
        lon_e6,
        speed_mph: Number.isNaN(speed_mph) ? null : Math.round(speed_mph),
      });
    }
  }

  end(): void {
    if (this.#drive) this.#close();
  }

  #moment(fields: readonly string[], row: number): number | null {
    const cells = this.#cells;
    if (cells.has("start")) return cells.moment(fields, row, "start");
    const day = cells.text(fields, "date") ?? "";
    const clock = cells.text(fields, "time") ?? "";
    const midnight = cells.readMoment(day);
    const ofDay = readTimeOfDay(clock.replace(/\.\d+$/, ""));
    if (Number.isNaN(midnight) || Number.isNaN(ofDay)) {
      return cells.refused(row, "start", "start_unreadable", { text: `${day} ${clock}`.slice(0, 60) });
    }
    const local = midnight + cells.zone.offsetAtLocal(midnight + zoneOf("UTC").offsetAtLocal(0)) + ofDay;
    return local - cells.zone.offsetAtLocal(local);
  }

  #close() {
    const drive = this.#drive as Drive;
    this.#drive = null;
    const { row, start, end, track } = drive;
    if (drive.readings < 2) return this.sink.reject(row, "start", "samples_too_few");
    if (end - start < SHORTEST_MS) return this.sink.reject(row, "end", "too_short");
    const driven_m = drive.odometerEnd_m - drive.odometerStart_m;
    const measured_m = driven_m > 0 ? driven_m : Math.round(drive.integral_m);
    const distance_m = measured_m > 0 ? measured_m : Math.round(track.distance_m);
    if (distance_m <= 0) return this.sink.reject(row, "distance", "distance_zero");
    const energy_wh = energyFromCharge(
      drive.chargeStart_bp - drive.chargeEnd_bp,
      this.options.battery_wh,
      50,
    );
    const placed = track.first !== null && track.kept > 1;
    const disagrees =
      placed && measured_m > 0 && Math.abs(track.distance_m - measured_m) > 1_000 + measured_m * 0.1;
    const flags: Finding[] = disagrees
      ? [
          {
            code: "track_disagrees",
            values: { trackKm: Math.round(track.distance_m) / 1000, km: measured_m / 1000 },
          },
        ]
      : [];
    this.sink.trip({
      row,
      start,
      end,
      precision: "exact",
      distance_m,
      energy_wh,
      energyEstimated: energy_wh !== null,
      quality: "export",
      from: track.first,
      to: track.last,
      odometerStart_m: Number.isNaN(drive.odometerStart_m) ? null : drive.odometerStart_m,
      odometerEnd_m: Number.isNaN(drive.odometerEnd_m) ? null : drive.odometerEnd_m,
      notes: null,
      sourceId: null,
      fingerprint: null,
      flags,
      track: placed && isPlace((track.first as Fix).lat_e6, (track.first as Fix).lon_e6) ? drive.fixes : null,
    });
  }
}
