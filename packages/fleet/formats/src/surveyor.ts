import {
  cellsOfObject,
  headerOfObjects,
  legacyEncoding,
  ObjectSplitter,
  plainly,
  RowSplitter,
  sniffEncoding,
} from "@evx/containers";
import type { ImportOptions } from "./candidate.ts";
import { formatFor, layoutOf, type TextLayout } from "./detect.ts";
import { columnsOf } from "./headers.ts";
import type { Widen } from "./long.ts";
import { Gatherer, orderSurveyed, type Survey, type WholeSurvey } from "./survey.ts";
import { headingOf, vehicleColumnsOf } from "./vehicles.ts";

/** Bytes by which a file is recognised. */
const headBytes = 128 * 1024;

/** Where commas part the cells, a decimal comma stands in quotation marks: "12,5". */
const quotedComma = /"[\s+-]*\d[\d.'’\s]*,\d/;

type Splitter = { push(text: string): void; end(): void };

/**
 * Looks at a whole file before it is read: what one cell leaves open (decimal mark, order of day and month, whose car)
 * is decided by all of them. Takes the bytes as they pass; holds nothing but the file's beginning.
 */
export class Surveyor {
  #head: Uint8Array[] = [];
  #size = 0;
  #decoder: TextDecoder | null = null;
  #gatherer: Gatherer | null = null;
  #splitter: Splitter | null = null;
  #layout: TextLayout | null = null;
  #legacy: string | null = null;
  /** Whether rows that hold no decimal comma can be passed over unread: everything else is certain. */
  #quiet = false;
  #widen: Widen = (fields) => fields;
  #plain = (text: string): string => text;

  /** `whole` is what was found in the file that this one was cut out of. */
  constructor(
    private readonly optionsFor: (header: readonly string[]) => Pick<ImportOptions, "mapping" | "logBegan">,
    private readonly whole?: WholeSurvey,
  ) {}

  push(bytes: Uint8Array): void {
    if (this.#decoder) {
      this.#read(bytes, true);
      return;
    }
    this.#head.push(bytes);
    this.#size += bytes.length;
    if (this.#size >= headBytes) this.#open();
  }

  /** What was found; null of a file that is no table at all. */
  end(): Survey | null {
    if (!this.#decoder) this.#open();
    this.#take(this.#decoder?.decode() ?? "");
    this.#splitter?.end();
    const survey = this.#gatherer?.end() ?? null;
    return survey && { ...survey, ...this.whole, encoding: this.#legacy };
  }

  #open(): void {
    const head = Buffer.concat(this.#head);
    this.#head = [];
    const { encoding, skip } = sniffEncoding(head);
    this.#decoder = new TextDecoder(encoding, { ignoreBOM: true });
    const written = new TextDecoder(encoding).decode(head.subarray(skip), { stream: true });
    this.#plain = plainly(written);
    const text = this.#plain(written);
    if (/^\s*[[{]/.test(text)) this.#openObjects(text);
    else this.#openTable(text);
    const dates = this.#gatherer;
    this.#read(head.subarray(skip), false);
    if (!dates || !this.#layout) return;
    const soFar = dates.end();
    const certain = orderSurveyed(soFar)?.certain === true;
    this.#quiet = certain && soFar.vehicles.length === 0 && soFar.energy.zero === 0;
  }

  #openTable(text: string): void {
    const layout = layoutOf(text, this.optionsFor([]).logBegan);
    this.#widen = layout.reader();
    this.#layout = layout;
    const { mapping } = this.optionsFor(layout.header);
    const gatherer = new Gatherer(
      columnsOf(layout.header, formatFor(layout.header, mapping, layout.sample), mapping, layout.sample),
      vehicleColumnsOf(layout.header, layout.sample),
      headingOf,
    );
    this.#gatherer = gatherer;
    this.#splitter = new RowSplitter(
      layout.delimiter,
      {
        row: (fields, row) => {
          if (row > layout.headerRow) gatherer.row(this.#widen(fields));
          else if (row < layout.headerRow) gatherer.heading(fields);
        },
        broken: () => {},
      },
      layout.newline,
    );
  }

  #openObjects(text: string): void {
    const { header, first } = headerOfObjects(text);
    const sample = first.map((value) => cellsOfObject(header, value));
    const { mapping } = this.optionsFor(header);
    const gatherer = new Gatherer(
      columnsOf(header, formatFor(header, mapping, sample), mapping, sample),
      vehicleColumnsOf(header, sample),
      () => null,
    );
    this.#gatherer = gatherer;
    this.#splitter = new ObjectSplitter({
      object: (value) => gatherer.row(cellsOfObject(header, value)),
      broken: () => {},
    });
  }

  #read(bytes: Uint8Array, later: boolean): void {
    const text = this.#plain(this.#decoder?.decode(bytes, { stream: true }) ?? "");
    if (this.#legacy === null && text.includes("\uFFFD")) this.#legacy = legacyEncoding(bytes);
    if (!later || !this.#quiet || !this.#layout) {
      this.#take(text);
      return;
    }
    const { delimiter, newline } = this.#layout;
    if (delimiter === "," ? !quotedComma.test(text) : !text.includes(",")) {
      this.#splitter = null;
      return;
    }
    if (this.#splitter) {
      this.#take(text);
      return;
    }
    // Rows were passed over: it goes on with the first whole one.
    const gatherer = this.#gatherer;
    this.#splitter = new RowSplitter(
      delimiter,
      { row: (fields) => gatherer?.row(this.#widen(fields)), broken: () => {} },
      newline,
    );
    this.#take(text.slice(text.indexOf(newline) + 1));
  }

  #take(text: string): void {
    this.#splitter?.push(text);
  }
}
