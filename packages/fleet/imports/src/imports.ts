import { type Db, json, type Tx } from "@evx/db";
import { emit, enqueue } from "@evx/jobs";
import { type Id, type Locale, Refusal } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { tripsImported } from "./events.ts";
import { factorsAt } from "./factors.ts";
import type { Candidate, ImportOptions, Plan, Rejection } from "./import/candidate.ts";
import { openImport } from "./import/parse.ts";
import { ownImport, showImport } from "./import-reads.ts";
import { importFile } from "./job-names.ts";
import { importLimits } from "./policy.ts";
import {
  claimedOfImport,
  deleteTripsOfImport,
  dropChunks,
  type ImportRow,
  importRow,
  insertChunk,
  insertImport,
  insertRejections,
  lockImport,
  updateImport,
} from "./queries/imports.ts";
import { ensureMonths, missingMonths } from "./queries/trips.ts";
import { lockCar, type VehicleRow, vehicleWithCar } from "./queries/vehicles.ts";
import { monthsOf, type Recording, recordTrips } from "./record.ts";
import type * as S from "./schema.ts";
import { tripSuffix } from "./trip-ids.ts";
import { ownVehicle } from "./vehicles.ts";

/** What an edge lends to a verb that needs several transactions: an upload is longer than one should be. */
export type Edge = {
  db: Db;
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
};

type Vehicle = VehicleRow & { vin_hash: string };

const settingsOf = (vehicle: VehicleRow): Record<string, Partial<ImportOptions>> =>
  typeof vehicle.import_settings === "object" && vehicle.import_settings !== null
    ? (vehicle.import_settings as Record<string, Partial<ImportOptions>>)
    : {};

/** By what a vehicle remembers choices: the header, in any order of columns. */
export const headerKey = (header: readonly string[]): string =>
  Bun.hash(
    [...header]
      .map((name) => name.trim())
      .sort()
      .join("\u001f"),
  ).toString(36);

type ImportChoices = {
  [Key in "zone" | "distanceUnit" | "decimal" | "dateOrder" | "mapping"]?: ImportOptions[Key] | undefined;
};

/** Choices said now, over those remembered for such a file, over the vehicle's zone. */
export const choicesFor =
  (vehicle: VehicleRow, said: ImportChoices) =>
  (header: readonly string[]): ImportOptions => {
    const remembered = settingsOf(vehicle)[headerKey(header)] ?? {};
    return {
      zone: said.zone ?? remembered.zone ?? vehicle.zone,
      distanceUnit: said.distanceUnit ?? remembered.distanceUnit,
      decimal: said.decimal ?? remembered.decimal,
      dateOrder: said.dateOrder ?? remembered.dateOrder,
      mapping: said.mapping ?? remembered.mapping,
      battery_wh: vehicle.battery_wh,
    };
  };

/** Everything that recording trips into a vehicle needs, with the factors in force now. */
export const recordingFor = async (
  db: Db,
  vehicle: Vehicle,
  at: Date,
  of: { importId: Id<"import"> | null; source: string; connected?: boolean },
): Promise<Recording> => ({
  carId: vehicle.car_id,
  vehicleId: vehicle.id,
  suffix: tripSuffix(vehicle.vin_hash),
  ownedFrom: vehicle.owned_from?.getTime() ?? Number.NEGATIVE_INFINITY,
  ownedTo: vehicle.owned_to?.getTime() ?? Number.POSITIVE_INFINITY,
  facts: { vehicleClass: vehicle.class, battery_wh: vehicle.battery_wh },
  factors: await factorsAt(db, vehicle.country_code, at),
  importId: of.importId,
  source: of.source,
  quality: of.connected ? "connected" : null,
});

/** Makes the partitions that trips need, in a transaction of its own. */
export const prepareMonths = async (
  edge: Edge,
  candidates: readonly Candidate[],
  known?: Set<string>,
): Promise<void> => {
  const months = monthsOf(candidates).filter((month) => !known?.has(month));
  if (months.length === 0) return;
  const missing = await missingMonths(edge.db, months);
  if (missing.length > 0) await edge.transact((tx) => ensureMonths(tx, "trip", missing.sort()));
  for (const month of months) known?.add(month);
};

/** A stream of chunks that can be left and gone on with; what was read so far is kept until it is known to be small. */
class Source implements AsyncIterable<Uint8Array> {
  readonly held: Uint8Array[] = [];
  size = 0;
  #holding = true;
  readonly #chunks: AsyncIterator<Uint8Array>;

  constructor(content: AsyncIterable<Uint8Array>) {
    this.#chunks = content[Symbol.asyncIterator]();
  }

  /** Without `return`: leaving a loop over it does not close it. */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.next() };
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    const { done, value } = await this.#chunks.next();
    if (done) return { done: true, value: undefined };
    this.size += value.length;
    if (this.size > importLimits.file) {
      await this.#chunks.return?.();
      throw refuse("import_too_large", { limit: importLimits.file / 1024 / 1024 });
    }
    if (this.#holding) this.held.push(value);
    return { done: false, value };
  }

  letGo(): void {
    this.#holding = false;
    this.held.length = 0;
  }
}

/** Bytes of an upload that may be held in memory before it is stored and read by a job. */
const HOLD = 24 * 1024 * 1024;

/**
 * Takes a file of trips. Up to 5,000 rows are recorded at once, in one transaction, and the answer is final; of a
 * larger file the bytes are stored and a job reads them, and the answer says `queued`.
 * Broken rows are named in the answer and cost nothing else. Refuses what is empty, not text, or not recognised.
 */
export const importTrips = async (
  edge: Edge,
  actor: Pick<Actor, "id">,
  input: v.InferOutput<typeof S.ImportTrips>,
  { importId, locale, via = "upload" }: { importId: Id<"import">; locale: Locale; via?: "upload" | "push" },
): Promise<v.InferInput<typeof S.ImportView>> => {
  const owned = await ownVehicle(edge.db, actor, input.id);
  const vehicle = (await vehicleWithCar(edge.db, owned.id)) as Vehicle;
  const source = new Source(input.content as unknown as AsyncIterable<Uint8Array>);
  const opened = await openImport(source, choicesFor(vehicle, input));
  const trips: Candidate[] = [];
  const rejections: Rejection[] = [];
  let rowsRead = 0;
  let large = false;
  for await (const batch of opened.batches()) {
    for (const trip of batch.trips) trips.push(trip);
    for (const rejection of batch.rejections) rejections.push(rejection);
    rowsRead = batch.rowsRead;
    if (rowsRead > importLimits.rowsAtOnce || source.size > HOLD) {
      large = true;
      break;
    }
  }
  const entry = {
    id: importId,
    vehicle_id: vehicle.id,
    car_id: vehicle.car_id,
    owner_id: vehicle.owner_id,
    via,
    format: opened.plan.format,
    file_name: (input.fileName || input.name).slice(0, 200) || null,
    options: json(opened.options),
    plan: json(planSummary(opened.plan)),
  };
  if (large) {
    await storeFile(edge, source, entry);
  } else {
    await prepareMonths(edge, trips);
    await edge.transact(async (tx) => {
      if (await importRow(tx, importId)) return;
      await insertImport(tx, {
        ...entry,
        status: "running",
        bytes: BigInt(source.size),
        created_at: tx.at,
        started_at: tx.at,
      });
      await lockCar(tx, vehicle.car_id);
      const into = await recordingFor(tx, vehicle, tx.at, {
        importId,
        source: opened.plan.format,
        connected: via === "push",
      });
      const count = await recordTrips(tx, into, trips);
      const broken = [...rejections, ...count.rejections].sort((a, b) => a.row - b.row);
      await insertRejections(tx, importId, 0, broken);
      await updateImport(tx, importId, {
        status: "done",
        rows_read: BigInt(rowsRead),
        rows_total: BigInt(rowsRead),
        imported: count.imported,
        duplicates: count.duplicates,
        flagged: count.flagged,
        rejected: broken.length,
        co2_g: BigInt(count.co2_g),
        trips_done: BigInt(trips.length),
        rejections_done: BigInt(rejections.length),
        finished_at: tx.at,
      });
      await announce(tx, importId);
    });
  }
  return showImport(edge.db, actor, importId, locale);
};

const planSummary = ({ header: _, ...plan }: Plan): Omit<Plan, "header"> => plan;

/** Tells other rooms that an import ended. */
export const announce = async (tx: Tx, importId: Id<"import">): Promise<void> => {
  const row = (await importRow(tx, importId)) as ImportRow;
  await emit(tx, tripsImported, {
    importId,
    vehicleId: row.vehicle_id,
    ownerId: row.owner_id,
    imported: row.imported,
    duplicates: row.duplicates,
    flagged: row.flagged,
    rejected: row.rejected,
    co2_g: String(row.co2_g),
  });
};

const CHUNK = 256 * 1024;

/** Stores a large file in chunks as it arrives, then leaves the job that reads it. */
const storeFile = async (
  edge: Edge,
  source: Source,
  entry: Omit<Parameters<typeof insertImport>[1], "status" | "created_at" | "id"> & { id: Id<"import"> },
): Promise<void> => {
  const { id } = entry;
  await edge.transact((tx) => insertImport(tx, { ...entry, status: "receiving", created_at: tx.at }));
  let seq = 0;
  let lines = 0;
  let parts: Uint8Array[] = source.held.slice();
  let size = parts.reduce((sum, part) => sum + part.length, 0);
  source.letGo();
  const store = async () => {
    const whole = parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
    parts = [];
    size = 0;
    const stored: Uint8Array[] = [];
    for (let at = 0; at < whole.length; at += CHUNK) {
      const part = whole.subarray(at, at + CHUNK);
      for (let line = part.indexOf(10); line >= 0; line = part.indexOf(10, line + 1)) lines++;
      stored.push(await Bun.zstdCompress(part, { level: 1 }));
    }
    const first = seq;
    seq += stored.length;
    await edge.transact(async (tx) => {
      for (let at = 0; at < stored.length; at++)
        await insertChunk(tx, id, first + at, stored[at] as Uint8Array);
    });
  };
  try {
    for (;;) {
      if (size >= 8 * CHUNK) await store();
      const next = await source.next();
      if (next.done) break;
      parts.push(next.value);
      size += next.value.length;
    }
    if (size > 0) await store();
  } catch (error) {
    const failure = error instanceof Refusal ? error : refuse("import_interrupted", {}, { cause: error });
    await edge.transact(async (tx) => {
      await dropChunks(tx, id);
      await updateImport(tx, id, { status: "failed", failure: failure.code, finished_at: tx.at });
    });
    throw failure;
  }
  await edge.transact(async (tx) => {
    await updateImport(tx, id, {
      status: "queued",
      bytes: BigInt(source.size),
      rows_total: BigInt(Math.max(lines, 1)),
    });
    await enqueue(tx, importFile, { importId: id });
  });
};

/** Stops an import that is still going on. What it has recorded stays until it is undone. */
export const cancelImport = async (tx: Tx, actor: Pick<Actor, "id">, id: Id<"import">, locale: Locale) => {
  await ownImport(tx, actor, id);
  const row = (await lockImport(tx, id)) as ImportRow;
  if (row.status === "cancelled") return showImport(tx, actor, id, locale);
  if (!["receiving", "queued", "running"].includes(row.status)) throw refuse("import_already_ended");
  await updateImport(tx, id, { status: "cancelled", finished_at: tx.at });
  await dropChunks(tx, id);
  return showImport(tx, actor, id, locale);
};

/** Takes back all trips that an import recorded. Refused when a request holds any of them. */
export const undoImport = async (tx: Tx, actor: Pick<Actor, "id">, id: Id<"import">, locale: Locale) => {
  const owned = await ownImport(tx, actor, id);
  await lockCar(tx, owned.car_id);
  const row = (await lockImport(tx, id)) as ImportRow;
  if (row.status === "undone") return showImport(tx, actor, id, locale);
  if (["receiving", "queued", "running"].includes(row.status)) throw refuse("import_still_running");
  const claimed = await claimedOfImport(tx, row.car_id, id);
  if (claimed > 0) throw refuse("import_has_claims", { count: claimed });
  await deleteTripsOfImport(tx, { carId: row.car_id, vehicleId: row.vehicle_id, importId: id });
  await updateImport(tx, id, { status: "undone" });
  return showImport(tx, actor, id, locale);
};
