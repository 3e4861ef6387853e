import { json, type Tx } from "@evx/db";
import type { Candidate, Finding, Rejection } from "@evx/formats";
import { vehicleWithCar } from "@evx/garage";
import { emit } from "@evx/jobs";
import type { Id } from "@evx/kernel";
import { recordingFor, recordTrips } from "@evx/trips";
import { tripsImported } from "./events.ts";
import {
  advanceImport,
  type ImportRow,
  importRow,
  insertRejections,
  updateImport,
} from "./queries/imports.ts";
import { refuseOthersTrips } from "./repeats.ts";
import { placedInFile, type RowMap } from "./row-map.ts";

/** A part of a file as it was read: its trips, its rows that could not be read, and the rows of the file up to its end. */
export type Stretch = {
  trips: readonly Candidate[];
  rejections: readonly Rejection[];
  rowsRead: number;
  /** Of the last part: what is so in the whole file. */
  notes: readonly Finding[];
};

/** Whether an operator had checked the sender when it pushed this. */
const isVetted = ({ plan }: ImportRow): boolean =>
  typeof plan === "object" && plan !== null && "vetted" in plan && plan.vetted === true;

/** Of a car's part of a fleet's file: where its rows stand in the file. */
const rowsOf = ({ plan }: ImportRow): RowMap | null =>
  typeof plan === "object" && plan !== null && "rows" in plan && Array.isArray(plan.rows)
    ? (plan.rows as unknown as RowMap)
    : null;

/**
 * Records a stretch of an import and adds to its counters, for small files and large ones alike. The caller holds the
 * car's lock and then the import's; `row` was read under them. The vehicle is read here, under the lock, so that a
 * hand-over that came first is obeyed.
 */
export const recordStretch = async (tx: Tx, row: ImportRow, stretch: Stretch): Promise<void> => {
  const vehicle = await vehicleWithCar(tx, row.vehicle_id);
  if (!vehicle || row.format === null) throw new Error(`${row.id} has no vehicle or no format`);
  await refuseOthersTrips(tx, vehicle, stretch.trips);
  const into = await recordingFor(tx, vehicle, tx.at, {
    importId: row.id,
    source: row.format,
    connected: row.via === "connection" || (row.via === "push" && isVetted(row)),
    byId: row.via === "push",
  });
  const count = await recordTrips(tx, into, stretch.trips);
  const rejections = placedInFile(rowsOf(row), [...stretch.rejections, ...count.rejections]).sort(
    (a, b) => a.row - b.row,
  );
  await insertRejections(tx, row.id, row.rejected, rejections);
  await advanceImport(tx, row.id, {
    rowsRead: stretch.rowsRead,
    trips: stretch.trips.length,
    rejections: stretch.rejections.length,
    imported: count.imported,
    duplicates: count.duplicates,
    flagged: count.flagged,
    rejected: rejections.length,
    co2_g: count.co2_g,
  });
};

/** Ends an import whose last stretch is recorded, and tells other rooms. */
export const finishImport = async (
  tx: Tx,
  id: Id<"import">,
  { rowsRead, notes }: Pick<Stretch, "rowsRead" | "notes">,
): Promise<void> => {
  await updateImport(tx, id, {
    status: "done",
    rows_total: BigInt(rowsRead),
    finished_at: tx.at,
    notes: json(notes),
  });
  const row = await importRow(tx, id);
  if (!row) throw new Error(`No import ${id}`);
  await emit(tx, tripsImported, {
    importId: id,
    vehicleId: row.vehicle_id,
    ownerId: row.owner_id,
    imported: row.imported,
    duplicates: row.duplicates,
    flagged: row.flagged,
    rejected: row.rejected,
    co2_g: String(row.co2_g),
  });
};
