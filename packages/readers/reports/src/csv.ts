import { type Cell, csvFile } from "@evx/files";
import { creditsFromGrams } from "@evx/kernel";

/** A report's series as a file, one row a month. Grams are written as credits. */
export const csvOf = (name: string, series: readonly Record<string, Cell>[], columns: readonly string[]) =>
  csvFile(
    `${name}.csv`,
    columns,
    series.map((row) =>
      columns.map((column) => {
        const cell = row[column] ?? null;
        return typeof cell === "bigint" ? creditsFromGrams(cell) : cell;
      }),
    ),
  );
