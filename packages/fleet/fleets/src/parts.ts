import { cellsOfObject, headerOfObjects, ObjectSplitter, RowSplitter } from "@evx/containers";
import { csvCell } from "@evx/files";
import { layoutOf, plainHeader, vehicleColumnsOf } from "@evx/formats";
import type { Id } from "@evx/kernel";
import type { CarMatcher } from "./matching.ts";

/** What a file holds of one car: its rows as a file of their own, and where they stand in the whole one. */
export type Part = { vehicleId: Id<"vehicle">; name: string; lines: string[]; rows: number[] };

export type Parts = {
  header: readonly string[];
  /** Headers of the columns that name the car; none where none does, and then all rows are unmatched. */
  carColumns: string[];
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

const inLists = ({ cars, unmatched, rows }: Groups): Pick<Parts, "cars" | "unmatched" | "rows"> => ({
  cars: [...cars.values()],
  unmatched: [...unmatched.values()],
  rows,
});

const named = (cells: readonly string[]): string => cells.find((cell) => cell.trim() !== "") ?? "";

/** The columns by which a file names the car: the one that was said, or those that we know. */
const columnsOfCar = (
  header: readonly string[],
  said: string | undefined,
  sample: readonly (readonly string[])[],
): number[] => {
  const wanted = said === undefined ? null : plainHeader(said);
  return wanted === null
    ? vehicleColumnsOf(header, sample)
    : header.flatMap((name, place) => (plainHeader(name) === wanted ? [place] : []));
};

type Splitting = {
  matcher: CarMatcher;
  vinOf(id: Id<"vehicle">): string;
  vehicleColumn?: string | undefined;
};

const tableParts = (text: string, { matcher, vinOf, vehicleColumn }: Splitting): Parts => {
  // A car's part is cut out of the rows as they are; how they are read is its import's business.
  const { delimiter, headerRow, newline, written } = layoutOf(text);
  const { header, sample } = written;
  const columns = columnsOfCar(header, vehicleColumn, sample);
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
    header,
    carColumns: columns.map((place) => header[place] as string),
    ...inLists(groups),
    fileOf: (part) => `${first}\n${part.lines.join("\n")}\n`,
  };
};

/** What of a JSON file is looked at for its fields. */
const headCharacters = 128 * 1024;

/** An object with its car called by one name, also where that stands in an object within it (`vehicle.vin`). */
const calledBy = (value: Record<string, unknown>, names: readonly string[], vin: string) => {
  const called: Record<string, unknown> = { ...value };
  for (const name of names) {
    const [outer = "", inner] = name.split(".", 2);
    called[outer] = inner === undefined ? vin : { ...(value[outer] as object), [inner]: vin };
  }
  return called;
};

const objectParts = (text: string, { matcher, vinOf, vehicleColumn }: Splitting): Parts => {
  const groups: Groups = { cars: new Map(), unmatched: new Map(), rows: 0 };
  const { header, first } = headerOfObjects(text.slice(0, headCharacters));
  const sample = first.map((value) => cellsOfObject(header, value));
  const names = columnsOfCar(header, vehicleColumn, sample).map((place) => header[place] as string);
  const splitter = new ObjectSplitter({
    object: (value, row) => {
      const cells = cellsOfObject(names, value);
      const part = addRow(groups, { car: matcher.carOf(cells), name: named(cells), row });
      if (!part) return;
      part.lines.push(JSON.stringify(calledBy(value, names, vinOf(part.vehicleId))));
    },
    broken: (row) => void addRow(groups, { car: null, name: "", row }),
  });
  splitter.push(text);
  splitter.end();
  return {
    header,
    carColumns: names,
    ...inLists(groups),
    fileOf: (part) => `[${part.lines.join(",\n")}]`,
  };
};

/** Takes a file of many cars apart, car by car. Names that are no car of the fleet are counted. */
export const partsOf = (text: string, splitting: Splitting): Parts =>
  /^\s*[[{]/.test(text) ? objectParts(text, splitting) : tableParts(text, splitting);
