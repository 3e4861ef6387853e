import { audit } from "@evx/audit";
import type { Tx } from "@evx/db";
import { beginOf, lockCar, noteOdometer, vehicleRow } from "@evx/garage";
import { assert, type Bound, type Id } from "@evx/kernel";
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
  input: { id: Id<"request">; readAt: Bound; odometerKm: number; seen: string },
): Promise<RequestRow> => {
  const row = await takeUpRequest(tx, actor, input.id);
  const vehicle = await vehicleRow(tx, row.vehicle_id);
  assert(vehicle, `${row.vehicle_id} is there`);
  const readAt = await beginOf(tx, input.readAt, vehicle.zone);
  if (readAt > tx.at) throw refuse("request_reading_in_future");
  await lockCar(tx, vehicle.car_id);
  await noteOdometer(tx, vehicle, readAt, input.odometerKm, "auditor");
  const raised = await earnTiers(tx, { carId: vehicle.car_id, vehicleId: vehicle.id });
  await audit(tx, actor, "odometer.seen", vehicle.id, {
    after: {
      requestId: row.id,
      at: readAt.toISOString(),
      km: input.odometerKm,
      seen: input.seen,
      raised,
    },
  });
  return row;
};
