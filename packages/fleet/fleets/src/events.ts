import { defineEvent } from "@evx/jobs";
import { idOf } from "@evx/kernel";
import * as v from "valibot";

const ofDriver = { driverId: idOf("driver"), vehicleId: idOf("vehicle"), ownerId: idOf("user") };

/**
 * Somebody was asked to drive a car. The invitation's secret is in the asker's answer alone: events wait in tables. (`secret`
 * is of events that a former version left.)
 */
export const driverInvited = defineEvent(
  "vehicles.driver_invited",
  v.object({
    ...ofDriver,
    email: v.string(),
    userId: v.nullable(idOf("user")),
    car: v.string(),
    ownerName: v.string(),
    secret: v.optional(v.string()),
    locale: v.picklist(["en", "vi"]),
  }),
);

export const driverJoined = defineEvent(
  "vehicles.driver_joined",
  v.object({ ...ofDriver, userId: idOf("user"), car: v.string() }),
);

/** A driver left, or was removed by the owner. */
export const driverEnded = defineEvent(
  "vehicles.driver_ended",
  v.object({
    ...ofDriver,
    userId: v.nullable(idOf("user")),
    by: v.picklist(["owner", "driver"]),
    car: v.string(),
  }),
);
