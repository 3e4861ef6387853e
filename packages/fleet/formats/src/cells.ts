import {
  durationUnitOf,
  type MomentReading,
  readDuration,
  readMoment,
  readTimeOfDay,
  zoneWritten,
} from "@evx/clocks";
import { type ColumnRole, isNoDrive, plainHeader } from "@evx/columns";
import { day_ms, isPlace, type Position, type Zone, zoneOf } from "@evx/kernel";
import type { ImportOptions, Plan, Sink } from "./candidate.ts";
import type { Quirks } from "./format.ts";
import { formatNamed } from "./headers.ts";
import { scaled } from "./numbers.ts";
import {
  type ConsumptionUnit,
  consumptionUnitOf,
  type EnergyUnit,
  energyOver,
  energyUnitOf,
  type LengthUnit,
  lengthUnitNamed,
  lengthUnitOf,
  readEnergy,
  readLength,
} from "./quantities.ts";
import { vehicleKey } from "./survey.ts";

/** What a blank cell looks like in the formats we read. */
export const isBlank = (text: string | undefined): boolean => {
  if (text === undefined || text === "") return true;
  const first = text.charCodeAt(0);
  // Nearly every cell: it begins with what is neither a space nor the N of None, null and NULL.
  if (first > 32 && first < 127 && first !== 78 && first !== 110) return false;
  return text === "None" || text === "null" || text === "NULL" || text.trim() === "";
};

const shown = (text: string): string => text.trim().slice(0, 60);

type LengthRole = "distance" | "odometer" | "start_odometer" | "end_odometer";

/** A moment that is read: `clock` when only a time of day was written, so that its day came from the date's column. */
export type Moment = { at: number; clock: boolean };

/** Reads the cells of a row by role, in our units. NaN is "not there"; what cannot be read is rejected. */
export class Cells {
  /** The zone of the row's times: the file's, or the one that the row names. */
  zone: Zone;
  readonly quirks: Quirks;
  readonly #columns: Plan["columns"];
  readonly #comma: boolean;
  readonly #fileZone: Zone;
  #reading: MomentReading;
  readonly #lengths: Record<LengthRole, LengthUnit>;
  readonly #energyUnit: EnergyUnit;
  readonly #consumptionUnit: ConsumptionUnit;
  readonly #vehicle: string | null;
  /** Milliseconds in one unit of the column of durations. */
  readonly #lasting_ms: number;
  /** The last day that was written: of merged cells only the first one holds it. */
  #day = "";
  /** Whether a cell of an activity is no drive, by what is written in it: a file has few different ones. */
  readonly #ways = new Map<string, boolean>();

  constructor(
    private readonly plan: Plan,
    readonly options: ImportOptions,
    private readonly sink: Sink,
  ) {
    this.#fileZone = zoneOf(plan.zone);
    this.zone = this.#fileZone;
    this.quirks = formatNamed(plan.format).quirks ?? {};
    this.#columns = plan.columns;
    this.#comma = plan.decimal === ",";
    this.#reading = { order: plan.dateOrder, zone: this.zone };
    const nameOf = (role: ColumnRole) => plainHeader(plan.header[plan.columns[role] ?? -1] ?? "");
    const lengthOf = (role: LengthRole): LengthUnit => {
      const own = lengthUnitOf(nameOf(role)) ?? (role === "distance" && this.quirks.metres ? "m" : null);
      // What the person chose counts over the header, where that leaves a choice.
      return own !== null && own !== "km" && own !== "mi"
        ? own
        : (options.distanceUnit ?? own ?? plan.distanceUnit);
    };
    this.#lengths = {
      distance: lengthOf("distance"),
      odometer: lengthOf("odometer"),
      start_odometer: lengthOf("start_odometer"),
      end_odometer: lengthOf("end_odometer"),
    };
    this.#energyUnit = energyUnitOf(nameOf("energy")) ?? this.quirks.energyUnit ?? "kwh";
    this.#consumptionUnit = consumptionUnitOf(nameOf("consumption"));
    this.#lasting_ms = durationUnitOf(nameOf("duration_min"));
    this.#vehicle = options.vehicle === undefined ? null : vehicleKey(options.vehicle);
  }

  has(role: ColumnRole): boolean {
    return this.#columns[role] !== undefined;
  }

  text(fields: readonly string[], role: ColumnRole): string | undefined {
    const column = this.#columns[role];
    return column === undefined ? undefined : fields[column];
  }

  /** Takes up the zone that a row names; false after a rejection. */
  #zoned(fields: readonly string[], row: number): boolean {
    const text = this.text(fields, "zone");
    const zone = isBlank(text) ? this.#fileZone : zoneWritten(text as string);
    if (zone === null) {
      this.refused(row, "zone", "zone_unknown", { text: shown(text as string) });
      return false;
    }
    if (zone !== this.zone) {
      this.zone = zone;
      this.#reading = { ...this.#reading, zone };
    }
    return true;
  }

  /** Whether numbers of a role have a decimal comma. */
  #commaOf(role: ColumnRole): boolean {
    const parting = this.plan.thousands[role];
    return parting === undefined ? this.#comma : parting === ".";
  }

  /** What a row says was done instead of driving ("Walking"), or null. */
  notDriven(fields: readonly string[]): string | null {
    for (const column of this.plan.activityColumns) {
      const cell = fields[column];
      if (cell === undefined || cell === "") continue;
      let known = this.#ways.get(cell);
      if (known === undefined) {
        known = isNoDrive(cell, plainHeader(this.plan.header[column] ?? ""), this.options.kind);
        if (this.#ways.size < 1_000) this.#ways.set(cell, known);
      }
      if (known) return shown(cell);
    }
    return null;
  }

  /** Whether a row is about another car than the one that was chosen, or about none at all; then it is accounted for. */
  passes(fields: readonly string[], row: number): boolean {
    if (fields.every(isBlank)) {
      this.sink.pass("rows_blank");
      return true;
    }
    const way = this.plan.activityColumns.length === 0 ? null : this.notDriven(fields);
    if (way !== null) {
      this.sink.reject(row, "activity", "not_driven", { text: way });
      return true;
    }
    if (this.quirks.stays && isBlank(this.text(fields, "distance"))) {
      this.sink.pass("rows_unmeasured");
      return true;
    }
    if (this.#columns.zone !== undefined && !this.#zoned(fields, row)) return true;
    if (this.#vehicle === null || this.plan.vehicleColumns.length === 0) return false;
    const named = this.plan.vehicleColumns
      .map((column) => fields[column] ?? "")
      .filter((name) => !isBlank(name));
    if (named.some((name) => vehicleKey(name) === this.#vehicle)) return false;
    this.sink.reject(row, "vehicle", "other_vehicle", { vehicle: shown(named[0] ?? "") });
    return true;
  }

  /** A moment, or null after a rejection. A time of day alone belongs to the date column's day. */
  moment(fields: readonly string[], row: number, role: "start" | "end"): Moment | null {
    const text = this.text(fields, role);
    if (text === undefined || isBlank(text)) return this.refused(row, role, `${role}_missing`, {});
    const at = readMoment(text, this.#reading);
    if (!Number.isNaN(at)) return { at, clock: false };
    const ownDay = role === "end" ? this.text(fields, "end_date") : undefined;
    const dated = ownDay !== undefined && !isBlank(ownDay);
    const clocked = this.#atClock(dated ? ownDay : this.text(fields, "date"), text);
    // With a day of its own it does not go past midnight.
    if (!Number.isNaN(clocked)) return { at: clocked, clock: !dated };
    return this.refused(row, role, `${role}_unreadable`, { text: shown(text) });
  }

  #atClock(written: string | undefined, text: string): number {
    if (written === undefined) return Number.NaN;
    const day = isBlank(written) ? this.#day : written;
    const midnight = Math.floor(readMoment(day, { ...this.#reading, zone: zoneOf("UTC") }) / day_ms) * day_ms;
    const local = midnight + readTimeOfDay(text);
    if (Number.isNaN(local)) return Number.NaN;
    this.#day = day;
    return local - this.zone.offsetAtLocal(local);
  }

  /** A moment from a text, NaN when it is none. */
  readMoment(text: string): number {
    return readMoment(text, this.#reading);
  }

  /** A duration in milliseconds: with its units, a clock's, or a plain number of the column's unit. NaN when there is none. */
  duration(fields: readonly string[]): number {
    const text = this.text(fields, "duration_min");
    if (!isBlank(text)) {
      const written = readDuration(text as string);
      if (!Number.isNaN(written)) return written;
      const given = scaled(text as string, 3, this.#comma);
      if (!Number.isNaN(given)) return Math.round((given * this.#lasting_ms) / 1000);
    }
    const seconds = this.text(fields, "duration_s");
    if (isBlank(seconds)) return Number.NaN;
    const written = readDuration(seconds as string);
    return Number.isNaN(written) ? scaled(seconds as string, 3, this.#comma) : written;
  }

  /** A length in metres; NaN when the cell is blank, null after a rejection. */
  metres(fields: readonly string[], row: number, role: LengthRole): number | null {
    const text = this.text(fields, role);
    if (text === undefined || isBlank(text)) return Number.NaN;
    const unit = this.#unitIn(fields, role);
    if (unit === undefined)
      return this.refused(row, role, "unit_unknown", {
        text: shown(this.text(fields, "distance_unit") ?? ""),
      });
    const value = readLength(text, unit, this.#commaOf(role));
    if (value === "unit") return this.refused(row, role, "unit_unknown", { text: shown(text) });
    if (Number.isNaN(value)) return this.refused(row, role, "distance_unreadable", { text: shown(text) });
    return value;
  }

  /** A reading of the odometer in metres, NaN where there is none that can be read. */
  odometer(text: string, role: LengthRole = "odometer"): number {
    const value = readLength(text, this.#lengths[role], this.#comma);
    return value === "unit" ? Number.NaN : value;
  }

  /** The unit of a row's length, by its column of units where it has one; undefined for one that we do not know. */
  #unitIn(fields: readonly string[], role: LengthRole): LengthUnit | undefined {
    const unit = this.text(fields, "distance_unit");
    return unit === undefined || isBlank(unit) ? this.#lengths[role] : lengthUnitNamed(unit);
  }

  /** Watt-hours; NaN when blank, null after a rejection. Consumption over distance counts where nothing better is there. */
  wattHours(fields: readonly string[], row: number, distance_m: number): number | null {
    const perDistance = this.text(fields, "consumption");
    const text = this.text(fields, "energy");
    if (!isBlank(perDistance) && (this.quirks.consumptionFirst || isBlank(text))) {
      const value = this.statedEnergy(fields, distance_m);
      if (!Number.isNaN(value)) return value;
    }
    if (text === undefined || isBlank(text)) return Number.NaN;
    return this.energy(text, row);
  }

  /** An energy in watt-hours, null after a rejection. */
  energy(text: string, row: number): number | null {
    const value = readEnergy(text, this.#energyUnit, this.#commaOf("energy"));
    if (value === "unit") return this.refused(row, "energy", "unit_unknown", { text: shown(text) });
    if (Number.isNaN(value)) return this.refused(row, "energy", "energy_unreadable", { text: shown(text) });
    return value;
  }

  /** The energy that the shown consumption would mean over a distance; NaN when there is none. */
  statedEnergy(fields: readonly string[], distance_m: number): number {
    const text = this.text(fields, "consumption");
    if (text === undefined || isBlank(text)) return Number.NaN;
    // A unit in the cell counts before the header's: "16,9 kWh/100 km".
    const [number = "", own = ""] = text
      .split(/\s*(?=[\p{L}/])/u, 1)
      .concat(/[\p{L}/].*$/u.exec(text)?.[0] ?? "");
    const unit = /wh/i.test(own) ? consumptionUnitOf(plainHeader(own)) : this.#consumptionUnit;
    return energyOver(scaled(number, 6, this.#comma) / 1000, unit, distance_m);
  }

  /** What a drive took of the charge, in hundredths of a percent; NaN when the row does not tell. */
  chargeUsed(fields: readonly string[]): number {
    const used = this.charge(fields, "soc_used");
    return Number.isNaN(used) ? this.charge(fields, "start_soc") - this.charge(fields, "end_soc") : used;
  }

  /** A share in hundredths of a percent; NaN when there is none. */
  charge(fields: readonly string[], role: "soc" | "start_soc" | "end_soc" | "soc_used" = "soc"): number {
    const text = this.text(fields, role);
    if (text === undefined || isBlank(text)) return Number.NaN;
    const value = scaled(text, 2, this.#comma);
    return this.quirks.chargeParts ? Math.round(value / this.quirks.chargeParts) : value;
  }

  /** A number, with whatever unit is written behind it passed over. */
  number(fields: readonly string[], role: ColumnRole, places: number): number {
    const text = this.text(fields, role);
    if (text === undefined || isBlank(text)) return Number.NaN;
    const value = scaled(text, places, this.#comma);
    return Number.isNaN(value)
      ? scaled(text.replace(/\s*[\p{L}/]+\.?\s*$/u, ""), places, this.#comma)
      : value;
  }

  /** A degree in millionths: decimal, or degrees and minutes ("52 30.5"). */
  degrees(fields: readonly string[], role: ColumnRole): number {
    const text = this.text(fields, role);
    if (text === undefined || isBlank(text)) return Number.NaN;
    const value = scaled(text, 6, this.#comma);
    if (!Number.isNaN(value)) return value;
    const parts = /^\s*(-?)(\d{1,3})[\s°]+(\d{1,2}(?:[.,]\d+)?)['′]?\s*([NSEW])?\s*$/i.exec(text);
    if (!parts) return Number.NaN;
    const size = Number(parts[2]) + Number((parts[3] as string).replace(",", ".")) / 60;
    return Math.round(size * 1e6) * (parts[1] === "-" || /[SW]/i.test(parts[4] ?? "") ? -1 : 1);
  }

  /** A position from two columns, or from one that holds "lat, lon"; null when there is none or it is 0,0. */
  position(fields: readonly string[], row: number, end: "start" | "end"): Position | null | undefined {
    const lat = this.text(fields, `${end}_lat`);
    const lon = this.text(fields, `${end}_lon`);
    if (lat !== undefined && lon !== undefined) {
      if (isBlank(lat) || isBlank(lon)) return null;
      const position = {
        lat_e6: this.degrees(fields, `${end}_lat`),
        lon_e6: this.degrees(fields, `${end}_lon`),
      };
      if (isPlace(position.lat_e6, position.lon_e6)) return position;
      if (position.lat_e6 === 0 && position.lon_e6 === 0) return null;
      this.refused(row, `${end}_location`, "position_unreadable", { text: `${shown(lat)}, ${shown(lon)}` });
      return undefined;
    }
    const place = this.text(fields, `${end}_location`);
    const pair =
      place === undefined
        ? null
        : /^\s*(?:geo:)?\(?\s*(-?\d{1,3}(?:\.\d+)?)°?\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)°?\s*\)?\s*$/.exec(
            place,
          );
    if (!pair) return null;
    const position = { lat_e6: scaled(pair[1] as string, 6), lon_e6: scaled(pair[2] as string, 6) };
    return isPlace(position.lat_e6, position.lon_e6) ? position : null;
  }

  notes(fields: readonly string[]): string | null {
    const text = this.text(fields, "notes");
    if (text === undefined || isBlank(text)) return null;
    return (
      text
        .trim()
        .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, " ")
        // Exports, ours among them, put an apostrophe before what a spreadsheet would take for a formula.
        .replace(/^'(?=[=+\-@\t\r])/, "")
        .slice(0, 500)
    );
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
