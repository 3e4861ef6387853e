import { displayNames, userById } from "@evx/accounts";
import type { Db } from "@evx/db";
import { type VehicleRow, vehicleRow } from "@evx/garage";
import { type Id, kgFromGrams, type Locale, type PageInput } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { sumsSince, tripsOfVehicle } from "@evx/trips";
import type * as v from "valibot";
import { refuse } from "./errors.ts";
import { type DriverRow, drivenBy, driverRow, invitationsTo } from "./queries/drivers.ts";
import type * as S from "./schema.ts";

type DrivenCar = v.InferInput<typeof S.DrivenCar>;

/** A car that is still its owner's; a driver of one that was handed over sees it no more. */
const carOf = async (db: Db, row: DriverRow): Promise<VehicleRow | null> => {
  const vehicle = await vehicleRow(db, row.vehicle_id);
  return vehicle && vehicle.owned_to === null && vehicle.owner_id === row.owner_id ? vehicle : null;
};

const drivenCar = async (db: Db, row: DriverRow, fleet: string): Promise<DrivenCar | null> => {
  const vehicle = await carOf(db, row);
  if (!vehicle || !row.joined_at) return null;
  const sums = await sumsSince(db, { carId: vehicle.car_id, vehicleId: vehicle.id, from: row.joined_at });
  return {
    driverId: row.id,
    vehicleId: vehicle.id,
    make: vehicle.make,
    model: vehicle.model,
    year: vehicle.model_year,
    plate: vehicle.plate,
    label: vehicle.label,
    fleet,
    since: row.joined_at,
    trips: sums.trips,
    distanceKm: sums.distance_m / 1000,
    co2SavedKg: kgFromGrams(sums.co2_g),
  };
};

/** What somebody drives for others: their cars, what these did since they joined, and invitations that wait for them. */
export const drivingOf = async (db: Db, actor: Actor, at: Date): Promise<v.InferInput<typeof S.Driving>> => {
  const rows = await drivenBy(db, actor.id);
  const email = actor.emailVerified ? (await userById(db, actor.id))?.email : undefined;
  const asked = email ? await invitationsTo(db, email, at) : [];
  const names = await displayNames(
    db,
    [...rows, ...asked].map(({ owner_id }) => owner_id),
  );
  const cars: DrivenCar[] = [];
  for (const row of rows) {
    const car = await drivenCar(db, row, names.get(row.owner_id) ?? "–");
    if (car) cars.push(car);
  }
  const invitations: v.InferInput<typeof S.Invitation>[] = [];
  for (const row of asked) {
    const vehicle = await carOf(db, row);
    if (!vehicle) continue;
    invitations.push({
      driverId: row.id,
      make: vehicle.make,
      model: vehicle.model,
      plate: vehicle.plate,
      fleet: names.get(row.owner_id) ?? "–",
      invitedAt: row.invited_at,
    });
  }
  return { cars, invitations };
};

/** Trips of the driver's car since they joined: who drove before them is not their business. */
export const drivenTrips = async (
  db: Db,
  actor: Pick<Actor, "id">,
  { driverId, ...page }: { driverId: Id<"driver"> } & PageInput,
  locale: Locale,
) => {
  const row = await driverRow(db, driverId);
  if (row?.user_id !== actor.id || row.ended_at || !row.joined_at) throw refuse("driver_unknown");
  const vehicle = await carOf(db, row);
  if (!vehicle) throw refuse("driver_unknown");
  return tripsOfVehicle(db, vehicle, { ...page, from: row.joined_at, order: "newest" }, locale);
};
