import { defineEvent } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

/** An import ended, having recorded something or not. Grams as text. */
export const tripsImported = defineEvent(
  "vehicles.trips_imported",
  v.object({
    importId: idOf("import"),
    vehicleId: idOf("vehicle"),
    ownerId: idOf("user"),
    imported: v.number(),
    duplicates: v.number(),
    flagged: v.number(),
    rejected: v.number(),
    co2_g: v.string(),
  }),
);
