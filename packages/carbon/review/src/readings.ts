import { audit } from "@evx/audit";
import type { Tx } from "@evx/db";
import { lockCar, noteOdometer, vehicleRow } from "@evx/garage";
import { assert, type Id } from "@evx/kernel";
import { earnTiers } from "@evx/trips";
import { refuse } from "./errors.ts";
import type { RequestRow } from "./queries/requests.ts";
import { type Reviewer, takeUpRequest } from "./steps.ts";

/**
 * A reviewer who saw a photo, an inspection paper or the car notes what its odometer showed: a reading that its owner did
 * not write, against which what owners bring is held from then on. Refuses `odometer_backwards`,
 * `request_reading_in_future`.
 */
export const noteSeenOdometer = async (
  tx: Tx,
  actor: Reviewer,
  input: { id: Id<"request">; readAt: Date; odometerKm: number; seen: string },
): Promise<RequestRow> => {
  const row = await takeUpRequest(tx, actor, input.id);
  if (input.readAt > tx.at) throw refuse("request_reading_in_future");
  const vehicle = await vehicleRow(tx, row.vehicle_id);
  assert(vehicle, `${row.vehicle_id} is there`);
  await lockCar(tx, vehicle.car_id);
  await noteOdometer(tx, vehicle, input.readAt, input.odometerKm, "auditor");
  const raised = await earnTiers(tx, { carId: vehicle.car_id, vehicleId: vehicle.id });
  await audit(tx, actor, "odometer.seen", vehicle.id, {
    after: {
      requestId: row.id,
      at: input.readAt.toISOString(),
      km: input.odometerKm,
      seen: input.seen,
      raised,
    },
  });
  return row;
};
