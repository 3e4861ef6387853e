import type { ColumnRole, Columns, DateOrder, FormatName, ImportOptions, Plan } from "./candidate.ts";
import { refuse } from "./errors.ts";
import { columnsOf, type Format, formatNamed, formatOf, plainHeader } from "./headers.ts";
import { rowLimits } from "./policy.ts";
import { RowSplitter } from "./rows.ts";
import { orderOf, saysZone } from "./times.ts";

const delimiters = [",", ";", "\t", "|"] as const;

/** The first rows of a head of text, split by one delimiter. */
const rowsOf = (head: string, delimiter: string, newline: string, most: number): string[][] => {
  const rows: string[][] = [];
  const splitter = new RowSplitter(
    delimiter,
    { row: (fields) => rows.length < most && rows.push([...fields]), broken: () => {} },
    newline,
  );
  // The last line of a head may be cut; a head that is the whole file ends with its last line.
  const lines = head.slice(0, 64 * 1024);
  splitter.push(lines);
  if (lines.length === head.length) splitter.end();
  return rows;
};

export type TextLayout = {
  delimiter: string;
  newline: string;
  headerRow: number;
  header: string[];
  sample: string[][];
};

/**
 * How a text is laid out: its delimiter, and the row of its header. Excel's "sep=;" line and title lines before the
 * header are passed over; the header is the first of ten rows that some format knows, else the first row.
 */
export const layoutOf = (head: string): TextLayout => {
  const newline = head.includes("\n") ? "\n" : head.includes("\r") ? "\r" : "\n";
  const declared = /^\uFEFF?sep=(.)\r?\n/i.exec(head)?.[1];
  const read = (declared ? [declared] : delimiters).map((delimiter) => {
    const rows = rowsOf(head, delimiter, newline, 200);
    const known = rows.slice(0, 10).findIndex((fields) => fields.length > 1 && formatOf(fields) !== null);
    return { delimiter, rows, known };
  });
  const widest = (entry: (typeof read)[number]) => entry.rows[declared ? 1 : 0]?.length ?? 0;
  const best =
    read.find((entry) => entry.known >= 0) ??
    read.reduce((a, b) => (widest(b) > widest(a) ? b : a), read[0] as (typeof read)[number]);
  const headerAt = Math.max(best.known, declared ? 1 : 0);
  const header = best.rows[headerAt] ?? [];
  return {
    delimiter: best.delimiter,
    newline,
    headerRow: headerAt + 1,
    header: header.map((name) => name.replace(/^\uFEFF/, "").trim()),
    sample: best.rows.slice(headerAt + 1),
  };
};

const cellsOf = (sample: readonly (readonly string[])[], column: number | undefined): string[] =>
  column === undefined
    ? []
    : sample.map((fields) => fields[column] ?? "").filter((cell) => cell.trim() !== "");

const measures = [
  "distance",
  "energy",
  "consumption",
  "odometer",
  "start_odometer",
  "end_odometer",
  "speed",
] as const;

/** Whether numbers use a decimal comma: some do, and none uses a point that could be decimal. */
const decimalOf = (
  columns: Columns,
  sample: readonly (readonly string[])[],
  delimiter: string,
): "." | "," => {
  const cells = measures.flatMap((role) => cellsOf(sample, columns[role]));
  const commas = cells.filter((cell) => /^\s*[+-]?\d+(?:\.\d{3})*,\d+\s*$/.test(cell)).length;
  const points = cells.filter((cell) => /^\s*[+-]?\d+(?:,\d{3})*\.\d+\s*$/.test(cell)).length;
  if (commas === 0) return ".";
  if (
    delimiter === "," &&
    cells.every((cell) => !/,\d+/.test(cell) || /^\s*\d{1,3}(?:,\d{3})+\s*$/.test(cell))
  )
    return ".";
  return commas > points ? "," : ".";
};

/** Formats whose times are UTC, whatever the car's zone. */
const inUtc: readonly FormatName[] = ["teslamate"];

const unitOf = (
  header: readonly string[],
  columns: Columns,
  format: FormatName,
): { unit: "km" | "mi"; silent: boolean } => {
  if (format === "teslafi") return { unit: "mi", silent: false };
  const column = columns.distance ?? columns.odometer;
  const name = column === undefined ? "" : plainHeader(header[column] ?? "");
  if (/(^|_)(mi|miles|mile)($|_)/.test(name)) return { unit: "mi", silent: false };
  if (/(^|_)(km|kilomet(er|re)s?)($|_)/.test(name)) return { unit: "km", silent: false };
  if (format === "teslamate" || format === "spritmonitor") return { unit: "km", silent: false };
  if (format === "tessie") return { unit: "mi", silent: true };
  return { unit: "km", silent: columns.distance !== undefined || columns.odometer !== undefined };
};

/** Countries that write the month first; every other one writes the day first. */
export const dateOrderOfZone = (zone: string): DateOrder =>
  /^(America\/(New_York|Chicago|Denver|Phoenix|Los_Angeles|Anchorage|Detroit|Boise)|Pacific\/Honolulu|US\/)/.test(
    zone,
  )
    ? "mdy"
    : "dmy";

export const planFor = (
  layout: { header: readonly string[]; sample: readonly (readonly string[])[]; delimiter: string | null },
  encoding: string,
  options: ImportOptions,
): Plan => {
  const { header, sample } = layout;
  if (header.length > rowLimits.columns)
    throw refuse("import_columns_too_many", { limit: rowLimits.columns });
  const mapped = options.mapping && Object.keys(options.mapping).length > 0;
  const detected: Format | null = formatOf(header) ?? (mapped ? formatNamed("evx") : null);
  const columns = columnsOf(header, detected, options.mapping);
  if (!detected || !readable(detected.name, columns)) {
    throw refuse("import_format_unknown", {
      columns: header.slice(0, 12).join(", ").slice(0, 200),
      missing: missingRoles(columns).join(", "),
    });
  }
  const format: FormatName =
    detected.name === "evx" && layout.delimiter === null ? "evx-json" : detected.name;
  const times = cellsOf(sample, columns.start ?? columns.date);
  // The Twizy logger and others from its bench write the month first; so do people in the United States.
  const fallback =
    options.dateOrder ??
    (format === "logger" && columns.time !== undefined ? "mdy" : dateOrderOfZone(options.zone));
  const order = orderOf(times, fallback);
  const unit = unitOf(header, columns, format);
  const zoneSilent = !inUtc.includes(format) && !(times.length > 0 && times.every(saysZone));
  return {
    format,
    encoding,
    delimiter: layout.delimiter,
    header,
    columns,
    decimal: options.decimal ?? decimalOf(columns, sample, layout.delimiter ?? ""),
    dateOrder: options.dateOrder ?? order.order,
    dateOrderUncertain:
      options.dateOrder === undefined && !order.certain && times.some((text) => !/^\s*\d{9,}/.test(text)),
    distanceUnit: options.distanceUnit ?? unit.unit,
    unitSilent: unit.silent,
    zoneSilent,
    zone: inUtc.includes(format) ? "UTC" : options.zone,
  };
};

const readable = (format: FormatName, columns: Columns): boolean => {
  const timed = columns.start !== undefined || columns.date !== undefined;
  if (format === "logger") {
    return (
      timed &&
      (columns.speed !== undefined ||
        columns.odometer !== undefined ||
        (columns.lat !== undefined && columns.lon !== undefined))
    );
  }
  if (format === "teslafi") return timed && columns.odometer !== undefined;
  const measured =
    columns.distance !== undefined ||
    (columns.start_odometer !== undefined && columns.end_odometer !== undefined);
  return timed && measured;
};

const missingRoles = (columns: Columns): ColumnRole[] => {
  const missing: ColumnRole[] = [];
  if (columns.start === undefined && columns.date === undefined) missing.push("start");
  if (columns.end === undefined && columns.duration_min === undefined && columns.duration_s === undefined)
    missing.push("end");
  if (columns.distance === undefined) missing.push("distance");
  return missing;
};
