import type { Tx } from "@evx/db";
import type { Id } from "@evx/kernel";
import { raiseBetweenReadings, sureReadings } from "./queries/tiers.ts";

/**
 * Tiers are earned. A column of odometers is only what its file says: it raises a trip to `export` where it agrees with
 * readings that its owner did not write (of a connection, a hand-over, an auditor) before and after the trip. Called
 * under the car's lock when trips or such a reading came in; what a request holds stays as it is. Answers how many rose.
 */
export const earnTiers = async (tx: Tx, of: { carId: bigint; vehicleId: Id<"vehicle"> }): Promise<number> =>
  (await sureReadings(tx, of)) < 2 ? 0 : raiseBetweenReadings(tx, of);
