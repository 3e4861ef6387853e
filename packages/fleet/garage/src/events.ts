import { defineEvent } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

export const vehicleRegistered = defineEvent(
  "vehicles.vehicle_registered",
  v.object({ vehicleId: idOf("vehicle"), ownerId: idOf("user") }),
);

/** A car changed hands; the former owner keeps the trips until `at`. */
export const vehicleHandedOver = defineEvent(
  "vehicles.vehicle_handed_over",
  v.object({
    vehicleId: idOf("vehicle"),
    ownerId: idOf("user"),
    at: v.string(),
    car: v.optional(v.string()),
  }),
);
