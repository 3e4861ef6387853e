import { day_ms } from "@evx/kernel";
import sax from "sax";
import { refuse } from "./errors.ts";
import { rowLimits } from "./policy.ts";

/** What a number of a cell's style stands for. */
export type NumberKind = "number" | "date" | "time" | "duration";

/** Letters of one cell: no program of tables lets a person write more. */
const longestCell = 32_768;

/** An XML part of a workbook, read as it streams by. Entities and document types of its own are refused. */
export const xmlPart = (
  opened: (name: string, attributes: Record<string, string>) => void,
  closed: (name: string, text: string) => void,
) => {
  const parser = sax.parser(true, {});
  const decoder = new TextDecoder();
  let text = "";
  let failure: Error | null = null;
  parser.ondoctype = () => {
    failure ??= refuse("import_xml_entities");
  };
  parser.onerror = () => {
    failure ??= refuse("import_workbook_broken");
  };
  parser.onopentag = ({ name, attributes }) => {
    text = "";
    opened(name.replace(/^.*:/, ""), attributes as Record<string, string>);
  };
  parser.ontext = (more) => {
    if (text.length < longestCell) text += more;
  };
  parser.onclosetag = (name) => {
    closed(name.replace(/^.*:/, ""), text);
    text = "";
  };
  return (bytes: Uint8Array, last: boolean): void => {
    parser.write(decoder.decode(bytes, { stream: !last }));
    if (last && failure === null) parser.close();
    if (failure) throw failure;
  };
};

const builtIn: Readonly<Record<number, NumberKind>> = {
  ...{
    14: "date",
    15: "date",
    16: "date",
    17: "date",
    22: "date",
    27: "date",
    30: "date",
    36: "date",
    50: "date",
  },
  ...{ 18: "time", 19: "time", 20: "time", 21: "time", 45: "time", 46: "duration", 47: "time" },
};

const kindOf = (code: string): NumberKind => {
  const plain = code.replace(/"[^"]*"|\\.|_.|\*./g, "");
  if (/\[(h+|m+|s+)\]/i.test(plain)) return "duration";
  const letters = plain.replace(/\[[^\]]*\]/g, "");
  if (/[yd]/i.test(letters)) return "date";
  return /[hs]/i.test(letters) ? "time" : "number";
};

/** The kinds of number that a workbook's cell styles write. */
export class Styles {
  readonly kinds: NumberKind[] = [];
  readonly #codes = new Map<number, string>();
  #within = "";
  readonly read = xmlPart(
    (name, attributes) => {
      if (name === "cellXfs" || name === "cellStyleXfs") this.#within = name;
      if (name === "numFmt" && this.#codes.size < 65_536)
        this.#codes.set(Number(attributes.numFmtId), attributes.formatCode ?? "");
      if (name === "xf" && this.#within === "cellXfs" && this.kinds.length < 65_536) {
        const id = Number(attributes.numFmtId ?? 0);
        const code = this.#codes.get(id);
        this.kinds.push(code === undefined ? (builtIn[id] ?? "number") : kindOf(code));
      }
    },
    (name) => {
      if (name === this.#within) this.#within = "";
    },
  );
}

/** The strings that a workbook's cells share. */
export class SharedStrings {
  readonly texts: string[] = [];
  #parts = "";
  #phonetic = false;
  readonly read = xmlPart(
    (name) => {
      if (name === "si") this.#parts = "";
      if (name === "rPh") this.#phonetic = true;
    },
    (name, text) => {
      if (name === "t" && !this.#phonetic && this.#parts.length < longestCell) this.#parts += text;
      if (name === "rPh") this.#phonetic = false;
      if (name === "si") this.texts.push(this.#parts);
    },
  );
}

const two = (value: number) => String(value).padStart(2, "0");

/** A number of a cell as text: a moment as it shows on the sheet, in ISO order. */
const cellText = (raw: string, kind: NumberKind, days1904: boolean): string => {
  const value = Number(raw);
  if (kind === "number" || !Number.isFinite(value))
    return /e/i.test(raw) ? String(Number(value.toPrecision(15))) : raw;
  const seconds = Math.round(value * 86_400);
  if (kind === "duration" || (kind === "time" && value < 1))
    return `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const local = new Date(Math.round((value - 25_569) * 86_400) * 1000 + (days1904 ? 1_462 * day_ms : 0));
  if (Number.isNaN(local.getTime()) || local.getUTCFullYear() > 9_999) return raw;
  const text = local.toISOString();
  return seconds % 86_400 === 0 ? text.slice(0, 10) : text.slice(0, 19).replace("T", " ");
};

/** The column of a cell's reference: "C7" is 2. */
const columnOf = (reference: string): number => {
  let column = 0;
  for (let at = 0; at < reference.length; at++) {
    const letter = reference.charCodeAt(at) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return column - 1;
};

/** Rows that a sheet can have; a larger number is forged. */
const mostRows = 1_048_576;
/** Columns of one row; what lies further right is not of a table of trips. */
const mostColumns = 2_000;

/** The rows of a sheet as text, as its XML streams by. A formula stands as it is written: its result may be old or false. */
export class SheetReader {
  #cells: string[] = [];
  /** Letters of the row so far: a short cell may stand for a long shared string. */
  #size = 0;
  #column = -1;
  #type = "";
  #style = 0;
  #value = "";
  #formula: string | null = null;
  #row = 0;
  /** Rows without a cell since the last one that has any. */
  empty = 0;
  readonly read: (bytes: Uint8Array, last: boolean) => void;

  constructor(
    workbook: { strings: readonly string[]; kinds: readonly NumberKind[]; days1904: boolean },
    row: (cells: readonly string[], row: number) => void,
  ) {
    this.read = xmlPart(
      (name, attributes) => {
        if (name === "row") {
          this.#row = Number(attributes.r) || this.#row + 1;
          if (this.#row > mostRows) throw refuse("import_workbook_broken");
          this.#cells = [];
          this.#size = 0;
          this.#column = -1;
        } else if (name === "c") {
          this.#column = attributes.r ? columnOf(attributes.r) : this.#column + 1;
          this.#type = attributes.t ?? "n";
          this.#style = Number(attributes.s ?? 0);
          this.#value = "";
          this.#formula = null;
        }
      },
      (name, text) => {
        if ((name === "v" || name === "t") && this.#value.length < longestCell) this.#value += text;
        else if (name === "f") this.#formula = text;
        else if (name === "c") this.#put(workbook);
        else if (name === "row" && this.#cells.length === 0) this.empty++;
        else if (name === "row") {
          this.empty = 0;
          row(this.#cells, this.#row);
        }
      },
    );
  }

  #put({
    strings,
    kinds,
    days1904,
  }: {
    strings: readonly string[];
    kinds: readonly NumberKind[];
    days1904: boolean;
  }) {
    if (this.#column < 0 || this.#column >= mostColumns) return;
    // A row that is too long for its reader already is named and dropped there; more of it would only take memory.
    if (this.#size > rowLimits.characters) return;
    const raw = this.#value;
    let text = raw;
    if (this.#formula !== null) text = `=${this.#formula}`;
    else if (this.#type === "s") text = strings[Number(raw)] ?? "";
    else if (this.#type === "n" && raw !== "") text = cellText(raw, kinds[this.#style] ?? "number", days1904);
    if (text === "") return;
    this.#size += text.length;
    while (this.#cells.length < this.#column) this.#cells.push("");
    this.#cells[this.#column] = text;
  }
}
