/** A report as rows with a header: what a file is made of. */
import type { Cell } from "@evx/files";
import { creditsFromGrams } from "@evx/kernel";

export type Sheet = {
  readonly columns: readonly string[];
  /** How many rows there will be, where that is known. */
  readonly total: number | null;
  readonly portions: AsyncIterable<readonly (readonly Cell[])[]>;
};

type Row = Readonly<Record<string, Cell>>;

async function* once<T>(one: T): AsyncGenerator<T, void, void> {
  yield one;
}

/** The columns of a series: those of its schema, in the schema's order. */
export const columnsOf = (schema: { entries: { series: { item: { entries: object } } } }) =>
  Object.keys(schema.entries.series.item.entries);

/** Grams as credits; everything else as it is. */
const cellOf = (value: Cell | undefined): Cell =>
  typeof value === "bigint" ? creditsFromGrams(value) : (value ?? null);

export const rowsOf = (series: readonly Row[], columns: readonly string[]): Cell[][] =>
  series.map((row) => columns.map((column) => cellOf(row[column])));

export const seriesSheet = (series: readonly Row[], columns: readonly string[]): Sheet => ({
  columns,
  total: series.length,
  portions: once(rowsOf(series, columns)),
});

const decimal = /^-?\d{1,12}(\.\d{1,6})?$/;

/** For a spreadsheet a decimal is a number, where it is one to the last digit. */
export const numeric = (cell: Cell): Cell =>
  typeof cell === "string" && decimal.test(cell) ? Number(cell) : cell;
