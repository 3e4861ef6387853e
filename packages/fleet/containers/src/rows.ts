import { rowLimits } from "./policy.ts";

/** What a splitter gives its rows to. */
export type RowHandler = {
  row(fields: readonly string[], row: number): void;
  broken(row: number, code: "row_too_long" | "quote_not_closed", values: Record<string, number>): void;
};

/** A quoted field may hold newlines, but one that swallows this many lines was never meant to be open. */
const QUOTED_LINES = 100;

/**
 * Splits separated values into rows as text streams by (RFC 4180, with any delimiter).
 *
 * Lines without a quotation mark, nearly all of them, go through the engine's own `split`. A row over the limit is
 * dropped as it arrives, so a line of any length costs no memory. A quotation mark that never closes costs its own
 * row: the lines after it are read again as rows of their own.
 */
export class RowSplitter {
  /** Rows seen, the header being 1. */
  row = 0;
  #tail = "";
  #dropping = false;
  #open: string[] = [];
  #openSize = 0;

  constructor(
    private readonly delimiter: string,
    private readonly handler: RowHandler,
    private readonly newline = "\n",
  ) {}

  push(text: string): void {
    const data = this.#tail.length > 0 ? this.#tail + text : text;
    let from = 0;
    for (;;) {
      const to = data.indexOf(this.newline, from);
      if (to < 0) break;
      if (this.#dropping) {
        this.#dropping = false;
        this.#tooLong();
      } else this.#line(data.slice(from, data.charCodeAt(to - 1) === 13 && to > from ? to - 1 : to));
      from = to + 1;
    }
    this.#tail = from === 0 ? data : data.slice(from);
    if (this.#tail.length > rowLimits.characters) {
      this.#dropping = true;
      this.#tail = "";
    }
  }

  end(): void {
    if (this.#dropping) this.#tooLong();
    else if (this.#tail.length > 0)
      this.#line(this.#tail.endsWith("\r") ? this.#tail.slice(0, -1) : this.#tail);
    this.#tail = "";
    this.#dropping = false;
    while (this.#open.length > 0) this.#giveUp();
  }

  #tooLong(): void {
    while (this.#open.length > 0) this.#giveUp();
    this.row++;
    this.handler.broken(this.row, "row_too_long", { limit: rowLimits.characters });
  }

  #line(line: string) {
    if (this.#open.length > 0) {
      this.#open.push(line);
      this.#openSize += line.length;
      // Only a line with a quotation mark can close the field.
      if (line.includes('"')) this.#tryToClose();
      if (this.#open.length > QUOTED_LINES || this.#openSize > rowLimits.characters) this.#giveUp();
      return;
    }
    if (line.length > rowLimits.characters) return this.#tooLong();
    if (line.includes('"')) {
      const fields = unquote(line, this.delimiter);
      if (fields === null) {
        this.#open.push(line);
        this.#openSize = line.length;
        return;
      }
      this.row++;
      return this.handler.row(fields, this.row);
    }
    this.row++;
    if (line.length > 0) this.handler.row(line.split(this.delimiter), this.row);
  }

  #tryToClose(): void {
    const fields = unquote(this.#open.join("\n"), this.delimiter);
    if (fields === null) return;
    this.#open = [];
    this.row++;
    this.handler.row(fields, this.row);
  }

  #giveUp(): void {
    const lines = this.#open;
    this.#open = [];
    this.row++;
    this.handler.broken(this.row, "quote_not_closed", {});
    for (const line of lines.slice(1)) this.#line(line);
  }
}

/** The fields of a row with quotation marks, or null when a quoted field is still open at its end. */
const unquote = (text: string, delimiter: string): string[] | null => {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let start = at;
    while (text.charCodeAt(start) === 32) start++;
    if (text.charCodeAt(start) !== 34) {
      const to = text.indexOf(delimiter, at);
      fields.push(to < 0 ? text.slice(at) : text.slice(at, to));
      if (to < 0) return fields;
      at = to + 1;
      continue;
    }
    let field = "";
    let from = start + 1;
    for (;;) {
      const quote = text.indexOf('"', from);
      if (quote < 0) return null;
      field += text.slice(from, quote);
      if (text.charCodeAt(quote + 1) === 34) {
        field += '"';
        from = quote + 2;
        continue;
      }
      const to = text.indexOf(delimiter, quote + 1);
      // What follows a closing quotation mark inside its field is kept as it stands.
      field += (to < 0 ? text.slice(quote + 1) : text.slice(quote + 1, to)).trimEnd();
      fields.push(field);
      if (to < 0) return fields;
      at = to + 1;
      break;
    }
  }
};
