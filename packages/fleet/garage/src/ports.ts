import type { Tx } from "@evx/db";
import type { Id } from "@evx/kernel";

/** What happens elsewhere when a car changes hands. The rooms that do it lie above this one and lend it to `handOver`. */
export type GaragePorts = {
  /** The end of the last time of the car that any request holds, or null. */
  lastClaimedAt(tx: Tx, carId: bigint): Promise<Date | null>;
  /** Takes back the vehicle's trips that end after a moment. */
  removeTripsAfter(tx: Tx, of: { carId: bigint; vehicleId: Id<"vehicle">; at: Date }): Promise<unknown>;
  /** Ends what reads the car for this owner. */
  stopConnection(tx: Tx, vehicleId: Id<"vehicle">): Promise<unknown>;
};
