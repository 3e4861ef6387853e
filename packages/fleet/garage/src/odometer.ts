import type { Tx } from "@evx/db";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { beginOf } from "./periods.ts";
import { odometerAround, upsertOdometer } from "./queries/odometer.ts";
import { lockCar, type VehicleRow } from "./queries/vehicles.ts";
import { dayIn } from "./queries/zones.ts";
import type * as S from "./schema.ts";
import { ownVehicle } from "./vehicles.ts";

/** Who says what an odometer showed. All but the owner are somebody else. */
export type OdometerSource = "owner" | "connection" | "handover" | "auditor";

/** Notes a reading under the car's lock. Refuses `odometer_backwards` for one that contradicts its neighbours. */
export const noteOdometer = async (
  tx: Tx,
  row: Pick<VehicleRow, "id" | "car_id" | "zone">,
  at: Date,
  km: number,
  source: OdometerSource,
): Promise<void> => {
  const odometer_m = Math.round(km * 1000);
  const { before, after } = await odometerAround(tx, row.car_id, at);
  const contradicts =
    before && before.odometer_m > odometer_m ? before : after && after.odometer_m < odometer_m ? after : null;
  if (contradicts) {
    throw refuse("odometer_backwards", {
      date: await dayIn(tx, contradicts.read_at, row.zone),
      km: contradicts.odometer_m / 1000,
    });
  }
  await upsertOdometer(tx, { car_id: row.car_id, read_at: at, vehicle_id: row.id, odometer_m, source });
};

/** Notes what the odometer showed at a moment. */
export const readOdometer = async (
  tx: Tx,
  actor: Pick<Actor, "id">,
  input: v.InferOutput<typeof S.ReadOdometer>,
) => {
  const row = await ownVehicle(tx, actor, input.id);
  await lockCar(tx, row.car_id);
  const at = await beginOf(tx, input.readAt, row.zone);
  if (at > tx.at) throw refuse("vehicle_handover_in_future");
  await noteOdometer(tx, row, at, input.odometerKm, "owner");
  return { ok: true as const };
};
