import { ObjectSplitter, RowSplitter } from "@evx/containers";
import { csvCell } from "@evx/files";
import { layoutOf, plainHeader, vehicleColumnsOf } from "@evx/formats";
import type { Id } from "@evx/kernel";
import { refuse } from "./errors.ts";
import type { CarMatcher } from "./matching.ts";

/** What a file holds of one car: its rows as a file of their own, and where they stand in the whole one. */
export type Part = { vehicleId: Id<"vehicle">; name: string; lines: string[]; rows: number[] };

export type Parts = {
  cars: Part[];
  unmatched: { name: string; rows: number; firstRow: number }[];
  rows: number;
  /** Makes the file of a part. */
  fileOf(part: Part): string;
};

type Groups = {
  cars: Map<Id<"vehicle">, Part>;
  unmatched: Map<string, Parts["unmatched"][number]>;
  rows: number;
};

const addRow = (
  groups: Groups,
  found: { car: Id<"vehicle"> | null; name: string; row: number },
): Part | null => {
  groups.rows++;
  const { car, row } = found;
  const name = found.name.trim().slice(0, 100);
  if (car === null) {
    const known = groups.unmatched.get(name);
    if (known) known.rows++;
    else groups.unmatched.set(name, { name, rows: 1, firstRow: row });
    return null;
  }
  const part = groups.cars.get(car) ?? { vehicleId: car, name, lines: [], rows: [] };
  groups.cars.set(car, part);
  part.rows.push(row);
  return part;
};

const named = (cells: readonly string[]): string => cells.find((cell) => cell.trim() !== "") ?? "";

/** The columns by which a file names the car: the one that was said, or those that we know. */
const columnsIn = (header: readonly string[], said: string | undefined): number[] => {
  const wanted = said === undefined ? null : plainHeader(said);
  return wanted === null
    ? vehicleColumnsOf(header)
    : header.flatMap((name, place) => (plainHeader(name) === wanted ? [place] : []));
};

/** The same. Refuses a file without any. */
const columnsOfCar = (header: readonly string[], said: string | undefined): number[] => {
  const found = columnsIn(header, said);
  if (found.length === 0)
    throw refuse("fleet_names_no_vehicle", { columns: header.slice(0, 12).join(", ").slice(0, 200) });
  return found;
};

type Splitting = {
  matcher: CarMatcher;
  vinOf(id: Id<"vehicle">): string;
  vehicleColumn?: string | undefined;
};

const tableParts = (text: string, { matcher, vinOf, vehicleColumn }: Splitting): Parts => {
  const { header, delimiter, headerRow, newline } = layoutOf(text);
  const columns = columnsOfCar(header, vehicleColumn);
  const groups: Groups = { cars: new Map(), unmatched: new Map(), rows: 0 };
  const splitter = new RowSplitter(
    delimiter,
    {
      row: (fields, row) => {
        if (row <= headerRow || fields.every((cell) => cell.trim() === "")) return;
        const cells = columns.map((column) => fields[column] ?? "");
        const part = addRow(groups, { car: matcher.carOf(cells), name: named(cells), row });
        if (!part) return;
        // One name for the car throughout, its own: the part is then a file of this car and of no other.
        const vin = vinOf(part.vehicleId);
        part.lines.push(
          fields
            .map((cell, place) => (columns.includes(place) ? vin : csvCell(cell, delimiter)))
            .join(delimiter),
        );
      },
      broken: (row) => void addRow(groups, { car: null, name: "", row }),
    },
    newline,
  );
  splitter.push(text);
  splitter.end();
  const first = header.map((name) => csvCell(name, delimiter)).join(delimiter);
  return {
    cars: [...groups.cars.values()],
    unmatched: [...groups.unmatched.values()],
    rows: groups.rows,
    fileOf: (part) => `${first}\n${part.lines.join("\n")}\n`,
  };
};

const objectParts = (text: string, { matcher, vinOf, vehicleColumn }: Splitting): Parts => {
  const groups: Groups = { cars: new Map(), unmatched: new Map(), rows: 0 };
  let names: string[] | null = null;
  let firstKeys: string[] | null = null;
  const splitter = new ObjectSplitter({
    object: (value, row) => {
      const keys = Object.keys(value);
      // Refused after the file was read: the splitter takes what is thrown here for broken JSON.
      firstKeys ??= keys;
      names ??= columnsIn(keys, vehicleColumn).map((place) => keys[place] as string);
      const cells = names.map((name) => String(value[name] ?? ""));
      const part = addRow(groups, { car: matcher.carOf(cells), name: named(cells), row });
      if (!part) return;
      const vin = vinOf(part.vehicleId);
      part.lines.push(JSON.stringify({ ...value, ...Object.fromEntries(names.map((name) => [name, vin])) }));
    },
    broken: (row) => void addRow(groups, { car: null, name: "", row }),
  });
  splitter.push(text);
  splitter.end();
  columnsOfCar(firstKeys ?? [], vehicleColumn);
  return {
    cars: [...groups.cars.values()],
    unmatched: [...groups.unmatched.values()],
    rows: groups.rows,
    fileOf: (part) => `[${part.lines.join(",\n")}]`,
  };
};

/** Takes a file of many cars apart, car by car. Names that are no car of the fleet are counted. */
export const partsOf = (text: string, splitting: Splitting): Parts =>
  /^\s*[[{]/.test(text) ? objectParts(text, splitting) : tableParts(text, splitting);
