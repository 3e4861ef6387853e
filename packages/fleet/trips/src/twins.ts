import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import { basisRow, monthsOfRequest } from "./queries/claims.ts";
import { shapeCounts, twinRows, twinTrips } from "./queries/twins.ts";

/** What of a request's trips is recorded elsewhere too. */
export type Twins = {
  /** Trips that another car has as well. */
  trips: number;
  others: { vehicleId: Id<"vehicle">; ownerId: Id<"user">; requestIds: Id<"request">[]; trips: number }[];
  /** Rows of three trips that follow one another as elsewhere: a copy moved in time or scaled. `own` are all compared. */
  shapes: { own: number; elsewhere: number; requestIds: Id<"request">[] };
};

/** Looks for a request's trips among those of all cars, claimed or not. Nothing for a request that holds nothing. */
export const twinsOfRequest = async (db: Db, requestId: Id<"request">): Promise<Twins> => {
  const basis = await basisRow(db, requestId);
  if (!basis) return { trips: 0, others: [], shapes: { own: 0, elsewhere: 0, requestIds: [] } };
  const months = await monthsOfRequest(db, basis.car_id, requestId);
  const scope = { carId: basis.car_id, requestId, months };
  const others = await twinRows(db, scope);
  const trips = others.length === 0 ? 0 : await twinTrips(db, scope);
  const shapes = await shapeCounts(db, scope);
  return {
    trips,
    others: others.map((row) => ({
      vehicleId: row.vehicle_id,
      ownerId: row.owner_id,
      requestIds: row.request_ids,
      trips: row.trips,
    })),
    shapes,
  };
};
