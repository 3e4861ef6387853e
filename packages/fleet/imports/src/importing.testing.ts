import type { TestDatabase } from "@evx/db/testing";
import { aUser } from "@evx/identity/testing";
import { type Id, Refusal } from "@evx/kernel";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { importsRouter, vehiclesRouter } from "./router.ts";
import { aVehicle, type VehicleWish } from "./testing.ts";

type Owner = Awaited<ReturnType<typeof aUser>>;

export const vehiclesOf = createCallerFactory(vehiclesRouter);
export const importsOf = createCallerFactory(importsRouter);

export const streamOf = (content: string | Uint8Array) =>
  new Blob([content as never]).stream() as ReadableStream<Uint8Array>;

/** The code with which a call is refused; "none" when it is not. */
export const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "none",
    (error) => (error.cause instanceof Refusal ? error.cause.code : String(error)),
  );

type Counts = { imported: number; duplicates: number; flagged: number; rejectedCount: number };

export const counts = ({ imported, duplicates, flagged, rejectedCount }: Counts) => [
  imported,
  duplicates,
  flagged,
  rejectedCount,
];

const at = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** A file of trips, an hour apart. */
export const fileOf = (
  rows: number,
  { from = Date.UTC(2020, 0, 1), everyMinutes = 60, header = true } = {},
) => {
  const lines = Array.from({ length: rows }, (_, n) => {
    const start = from + n * everyMinutes * 60_000;
    return `${at(start)},${at(start + 20 * 60_000)},${(10 + (n % 7)).toFixed(1)},1.9`;
  });
  return `${header ? "start_time,end_time,distance_km,energy_consumed\n" : ""}${lines.join("\n")}\n`;
};

/** What an owner does with files, on a database. */
export const importing = (t: TestDatabase) => ({
  upload: (owner: Owner, id: Id<"vehicle">, content: string | Uint8Array, more = {}) =>
    vehiclesOf(testContext(t, owner)).importTrips({
      id,
      content: streamOf(content),
      fileName: "trips.csv",
      ...more,
    }),
  aCar: async (wish: VehicleWish = {}) => {
    const owner = await aUser(t);
    return { owner, car: await aVehicle(t, owner, wish) };
  },
});
