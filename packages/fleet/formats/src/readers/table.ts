import type { ImportOptions, Plan, RowReader, Sink } from "../candidate.ts";
import { Cells, energyFromCharge, isBlank } from "../cells.ts";
import type { Finding } from "../findings.ts";
import { Headings } from "./headings.ts";
import { type Times, TripTimes } from "./trip-times.ts";

const energyFlag: readonly Finding[] = [{ code: "energy_not_measured", values: {} }];
const noFlags: readonly Finding[] = [];

/** Whole percents say little below five. */
const leastFall_bp = 500;

/** Words with which a row begins that sums up others. */
const sums =
  /^\s*(grand\s+)?(total|totals|subtotal|sum|summe|gesamt\w*|insgesamt|somme|suma|totale|average|avg|mean|durchschnitt|tổng(\s+cộng)?|tong(\s+cong)?|cộng|trung\s+bình)\b[\s:.]*/iu;

/** Reads tables in which a row is a trip, or a day's record. */
export class TableReader implements RowReader {
  readonly #cells: Cells;
  readonly #times: TripTimes;
  readonly #days = new Map<string, (number | bigint)[]>();
  readonly #zeroFlag: readonly Finding[];
  readonly #headings: Headings;

  constructor(
    plan: Plan,
    options: ImportOptions,
    private readonly sink: Sink,
  ) {
    this.#cells = new Cells(plan, options, sink);
    this.#times = new TripTimes(this.#cells);
    this.#headings = new Headings(plan, options);
    // A habit of the whole file is said once, of the file.
    this.#zeroFlag = this.#cells.quirks.zeroEnergyUnknown || plan.energyNeverMeasured ? noFlags : energyFlag;
  }

  row(fields: readonly string[], row: number) {
    const cells = this.#cells;
    if (cells.passes(fields, row)) return;
    const { rows, negativeEnergy } = cells.quirks;
    if (rows && !rows.begin.test(cells.text(fields, rows.role) ?? ""))
      return this.sink.reject(row, "period", "summary_row");
    if (this.#sumsUp(fields)) return this.sink.reject(row, "row", "summary_row");
    if (this.#headings.isHeader(fields)) return this.sink.pass("rows_header");
    const written = this.#times.of(fields, row);
    if (!written) return this.#headings.hear(fields);
    const { table, vehicle } = this.#headings;
    if (table) return this.sink.reject(row, "row", "other_table", { columns: table });
    if (vehicle) return this.sink.reject(row, "vehicle", "other_vehicle", { vehicle });
    const distance_m = this.#distance(fields, row);
    if (distance_m === null) return;
    const times = this.#times.settled(written, distance_m);
    if (times.end <= times.start) {
      const code = times.end < times.start ? "end_before_start" : "trip_without_duration";
      return this.sink.reject(row, "end", code);
    }
    const energy = cells.wattHours(fields, row, distance_m);
    if (energy === null) return;
    const signed = negativeEnergy ? Math.abs(energy) : energy;
    if (signed < 0) return this.sink.reject(row, "energy", "energy_negative");
    const from = cells.position(fields, row, "start");
    const to = from === undefined ? undefined : cells.position(fields, row, "end");
    if (from === undefined || to === undefined) return;
    const odometerStart_m = this.#odometer(fields, "start_odometer");
    const odometerEnd_m = this.#odometer(fields, cells.has("end_odometer") ? "end_odometer" : "odometer");
    const measured = signed > 0;
    const charged_wh = measured ? null : this.#fromCharge(fields);
    this.sink.trip(
      {
        row,
        start: times.start,
        end: times.end,
        precision: times.precision,
        distance_m,
        energy_wh: measured ? signed : charged_wh,
        energyEstimated: measured ? cells.quirks.coarseEnergy === true : charged_wh !== null,
        quality: "manual",
        from,
        to,
        odometerStart_m,
        odometerEnd_m,
        notes: cells.notes(fields),
        sourceId: cells.has("id") && !rows ? cells.text(fields, "id")?.trim() || null : null,
        fingerprint:
          times.precision === "day"
            ? this.#dayRecord(`${times.start}/${distance_m}/${odometerEnd_m ?? ""}`, fields)
            : null,
        flags: this.#flags(fields, { signed, distance_m, odometerStart_m, odometerEnd_m, times }),
        track: null,
      },
      times.rounding_ms,
    );
  }

  end(): void {}

  /** Scooters and many an app tell the charge before and after a drive, and no energy. */
  #fromCharge(fields: readonly string[]): number | null {
    const { battery_wh } = this.#cells.options;
    return energyFromCharge(this.#cells.chargeUsed(fields), battery_wh, leastFall_bp);
  }

  /**
   * A day's record is known by its day, distance and odometer, however that is written. Two drives of one day may be
   * equally long: they are told apart by their number within the file, and a line that stands there twice is one.
   */
  #dayRecord(key: string, fields: readonly string[]): string {
    const text = Bun.hash(fields.join("\u001f"));
    const same = this.#days.get(key);
    if (!same) this.#days.set(key, [text]);
    else if (!same.includes(text)) same.push(text);
    const number = same ? same.indexOf(text) : 0;
    const said = key.slice(key.indexOf("/") + 1);
    return number === 0 ? said : `${said}/${number}`;
  }

  /** A row whose time is none and which begins with a word like "Total" sums up the others. */
  #sumsUp(fields: readonly string[]): boolean {
    const dated =
      this.#cells.text(fields, "start") ??
      this.#cells.text(fields, "date") ??
      this.#cells.text(fields, "end");
    // A time begins with a digit or with a weekday or month of at least three letters, none of which is such a word.
    if (dated !== undefined && /^\s*["']?\d/.test(dated)) return false;
    if (dated !== undefined && !isBlank(dated)) return sums.test(dated);
    return fields.some((cell) => sums.test(cell));
  }

  #flags(
    fields: readonly string[],
    trip: {
      signed: number;
      distance_m: number;
      odometerStart_m: number | null;
      odometerEnd_m: number | null;
      times: Times;
    },
  ): readonly Finding[] {
    const { signed, distance_m, odometerStart_m, odometerEnd_m, times } = trip;
    const flags: Finding[] = [];
    if (signed === 0) flags.push(...this.#zeroFlag);
    if (times.ambiguous) flags.push({ code: "clock_went_back", values: {} });
    const stated = this.#cells.quirks.consumptionFirst
      ? Number.NaN
      : this.#cells.statedEnergy(fields, distance_m);
    // Consumption is shown rounded, and some programs count what was given back: a third apart is neither.
    if (signed > 0 && Math.abs(stated - signed) > 300 + Math.max(stated, signed) / 3)
      flags.push({ code: "energy_contradicts", values: { kwh: signed / 1000, statedKwh: stated / 1000 } });
    const driven_m = odometerStart_m !== null && odometerEnd_m !== null ? odometerEnd_m - odometerStart_m : 0;
    // Odometers that count whole kilometres may differ by one at either end.
    if (driven_m > 0 && Math.abs(driven_m - distance_m) > 2_000 + distance_m * 0.05)
      flags.push({
        code: "odometer_disagrees",
        values: { odometerKm: driven_m / 1000, km: distance_m / 1000 },
      });
    return flags.length === 0 ? noFlags : flags;
  }

  #distance(fields: readonly string[], row: number): number | null {
    const cells = this.#cells;
    let distance_m = cells.metres(fields, row, "distance");
    if (distance_m === null) return null;
    if (Number.isNaN(distance_m) && cells.has("start_odometer") && cells.has("end_odometer")) {
      const from = cells.metres(fields, row, "start_odometer");
      const to = cells.metres(fields, row, "end_odometer");
      if (from === null || to === null) return null;
      distance_m = to - from;
    }
    if (Number.isNaN(distance_m)) return cells.refused(row, "distance", "distance_missing", {});
    if (distance_m < 0) return cells.refused(row, "distance", "distance_negative", {});
    if (distance_m === 0) return cells.refused(row, "distance", "distance_zero", {});
    return distance_m;
  }

  /** A reading of the odometer, or null; a blank or broken one costs the trip nothing. */
  #odometer(fields: readonly string[], role: "odometer" | "start_odometer" | "end_odometer"): number | null {
    const text = this.#cells.text(fields, role);
    if (text === undefined || isBlank(text)) return null;
    const value = this.#cells.odometer(text, role);
    return Number.isNaN(value) || value <= 0 || value > 5_000_000_000 ? null : value;
  }
}
