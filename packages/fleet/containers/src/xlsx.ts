import { Refusal } from "@evx/kernel";
import { refuse } from "./errors.ts";
import { type NumberKind, SharedStrings, SheetReader, Styles, xmlPart } from "./sheet.ts";
import { turn } from "./turns.ts";
import { held, tooLarge, unzipped, workbookLimits } from "./zip.ts";

const encoder = new TextEncoder();

/** Sheets that a workbook of trips may have. */
const mostSheets = 50;
/** Parts that a workbook may name; each sheet has one, and there are a few others. */
const mostRelations = 1_000;
/** Rows of a sheet in which its header is looked for, and letters of a cell that may be a title. */
const titleRows = 12;
const longestTitle = 200;
/** After so many empty rows a sheet has ended, however far its formatting goes on. */
const mostEmpty = 10_000;

/** Whether a row of cells is the header of a table that the reader knows. */
export type HeaderTest = (header: readonly string[]) => boolean;

type Workbook = {
  sheets: { name: string; path: string }[];
  strings: readonly string[];
  kinds: readonly NumberKind[];
  days1904: boolean;
};

const drain = async (steps: Generator<void>): Promise<void> => {
  for (const _ of steps) await turn();
};

/** What a workbook says of itself: its sheets in their order, shared strings, and styles. */
const readWorkbook = async (archive: Uint8Array): Promise<Workbook> => {
  const named: { name: string; id: string }[] = [];
  const targets = new Map<string, string>();
  const strings = new SharedStrings();
  const styles = new Styles();
  let days1904 = false;
  let found = false;
  let count = 0;
  const workbook = xmlPart(
    (name, attributes) => {
      if (name === "sheet" && ++count <= mostSheets)
        named.push({ name: attributes.name ?? "", id: attributes["r:id"] ?? "" });
      if (name === "workbookPr") days1904 = /^(1|true)$/.test(attributes.date1904 ?? "");
    },
    () => {},
  );
  const relations = xmlPart(
    (name, { Id, Target }) => {
      if (name === "Relationship" && Id && Target && targets.size < mostRelations)
        targets.set(Id, Target.replace(/^\/?(xl\/)?/, "xl/"));
    },
    () => {},
  );
  const parts: Record<string, (bytes: Uint8Array, last: boolean) => void> = {
    "xl/workbook.xml": workbook,
    "xl/_rels/workbook.xml.rels": relations,
    "xl/sharedStrings.xml": strings.read,
    "xl/styles.xml": styles.read,
  };
  await drain(
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
  if (count > mostSheets) throw refuse("import_sheets_too_many", { count, limit: mostSheets });
  const sheets = named.map(({ name, id }) => ({ name, path: targets.get(id) ?? "" }));
  return { sheets, strings: strings.texts, kinds: styles.kinds, days1904 };
};

/** The sheet that is meant: the first one with a header that the reader knows, else the first one that has any rows. */
const sheetMeant = async (
  archive: Uint8Array,
  workbook: Workbook,
  knows: readonly HeaderTest[],
): Promise<string> => {
  const beginnings = new Map<string, string[][]>();
  await drain(
    unzipped(archive, (path) => {
      if (!workbook.sheets.some((sheet) => sheet.path === path)) return null;
      const rows: string[][] = [];
      beginnings.set(path, rows);
      const reader = new SheetReader(
        workbook,
        (cells) => rows.length < titleRows && rows.push(cells.map((cell) => cell.slice(0, longestTitle))),
      );
      return (bytes, last) => {
        reader.read(bytes, last);
        return rows.length < titleRows && reader.empty < mostEmpty;
      };
    }),
  );
  const tests: readonly HeaderTest[] = [...knows, () => true];
  const [sheet] = tests.flatMap((test) =>
    workbook.sheets.filter(({ path }) => beginnings.get(path)?.some((row) => test(row))).slice(0, 1),
  );
  if (!sheet) throw refuse("import_empty");
  return sheet.path;
};

/** A cell as it stands between two tabs: what would end or quote it is written otherwise. */
const plain = (cell: string): string => cell.replace(/[\t\r\n]+/g, " ").replace(/"/g, "”");

/**
 * Rows as lines of text, numbered as on the sheet. A few bytes of a sheet may stand for a long shared string, for two thousand
 * cells, or for a million empty rows: what they come to is counted before it is written.
 */
class Lines {
  #lines: string[] = [];
  #row = 0;
  #size = 0;

  add(cells: readonly string[], row: number): void {
    // Empty rows keep their numbers; those after the last trip are never written.
    const gap = Math.max(0, row - 1 - this.#row);
    this.#size += gap + cells.reduce((size, cell) => size + cell.length + 1, 0);
    if (this.#size > workbookLimits.written) throw tooLarge();
    this.#lines.push("\n".repeat(gap), `${cells.map(plain).join("\t")}\n`);
    this.#row = Math.max(row, this.#row + 1);
  }

  take(): Uint8Array | null {
    const text = this.#lines.join("");
    this.#lines = [];
    return text === "" ? null : encoder.encode(text);
  }
}

/** A workbook's sheet as a table of text, its rows numbered as on the sheet. */
export async function* workbookText(
  content: AsyncIterable<Uint8Array>,
  knows: readonly HeaderTest[],
): AsyncGenerator<Uint8Array> {
  const archive = await held(content);
  try {
    const workbook = await readWorkbook(archive);
    const chosen = await sheetMeant(archive, workbook, knows);
    const lines = new Lines();
    const steps = unzipped(archive, (path) => {
      if (path !== chosen) return null;
      const reader = new SheetReader(workbook, (cells, row) => lines.add(cells, row));
      return (bytes, last) => {
        reader.read(bytes, last);
        return reader.empty < mostEmpty;
      };
    });
    for (const _ of steps) {
      await turn();
      const text = lines.take();
      if (text) yield text;
    }
  } catch (error) {
    throw error instanceof Refusal ? error : refuse("import_workbook_broken", {}, { cause: error });
  }
}
