import type { Db, Tx } from "@evx/db";
import { baselineOf, factorsAt } from "@evx/emissions";
import { lockCar, ownVehicle, type VehicleRow, vehicleRow } from "@evx/garage";
import { day_ms, type Id } from "@evx/kernel";
import { refuse } from "./errors.ts";
import {
  basisRow,
  type ClaimScope,
  enterTaken,
  giveBack,
  insertBasis,
  monthsReached,
  refreshGrams,
  takeTrips,
} from "./queries/claims.ts";
import { freeByYear, freeMonths, monthsHeld } from "./queries/stages.ts";
import { ensureMonths } from "./queries/trips.ts";
import { traceRequest } from "./tracing.ts";

/** What a request asks for, before it is one. */
export type WholeClaim = {
  requestId: Id<"request">;
  vehicleId: Id<"vehicle">;
  ownerId: Id<"user">;
  from?: Date | undefined;
  to?: Date | undefined;
};

/** A month (its first day, UTC) with how many trips of a vehicle no request holds. */
export type FreeMonth = { month: string; trips: number };

/** The months in which a vehicle has free trips, as its running totals say: an upper bound at the period's ends. */
export const freeTrips = async (
  db: Db,
  actor: { id: Id<"user"> },
  of: Pick<WholeClaim, "vehicleId" | "from" | "to">,
): Promise<FreeMonth[]> => {
  const vehicle = await ownVehicle(db, actor, of.vehicleId);
  return freeMonths(db, {
    carId: vehicle.car_id,
    vehicleId: vehicle.id,
    from: of.from ?? null,
    to: of.to ?? null,
  });
};

/** How many free trips a vehicle has in each year of its zone, exactly. */
export const freeYears = async (
  db: Db,
  vehicles: readonly { id: Id<"vehicle">; car_id: bigint; zone: string }[],
): Promise<Map<Id<"vehicle">, { year: number; trips: number }[]>> =>
  Map.groupBy(await freeByYear(db, vehicles), ({ id }) => id);

const monthAfter = (month: string): Date => {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 1));
};

/**
 * The part of a claim that lies in one month, with a day on either side: which month a trip at its edge is counted in is the
 * totals' business, and what one stage took the next one no longer finds free.
 */
const scopeOf = (vehicle: VehicleRow, claim: WholeClaim, month: string): ClaimScope => {
  const first = new Date(Date.parse(month) - day_ms);
  const next = new Date(monthAfter(month).getTime() + day_ms);
  return {
    carId: vehicle.car_id,
    vehicleId: vehicle.id,
    from: claim.from && claim.from > first ? claim.from : first,
    to: claim.to && claim.to < next ? claim.to : next,
    tripIds: null,
  };
};

/**
 * Takes one month of a large claim, in a transaction of its own: a job that is killed goes on with the month after. The
 * first stage freezes method and factors for all of them. The trips are claimed from here on, and no other request gets
 * them; `closeStages` then makes the whole a claim. Answers how many were taken; none where an earlier run took them.
 */
export const claimMonth = async (tx: Tx, claim: WholeClaim, month: string): Promise<number> => {
  const vehicle = await ownVehicle(tx, { id: claim.ownerId }, claim.vehicleId);
  await lockCar(tx, vehicle.car_id);
  const basis = await basisRow(tx, claim.requestId);
  const { version, ...factors } = await factorsAt(
    tx,
    vehicle.country_code,
    basis?.claimed_at ?? tx.at,
    baselineOf(vehicle.class),
  );
  if (!basis)
    await insertBasis(tx, {
      requestId: claim.requestId,
      carId: vehicle.car_id,
      vehicleId: vehicle.id,
      ownerId: claim.ownerId,
      countryCode: vehicle.country_code,
      factors,
    });
  const scope = scopeOf(vehicle, claim, month);
  await refreshGrams(tx, scope, { version, ...factors });
  const taken = await takeTrips(tx, scope, claim.requestId);
  return taken.reduce((sum, { trips }) => sum + trips, 0);
};

/** Guards the time of all stages. Refuses `trips_none_to_claim` where they took nothing, `trips_claimed_elsewhere`. */
export const closeStages = async (tx: Tx, requestId: Id<"request">): Promise<void> => {
  const basis = await basisRow(tx, requestId);
  if (!basis) throw refuse("trips_none_to_claim");
  await lockCar(tx, basis.car_id);
  const months = await monthsHeld(tx, basis.car_id, requestId);
  if (months.length === 0) throw refuse("trips_none_to_claim");
  const request = { carId: basis.car_id, requestId, months };
  await ensureMonths(tx, "claim", await monthsReached(tx, request));
  await enterTaken(tx, request);
  await traceRequest(tx, basis);
};

/** Gives back what stages took of a claim that cannot be. */
export const dropStages = async (tx: Tx, requestId: Id<"request">): Promise<void> => {
  const basis = await basisRow(tx, requestId);
  const vehicle = basis && (await vehicleRow(tx, basis.vehicle_id));
  if (!basis || !vehicle) return;
  await lockCar(tx, basis.car_id);
  const months = await monthsHeld(tx, basis.car_id, requestId);
  await giveBack(tx, { carId: basis.car_id, requestId, months, vehicleId: vehicle.id }, null, null);
};
