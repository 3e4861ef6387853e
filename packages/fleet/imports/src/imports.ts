import { unpacked } from "@evx/containers";
import { json, type Tx } from "@evx/db";
import {
  type Candidate,
  knownHeaders,
  type OpenedFile,
  openFile,
  type Plan,
  type Rejection,
  Surveyor,
  type WholeSurvey,
} from "@evx/formats";
import { lockCar, ownVehicle } from "@evx/garage";
import type { Id, Locale } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { claimedOfImport, prepareMonths, type RequestContext, removeTripsOfImport } from "@evx/trips";
import type * as v from "valibot";
import { choicesFor } from "./choices.ts";
import { refuse } from "./errors.ts";
import { importLimits } from "./policy.ts";
import {
  dropChunks,
  type ImportEntry,
  type ImportRow,
  importRow,
  insertImport,
  lockImport,
  updateImport,
} from "./queries/imports.ts";
import { ownImport, showImport } from "./reads.ts";
import { refuseRepeats } from "./repeats.ts";
import type { RowMap } from "./row-map.ts";
import type * as S from "./schema.ts";
import { finishImport, recordStretch, type Stretch } from "./stretches.ts";
import { arriving, storeUpload, Upload } from "./uploads.ts";

const planSummary = ({ header: _, ...plan }: Plan): Omit<Plan, "header"> => plan;

/** Reads a file until it ends, or until it is known to be large; null then. */
const readSmall = async (file: OpenedFile): Promise<Stretch | null> => {
  const trips: Candidate[] = [];
  const rejections: Rejection[] = [];
  let rowsRead = 0;
  let notes: Stretch["notes"] = [];
  for await (const batch of file.batches()) {
    for (const trip of batch.trips) trips.push(trip);
    for (const rejection of batch.rejections) rejections.push(rejection);
    ({ rowsRead, notes } = batch);
    if (rowsRead > importLimits.rowsAtOnce) return null;
  }
  return { trips, rejections, rowsRead, notes };
};

/** Records a small file in one transaction. A retry under the same id finds the import and does nothing. */
const recordAtOnce = async (
  ctx: RequestContext,
  entry: ImportEntry,
  file: Stretch & { bytes: number },
): Promise<void> => {
  await prepareMonths(ctx, file.trips);
  await ctx.transact(async (tx) => {
    const known = await importRow(tx, entry.id);
    // The same key with another content: nothing of it may be lost as if it were a retry.
    if (known && known.sha256 !== null && known.sha256 !== entry.sha256) throw refuse("import_key_reused");
    if (known) return;
    await lockCar(tx, entry.car_id);
    await insertImport(tx, {
      ...entry,
      status: "running",
      bytes: BigInt(file.bytes),
      created_at: tx.at,
      started_at: tx.at,
    });
    const row = (await importRow(tx, entry.id)) as ImportRow;
    await refuseRepeats(tx, row, file.trips);
    await recordStretch(tx, row, file);
    await finishImport(tx, entry.id, file);
  });
};

type ImportAs = {
  importId: Id<"import">;
  locale: Locale;
  via?: "upload" | "push";
  vetted?: boolean;
  /** A car's part of a fleet's file: what all of it shows, where its rows stand there, and whether a job is to read it. */
  part?: { of: Id<"fleetImport">; whole: WholeSurvey | undefined; rows: RowMap | null; later: boolean };
};

/**
 * Takes a file of trips. Up to 5,000 rows are recorded at once, in one transaction, and the answer is final; of a
 * larger file the bytes are stored and a job reads them, and the answer says `queued`.
 * Broken rows are named in the answer and cost nothing else. Refuses what is empty, not text, or not recognised.
 */
export const importTrips = async (
  ctx: RequestContext,
  actor: Pick<Actor, "id">,
  input: v.InferOutput<typeof S.ImportTrips>,
  { importId, locale, via = "upload", vetted = false, part }: ImportAs,
): Promise<v.InferInput<typeof S.ImportView>> => {
  const vehicle = await ownVehicle(ctx.db, actor, input.id);
  // A fleet's file that was sent again goes on with the cars that it had not come to.
  if (part && (await importRow(ctx.db, importId))) return showImport(ctx.db, actor, importId, locale);
  const choices = choicesFor(vehicle, input);
  const upload = new Upload(await unpacked(arriving(input.content), knownHeaders));
  const surveyor = new Surveyor(choices, part?.whole);
  const whole = await upload.hold(importLimits.held, surveyor);
  // What one cell leaves open is decided by all rows of the file; of a large one, once all of it has arrived.
  const survey = whole ? (surveyor.end() ?? undefined) : undefined;
  const file = await openFile(upload.beginning(), (header) => ({ ...choices(header), survey }));
  const small = whole && !part?.later ? await readSmall(file) : null;
  const entry: ImportEntry = {
    id: importId,
    vehicle_id: vehicle.id,
    car_id: vehicle.car_id,
    owner_id: vehicle.owner_id,
    via,
    format: file.plan.format,
    file_name: (input.fileName || input.name).slice(0, 200) || null,
    options: json(file.options),
    plan: json({
      ...planSummary(file.plan),
      repeat: input.repeat ?? false,
      vetted,
      rows: part?.rows ?? null,
    }),
    fleet_import_id: part?.of ?? null,
  };
  const sha256 = whole ? upload.sha256() : null;
  if (small) await recordAtOnce(ctx, { ...entry, sha256 }, { ...small, bytes: upload.size });
  else await storeUpload(ctx, upload, entry, { options: file.options, surveyor: whole ? null : surveyor });
  return showImport(ctx.db, actor, importId, locale);
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
  await removeTripsOfImport(tx, { carId: row.car_id, vehicleId: row.vehicle_id, importId: id });
  await updateImport(tx, id, { status: "undone" });
  return showImport(tx, actor, id, locale);
};
