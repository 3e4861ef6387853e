import type { Tx } from "@evx/db";
import { defineJob, every, type Handler, handle, queueForgotten } from "@evx/jobs";
import { type Id, idOf, minute_ms } from "@evx/kernel";
import * as v from "valibot";
import { lockImport, unendedImports } from "./queries/imports.ts";
import { endAbandonedImports, runImport } from "./runs.ts";

/** Reads a stored file of trips into its vehicle. */
export const importFile = defineJob("vehicles.import_file", v.object({ importId: idOf("import") }));

/** An import that has waited so long without a job was missed by something. */
const forgottenAfter_ms = 5 * minute_ms;

const waitingImports = {
  job: importFile,
  field: "importId",
  payload: (importId: Id<"import">) => ({ importId }),
  stillWaits: async (tx: Tx, id: Id<"import">) => {
    const status = (await lockImport(tx, id))?.status;
    return status === "queued" || status === "running";
  },
};

export const importJobs: readonly Handler[] = [
  // A file of two million rows takes minutes: each is fetched by itself, so that none waits for another to end.
  handle(importFile, (job, { importId }) => runImport(job, importId), { long: true, concurrency: 4 }),
  every("vehicles.queue_forgotten_imports", "*/5 * * * *", async (job) => {
    const before = new Date(job.clock.now().getTime() - forgottenAfter_ms);
    await queueForgotten(job, waitingImports, await unendedImports(job.db, before));
  }),
  every("vehicles.end_abandoned_imports", "17 * * * *", endAbandonedImports),
];
