import type { Db, Tx } from "@evx/db";
import { type Id, newId } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import type { Candidate } from "./import/candidate.ts";
import { prepareMonths, recordingFor } from "./imports.ts";
import type { QualityTier, VehicleClass } from "./policy.ts";
import { CarProviderError, type Vault, type VehiclePorts } from "./ports.ts";
import { totalsAgainstRecount } from "./queries/totals.ts";
import { lockCar, vehicleWithCar } from "./queries/vehicles.ts";
import { recordTrips } from "./record.ts";
import type * as S from "./schema.ts";
import { registerVehicle } from "./vehicles.ts";
import { checkDigitOf } from "./vin.ts";

type World = { db: Db; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> };

let serials = 0;

/** A VIN of VinFast's that is right and that no other call gives. */
export const aVin = (): string => {
  const serial = `${process.pid % 100_000}`.padStart(5, "0") + `${++serials}`.padStart(3, "0").slice(-3);
  const vin = `RLLV5SMA0${serial}`.replace(/[IOQ]/g, "0");
  return vin.slice(0, 8) + checkDigitOf(vin) + vin.slice(9);
};

export type VehicleWish = {
  make?: string;
  model?: string;
  year?: number;
  vin?: string;
  countryCode?: string;
  batteryKwh?: number;
  class?: VehicleClass;
};

/** A registered vehicle: a VinFast VF 8 in Vietnam unless told. */
export const aVehicle = async (
  world: World,
  owner: Pick<Actor, "id">,
  wish: VehicleWish = {},
): Promise<v.InferInput<typeof S.VehicleView>> => {
  const answer = await world.transact((tx) =>
    registerVehicle(
      tx,
      owner,
      {
        make: "VinFast",
        model: "VF 8",
        year: 2023,
        vin: aVin(),
        countryCode: "VN",
        batteryKwh: 87.7,
        class: "car",
        ...wish,
      },
      { id: newId("vehicle"), locale: "en" },
    ),
  );
  return answer.vehicle;
};

export type TripsWish = {
  count?: number;
  /** Start of the first trip; the next ones follow `everyMinutes` later. 2026-01-05T08:00:00Z unless told. */
  from?: Date | string;
  distanceKm?: number;
  minutes?: number;
  everyMinutes?: number;
  /** Null: the car did not tell. 16 kWh/100 km unless told. */
  energyKwh?: number | null;
  quality?: QualityTier;
  notes?: string;
};

export const candidateOf = (start: number, wish: TripsWish = {}): Candidate => {
  const distance_m = Math.round((wish.distanceKm ?? 20) * 1000);
  return {
    row: 1,
    start,
    end: start + (wish.minutes ?? 30) * 60_000,
    precision: "exact",
    distance_m,
    energy_wh:
      wish.energyKwh === null
        ? null
        : Math.round(wish.energyKwh === undefined ? distance_m * 0.16 : wish.energyKwh * 1000),
    energyEstimated: false,
    quality: wish.quality ?? "export",
    from: null,
    to: null,
    odometerStart_m: null,
    odometerEnd_m: null,
    notes: wish.notes ?? null,
    sourceId: null,
    fingerprint: null,
    flags: [],
    track: null,
  };
};

/** Trips recorded for a vehicle, one a day unless told. Answers how many were new. */
export const someTrips = async (
  world: World,
  vehicle: { id: Id<"vehicle"> },
  wish: TripsWish = {},
): Promise<{ imported: number; co2_g: bigint }> => {
  const first = new Date(wish.from ?? "2026-01-05T08:00:00Z").getTime();
  const candidates = Array.from({ length: wish.count ?? 1 }, (_, n) =>
    candidateOf(first + n * (wish.everyMinutes ?? 1_440) * 60_000, wish),
  );
  await prepareMonths(world, candidates);
  const count = await world.transact(async (tx) => {
    const row = await vehicleWithCar(tx, vehicle.id);
    if (!row) throw new Error(`No vehicle ${vehicle.id}`);
    await lockCar(tx, row.car_id);
    return recordTrips(
      tx,
      await recordingFor(tx, row, tx.at, { importId: null, source: "test" }),
      candidates,
    );
  });
  const [rejection] = count.rejections;
  if (rejection) throw new Error(`A trip was refused: ${rejection.code} ${JSON.stringify(rejection.values)}`);
  return { imported: count.imported, co2_g: BigInt(count.co2_g) };
};

/** Throws unless every running total equals a recount of the trips. */
export const expectTotalsMatch = async (db: Db): Promise<void> => {
  const wrong = await totalsAgainstRecount(db);
  if (wrong.length > 0) throw new Error(`Running totals differ from a recount:\n${wrong.join("\n")}`);
};

/** Turns texts about and binds them to what they are about, as the real vault does by encrypting. */
export const testVault: Vault = {
  sealText: async (text, about) => btoa(JSON.stringify([about, text])),
  openText: async (sealed, about) => {
    const [bound, text] = JSON.parse(atob(sealed)) as [string, string];
    if (bound !== about) throw new Error("sealed for another");
    return text;
  },
};

/** A provider that knows no car, for tests that only ask who may call. */
export const testCars = (): NonNullable<VehiclePorts["cars"]> => {
  const silent = async (): Promise<never> => {
    throw new CarProviderError("later", "no car here");
  };
  return {
    vault: testVault,
    provider: {
      name: "smartcar",
      consentUrl: (state) => `https://cars.test/consent?state=${encodeURIComponent(state)}`,
      exchange: silent,
      refresh: silent,
      cars: silent,
      read: silent,
      disconnect: silent,
    },
  };
};
