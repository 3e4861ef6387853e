import { strToU8, zipSync } from "fflate";
import type { Candidate, ImportOptions, Plan, Rejection } from "./candidate.ts";
import { openFile } from "./files.ts";
import type { Finding } from "./findings.ts";

/** Everything that a file gives, held at once. */
export type Reading = {
  plan: Plan;
  trips: Candidate[];
  rejections: Rejection[];
  rowsRead: number;
  notes: readonly Finding[];
};

/** Reads a whole file. Only for content that is known to be small. */
export const readAll = async (
  content: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<Reading> => {
  const opened = await openFile(content, options);
  const reading: Reading = { plan: opened.plan, trips: [], rejections: [], rowsRead: 0, notes: [] };
  for await (const batch of opened.batches()) {
    for (const trip of batch.trips) reading.trips.push(trip);
    for (const rejection of batch.rejections) reading.rejections.push(rejection);
    reading.rowsRead = batch.rowsRead;
    reading.notes = batch.notes;
  }
  return reading;
};

/** An archive of one file. */
export const zipOf = (name: string, content: Uint8Array): Uint8Array => zipSync({ [name]: content });

const xml = (text: string) => strToU8(`<?xml version="1.0" encoding="UTF-8"?>${text}`);

/** A workbook with the sheets' XML; styles 1 is a moment, 2 a clock, 3 a duration. */
export const workbook = (sheets: string[], strings: string[] = [], more: Record<string, Uint8Array> = {}) =>
  zipSync({
    ...Object.fromEntries(
      sheets.map((rows, n) => [
        `xl/worksheets/sheet${n + 1}.xml`,
        xml(`<worksheet><sheetData>${rows}</sheetData></worksheet>`),
      ]),
    ),
    "xl/workbook.xml": xml(
      `<workbook xmlns:r="r"><sheets>${sheets.map((_, n) => `<sheet name="S${n}" sheetId="${n + 1}" r:id="r${n + 1}"/>`).join("")}</sheets></workbook>`,
    ),
    "xl/_rels/workbook.xml.rels": xml(
      `<Relationships>${sheets.map((_, n) => `<Relationship Id="r${n + 1}" Target="worksheets/sheet${n + 1}.xml"/>`).join("")}</Relationships>`,
    ),
    "xl/sharedStrings.xml": xml(`<sst>${strings.map((text) => `<si><t>${text}</t></si>`).join("")}</sst>`),
    "xl/styles.xml": xml(
      '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy\\ hh:mm"/><numFmt numFmtId="165" formatCode="[h]:mm"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="20"/><xf numFmtId="165"/></cellXfs></styleSheet>',
    ),
    ...more,
  });

/** A workbook whose sheets hold these cells as text. */
export const workbookOf = (sheets: readonly (readonly (readonly string[])[])[]): Uint8Array =>
  workbook(
    sheets.map((rows) =>
      rows
        .map((cells, row) => {
          const texts = cells.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`);
          return `<row r="${row + 1}">${texts.join("")}</row>`;
        })
        .join(""),
    ),
  );
