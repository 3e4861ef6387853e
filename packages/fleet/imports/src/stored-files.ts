import type { Db } from "@evx/db";
import type { JobContext } from "@evx/jobs";
import { type Id, Refusal } from "@evx/kernel";
import type { Candidate, ImportOptions, Rejection } from "./import/candidate.ts";
import { openImport } from "./import/parse.ts";
import { announce, prepareMonths, recordingFor } from "./imports.ts";
import {
  abandonedImports,
  advanceImport,
  chunkOf,
  dropChunks,
  type ImportRow,
  insertRejections,
  lockImport,
  updateImport,
} from "./queries/imports.ts";
import { lockCar, vehicleWithCar } from "./queries/vehicles.ts";
import { recordTrips } from "./record.ts";

/** Trips that one transaction records: long enough to be fast, short enough to show progress and free the car. */
const STRETCH = 10_000;

/** Somebody else ended or goes on with this import. */
class Left extends Error {}

async function* storedFile(db: Db, id: Id<"import">): AsyncGenerator<Uint8Array, void, void> {
  for (let seq = 0; ; seq++) {
    const chunk = await chunkOf(db, id, seq);
    if (!chunk) return;
    yield await Bun.zstdDecompress(chunk);
  }
}

/**
 * Reads a stored file, stretch by stretch. Each stretch is recorded in one transaction with the count of what is
 * behind, so a job that was killed goes on where the last stretch ended and nothing is recorded twice.
 */
export const runImport = async (
  job: JobContext,
  importId: Id<"import">,
  stretch = STRETCH,
): Promise<void> => {
  const row = await job.transact(async (tx) => {
    const held = await lockImport(tx, importId);
    if (!held || (held.status !== "queued" && held.status !== "running")) return null;
    await updateImport(tx, importId, { status: "running", started_at: held.started_at ?? tx.at });
    return held;
  });
  if (!row) return;
  try {
    await readStretches(job, row, stretch);
  } catch (error) {
    if (error instanceof Left) return;
    if (!(error instanceof Refusal)) throw error;
    await job.transact(async (tx) => {
      await updateImport(tx, importId, { status: "failed", failure: error.code, finished_at: tx.at });
      await dropChunks(tx, importId);
    });
  }
};

const readStretches = async (job: JobContext, row: ImportRow, stretch: number): Promise<void> => {
  const importId = row.id;
  const vehicle = await vehicleWithCar(job.db, row.vehicle_id);
  if (!vehicle) throw new Left();
  const opened = await openImport(storedFile(job.db, importId), row.options as ImportOptions);
  const behind = { trips: Number(row.trips_done), broken: Number(row.rejections_done) };
  let skipTrips = behind.trips;
  let skipBroken = behind.broken;
  let trips: Candidate[] = [];
  let broken: Rejection[] = [];
  const months = new Set<string>();

  const record = async (rowsRead: number, last: boolean): Promise<void> => {
    const [these, those] = [trips, broken];
    trips = [];
    broken = [];
    const before = { ...behind };
    behind.trips += these.length;
    behind.broken += those.length;
    await prepareMonths(job, these, months);
    await job.transact(async (tx) => {
      await lockCar(tx, row.car_id);
      const held = await lockImport(tx, importId);
      // Cancelled meanwhile, or a second worker took over after this one was thought dead.
      if (
        held?.status !== "running" ||
        Number(held.trips_done) !== before.trips ||
        Number(held.rejections_done) !== before.broken
      ) {
        throw new Left();
      }
      const into = await recordingFor(tx, vehicle, tx.at, {
        importId,
        source: opened.plan.format,
        connected: row.via !== "upload",
      });
      const count = await recordTrips(tx, into, these);
      const rejections = [...those, ...count.rejections].sort((a, b) => a.row - b.row);
      await insertRejections(tx, importId, held.rejected, rejections);
      await advanceImport(tx, importId, {
        rowsRead,
        trips: these.length,
        brokenRows: those.length,
        imported: count.imported,
        duplicates: count.duplicates,
        flagged: count.flagged,
        rejected: rejections.length,
        co2_g: count.co2_g,
      });
      if (last) {
        await updateImport(tx, importId, {
          status: "done",
          rows_total: BigInt(rowsRead),
          finished_at: tx.at,
        });
        await dropChunks(tx, importId);
        await announce(tx, importId);
      }
    });
  };

  // One stretch is recorded while the next one is read: the database and this process work at the same time.
  let recording: Promise<void> = Promise.resolve();
  let rowsRead = 0;
  for await (const batch of opened.batches()) {
    rowsRead = batch.rowsRead;
    for (const trip of batch.trips) skipTrips > 0 ? skipTrips-- : trips.push(trip);
    for (const rejection of batch.rejections) skipBroken > 0 ? skipBroken-- : broken.push(rejection);
    if (trips.length < stretch && broken.length < stretch) continue;
    await recording;
    recording = record(rowsRead, false);
    // Awaited before the next stretch; until then a failure must not count as unhandled.
    recording.catch(() => {});
  }
  await recording;
  await record(rowsRead, true);
};

/** Ends uploads that never arrived whole, and frees what they stored. */
export const endAbandonedImports = async (job: JobContext): Promise<void> => {
  const hourAgo = new Date(job.clock.now().getTime() - 3_600_000);
  for (const { id } of await abandonedImports(job.db, hourAgo)) {
    await job.transact(async (tx) => {
      const held = await lockImport(tx, id);
      if (held?.status !== "receiving") return;
      await updateImport(tx, id, { status: "failed", failure: "import_interrupted", finished_at: tx.at });
      await dropChunks(tx, id);
    });
  }
};
