import type { Candidate, ImportOptions, Plan, Rejection, RowReader, Sink } from "./candidate.ts";
import { decodeText, readHead, sniffEncoding } from "./decode.ts";
import { layoutOf, planFor } from "./detect.ts";
import { refuse } from "./errors.ts";
import { plainHeader } from "./headers.ts";
import { ObjectSplitter } from "./json.ts";
import { DailyStatsReader } from "./readers/dailystats.ts";
import { LoggerReader } from "./readers/logger.ts";
import { TableReader } from "./readers/table.ts";
import { TeslaFiReader } from "./readers/teslafi.ts";
import { RowSplitter } from "./rows.ts";
import { isZone } from "./times.ts";

/** What one stretch of a file gave: its trips and broken rows, in the file's order, and the rows read so far. */
export type Batch = { trips: Candidate[]; rejections: Rejection[]; rowsRead: number };

/** Choices that are known, or that depend on the header: a vehicle remembers them by it. */
export type Choices = ImportOptions | ((header: readonly string[]) => ImportOptions);

export type OpenedFile = {
  plan: Plan;
  options: ImportOptions;
  /** The first data rows as text, for a preview. */
  sample: readonly (readonly string[])[];
  /** The file's trips. Which batch holds a trip depends on the chunks; the order of trips does not. */
  batches(): AsyncGenerator<Batch, void, void>;
};

/** Gathers what a reader finds until it is taken. */
class Gathering implements Sink {
  trips: Candidate[] = [];
  rejections: Rejection[] = [];

  trip(candidate: Candidate): void {
    this.trips.push(candidate);
  }

  reject(row: number, field: string, code: string, values: Rejection["values"] = {}): void {
    this.rejections.push({ row, field, code, values });
  }

  take(rowsRead: number): Batch {
    const batch = { trips: this.trips, rejections: this.rejections, rowsRead };
    this.trips = [];
    this.rejections = [];
    return batch;
  }
}

const readerFor = (plan: Plan, options: ImportOptions, sink: Sink): RowReader => {
  if (plan.format === "teslafi") return new TeslaFiReader(plan, options, sink);
  if (plan.format === "logger") return new LoggerReader(plan, options, sink);
  if (plan.format === "kia-dailystats") return new DailyStatsReader(plan, options, sink);
  return new TableReader(plan, options, sink);
};

const refuseCharges = (header: readonly string[]): void => {
  const names = header.map(plainHeader);
  if (names.includes("plus_kwh") && names.includes("end_charged_soc_pct")) throw refuse("import_of_charges");
};

/** Characters that are decoded and read before others get their turn. */
const SLICE = 256 * 1024;

/**
 * Opens a file of trips of any format that we read: finds its encoding, layout and format from its first bytes.
 * Refuses what is empty, not text, or not recognised. Nothing is held but the stretch being read.
 */
export const openFile = async (content: AsyncIterable<Uint8Array>, choices: Choices): Promise<OpenedFile> => {
  const { head, rest } = await readHead(content);
  if (head.length === 0) throw refuse("import_empty");
  const sniffed = sniffEncoding(head);
  const headText = new TextDecoder(sniffed.encoding).decode(head.subarray(sniffed.skip), { stream: true });
  if (headText.trim() === "") throw refuse("import_empty");
  const texts = decodeText(head, rest, sniffed);
  const sink = new Gathering();
  return /^\s*[[{]/.test(headText)
    ? openJson(headText, texts, sniffed.encoding, choices, sink)
    : openTable(headText, texts, sniffed.encoding, choices, sink);
};

/** What the person chose, for files with this header. */
const chosen = (choices: Choices, header: readonly string[]): ImportOptions => {
  const options = typeof choices === "function" ? choices(header) : choices;
  if (!isZone(options.zone)) throw refuse("import_zone_unknown", { zone: options.zone.slice(0, 60) });
  return options;
};

const openTable = (
  headText: string,
  texts: AsyncIterable<string>,
  encoding: string,
  choices: Choices,
  sink: Gathering,
): OpenedFile => {
  const layout = layoutOf(headText);
  refuseCharges(layout.header);
  const options = chosen(choices, layout.header);
  const plan = planFor(layout, encoding, options);
  const reader = readerFor(plan, options, sink);
  const { headerRow } = layout;
  const splitter = new RowSplitter(
    layout.delimiter,
    {
      row: (fields, row) => row > headerRow && reader.row(fields, row),
      broken: (row, code, values) => sink.reject(row, "row", code, values),
    },
    layout.newline,
  );
  return {
    plan,
    options,
    sample: layout.sample,
    async *batches() {
      for await (const text of texts) {
        for (let at = 0; at < text.length; at += SLICE) {
          splitter.push(text.length <= SLICE ? text : text.slice(at, at + SLICE));
          yield sink.take(Math.max(0, splitter.row - headerRow));
        }
      }
      splitter.end();
      reader.end();
      if (splitter.row <= headerRow) throw refuse("import_no_rows");
      yield sink.take(splitter.row - headerRow);
    },
  };
};

const asCell = (value: unknown): string => {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") {
    const place = value as Record<string, unknown>;
    const lat = place.lat ?? place.latitude;
    const lon = place.lon ?? place.lng ?? place.long ?? place.longitude;
    return lat !== undefined && lon !== undefined ? `${String(lat)}, ${String(lon)}` : "";
  }
  return String(value);
};

const openJson = (
  headText: string,
  texts: AsyncIterable<string>,
  encoding: string,
  choices: Choices,
  sink: Gathering,
): OpenedFile => {
  const first: Record<string, unknown>[] = [];
  const look = new ObjectSplitter({
    object: (value) => first.length < 50 && first.push(value),
    broken: () => {},
  });
  look.push(headText);
  const header = [...new Set(first.flatMap((value) => Object.keys(value)))];
  if (header.length === 0)
    throw refuse(look.row > 0 ? "import_format_unknown" : "import_no_rows", {
      columns: "-",
      missing: "start, end, distance",
    });
  const options = chosen(choices, header);
  const rowOf = (value: Record<string, unknown>) => header.map((name) => asCell(value[name]));
  const sample = first.map(rowOf);
  const plan = planFor({ header, sample, delimiter: null }, encoding, options);
  const reader = readerFor(plan, options, sink);
  const splitter = new ObjectSplitter({
    object: (value, row) => reader.row(rowOf(value), row),
    broken: (row, code, values) => sink.reject(row, "row", code, values),
  });
  return {
    plan,
    options,
    sample,
    async *batches() {
      for await (const text of texts) {
        splitter.push(text);
        yield sink.take(splitter.row);
      }
      splitter.end();
      reader.end();
      yield sink.take(splitter.row);
    },
  };
};
