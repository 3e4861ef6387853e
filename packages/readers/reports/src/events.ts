import { defineJob } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

/** Counts all that was never counted: queued once by the migration that brought the sums by quarters. */
export const countAll = defineJob("reports.count_all", v.object({}));

/** Writes a report into its file. */
export const writeExport = defineJob("reports.write_export", v.object({ exportId: idOf("export") }));
