import { type Columns, plainHeader, words } from "@evx/columns";
import { columnsOf, formatNamed, formatOf } from "./headers.ts";

const units = new Set(
  words(`
  km mi mile miles m meter meters metre metres kwh wh pct min mins minute minutes h hour hours s sec seconds km_h kmh kph
  mph kwh_100km kwh_100_km wh_km wh_mi mi_kwh km_kwh kwh_100mi phut gio giay std minuten dd_mm_yyyy mm_dd_yyyy yyyy_mm_dd
  dd_mm_yyyy_hh_mm yyyy_mm_dd_hh_mm yyyy_mm_dd_hh_mm_ss hh_mm hh_mm_ss c f v a kw 公里 度 千米`),
);

const isBlank = (cell: string | undefined): boolean => (cell ?? "").trim() === "";

/** A header with the units of the row below it in its names: instruments and makers' sheets write them so. Null where none are. */
const withUnits = (header: readonly string[], below: readonly string[]): string[] | null => {
  const said = below.map((cell, column) => (isBlank(header[column]) ? "" : plainHeader(cell)));
  const given = said.filter((unit) => unit !== "");
  if (given.length === 0 || given.length !== below.filter((cell) => !isBlank(cell)).length) return null;
  if (!given.every((unit) => units.has(unit))) return null;
  // How its dates are written is no unit.
  return header.map((name, column) =>
    said[column] && !/^(dd|mm|yyyy|hh)_/.test(said[column]) ? `${name.trim()} (${said[column]})` : name,
  );
};

/** Names of a group stand once above its columns, as merged cells give them. */
const spread = (header: readonly string[], width: number): string[] => {
  let group = "";
  return Array.from({ length: width }, (_, column) => {
    if (!isBlank(header[column])) group = (header[column] ?? "").trim();
    return group;
  });
};

/** A header of two rows as one: "Departure" above "Time" and "Odometer". Null where the second row is none. */
const ofTwoRows = (header: readonly string[], below: readonly string[]): string[] | null => {
  const lower = below.map((cell) => cell.trim());
  const named = lower.filter((cell) => cell !== "");
  if (named.length < 2 || !header.some((cell, column) => column < lower.length && isBlank(cell))) return null;
  if (named.some((cell) => /^[\W_]*\d/.test(cell) || cell.length > 60)) return null;
  return spread(header, Math.max(header.length, lower.length)).map((group, column) => {
    const name = lower[column] ?? "";
    if (name === "") return group;
    return named.filter((other) => other === name).length > 1 ? `${name} ${group}`.trim() : name;
  });
};

const known = (header: readonly string[]): number => {
  const columns: Columns = columnsOf(header, formatOf(header) ?? formatNamed("evx"));
  const timed = columns.start ?? columns.end ?? columns.date;
  const measured = columns.distance ?? columns.end_odometer;
  return timed === undefined || measured === undefined ? 0 : Object.keys(columns).length;
};

/** The rows of a header, of which the second may hold units or the names under merged cells. */
export const stackedHeader = (
  header: readonly string[],
  below: readonly string[] | undefined,
): { header: string[]; rows: 1 | 2 } => {
  const alone = { header: [...header], rows: 1 as const };
  if (below === undefined) return alone;
  const measured = withUnits(header, below);
  if (measured) return { header: measured, rows: 2 };
  const joined = ofTwoRows(header, below);
  return joined && known(joined) > Math.max(known(header), known(below))
    ? { header: joined, rows: 2 }
    : alone;
};

/** Which of a file's first rows begins a header of two rows; -1 where none does. */
export const stackedAt = (rows: readonly (readonly string[])[]): number =>
  rows.findIndex((header, at) => header.length > 1 && stackedHeader(header, rows[at + 1]).rows === 2);
