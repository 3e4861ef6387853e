import type { Db } from "@evx/db";
import {
  chunksOf,
  columnRoles,
  findingView,
  greatCircle_m,
  layoutOf,
  openFile,
  sniffEncoding,
} from "@evx/formats";
import { ownVehicle } from "@evx/garage";
import { type Locale, Refusal } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { judgeTrip } from "@evx/trips";
import type * as v from "valibot";
import { choicesFor } from "./choices.ts";
import type * as S from "./schema.ts";
import { rejectionView } from "./views.ts";

/** Rows that a preview shows, rows that it reads to find them, and bytes that it takes at most. */
const SHOWN = 20;
const READ = 2_000;
const BYTES = 1024 * 1024;

const beginningOf = async (content: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= BYTES) break;
  }
  return Buffer.concat(chunks);
};

/** What can be said of a table that no format fits: its columns, so that a person can tell which is what. */
const unrecognised = (bytes: Uint8Array, zone: string): v.InferInput<typeof S.PreviewView> => {
  const { encoding, skip } = sniffEncoding(bytes);
  const layout = layoutOf(new TextDecoder(encoding).decode(bytes.subarray(skip, skip + 65_536)));
  return {
    format: null,
    encoding,
    delimiter: layout.delimiter,
    header: layout.header,
    columns: {},
    roles: [...columnRoles],
    decimal: ".",
    dateOrder: "dmy",
    dateOrderUncertain: false,
    distanceUnit: "km",
    unitSilent: true,
    zone,
    zoneSilent: true,
    sample: layout.sample.slice(0, 5).map((fields) => fields.map((field) => field.slice(0, 80))),
    trips: [],
    rejected: [],
    rowsRead: 0,
  };
};

/** Reads the beginning of a file as it would be imported, and records nothing. The beginning alone may be sent. */
export const previewTrips = async (
  db: Db,
  actor: Pick<Actor, "id">,
  input: v.InferOutput<typeof S.PreviewTrips>,
  locale: Locale,
): Promise<v.InferInput<typeof S.PreviewView>> => {
  const vehicle = await ownVehicle(db, actor, input.id);
  const bytes = await beginningOf(input.content as unknown as AsyncIterable<Uint8Array>);
  const choices = choicesFor(vehicle, input);
  let opened: Awaited<ReturnType<typeof openFile>>;
  try {
    opened = await openFile(chunksOf(bytes), choices);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "import_format_unknown") throw error;
    const view = unrecognised(bytes, choices([]).zone);
    // A letter or JSON has no columns to choose from.
    if (view.header.length < 2) throw error;
    return view;
  }
  const { plan, sample, batches } = opened;
  const trips: v.InferInput<typeof S.PreviewView>["trips"] = [];
  const rejected: v.InferInput<typeof S.PreviewView>["rejected"] = [];
  let rowsRead = 0;
  const facts = {
    vehicleClass: vehicle.class,
    battery_wh: vehicle.battery_wh,
  };
  for await (const batch of batches()) {
    rowsRead = batch.rowsRead;
    for (const trip of batch.trips) {
      if (trips.length >= SHOWN) break;
      const direct = trip.from && trip.to ? greatCircle_m(trip.from, trip.to) : null;
      const { reject, flags } = judgeTrip({ ...trip, greatCircle_m: direct }, facts);
      if (reject) {
        rejected.push(rejectionView({ row: trip.row, ...reject }, locale));
        continue;
      }
      trips.push({
        row: trip.row,
        startTime: new Date(trip.start),
        endTime: new Date(trip.end),
        precision: trip.precision,
        distanceKm: trip.distance_m / 1000,
        energyKwh: trip.energy_wh === null ? null : trip.energy_wh / 1000,
        notes: trip.notes,
        flags: [...trip.flags, ...flags].map((flag) => findingView(flag, locale)),
      });
    }
    for (const rejection of batch.rejections)
      if (rejected.length < SHOWN) rejected.push(rejectionView(rejection, locale));
    if (trips.length >= SHOWN || rowsRead > READ) break;
  }
  const { columns, header, ...rest } = plan;
  return {
    ...rest,
    header: [...header],
    columns: Object.fromEntries(
      Object.entries(columns).map(([role, column]) => [role, header[column] ?? ""]),
    ),
    roles: [...columnRoles],
    sample: sample.slice(0, 5).map((fields) => fields.map((field) => field.slice(0, 80))),
    trips,
    rejected: rejected.sort((a, b) => a.row - b.row),
    rowsRead,
  };
};
