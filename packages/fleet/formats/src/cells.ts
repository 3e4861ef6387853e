import type { ColumnRole, FormatName, ImportOptions, Plan, Sink } from "./candidate.ts";
import { isPlace, type Position } from "./geo.ts";
import { plainHeader } from "./headers.ts";
import { metresFromMicroMiles, scaled } from "./numbers.ts";
import { type MomentReading, readMoment, readTimeOfDay, type Zone, zoneOf } from "./times.ts";

/** What a blank cell looks like in the formats we read. */
export const isBlank = (text: string | undefined): boolean =>
  text === undefined ||
  text === "" ||
  text === "None" ||
  text === "null" ||
  text === "NULL" ||
  text.trim() === "";

const shown = (text: string): string => text.trim().slice(0, 60);

/** Reads the cells of a row by role, in our units. NaN is "not there"; what cannot be read is rejected. */
export class Cells {
  readonly zone: Zone;
  readonly format: FormatName;
  readonly #columns: Plan["columns"];
  readonly #comma: boolean;
  readonly #miles: boolean;
  readonly #reading: MomentReading;
  readonly #wattHours: boolean;
  readonly #metres: boolean;

  constructor(
    plan: Plan,
    readonly options: ImportOptions,
    private readonly sink: Sink,
  ) {
    this.zone = zoneOf(plan.zone);
    this.format = plan.format;
    this.#columns = plan.columns;
    this.#comma = plan.decimal === ",";
    this.#miles = plan.distanceUnit === "mi";
    this.#reading = { order: plan.dateOrder, zone: this.zone };
    const nameOf = (column: number | undefined) => plainHeader(plan.header[column ?? -1] ?? "");
    this.#wattHours = /(^|_)wh$/.test(nameOf(plan.columns.energy)) || plan.format === "kia-dailystats";
    this.#metres = /^(distance_m|metres|meters|distance_metres|distance_meters)$/.test(
      nameOf(plan.columns.distance),
    );
  }

  has(role: ColumnRole): boolean {
    return this.#columns[role] !== undefined;
  }

  text(fields: readonly string[], role: ColumnRole): string | undefined {
    const column = this.#columns[role];
    return column === undefined ? undefined : fields[column];
  }

  /** A moment in milliseconds, or null after a rejection. A time of day alone belongs to the date column's day. */
  moment(fields: readonly string[], row: number, role: "start" | "end"): number | null {
    const text = this.text(fields, role);
    if (text === undefined || isBlank(text)) return this.refused(row, role, `${role}_missing`, {});
    const at = readMoment(text, this.#reading);
    if (!Number.isNaN(at)) return at;
    const day = this.text(fields, "date");
    const clock = day === undefined ? Number.NaN : readTimeOfDay(text);
    const midnight =
      day === undefined ? Number.NaN : readMoment(day, { ...this.#reading, zone: zoneOf("UTC") });
    const local = midnight + clock;
    if (!Number.isNaN(local)) return local - this.zone.offsetAtLocal(local);
    return this.refused(row, role, `${role}_unreadable`, { text: shown(text) });
  }

  /** A moment from a text, NaN when it is none. */
  readMoment(text: string): number {
    return readMoment(text, this.#reading);
  }

  /** A length in metres; NaN when the cell is blank, null after a rejection. */
  metres(
    fields: readonly string[],
    row: number,
    role: "distance" | "odometer" | "start_odometer" | "end_odometer",
  ): number | null {
    const text = this.text(fields, role);
    if (text === undefined || isBlank(text)) return Number.NaN;
    const value = this.metresOf(text, this.#unitIn(fields), role === "distance" && this.#metres);
    if (Number.isNaN(value)) return this.refused(row, role, "distance_unreadable", { text: shown(text) });
    return value;
  }

  metresOf(text: string, miles = this.#miles, metres = false): number {
    if (metres) return scaled(text, 0, this.#comma);
    return miles ? metresFromMicroMiles(scaled(text, 6, this.#comma)) : scaled(text, 3, this.#comma);
  }

  #unitIn(fields: readonly string[]): boolean {
    const unit = this.text(fields, "distance_unit");
    return unit === undefined ? this.#miles : /^\s*mi/i.test(unit);
  }

  /** Watt-hours; NaN when blank, null after a rejection. Consumption per 100 km counts where the format says so. */
  wattHours(fields: readonly string[], row: number, distance_m: number): number | null {
    const perHundred = this.text(fields, "consumption");
    const preferConsumption = this.format === "spritmonitor";
    const text = this.text(fields, "energy");
    if (
      perHundred !== undefined &&
      !isBlank(perHundred) &&
      (preferConsumption || text === undefined || isBlank(text))
    ) {
      const wattHoursPer100Km = scaled(perHundred, 3, this.#comma);
      if (!Number.isNaN(wattHoursPer100Km)) return Math.round((wattHoursPer100Km * distance_m) / 100_000);
    }
    if (text === undefined || isBlank(text)) return Number.NaN;
    const value = scaled(text, this.#wattHours ? 0 : 3, this.#comma);
    if (Number.isNaN(value)) return this.refused(row, "energy", "energy_unreadable", { text: shown(text) });
    return value;
  }

  /** A share in hundredths of a percent; NaN when there is none. */
  charge(fields: readonly string[]): number {
    const text = this.text(fields, "soc");
    return text === undefined || isBlank(text) ? Number.NaN : scaled(text, 2, this.#comma);
  }

  number(fields: readonly string[], role: ColumnRole, places: number): number {
    const text = this.text(fields, role);
    return text === undefined || isBlank(text) ? Number.NaN : scaled(text, places, this.#comma);
  }

  /** A position from two columns, or from one that holds "lat, lon"; null when there is none or it is 0,0. */
  position(fields: readonly string[], row: number, end: "start" | "end"): Position | null | undefined {
    const lat = this.text(fields, `${end}_lat`);
    const lon = this.text(fields, `${end}_lon`);
    if (lat !== undefined && lon !== undefined) {
      if (isBlank(lat) || isBlank(lon)) return null;
      const position = { lat_e6: scaled(lat, 6, this.#comma), lon_e6: scaled(lon, 6, this.#comma) };
      if (isPlace(position.lat_e6, position.lon_e6)) return position;
      if (position.lat_e6 === 0 && position.lon_e6 === 0) return null;
      this.refused(row, `${end}_location`, "position_unreadable", { text: `${shown(lat)}, ${shown(lon)}` });
      return undefined;
    }
    const place = this.text(fields, `${end}_location`);
    const pair =
      place === undefined
        ? null
        : /^\s*\(?\s*(-?\d{1,3}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*\)?\s*$/.exec(place);
    if (!pair) return null;
    const position = { lat_e6: scaled(pair[1] as string, 6), lon_e6: scaled(pair[2] as string, 6) };
    return isPlace(position.lat_e6, position.lon_e6) ? position : null;
  }

  notes(fields: readonly string[]): string | null {
    const text = this.text(fields, "notes");
    if (text === undefined || isBlank(text)) return null;
    return text
      .trim()
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, " ")
      .slice(0, 500);
  }

  refused(row: number, field: string, code: string, values: Record<string, number | string>): null {
    this.sink.reject(row, field, code, values);
    return null;
  }
}

/** A state of charge that fell by so much is worth an estimate of energy: whole percents say little below five. */
export const energyFromCharge = (
  fell_bp: number,
  battery_wh: number | null,
  least_bp: number,
): number | null =>
  battery_wh === null || Number.isNaN(fell_bp) || fell_bp < least_bp
    ? null
    : Math.round((battery_wh * fell_bp) / 10_000);
