import { readTimeOfDay } from "@evx/clocks";
import { plainHeader } from "@evx/columns";
import { greatCircle_m } from "@evx/kernel";
import type { ImportOptions, Plan, RowReader, Sink } from "../candidate.ts";
import { Cells, energyFromCharge, isBlank } from "../cells.ts";
import type { Finding } from "../findings.ts";
import { InOrder } from "../in-order.ts";
import { readSpeed, speedUnitOf } from "../quantities.ts";
import { Drive, type LogReading, steady_ms } from "./drive.ts";

/** A gap longer than this starts another trip; so does standing still for the second time. */
const gap_ms = 10 * 60_000;
const standing_ms = 30 * 60_000;
const shortest_ms = 30_000;
/** Over a gap the odometer or the positions show a drive when they moved at least so fast; slower, the car stood too. */
const driven_kmh = 10;
/** Speed at which a distance is assumed to have been driven when only the odometer tells of it. */
const assumed_kmh = 40;
/** An odometer of whole kilometres moves by one without a trip that is worth it. */
const leastJump_m = 100;

const nothing = {
  speed_mph: Number.NaN,
  odometer_m: Number.NaN,
  charge_bp: Number.NaN,
  energy_wh: Number.NaN,
  lat_e6: Number.NaN,
  lon_e6: Number.NaN,
};

/** Raw readings: position, speed, odometer, state of charge. Each run without a long gap is a trip. */
export class LoggerReader implements RowReader {
  readonly #cells: Cells;
  readonly #speedUnit: number;
  readonly #steady: number;
  readonly #order: InOrder<LogReading>;
  #drive: Drive | null = null;

  constructor(
    private readonly plan: Plan,
    private readonly options: ImportOptions,
    private readonly sink: Sink,
  ) {
    this.#cells = new Cells(plan, options, sink);
    const speed = plainHeader(plan.header[plan.columns.speed ?? -1] ?? "");
    this.#speedUnit = speedUnitOf(speed) ?? (options.distanceUnit === "mi" ? 1_609.344 : 1_000);
    const placed = plan.columns.lat !== undefined && plan.columns.lon !== undefined;
    // Where nothing but the speed tells the distance, a reading a minute has to do.
    this.#steady = placed || plan.columns.odometer !== undefined ? steady_ms : 6 * steady_ms;
    this.#order = new InOrder(
      (reading) => this.#take(reading),
      ({ row }) => sink.reject(row, "start", "reading_out_of_order"),
    );
  }

  row(fields: readonly string[], row: number) {
    const cells = this.#cells;
    const walked = cells.notDriven(fields) !== null;
    if (!walked && cells.passes(fields, row)) return;
    const at = this.#moment(fields, row);
    if (at === null) return;
    if (walked) {
      this.sink.pass("rows_not_driven");
      return this.#order.push({ ...nothing, row, at, ends: true });
    }
    const odometer = cells.text(fields, "odometer");
    const energy = cells.text(fields, "energy");
    const reading: LogReading = {
      row,
      at,
      speed_mph: readSpeed(cells.text(fields, "speed") ?? "", this.#speedUnit, this.plan.decimal === ","),
      odometer_m: odometer === undefined || isBlank(odometer) ? Number.NaN : cells.odometer(odometer),
      charge_bp: cells.charge(fields),
      energy_wh:
        energy === undefined || isBlank(energy) ? Number.NaN : (cells.energy(energy, row) ?? Number.NaN),
      lat_e6: cells.degrees(fields, "lat"),
      lon_e6: cells.degrees(fields, "lon"),
    };
    if (reading.odometer_m <= 0) reading.odometer_m = Number.NaN;
    const measured = [
      reading.speed_mph,
      reading.odometer_m,
      reading.charge_bp,
      reading.energy_wh,
      reading.lat_e6,
    ];
    if (measured.every(Number.isNaN)) return this.sink.pass("rows_unmeasured");
    this.#order.push(reading);
  }

  end(): void {
    this.#order.end();
    if (this.#drive) this.#close();
  }

  #take(reading: LogReading): void {
    const drive = this.#drive;
    if (reading.ends) {
      if (drive) this.#close();
      return;
    }
    if (drive && (reading.at - drive.end > gap_ms || reading.at - drive.moved > standing_ms)) {
      if (!this.#drivesOn(drive, reading)) {
        this.#close();
        this.#jump(drive, reading);
      } else drive.gapped = true;
    }
    if (this.#drive) this.#drive.add(reading);
    else this.#drive = new Drive(reading, this.#steady);
  }

  /** Whether the car was driven all through a gap of the log. */
  #drivesOn(drive: Drive, { at, odometer_m, lat_e6, lon_e6 }: LogReading): boolean {
    const gap = at - drive.end;
    if (gap <= gap_ms) return false;
    const jumped_m = odometer_m - drive.odometerEnd_m;
    if (jumped_m >= leastJump_m) return (jumped_m * 3_600) / gap >= driven_kmh;
    const last = drive.track.last;
    if (!this.#cells.quirks.gapsDriven || !last || Number.isNaN(lat_e6) || Number.isNaN(lon_e6)) return false;
    return (greatCircle_m(last, { lat_e6, lon_e6 }) * 3_600) / gap >= driven_kmh;
  }

  /** What the odometer moved while the log was silent for long: driven at some time before the reading. */
  #jump(drive: Drive, { row, at, odometer_m }: LogReading): void {
    const distance_m = odometer_m - drive.odometerEnd_m;
    if (!(distance_m >= leastJump_m)) return;
    const start = Math.max(drive.end, at - Math.max(60_000, Math.round((distance_m * 3_600) / assumed_kmh)));
    if (start >= at) return;
    this.sink.trip({
      row,
      start,
      end: at,
      precision: "estimated",
      distance_m,
      energy_wh: null,
      energyEstimated: false,
      quality: "manual",
      from: null,
      to: null,
      odometerStart_m: drive.odometerEnd_m,
      odometerEnd_m: odometer_m,
      notes: null,
      sourceId: null,
      fingerprint: null,
      flags: [],
      track: null,
    });
  }

  #moment(fields: readonly string[], row: number): number | null {
    const cells = this.#cells;
    if (cells.has("start")) return cells.moment(fields, row, "start")?.at ?? null;
    const day = cells.text(fields, "date") ?? "";
    const clock = cells.text(fields, "time");
    const whole = clock === undefined ? cells.readMoment(day) : Number.NaN;
    if (!Number.isNaN(whole)) return whole;
    const midnight = cells.readMoment(day);
    const ofDay = readTimeOfDay((clock ?? "").replace(/\.\d+$/, ""));
    if (Number.isNaN(midnight) || Number.isNaN(ofDay)) {
      return cells.refused(row, "start", "start_unreadable", {
        text: `${day} ${clock ?? ""}`.trim().slice(0, 60),
      });
    }
    const local = midnight + cells.zone.offsetAtLocal(midnight) + ofDay;
    return local - cells.zone.offsetAtLocal(local);
  }

  #close() {
    const drive = this.#drive as Drive;
    this.#drive = null;
    const { row, start, end, track } = drive;
    const driven_m = drive.odometerEnd_m - drive.odometerStart_m;
    const measured_m = driven_m > 0 ? driven_m : Math.round(drive.integral_m);
    const distance_m = measured_m > 0 ? measured_m : Math.round(track.distance_m);
    // A car that stands is read as well, for hours: its rows are counted, not named one by one.
    if (driven_m === 0 && distance_m <= 0) return this.sink.pass("rows_standing", drive.readings);
    if (drive.readings < 2) return this.sink.reject(row, "start", "samples_too_few");
    if (end - start < shortest_ms) return this.sink.reject(row, "end", "too_short");
    if (distance_m <= 0) return this.sink.reject(row, "distance", "distance_zero");
    const counted_wh = drive.energyEnd_wh - drive.energyStart_wh;
    const energy_wh =
      counted_wh > 0
        ? counted_wh
        : energyFromCharge(drive.chargeStart_bp - drive.chargeEnd_bp, this.options.battery_wh, 50);
    const placed = track.first !== null && track.kept > 1;
    this.sink.trip({
      row,
      start,
      end,
      precision: drive.gapped ? "estimated" : "exact",
      distance_m,
      energy_wh,
      energyEstimated: energy_wh !== null && !(counted_wh > 0),
      quality: "manual",
      from: track.first,
      to: track.last,
      odometerStart_m: Number.isNaN(drive.odometerStart_m) ? null : drive.odometerStart_m,
      odometerEnd_m: Number.isNaN(drive.odometerEnd_m) ? null : drive.odometerEnd_m,
      notes: null,
      sourceId: null,
      fingerprint: null,
      flags: placed && measured_m > 0 && !drive.gapped ? disagreement(track.distance_m, measured_m) : [],
      track: placed ? drive.fixes : null,
    });
  }
}

/** A flag where the positions tell another distance than speed or odometer. */
const disagreement = (track_m: number, measured_m: number): Finding[] =>
  Math.abs(track_m - measured_m) > 1_000 + measured_m * 0.1
    ? [{ code: "track_disagrees", values: { trackKm: Math.round(track_m) / 1000, km: measured_m / 1000 } }]
    : [];
