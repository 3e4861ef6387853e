import { inPersonLately } from "@evx/accounts";
import { audit } from "@evx/audit";
import type { Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { vehicleHandedOver } from "./events.ts";
import { noteOdometer } from "./odometer.ts";
import { beginOf } from "./periods.ts";
import type { GaragePorts } from "./ports.ts";
import { lockCar, updateVehicle, type VehicleRow, vehicleRow } from "./queries/vehicles.ts";
import { dayIn } from "./queries/zones.ts";
import type * as S from "./schema.ts";
import { ownVehicle } from "./vehicles.ts";
import { carName, vehicleView } from "./views.ts";

type Answer<Schema extends v.GenericSchema> = v.InferInput<Schema>;

/**
 * Ends the owner's time with a car that they sold. Trips until then stay theirs; whoever registers the car next
 * begins there. Refused when a trip after that moment is already in a request. Nobody takes it back, and whoever knows the VIN may
 * register the car next: it takes a fresh proof (`proof_required`), no key (`session_required`), and a letter tells of it.
 */
export const handOver = async (
  tx: Tx,
  ports: GaragePorts,
  actor: Pick<Actor, "id" | "role" | "scopes" | "sessionId">,
  input: v.InferOutput<typeof S.HandOver>,
): Promise<Answer<typeof S.VehicleAnswer>> => {
  const found =
    actor.role === "admin" ? await vehicleRow(tx, input.id) : await ownVehicle(tx, actor, input.id);
  if (!found) throw refuse("vehicle_not_found");
  await inPersonLately(tx, actor);
  await lockCar(tx, found.car_id);
  // Read again under the lock: of two hand-overs at once the second must see the first.
  const row = (await vehicleRow(tx, found.id)) as VehicleRow;
  if (row.owned_to) throw refuse("vehicle_handed_over", { date: await dayIn(tx, row.owned_to, row.zone) });
  const at = await beginOf(tx, input.at, row.zone);
  if (at > tx.at || (row.owned_from && at <= row.owned_from)) throw refuse("vehicle_handover_in_future");
  const claimed = await ports.lastClaimedAt(tx, row.car_id);
  if (claimed && claimed > at) {
    throw refuse("vehicle_handover_before_claims", { date: await dayIn(tx, claimed, row.zone) });
  }
  await updateVehicle(tx, row.id, { owned_to: at });
  // Kept, they would stand in the way of the next owner, whose they are, and could be claimed by this one.
  await ports.removeTripsAfter(tx, { carId: row.car_id, vehicleId: row.id, at });
  // A car that tells its odometer and place must not tell them to who has sold it.
  await ports.stopConnection(tx, row.id);
  if (input.odometerKm !== undefined) await noteOdometer(tx, row, at, input.odometerKm, "handover");
  await emit(tx, vehicleHandedOver, {
    vehicleId: row.id,
    ownerId: row.owner_id,
    at: at.toISOString(),
    car: carName(row),
  });
  await audit(tx, actor, "vehicle.hand_over", row.id, { after: { at: at.toISOString() } });
  return { vehicle: vehicleView((await vehicleRow(tx, row.id)) as VehicleRow), warnings: [] };
};
