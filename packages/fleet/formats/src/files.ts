import { plainHeader } from "@evx/columns";
import {
  cellsOfObject,
  decodeText,
  type Encoding,
  headerOfObjects,
  ObjectSplitter,
  plainly,
  RowSplitter,
  readHead,
  sniffEncoding,
  unpacked,
} from "@evx/containers";
import { refuse as refuseContainer } from "@evx/containers/errors";
import { isZone } from "@evx/kernel";
import type { Candidate, ImportOptions, PassedCode, Plan, Rejection, RowReader, Sink } from "./candidate.ts";
import { refuseCounters } from "./counters.ts";
import { layoutOf, planFor } from "./detect.ts";
import { refuse } from "./errors.ts";
import type { Finding } from "./findings.ts";
import { formatNamed, knownHeaders } from "./headers.ts";
import { DailyStatsReader } from "./readers/dailystats.ts";
import { LoggerReader } from "./readers/logger.ts";
import { TableReader } from "./readers/table.ts";
import { TeslaFiReader } from "./readers/teslafi.ts";
import type { Survey } from "./survey.ts";
import { Surveyor } from "./surveyor.ts";
import { requireOneVehicle } from "./vehicles.ts";

/**
 * What one stretch of a file gave: its trips and broken rows, in the file's order, the rows read so far, and with the
 * last one what is to be said of the file as a whole.
 */
export type Batch = {
  trips: Candidate[];
  rejections: Rejection[];
  rowsRead: number;
  notes: readonly Finding[];
};

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

/** No road vehicle averages more over a trip, whatever its times are rounded to. */
const fastest_kmh = 200;

/** Gathers what a reader finds until it is taken. */
class Gathering implements Sink {
  trips: Candidate[] = [];
  rejections: Rejection[] = [];
  readonly #passed = new Map<PassedCode, number>();

  trip(candidate: Candidate, rounding_ms = 0): void {
    const widest_ms = candidate.end - candidate.start + rounding_ms;
    if (candidate.precision !== "day" && candidate.distance_m * 3_600 > fastest_kmh * widest_ms) {
      const kmh = Math.round((candidate.distance_m * 3_600) / widest_ms);
      this.reject(candidate.row, "distance", "speed_impossible", { kmh, limit: fastest_kmh });
      return;
    }
    this.trips.push(candidate);
  }

  pass(code: PassedCode, rows = 1): void {
    this.#passed.set(code, (this.#passed.get(code) ?? 0) + rows);
  }

  reject(row: number, field: string, code: string, values: Rejection["values"] = {}): void {
    this.rejections.push({ row, field, code, values });
  }

  take(rowsRead: number, notes: readonly Finding[] = []): Batch {
    const batch = { trips: this.trips, rejections: this.rejections, rowsRead, notes };
    this.trips = [];
    this.rejections = [];
    return batch;
  }

  /** What is so in the whole file: rows that count for nothing, and habits. */
  notes(plan: Plan, survey: Survey): Finding[] {
    const notes: Finding[] = [...this.#passed].map(([code, rows]) => ({ code, values: { rows } }));
    if (plan.energyNeverMeasured && !formatNamed(plan.format).quirks?.zeroEnergyUnknown) {
      const { zero, given } = survey.energy;
      notes.push({ code: "energy_never_measured", values: { rows: zero, given } });
    }
    if (plan.dayTold) notes.push({ code: "day_told", values: {} });
    if (formatNamed(plan.format).quirks?.phone) notes.push({ code: "phone_not_car", values: {} });
    return notes;
  }
}

const toldDay: Finding = { code: "day_told", values: {} };

const readerFor = (plan: Plan, options: ImportOptions, sink: Sink): RowReader => {
  switch (formatNamed(plan.format).shape) {
    case "tesla-minutes":
      return new TeslaFiReader(plan, options, sink);
    case "readings":
      return new LoggerReader(plan, options, plan.dayTold ? withDayTold(sink) : sink);
    case "growing-days":
      return new DailyStatsReader(plan, options, sink);
    case "trips":
      return new TableReader(plan, options, sink);
  }
};

/** Every trip says whose word its day is. */
const withDayTold = (sink: Sink): Sink => ({
  trip: (trip, rounding_ms) => sink.trip({ ...trip, flags: [...trip.flags, toldDay] }, rounding_ms),
  pass: (code, rows) => sink.pass(code, rows),
  reject: (row, field, code, values) => sink.reject(row, field, code, values),
});

/** Words that only lists of charges have. */
const ofCharges =
  /(^|_)(charged_?energy|charge_energy_added|charge_energy|energy_added|loadpoint|charger|charge_start\w*|charging_start\w*|meterstart|connector|charge_point|end_charged_soc_pct|charged_kwh|kwh_charged|geladen\w*|ladeort|charging\w*|station|evse|charge_type|dien_nang_sac|tram_sac|loai_sac)(_|$)/;
const ofDriving = /(^|_)(distance\w*|speed\w*|strecke|quang_duong\w*|shift_state|trip\w*|latitude|lat)(_|$)/;

const refuseOthers = (header: readonly string[]): void => {
  const names = header.map(plainHeader);
  if (names.includes("latitude_e7") && names.includes("longitude_e7")) throw refuse("import_of_positions");
  const kia = names.includes("plus_kwh") && names.includes("end_charged_soc_pct");
  if (kia || (names.some((name) => ofCharges.test(name)) && !names.some((name) => ofDriving.test(name))))
    throw refuse("import_of_charges");
};

/** Characters that are decoded and read before others get their turn. */
const SLICE = 256 * 1024;

/** A survey of a file's beginning, for files that nobody looked at as a whole. */
const surveyed = (head: Uint8Array, options: ImportOptions): Survey => {
  const surveyor = new Surveyor(() => options);
  surveyor.push(head);
  return surveyor.end() as Survey;
};

/**
 * Opens a file of trips of any format that we read: finds its encoding, layout and format from its first bytes.
 * Refuses what is empty, not text, or not recognised. Nothing is held but the stretch being read.
 */
export const openFile = async (content: AsyncIterable<Uint8Array>, choices: Choices): Promise<OpenedFile> => {
  const { head, rest } = await readHead(await unpacked(content, knownHeaders));
  if (head.length === 0) throw refuseContainer("import_empty");
  const sniffed = sniffEncoding(head);
  const written = new TextDecoder(sniffed.encoding).decode(head.subarray(sniffed.skip), { stream: true });
  const headText = plainly(written)(written);
  if (headText.trim() === "") throw refuseContainer("import_empty");
  const sink = new Gathering();
  const open = /^\s*[[{]/.test(headText) ? openJson : openTable;
  return open({ head, headText, rest, sniffed, choices, sink });
};

type Opening = {
  head: Uint8Array;
  headText: string;
  rest: AsyncIterable<Uint8Array>;
  sniffed: { encoding: Encoding; skip: number };
  choices: Choices;
  sink: Gathering;
};

/** What was said of the file whatever its header is. */
const saidOf = (choices: Choices): ImportOptions => (typeof choices === "function" ? choices([]) : choices);

/** What the person chose, for files with this header. */
const chosen = (choices: Choices, header: readonly string[]): ImportOptions => {
  const options = typeof choices === "function" ? choices(header) : choices;
  if (!isZone(options.zone)) throw refuse("import_zone_unknown", { zone: options.zone.slice(0, 60) });
  return options;
};

/** Text of a file in the encoding that its bytes have, also those after its beginning. */
const textsOf = ({ head, rest, sniffed }: Opening, survey: Survey): AsyncIterable<string> =>
  decodeText(head, rest, { ...sniffed, encoding: (survey.encoding as Encoding | null) ?? sniffed.encoding });

const openTable = (opening: Opening): OpenedFile => {
  const { sink, headText } = opening;
  const layout = layoutOf(headText.normalize("NFC"), saidOf(opening.choices).logBegan);
  refuseOthers(layout.header);
  const options = chosen(opening.choices, layout.header);
  const survey = options.survey ?? surveyed(opening.head, options);
  const plan = planFor(layout, survey.encoding ?? opening.sniffed.encoding, options, survey);
  const { headerRow } = layout;
  if (formatNamed(plan.format).shape === "trips") refuseCounters(plan, options, layout.sample, readerFor);
  requireOneVehicle(survey, options, headText.split(layout.newline, headerRow - 1).join("\n"));
  const reader = readerFor(plan, options, sink);
  const widen = layout.reader();
  const splitter = new RowSplitter(
    layout.delimiter,
    {
      row: (fields, row) => row > headerRow && reader.row(widen(fields), row),
      broken: (row, code, values) => sink.reject(row, "row", code, values),
    },
    layout.newline,
  );
  return {
    plan,
    options,
    sample: layout.sample,
    async *batches() {
      for await (const text of textsOf(opening, survey)) {
        for (let at = 0; at < text.length; at += SLICE) {
          splitter.push(text.length <= SLICE ? text : text.slice(at, at + SLICE));
          yield sink.take(Math.max(0, splitter.row - headerRow));
        }
      }
      splitter.end();
      reader.end();
      if (splitter.row <= headerRow) throw refuseContainer("import_no_rows");
      yield sink.take(splitter.row - headerRow, sink.notes(plan, survey));
    },
  };
};

const openJson = (opening: Opening): OpenedFile => {
  const { sink } = opening;
  const { header, first, broken } = headerOfObjects(opening.headText);
  if (header.length === 0)
    throw broken || /[{[]\s*["{]/.test(opening.headText)
      ? refuse("import_json_broken")
      : refuseContainer("import_no_rows");
  refuseOthers(header);
  const options = chosen(opening.choices, header);
  const sample = first.map((value) => cellsOfObject(header, value));
  const survey = options.survey ?? surveyed(opening.head, options);
  const plan = planFor({ header, sample, delimiter: null }, opening.sniffed.encoding, options, survey);
  if (formatNamed(plan.format).shape === "trips") refuseCounters(plan, options, sample, readerFor);
  requireOneVehicle(survey, options, /^\s*\{[^[]*(?=\[)/.exec(opening.headText)?.[0]);
  const reader = readerFor(plan, options, sink);
  const splitter = new ObjectSplitter({
    object: (value, row) => reader.row(cellsOfObject(header, value), row),
    broken: (row, code, values) => sink.reject(row, "row", code, values),
  });
  return {
    plan,
    options,
    sample,
    async *batches() {
      for await (const text of textsOf(opening, survey)) {
        splitter.push(text);
        yield sink.take(splitter.row);
      }
      splitter.end();
      reader.end();
      yield sink.take(splitter.row, sink.notes(plan, survey));
    },
  };
};
