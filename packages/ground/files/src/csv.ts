import type { Page } from "@evx/kernel";
import { stringify } from "csv-stringify/sync";

export type Cell = string | number | bigint | null;

/** A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers keep their sign. */
const inert = (cell: Cell): string => {
  const text = cell === null ? "" : String(cell);
  return typeof cell === "string" && /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text)
    ? `'${text}`
    : text;
};

/** Some rows as text, for a file that is sent while it is made. RFC 4180; the lines end with CR LF. */
export const csvLines = (rows: readonly (readonly Cell[])[]): string =>
  stringify(
    rows.map((row) => row.map(inert)),
    { record_delimiter: "windows" },
  );

/** What every CSV file of ours begins with, so that spreadsheets read Vietnamese right. */
export const csvStart = (header: readonly string[]): string => `\uFEFF${csvLines([header])}`;

/** A whole CSV file (RFC 4180, UTF-8 with a byte-order mark), as an answer to a request. */
export const csvFile = (
  fileName: string,
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
): { contentType: string; fileName: string; content: string } => ({
  contentType: csvType,
  fileName,
  content: `${csvStart(header)}${csvLines(rows)}`,
});

const encoder = new TextEncoder();

/**
 * A CSV file that is sent while it is read, page by page to the last row, however many there are. The first page is read
 * before the file begins, so that a refusal is an answer and not a broken file.
 */
export const csvPages = async <T>(
  fileName: string,
  header: readonly string[],
  read: (cursor: string | undefined) => Promise<Page<T>>,
  written: (items: readonly T[]) => (readonly Cell[])[] | Promise<(readonly Cell[])[]>,
): Promise<{ contentType: string; fileName: string; content: ReadableStream<Uint8Array> }> => {
  let page: Page<T> | null = await read(undefined);
  let cursor: string | undefined;
  const content = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(csvStart(header))),
    pull: async (controller) => {
      page ??= await read(cursor);
      controller.enqueue(encoder.encode(csvLines(await written(page.items))));
      cursor = page.nextCursor ?? undefined;
      page = null;
      if (cursor === undefined) controller.close();
    },
  });
  return { contentType: csvType, fileName, content };
};

export const csvType = "text/csv; charset=utf-8";

/** A cell as it stands in a file for a reader of ours, not for a person: quoted where it must be, otherwise unchanged. */
export const csvCell = (cell: string, delimiter: string): string =>
  /["\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell;
