import { mayAct } from "@evx/accounts";
import type { Db } from "@evx/db";
import { type Batch, type Candidate, type ImportOptions, openFile, type Rejection } from "@evx/formats";
import { lockCar } from "@evx/garage";
import type { JobContext } from "@evx/jobs";
import { hour_ms, type Id, Refusal } from "@evx/kernel";
import { prepareMonths } from "@evx/trips";
import { refuse } from "./errors.ts";
import { importLimits } from "./policy.ts";
import {
  abandonedImports,
  chunkOf,
  dropChunks,
  type ImportRow,
  lockImport,
  updateImport,
} from "./queries/imports.ts";
import { refuseRepeats } from "./repeats.ts";
import { finishImport, recordStretch, type Stretch } from "./stretches.ts";

/** Somebody ended this import, or another worker goes on with it. */
class Superseded extends Error {}

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
  stretch: number = importLimits.stretch,
): Promise<void> => {
  const row = await job.transact(async (tx) => {
    const held = await lockImport(tx, importId);
    if (!held || (held.status !== "queued" && held.status !== "running")) return null;
    await updateImport(tx, importId, { status: "running", started_at: held.started_at ?? tx.at });
    return held;
  });
  if (!row) return;
  try {
    // Nobody's credential is asked for here, so the person is: a file that waits does nothing for who was shut out.
    if (!(await mayAct(job.db, row.owner_id))) throw refuse("import_owner_suspended");
    await readStretches(job, row, stretch);
  } catch (error) {
    if (error instanceof Superseded) return;
    if (!(error instanceof Refusal)) throw error;
    await job.transact(async (tx) => {
      await updateImport(tx, importId, { status: "failed", failure: error.code, finished_at: tx.at });
      await dropChunks(tx, importId);
    });
  }
};

/** What is read and not yet recorded. What earlier runs recorded is skipped, trips and broken rows each by number. */
class Pending {
  trips: Candidate[] = [];
  rejections: Rejection[] = [];
  rowsRead = 0;
  notes: Stretch["notes"] = [];
  #skipTrips: number;
  #skipRejections: number;

  constructor(row: ImportRow) {
    this.#skipTrips = Number(row.trips_done);
    this.#skipRejections = Number(row.rejections_done);
  }

  add(batch: Batch): void {
    this.rowsRead = batch.rowsRead;
    this.notes = batch.notes;
    for (const trip of batch.trips) {
      if (this.#skipTrips > 0) this.#skipTrips--;
      else this.trips.push(trip);
    }
    for (const rejection of batch.rejections) {
      if (this.#skipRejections > 0) this.#skipRejections--;
      else this.rejections.push(rejection);
    }
  }

  take(): Stretch {
    const { trips, rejections, rowsRead, notes } = this;
    this.trips = [];
    this.rejections = [];
    return { trips, rejections, rowsRead, notes };
  }
}

/** Records stretches one after the other, and stops when the import is not where this run left it. */
class StretchWriter {
  #trips: number;
  #rejections: number;
  readonly #months = new Set<string>();

  constructor(
    private readonly job: JobContext,
    private readonly row: ImportRow,
  ) {
    this.#trips = Number(row.trips_done);
    this.#rejections = Number(row.rejections_done);
  }

  async write(stretch: Stretch, last: boolean): Promise<void> {
    const { id, car_id } = this.row;
    const [trips, rejections] = [this.#trips, this.#rejections];
    this.#trips += stretch.trips.length;
    this.#rejections += stretch.rejections.length;
    await prepareMonths(this.job, stretch.trips, this.#months);
    await this.job.transact(async (tx) => {
      await lockCar(tx, car_id);
      const held = await lockImport(tx, id);
      // Cancelled meanwhile, or a second worker took over after this one was thought dead.
      const asLeft =
        held?.status === "running" &&
        Number(held.trips_done) === trips &&
        Number(held.rejections_done) === rejections;
      if (!asLeft) throw new Superseded();
      if (trips === 0) await refuseRepeats(tx, held, stretch.trips);
      await recordStretch(tx, held, stretch);
      if (!last) return;
      await finishImport(tx, id, stretch);
      await dropChunks(tx, id);
    });
  }
}

const readStretches = async (job: JobContext, row: ImportRow, stretch: number): Promise<void> => {
  const file = await openFile(storedFile(job.db, row.id), row.options as ImportOptions);
  const pending = new Pending(row);
  const writer = new StretchWriter(job, row);
  // One stretch is recorded while the next one is read: the database and this process work at the same time.
  let recording: Promise<void> = Promise.resolve();
  for await (const batch of file.batches()) {
    pending.add(batch);
    if (pending.trips.length < stretch && pending.rejections.length < stretch) continue;
    await recording;
    recording = writer.write(pending.take(), false);
    // Awaited before the next stretch; until then a failure must not count as unhandled.
    recording.catch(() => {});
  }
  await recording;
  await writer.write(pending.take(), true);
};

/** Ends uploads that never arrived whole, and frees what they stored. */
export const endAbandonedImports = async (job: JobContext): Promise<void> => {
  const hourAgo = new Date(job.clock.now().getTime() - hour_ms);
  for (const { id } of await abandonedImports(job.db, hourAgo)) {
    await job.transact(async (tx) => {
      const held = await lockImport(tx, id);
      if (held?.status !== "receiving") return;
      await updateImport(tx, id, { status: "failed", failure: "import_interrupted", finished_at: tx.at });
      await dropChunks(tx, id);
    });
  }
};
