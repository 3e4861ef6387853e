import { aUser } from "@evx/accounts/testing";
import type { TestDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { someTrips } from "@evx/trips/testing";

/** An owner with one car that has so many trips, from February 2024 on, all free. */
export const aLargeCar = async (t: TestDatabase, count: number) => {
  const owner = await aUser(t);
  const { id } = await aVehicle(t, owner);
  await someTrips(
    t,
    { id },
    { count, everyMinutes: 40, minutes: 20, distanceKm: 8, from: "2024-02-03T00:00:00Z" },
  );
  return { owner, vehicleId: id };
};
