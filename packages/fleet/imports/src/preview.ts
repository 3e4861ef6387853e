import { chunksOf, rowLimits, sniffEncoding, unpacked } from "@evx/containers";
import type { Db } from "@evx/db";
import {
  type Candidate,
  columnRoles,
  type Finding,
  findingView,
  formatTitle,
  knownHeaders,
  layoutOf,
  type OpenedFile,
  openFile,
  type Survey,
  Surveyor,
  type WholeSurvey,
} from "@evx/formats";
import { refuse as refuseFile } from "@evx/formats/errors";
import { ownVehicle } from "@evx/garage";
import { greatCircle_m, type Locale, Refusal } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { judgeTrip } from "@evx/trips";
import type * as v from "valibot";
import { choicesFor } from "./choices.ts";
import type * as S from "./schema.ts";
import { arriving } from "./uploads.ts";
import { rejectionView } from "./views.ts";

/** Rows that a preview shows, rows that it reads to find them, and bytes that it takes at most. */
const SHOWN = 20;
const READ = 2_000;
const BYTES = 1024 * 1024;

const unknown = "import_format_unknown";

/** The beginning of a file, and what a look at all of it found. */
const lookAt = async (
  content: AsyncIterable<Uint8Array>,
  surveyor: Surveyor,
): Promise<{ bytes: Uint8Array; survey: Survey | undefined }> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    surveyor.push(chunk);
    if (size < BYTES) chunks.push(chunk);
    size += chunk.length;
  }
  return { bytes: Buffer.concat(chunks), survey: surveyor.end() ?? undefined };
};

/** What can be said of a table that no format fits: its columns, so that a person can tell which is what. */
const unrecognised = (
  bytes: Uint8Array,
  zone: string,
  why: Refusal,
  locale: Locale,
): v.InferInput<typeof S.PreviewView> => {
  const { encoding, skip } = sniffEncoding(bytes);
  const layout = layoutOf(new TextDecoder(encoding).decode(bytes.subarray(skip, skip + 65_536)));
  // Nobody chooses among sixty thousand columns, and to tell of them takes the others' time.
  if (layout.header.length > rowLimits.columns)
    throw refuseFile("import_columns_too_many", { limit: rowLimits.columns });
  return {
    format: null,
    formatTitle: null,
    encoding,
    delimiter: layout.delimiter,
    header: layout.header,
    columns: {},
    roles: [...columnRoles],
    decimal: ".",
    decimalUncertain: true,
    dateOrder: "dmy",
    dateOrderUncertain: false,
    distanceUnit: "km",
    unitSilent: true,
    zone,
    zoneSilent: true,
    sample: layout.sample.slice(0, 5).map((fields) => fields.map((field) => field.slice(0, 80))),
    rows: [],
    rejected: [],
    rowsRead: 0,
    // Unknown columns are said by the view itself; why known ones may not be meant so is not.
    notes: why.code === unknown ? [] : [{ code: why.code, message: why.sentence(locale), values: {} }],
  };
};

/** A file that was refused for its columns, shown so that a person can tell them; any other failure goes on. */
const unreadable = (error: unknown, bytes: Uint8Array, zone: string, locale: Locale) => {
  if (!(error instanceof Refusal) || !(error.code === unknown || error.code === "import_distance_counts_up"))
    throw error;
  const view = unrecognised(bytes, zone, error, locale);
  // A letter or JSON has no columns to choose from.
  if (view.header.length < 2) throw error;
  return view;
};

/** Average over the whole trip in km/h, to a tenth. */
const speedOf = ({ start, end, distance_m }: Candidate): number =>
  Math.round((distance_m * 36_000) / (end - start)) / 10;

/** How a file is going to be read, as a person sees it. */
const planView = (plan: OpenedFile["plan"], locale: Locale) => {
  const {
    columns,
    header,
    vehicleColumns: _,
    energyNeverMeasured: __,
    activityColumns: ___,
    thousands: ____,
    dayTold: _____,
    ...rest
  } = plan;
  return {
    ...rest,
    formatTitle: formatTitle(plan.format, locale),
    header: [...header],
    columns: Object.fromEntries(
      Object.entries(columns).map(([role, column]) => [role, header[column] ?? ""]),
    ),
    roles: [...columnRoles],
  };
};

/**
 * Reads the beginning of a file as it would be imported, and records nothing. The beginning alone may be sent. `whole` is
 * what the file shows that this one was cut out of.
 */
export const previewTrips = async (
  db: Db,
  actor: Pick<Actor, "id">,
  input: v.InferOutput<typeof S.ImportTrips>,
  locale: Locale,
  whole?: WholeSurvey,
): Promise<v.InferInput<typeof S.PreviewView>> => {
  const vehicle = await ownVehicle(db, actor, input.id);
  const choices = choicesFor(vehicle, input);
  const { bytes, survey } = await lookAt(
    await unpacked(arriving(input.content), knownHeaders),
    new Surveyor(choices, whole),
  );
  const opened = await openFile(chunksOf(bytes), (header) => ({ ...choices(header), survey })).catch(
    (error) => unreadable(error, bytes, choices([]).zone, locale),
  );
  if ("header" in opened) return opened;
  const { plan, sample, batches } = opened;
  const rows: v.InferInput<typeof S.PreviewView>["rows"] = [];
  let notes: readonly Finding[] = [];
  const rejected: v.InferInput<typeof S.PreviewView>["rejected"] = [];
  let rowsRead = 0;
  const facts = {
    vehicleClass: vehicle.class,
    battery_wh: vehicle.battery_wh,
  };
  for await (const batch of batches()) {
    ({ rowsRead, notes } = batch);
    for (const trip of batch.trips) {
      if (rows.length >= SHOWN) break;
      const direct = trip.from && trip.to ? greatCircle_m(trip.from, trip.to) : null;
      const { reject, flags } = judgeTrip({ ...trip, greatCircle_m: direct }, facts);
      if (reject) {
        rejected.push(rejectionView({ row: trip.row, ...reject }, locale));
        continue;
      }
      rows.push({
        row: trip.row,
        startTime: new Date(trip.start),
        endTime: new Date(trip.end),
        precision: trip.precision,
        distanceKm: trip.distance_m / 1000,
        energyKwh: trip.energy_wh === null ? null : trip.energy_wh / 1000,
        energyEstimated: trip.energyEstimated,
        speedKmh: trip.precision === "day" ? null : speedOf(trip),
        notes: trip.notes,
        flags: [...trip.flags, ...flags].map((flag) => findingView(flag, locale)),
      });
    }
    for (const rejection of batch.rejections)
      if (rejected.length < SHOWN) rejected.push(rejectionView(rejection, locale));
    if (rows.length >= SHOWN || rowsRead > READ) break;
  }
  return {
    ...planView(plan, locale),
    sample: sample.slice(0, 5).map((fields) => fields.map((field) => field.slice(0, 80))),
    rows,
    rejected: rejected.sort((a, b) => a.row - b.row),
    rowsRead,
    notes: notes.map((note) => findingView(note, locale)),
  };
};
