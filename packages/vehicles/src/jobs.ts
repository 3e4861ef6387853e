import { every, type Handler, handle } from "@evx/jobs";
import { endAbandonedImports, runImport } from "./import-job.ts";
import { importFile } from "./job-names.ts";

export const vehicleJobs: readonly Handler[] = [
  handle(importFile, (job, { importId }) => runImport(job, importId)),
  every("vehicles.end_abandoned_imports", "17 * * * *", endAbandonedImports),
];
