import { defineJob, every, type Handler, handle } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";
import { endAbandonedImports, runImport } from "./runs.ts";

/** Reads a stored file of trips into its vehicle. */
export const importFile = defineJob("vehicles.import_file", v.object({ importId: idOf("import") }));

export const importJobs: readonly Handler[] = [
  // A file of two million rows takes minutes: each is fetched by itself, so that none waits for another to end.
  handle(importFile, (job, { importId }) => runImport(job, importId), { long: true, concurrency: 4 }),
  every("vehicles.end_abandoned_imports", "17 * * * *", endAbandonedImports),
];
