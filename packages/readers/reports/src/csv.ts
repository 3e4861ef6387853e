import { creditsFromGrams } from "@evx/kernel";
import { stringify } from "csv-stringify/sync";

type Cell = string | number | bigint;

/** A text that a spreadsheet would run as a formula is made plain text. */
const inert = (text: string): string =>
  /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;

/**
 * A report's series as CSV (RFC 4180, UTF-8 with BOM so that spreadsheets read Vietnamese), one row a month.
 * Grams are written as credits.
 */
export const csvOf = (name: string, series: readonly Record<string, Cell>[], columns: readonly string[]) => ({
  contentType: "text/csv; charset=utf-8",
  fileName: `${name}.csv`,
  content: stringify(
    series.map((row) =>
      columns.map((column) =>
        inert(typeof row[column] === "bigint" ? creditsFromGrams(row[column]) : String(row[column] ?? "")),
      ),
    ),
    { header: true, columns: [...columns], bom: true, record_delimiter: "windows" },
  ),
});
