import { type DateOrder, saysZone, zoneInHeader } from "@evx/clocks";
import { activityColumnsOf, type ColumnRole, type Columns, plainHeader } from "@evx/columns";
import { RowSplitter, rowLimits } from "@evx/containers";
import type { ImportOptions, Plan } from "./candidate.ts";
import { clockColumnOf, dayed } from "./clock-logs.ts";
import { refuse } from "./errors.ts";
import type { Format } from "./format.ts";
import { columnsOf, formatNamed, formatOf, guessedFormat } from "./headers.ts";
import { type Widen, widened } from "./long.ts";
import { energyUnitOf, lengthUnitOf } from "./quantities.ts";
import { stackedAt, stackedHeader } from "./stacked.ts";
import { decimalShown, orderSurveyed, type Survey } from "./survey.ts";
import { vehicleColumnsOf } from "./vehicles.ts";

const delimiters = [",", ";", "\t", "|"] as const;

/** The first rows of a head of text, split by one delimiter. */
const rowsOf = (
  head: string,
  delimiter: string,
  newline: string,
  most: number,
): { rows: string[][]; numbers: number[] } => {
  const rows: string[][] = [];
  const numbers: number[] = [];
  const take = (fields: readonly string[], row: number) => {
    if (rows.length >= most) return;
    rows.push([...fields]);
    numbers.push(row);
  };
  const splitter = new RowSplitter(delimiter, { row: take, broken: () => {} }, newline);
  // The last line of a head may be cut; a head that is the whole file ends with its last line.
  const lines = head.slice(0, 64 * 1024);
  splitter.push(lines);
  if (lines.length === head.length) splitter.end();
  return { rows, numbers };
};

export type TextLayout = {
  delimiter: string;
  newline: string;
  headerRow: number;
  header: string[];
  sample: string[][];
  /** The cells as they stand in the file, where `widen` makes others of them. */
  written: { header: string[]; sample: string[][] };
  /** Begins to make rows of the header's cells; of most files they are that already. Each reading of a file begins anew. */
  reader: () => Widen;
  /** Whether its owner had to tell the day. */
  dayTold: boolean;
};

/**
 * How a text is laid out: its delimiter, and the row of its header. Excel's "sep=;" line and title lines before the
 * header are passed over; the header is the first of ten rows that some format knows, else the first row.
 */
export const layoutOf = (head: string, began?: string): TextLayout => {
  const newline = head.includes("\n") ? "\n" : head.includes("\r") ? "\r" : "\n";
  const declared = /^\uFEFF?sep=(.)\r?\n/i.exec(head)?.[1];
  const read = (declared ? [declared] : delimiters).map((delimiter) => {
    const { rows, numbers } = rowsOf(head, delimiter, newline, 200);
    const among = (
      find: (fields: readonly string[], sample: readonly (readonly string[])[]) => Format | null,
    ) =>
      rows
        .slice(0, 10)
        .findIndex((fields, at) => fields.length > 1 && find(fields, rows.slice(at + 1, at + 50)) !== null);
    const known = among(formatOf);
    const guessed = known >= 0 ? known : among(guessedFormat);
    const stacked = guessed >= 0 ? guessed : stackedAt(rows.slice(0, 10));
    const at = stacked >= 0 ? stacked : clockLogAt(rows);
    return { delimiter, rows, numbers, known: at, sure: known >= 0 };
  });
  const widest = (entry: (typeof read)[number]) => entry.rows[declared ? 1 : 0]?.length ?? 0;
  const best =
    read.find((entry) => entry.sure) ??
    read.find((entry) => entry.known >= 0) ??
    read.reduce((a, b) => (widest(b) > widest(a) ? b : a), read[0] as (typeof read)[number]);
  const foundAt = Math.max(best.known, declared ? 1 : 0);
  const { header, rows } = stackedHeader(best.rows[foundAt] ?? [], best.rows[foundAt + 1]);
  const headerAt = foundAt + rows - 1;
  const table = {
    header: header.map((name) => name.replace(/^\uFEFF/, "").trim()),
    sample: best.rows.slice(headerAt + 1),
  };
  const clock = clockColumnOf(table);
  if (clock && began === undefined) throw refuse("import_log_without_day");
  const day = clock && began !== undefined ? dayed(table, clock, began) : null;
  const dated = day ? { header: day.header, sample: sampleBy(table.sample, day.reader) } : table;
  const wide = best.known >= 0 && !day ? null : widened(dated.header, dated.sample);
  const reader = (): Widen => {
    const first = day?.reader();
    if (!first) return wide?.widen ?? ((fields) => fields);
    return (fields) => (wide ? wide.widen(first(fields)) : first(fields));
  };
  return {
    delimiter: best.delimiter,
    newline,
    headerRow: best.numbers[headerAt] ?? headerAt + 1,
    written: table,
    reader,
    dayTold: day !== null,
    header: wide?.header ?? dated.header,
    sample: wide ? sampleBy(dated.sample, () => wide.widen) : dated.sample,
  };
};

/** Where the header of a log without days stands, below lines that say who wrote it; -1 where there is none. */
const clockLogAt = (rows: readonly (readonly string[])[]): number =>
  rows
    .slice(0, 10)
    .findIndex(
      (header, at) => header.length > 1 && clockColumnOf({ header, sample: rows.slice(at + 1, at + 50) }),
    );

const sampleBy = (sample: readonly (readonly string[])[], reader: () => Widen): string[][] => {
  const widen = reader();
  return sample.map((fields) => [...widen(fields)]);
};

const cellsOf = (sample: readonly (readonly string[])[], column: number | undefined): string[] =>
  column === undefined
    ? []
    : sample.map((fields) => fields[column] ?? "").filter((cell) => cell.trim() !== "");

/** Whether the other headers speak of miles, and none of kilometres. */
const countsMiles = (header: readonly string[]): boolean => {
  const words = new Set(header.flatMap((name) => plainHeader(name).split("_")));
  const some = (...names: string[]) => names.some((name) => words.has(name));
  return (
    some("mi", "mile", "miles", "mph", "mpge", "100mi") &&
    !some("km", "kmh", "kph", "100km", "kilometers", "kilometres")
  );
};

const unitOf = (
  header: readonly string[],
  columns: Columns,
  format: Format,
): { unit: "km" | "mi"; silent: boolean } => {
  const named = (["distance", "odometer", "end_odometer"] as const)
    .map((role) => columns[role])
    .map((column) => (column === undefined ? null : lengthUnitOf(plainHeader(header[column] ?? ""))))
    .find((unit) => unit !== null);
  if (named) return { unit: named === "mi" ? "mi" : "km", silent: false };
  const usual = format.quirks?.unit;
  if (usual) return { unit: usual.is, silent: !usual.certain };
  if (format.quirks?.metres) return { unit: "km", silent: false };
  // Who counts Wh/mi and mph counts miles; it is a guess, and the person is asked.
  if (columns.distance !== undefined && countsMiles(header)) return { unit: "mi", silent: true };
  return { unit: "km", silent: columns.distance !== undefined || columns.odometer !== undefined };
};

/** Countries that write the month first; every other one writes the day first. */
const dateOrderOfZone = (zone: string): DateOrder =>
  /^(America\/(New_York|Chicago|Denver|Phoenix|Los_Angeles|Anchorage|Detroit|Boise)|Pacific\/Honolulu|US\/)/.test(
    zone,
  )
    ? "mdy"
    : "dmy";

/** The order to take where no date of a file shows it: slashes beside AM and miles are American. */
const orderGuessed = (
  header: readonly string[],
  format: Format,
  columns: Columns,
  times: readonly string[],
  unit: string,
  zone: string,
): DateOrder => {
  if (format.quirks?.dateOrder) return format.quirks.dateOrder;
  const dayHeader = plainHeader(header[columns.date ?? -1] ?? "");
  // The Twizy logger and others from its bench write the month first.
  if (format.name === "logger" && columns.time !== undefined && dayHeader !== "ngay" && dayHeader !== "day")
    return "mdy";
  const american = unit === "mi" && times.some((text) => /\/.*[AP]M\b/.test(text));
  return american ? "mdy" : dateOrderOfZone(zone);
};

/** Roles that only a log of readings has. */
const ofReadings = ["speed", "lat", "lon", "soc", "odometer"] as const;

/** The format of a header, or what the person's own mapping makes of it: trips, or readings of a logger. */
export const formatFor = (
  header: readonly string[],
  mapping: ImportOptions["mapping"] = {},
  sample: readonly (readonly string[])[] = [],
): Format | null => {
  const said = Object.entries(mapping).filter(([, name]) => name !== "");
  const found = formatOf(header) ?? guessedFormat(header, sample);
  if (said.length === 0) return found;
  const roles = new Set(said.map(([role]) => role));
  const trips =
    roles.has("distance") || roles.has("end") || roles.has("duration_min") || roles.has("end_odometer");
  const readings = !trips && ofReadings.some((role) => roles.has(role));
  if (readings) return found?.shape === "readings" ? found : formatNamed("logger");
  return found && (found.shape === "trips" || !trips) ? found : formatNamed("evx");
};

type Layout = {
  header: readonly string[];
  sample: readonly (readonly string[])[];
  delimiter: string | null;
  dayTold?: boolean;
};

/** How a file is read: by its header, by what a survey of its cells found, and by what the person chose. */
export const planFor = (layout: Layout, encoding: string, options: ImportOptions, survey: Survey): Plan => {
  const { header, sample } = layout;
  if (header.length > rowLimits.columns)
    throw refuse("import_columns_too_many", { limit: rowLimits.columns });
  const format = formatFor(header, options.mapping, sample);
  const columns = columnsOf(header, format, options.mapping, sample);
  // The columns of readings have no "time" of their own where it is the whole moment.
  if (
    format?.shape === "readings" &&
    columns.start === undefined &&
    columns.time !== undefined &&
    columns.date === undefined
  ) {
    columns.start = columns.time;
    delete columns.time;
  }
  if (!format || !readable(format, columns)) {
    throw refuse("import_format_unknown", {
      columns: header.slice(0, 12).join(", ").slice(0, 200),
      missing: missingRoles(columns).join(", "),
    });
  }
  const times = cellsOf(sample, columns.start ?? columns.end ?? columns.date);
  const dates = columns.date === undefined ? times : cellsOf(sample, columns.date);
  const unit = unitOf(header, columns, format);
  const surveyed = orderSurveyed(survey);
  const guessed = orderGuessed(header, format, columns, times, unit.unit, options.zone);
  const thousands = options.decimal === undefined ? thousandsOf(header, columns, survey, format) : {};
  const mark = decimalBeside(survey, thousands);
  const stated =
    format.quirks?.utc === true ? "UTC" : zoneInHeader(header[columns.start ?? columns.end ?? -1] ?? "");
  const zoned = times.filter(saysZone).length;
  return {
    format: format.name === "evx" && layout.delimiter === null ? "evx-json" : format.name,
    encoding,
    delimiter: layout.delimiter,
    header,
    columns,
    decimal: options.decimal ?? mark.decimal,
    decimalUncertain:
      options.decimal === undefined &&
      // An odometer of "10.050" and always so may have shown ten kilometres or ten thousand.
      (mark.uncertain || (columns.distance === undefined && survey.small?.odometer !== undefined)),
    thousands,
    dateOrder: options.dateOrder ?? surveyed?.order ?? guessed,
    dateOrderUncertain:
      options.dateOrder === undefined &&
      surveyed?.certain !== true &&
      dates.some((text) => /^\s*\d{1,2}[-/.]\d/.test(text)),
    distanceUnit: options.distanceUnit ?? unit.unit,
    unitSilent: unit.silent,
    zoneSilent:
      stated === null &&
      !(times.length > 0 && zoned >= times.length * 0.9) &&
      !(columns.zone !== undefined && cellsOf(sample, columns.zone).length >= sample.length * 0.9),
    zone: stated ?? options.zone,
    dayTold: layout.dayTold === true,
    energyNeverMeasured: survey.energy.zero >= Math.max(2, survey.energy.given * 0.05),
    vehicleColumns: vehicleColumnsOf(header, sample),
    activityColumns: format.activity
      ? header.flatMap((name, column) => (plainHeader(name) === format.activity ? [column] : []))
      : activityColumnsOf(header, sample, new Set(Object.values(columns))),
  };
};

/** The decimal mark by all numbers but those that part thousands; where no others are left it is the other mark. */
const decimalBeside = (survey: Survey, thousands: Plan["thousands"]): ReturnType<typeof decimalShown> => {
  const parted = (mark: "." | ",") =>
    (["distance", "energy"] as const).reduce(
      (sum, role) => sum + (thousands[role] === mark ? (survey.small?.[role]?.rows ?? 0) : 0),
      0,
    );
  const { eitherComma, eitherPoint, ...proofs } = survey.decimal;
  const left = { eitherComma: eitherComma - parted(","), eitherPoint: eitherPoint - parted(".") };
  const shown = decimalShown({ decimal: { ...proofs, ...left } });
  const others = proofs.comma + proofs.point + left.eitherComma + left.eitherPoint;
  if (others > 0 || parted(".") + parted(",") === 0) return shown;
  return { decimal: parted(".") > 0 ? "," : ".", uncertain: true };
};

/**
 * In columns of metres or watt-hours a mark that always has three digits behind it parts thousands: nobody drives 21.4 m
 * or uses 3.25 Wh in half an hour.
 */
const thousandsOf = (
  header: readonly string[],
  columns: Columns,
  { small = {} }: Survey,
  format: Format,
): Plan["thousands"] => {
  const nameOf = (role: ColumnRole) => plainHeader(header[columns[role] ?? -1] ?? "");
  const marks: Plan["thousands"] = {};
  const length = lengthUnitOf(nameOf("distance"));
  if (small.distance && ((length !== null && length !== "km" && length !== "mi") || format.quirks?.metres))
    marks.distance = small.distance.mark;
  const energy = energyUnitOf(nameOf("energy")) ?? format.quirks?.energyUnit;
  if (small.energy && energy === "wh") marks.energy = small.energy.mark;
  return marks;
};

const readable = (format: Format, columns: Columns): boolean => {
  const timed = columns.start !== undefined || columns.date !== undefined;
  if (format.shape === "readings") {
    return (
      timed &&
      (columns.speed !== undefined ||
        columns.odometer !== undefined ||
        (columns.lat !== undefined && columns.lon !== undefined))
    );
  }
  if (format.shape === "tesla-minutes") return timed && columns.odometer !== undefined;
  const measured =
    columns.distance !== undefined ||
    (columns.start_odometer !== undefined && columns.end_odometer !== undefined);
  return (timed || columns.end !== undefined) && measured;
};

const missingRoles = (columns: Columns): ColumnRole[] => {
  const missing: ColumnRole[] = [];
  if (columns.start === undefined && columns.date === undefined) missing.push("start");
  if (columns.end === undefined && columns.duration_min === undefined && columns.duration_s === undefined)
    missing.push("end");
  if (columns.distance === undefined) missing.push("distance");
  return missing;
};
