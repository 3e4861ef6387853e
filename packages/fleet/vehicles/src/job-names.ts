import { defineJob } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

/** Reads a stored file of trips into its vehicle. */
export const importFile = defineJob("vehicles.import_file", v.object({ importId: idOf("import") }));

/** Takes a permission back at the provider's, after its connection has ended. */
export const takePermissionBack = defineJob(
  "vehicles.take_permission_back",
  v.object({ connectionId: idOf("connection") }),
);
