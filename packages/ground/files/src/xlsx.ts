import { Writable } from "node:stream";
import { WorkbookWriter } from "@cj-tech-master/excelts";
import type { Cell } from "./csv.ts";

export const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** A spreadsheet holds 1,048,576 rows on a sheet; what is beyond goes on to another one. */
const mostRows = 1_000_000;

/** Names of sheets are short and have no brackets or slashes. */
const sheetName = (title: string, place: number): string =>
  `${title.replace(/[[\]*/\\?:]/g, " ").slice(0, 25)}${place > 1 ? ` ${place}` : ""}`;

/** A number of the file, where it is one to the last digit; a text is never run as a formula, whatever it begins with. */
const cellValue = (cell: Cell): string | number | null => {
  if (typeof cell !== "bigint") return cell;
  const number = Number(cell);
  return Number.isSafeInteger(number) ? number : String(cell);
};

/**
 * Writes rows as an XLSX file into a sink, a portion at a time: nothing but the portion is held, however many rows there
 * are. The sink's promise is waited for, so a slow one slows the rows.
 */
export const writeXlsx = async (
  sink: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>,
  { title, header }: { title: string; header: readonly string[] },
  portions: AsyncIterable<readonly (readonly Cell[])[]>,
): Promise<void> => {
  const stream = new Writable({
    highWaterMark: 256 * 1_024,
    write: (chunk: Uint8Array, _, done) => {
      sink(new Uint8Array(chunk)).then(() => done(), done);
    },
  });
  // A failure is thrown where the stream is waited for; unheard it would end the process.
  stream.on("error", () => undefined);
  const flushed = async (): Promise<void> => {
    await new Promise((turn) => setImmediate(turn));
    while (stream.writableLength > 0 && !stream.errored) await new Promise((turn) => setTimeout(turn, 2));
    if (stream.errored) throw stream.errored;
  };
  const workbook = new WorkbookWriter({ stream, useSharedStrings: false, useStyles: false });
  const begin = (place: number) => {
    const sheet = workbook.addWorksheet(sheetName(title, place));
    sheet.addRow([...header]).commit();
    return sheet;
  };
  let [sheet, sheets, written] = [begin(1), 1, 0];
  for await (const rows of portions) {
    for (const row of rows) {
      if (written >= mostRows) {
        await sheet.commit();
        sheet = begin(++sheets);
        written = 0;
      }
      sheet.addRow(row.map(cellValue)).commit();
      written++;
    }
    await flushed();
  }
  await sheet.commit();
  await workbook.commit();
  await flushed();
};

/** A whole XLSX file of a few rows. */
export const xlsxFile = async (
  fileName: string,
  title: string,
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
): Promise<{ contentType: string; fileName: string; content: Uint8Array<ArrayBuffer> }> => {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const once = async function* () {
    yield rows;
  };
  await writeXlsx(async (bytes) => void parts.push(bytes), { title, header }, once());
  return { contentType: xlsxType, fileName, content: new Uint8Array(await new Blob(parts).arrayBuffer()) };
};
