import { Refusal } from "@evx/kernel";
import { refuse } from "../errors.ts";
import { formatOf, guessedFormat } from "../headers.ts";
import { type NumberKind, SharedStrings, SheetReader, Styles, xmlPart } from "./sheet.ts";
import { held, unzipped } from "./zip.ts";

const encoder = new TextEncoder();

/** Sheets that a workbook of trips may have. */
const mostSheets = 50;
/** Rows of a sheet in which its header is looked for. */
const titleRows = 12;

type Workbook = {
  sheets: { name: string; path: string }[];
  strings: readonly string[];
  kinds: readonly NumberKind[];
  days1904: boolean;
};

const drain = (steps: Generator<void>): void => {
  while (!steps.next().done);
};

/** What a workbook says of itself: its sheets in their order, shared strings, and styles. */
const readWorkbook = (archive: Uint8Array): Workbook => {
  const named: { name: string; id: string }[] = [];
  const targets = new Map<string, string>();
  const strings = new SharedStrings();
  const styles = new Styles();
  let days1904 = false;
  let found = false;
  const workbook = xmlPart(
    (name, attributes) => {
      if (name === "sheet") named.push({ name: attributes.name ?? "", id: attributes["r:id"] ?? "" });
      if (name === "workbookPr") days1904 = /^(1|true)$/.test(attributes.date1904 ?? "");
    },
    () => {},
  );
  const relations = xmlPart(
    (name, { Id, Target }) => {
      if (name === "Relationship" && Id && Target) targets.set(Id, Target.replace(/^\/?(xl\/)?/, "xl/"));
    },
    () => {},
  );
  const parts: Record<string, (bytes: Uint8Array, last: boolean) => void> = {
    "xl/workbook.xml": workbook,
    "xl/_rels/workbook.xml.rels": relations,
    "xl/sharedStrings.xml": strings.read,
    "xl/styles.xml": styles.read,
  };
  drain(
    unzipped(archive, (name) => {
      const read = parts[name];
      if (!read) return null;
      if (name === "xl/workbook.xml") found = true;
      return (bytes, last) => {
        read(bytes, last);
        return true;
      };
    }),
  );
  if (!found) throw refuse("import_not_text", { kind: "ZIP" });
  if (named.length > mostSheets)
    throw refuse("import_sheets_too_many", { count: named.length, limit: mostSheets });
  const sheets = named.map(({ name, id }) => ({ name, path: targets.get(id) ?? "" }));
  return { sheets, strings: strings.texts, kinds: styles.kinds, days1904 };
};

/** The sheet with the trips: the first one with a header that we know, else the first one that has any rows. */
const sheetOfTrips = (archive: Uint8Array, workbook: Workbook): string => {
  const beginnings = new Map<string, string[][]>();
  drain(
    unzipped(archive, (path) => {
      if (!workbook.sheets.some((sheet) => sheet.path === path)) return null;
      const rows: string[][] = [];
      beginnings.set(path, rows);
      const reader = new SheetReader(workbook, (cells) => rows.length < titleRows && rows.push([...cells]));
      return (bytes, last) => {
        reader.read(bytes, last);
        return rows.length < titleRows;
      };
    }),
  );
  const known = (find: (header: readonly string[]) => unknown) =>
    workbook.sheets.find(({ path }) => beginnings.get(path)?.some((row) => find(row) !== null));
  const sheet =
    known(formatOf) ??
    known(guessedFormat) ??
    workbook.sheets.find(({ path }) => (beginnings.get(path)?.length ?? 0) > 0);
  if (!sheet) throw refuse("import_empty");
  return sheet.path;
};

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell);

/** A workbook's sheet of trips as a table of text, its rows numbered as on the sheet. */
export async function* workbookText(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const archive = await held(content);
  try {
    const workbook = readWorkbook(archive);
    const chosen = sheetOfTrips(archive, workbook);
    let lines: string[] = [];
    let written = 0;
    const steps = unzipped(archive, (path) => {
      if (path !== chosen) return null;
      const reader = new SheetReader(workbook, (cells, row) => {
        // Empty rows keep their numbers; those after the last trip are never written.
        for (; written < row - 1; written++) lines.push("\n");
        lines.push(`${cells.map(quoted).join(",")}\n`);
        written = row;
      });
      return (bytes, last) => {
        reader.read(bytes, last);
        return true;
      };
    });
    for (const _ of steps) {
      if (lines.length === 0) continue;
      yield encoder.encode(lines.join(""));
      lines = [];
    }
  } catch (error) {
    throw error instanceof Refusal ? error : refuse("import_workbook_broken", {}, { cause: error });
  }
}
