import { aUser } from "@evx/accounts/testing";
import type { TestDatabase } from "@evx/db/testing";
import { aVehicle, type VehicleInput } from "@evx/garage/testing";
import type { Id } from "@evx/kernel";
import { createCallerFactory, mergeRouters } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { tripsRouter } from "@evx/trips/router";
import { importsRouter, vehicleImportsRouter } from "./router.ts";
import { streamOf } from "./testing.ts";

type Owner = Awaited<ReturnType<typeof aUser>>;

export const vehiclesOf = createCallerFactory(mergeRouters(vehicleImportsRouter, tripsRouter));
export const importsOf = createCallerFactory(importsRouter);

/** What an owner does with files, on a database. */
export const importing = (t: TestDatabase) => ({
  upload: (owner: Owner, id: Id<"vehicle">, content: string | Uint8Array, more = {}) =>
    vehiclesOf(testContext(t, owner)).importTrips({
      id,
      content: streamOf(content),
      fileName: "trips.csv",
      ...more,
    }),
  aCar: async (input: VehicleInput = {}) => {
    const owner = await aUser(t);
    return { owner, car: await aVehicle(t, owner, input) };
  },
});
