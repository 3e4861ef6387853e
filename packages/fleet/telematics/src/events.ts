import { defineEvent } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

/** Something may send trips of a car from now on, whoever is signed in. */
export const pushTokenMade = defineEvent(
  "vehicles.push_token_made",
  v.object({ tokenId: idOf("token"), ownerId: idOf("user"), car: v.string(), label: v.string() }),
);

/** A car is read through its maker's service from now on. */
export const carConnected = defineEvent(
  "vehicles.car_connected",
  v.object({
    vehicleId: idOf("vehicle"),
    ownerId: idOf("user"),
    car: v.string(),
    at: v.pipe(v.string(), v.isoTimestamp()),
  }),
);
