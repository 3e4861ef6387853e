import { withoutZone } from "@evx/clocks";
import {
  type ColumnRole,
  type Columns,
  daysOf,
  guessedRole,
  ownSynonyms,
  plainHeader,
  type Synonyms,
} from "@evx/columns";
import { byContents } from "./contents.ts";
import type { Format } from "./format.ts";
import { formats } from "./formats/index.ts";

const has = (names: readonly string[], wanted: string | readonly string[]): boolean =>
  typeof wanted === "string" ? names.includes(wanted) : wanted.some((name) => names.includes(name));

/** The format whose headers these are, or null. */
export const formatOf = (header: readonly string[]): Format | null => {
  const names = header.map(plainHeader);
  return (
    formats.find(
      (format) =>
        format.needs.every((wanted) => has(names, wanted)) &&
        !(format.without ?? []).some((name) => names.includes(name)),
    ) ?? null
  );
};

/** A format by its stored name. */
export const formatNamed = (name: string): Format =>
  formats.find((format) => format.name === (name === "evx-json" ? "evx" : name)) as Format;

/** Our own format for a header that no format fits and whose words still tell what is what; null where they do not. */
export const guessedFormat = (
  header: readonly string[],
  sample: readonly (readonly string[])[] = [],
): Format | null => {
  const columns = columnsOf(header, formatNamed("evx"), {}, sample);
  const timed = columns.start !== undefined || columns.end !== undefined || columns.date !== undefined;
  const measured =
    columns.distance !== undefined ||
    (columns.start_odometer !== undefined && columns.end_odometer !== undefined);
  if (timed && measured) return formatNamed("evx");
  // Trips of which nothing but the odometer is known lie between its readings.
  return timed && (columns.odometer !== undefined || columns.end_odometer !== undefined)
    ? formatNamed("logger")
    : null;
};

const guessedColumns = (names: readonly string[], known: Columns): Columns => {
  const columns: Columns = { ...known };
  const taken = new Set(Object.values(columns));
  for (const [at, name] of names.entries()) {
    const role = taken.has(at) ? null : guessedRole(name);
    if (role !== null && columns[role] === undefined) columns[role] = at;
  }
  return columns;
};

/**
 * Departure and arrival can have a column for the day and one for the hour each: then the hours are what starts and ends,
 * and the days theirs.
 */
const withDays = (names: readonly string[], columns: Columns): Columns => {
  const found: Columns = { ...columns };
  const at = (wanted: readonly string[] | undefined, ...not: (number | undefined)[]): number | undefined => {
    const place = names.findIndex((name, place) => wanted?.includes(name) && !not.includes(place));
    return place < 0 ? undefined : place;
  };
  for (const [role, dayRole] of [
    ["start", "date"],
    ["end", "end_date"],
  ] as const) {
    const day = at(daysOf[role]);
    const taken = Object.entries(columns).some(([other, place]) => place === day && other !== role);
    if (day === undefined || taken || found[dayRole] !== undefined) continue;
    const hour = columns[role] === day ? at(ownSynonyms[role], day) : columns[role];
    if (hour !== undefined) Object.assign(found, { [role]: hour, [dayRole]: day });
  }
  return found;
};

/**
 * Which column has which role: by the format's own names, then by ours, then by their words and what is in their cells, then
 * as the user says.
 */
export const columnsOf = (
  header: readonly string[],
  format: Format | null,
  mapping: Partial<Record<ColumnRole, string>> = {},
  sample: readonly (readonly string[])[] = [],
): Columns => {
  const names = header.map((name) => plainHeader(withoutZone(name)));
  let columns: Columns = {};
  const take = (synonyms: Synonyms) => {
    for (const [role, wanted] of Object.entries(synonyms) as [ColumnRole, readonly string[]][]) {
      if (columns[role] !== undefined) continue;
      const name = wanted.find((candidate) => names.includes(candidate));
      if (name !== undefined) columns[role] = names.indexOf(name);
    }
  };
  if (format) take(format.columns);
  if (!format?.only) take(ownSynonyms);
  if (format?.shape === "trips" && (format.name === "evx" || !format.only))
    columns = byContents(names, withDays(names, guessedColumns(names, columns)), sample);
  // Any file may name the zone of each row, also one whose other columns are known.
  if (columns.zone === undefined && !format?.quirks?.utc) {
    const zone = names.findIndex((name) => guessedRole(name) === "zone");
    if (zone >= 0) columns.zone = zone;
  }
  for (const [role, name] of Object.entries(mapping) as [ColumnRole, string][]) {
    const column = header.findIndex((candidate) => candidate.trim() === name.trim());
    if (name === "" || column < 0) delete columns[role];
    else columns[role] = column;
  }
  return format?.shape === "readings" && measuresNothing(columns)
    ? readAtEnds(header, columns, sample)
    : columns;
};

const measuresNothing = ({ speed, lat, start, date, time, odometer }: Columns): boolean =>
  speed === undefined &&
  lat === undefined &&
  (odometer === undefined || (start === undefined && date === undefined && time === undefined));

/** A table of trips of which only the odometer is known: it was read when each of them ended. */
const readAtEnds = (
  header: readonly string[],
  columns: Columns,
  sample: readonly (readonly string[])[],
): Columns => {
  const trips = columnsOf(header, formatNamed("evx"), {}, sample);
  const found = { ...columns };
  const odometer = columns.odometer ?? trips.end_odometer ?? trips.odometer;
  if (odometer !== undefined) found.odometer = odometer;
  const at = trips.end ?? trips.start;
  if (at !== undefined && columns.start === undefined && columns.date === undefined) found.start = at;
  return found;
};

/** What tells a workbook's sheet of trips: a header that a format fits, before one whose words alone can be guessed. */
export const knownHeaders = [
  (header: readonly string[]): boolean => formatOf(header) !== null,
  (header: readonly string[]): boolean => guessedFormat(header) !== null,
] as const;
