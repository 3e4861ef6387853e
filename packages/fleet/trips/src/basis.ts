import type { Db } from "@evx/db";
import type { QualityTier } from "@evx/formats";
import type { Grams, Id } from "@evx/kernel";
import {
  type BasisScope,
  type BasisTripRow,
  basisTrips,
  basisTripsByIds,
  flagCounts,
} from "./queries/basis.ts";
import { basisRow, monthsOfRequest, zoneOf } from "./queries/claims.ts";
import { reconcileOdometer } from "./reconciliation.ts";

/** What of a trip its grams stand on: what an auditor's proof commits to. It never changes once it is verified. */
export type BasisTrip = {
  id: Id<"trip">;
  startedAt: Date;
  endedAt: Date;
  distance_m: number;
  energy_wh: number | null;
  co2Saved_g: Grams;
  quality: QualityTier;
  /** The calendar year in which it began where the vehicle was: its vintage. */
  year: number;
};

const basisTrip = (row: BasisTripRow): BasisTrip => ({
  id: row.id,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  distance_m: row.distance_m,
  energy_wh: row.energy_wh,
  co2Saved_g: row.co2_g,
  quality: row.quality,
  year: row.year,
});

const scopeOf = async (db: Db, requestId: Id<"request">): Promise<BasisScope | null> => {
  const basis = await basisRow(db, requestId);
  if (!basis) return null;
  const months = await monthsOfRequest(db, basis.car_id, requestId);
  return { carId: basis.car_id, requestId, months, zone: zoneOf(basis) };
};

/** Every trip that a request holds, in the order of their ids, read 10,000 at a time. */
export async function* eachTripOfRequest(
  db: Db,
  requestId: Id<"request">,
): AsyncGenerator<BasisTrip, void, void> {
  const scope = await scopeOf(db, requestId);
  let after: Id<"trip"> | null = null;
  while (scope) {
    const rows: BasisTripRow[] = await basisTrips(db, scope, 10_000, after);
    for (const row of rows) yield basisTrip(row);
    if (rows.length < 10_000) return;
    after = rows.at(-1)?.id ?? null;
  }
}

/** Those of the ids that are trips which the request holds. */
export const tripsOfRequestByIds = async (
  db: Db,
  requestId: Id<"request">,
  ids: readonly Id<"trip">[],
): Promise<BasisTrip[]> => {
  const scope = ids.length > 0 ? await scopeOf(db, requestId) : null;
  return scope ? (await basisTripsByIds(db, scope, ids)).map(basisTrip) : [];
};

/** How often each flag is raised among the trips of a request, most first. */
export const flagCountsOfRequest = async (
  db: Db,
  requestId: Id<"request">,
): Promise<{ code: string; count: number }[]> => {
  const scope = await scopeOf(db, requestId);
  return scope ? flagCounts(db, scope) : [];
};

/** What the trips of a request's car claim against its odometer; null for a request that never claimed anything. */
export const odometerOfRequest = async (db: Db, requestId: Id<"request">) => {
  const basis = await basisRow(db, requestId);
  return basis ? reconcileOdometer(db, basis.car_id) : null;
};
