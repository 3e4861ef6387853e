import type { Db } from "@evx/db";
import type { PageInput } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { listVehicles, ownSavings } from "@evx/trips";
import type * as v from "valibot";
import { driversOf } from "./drivers.ts";
import { activeDrivers } from "./queries/drivers.ts";
import type * as S from "./schema.ts";

type Summary = Awaited<ReturnType<typeof listVehicles>>["items"][number];

const stateOf = (car: Summary): v.InferInput<typeof S.carState> => {
  if (car.ownedTo !== null) return "handed_over";
  if (car.tripCount === 0) return "empty";
  return car.claimableTrips > 0 ? "requestable" : "requested";
};

/** A page of the fleet: each car with its sums, what it waits for, and who drives it. */
export const fleetCars = async (
  db: Db,
  actor: Pick<Actor, "id">,
  input: PageInput & { q?: string | undefined },
  at: Date,
) => {
  const page = await listVehicles(db, actor, input);
  const drivers = await driversOf(
    db,
    page.items.map(({ id }) => id),
    at,
  );
  return {
    nextCursor: page.nextCursor,
    items: page.items.map((car) => ({ ...car, state: stateOf(car), drivers: drivers.get(car.id) ?? [] })),
  };
};

/** The fleet in figures. */
export const fleetOf = async (
  db: Db,
  actor: Pick<Actor, "id">,
  at: Date,
): Promise<v.InferInput<typeof S.FleetView>> => {
  const { vehicles, trips, distanceKm, co2SavedKg, claimableCredits } = await ownSavings(
    db,
    actor,
    { period: "year" },
    at,
  );
  return {
    vehicles,
    drivers: await activeDrivers(db, actor.id),
    trips,
    distanceKm,
    co2SavedKg,
    claimableCredits,
  };
};
