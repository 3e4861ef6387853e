import type { Db, Tx } from "@evx/db";
import { newId } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import type { VehicleClass } from "./policy.ts";
import type * as S from "./schema.ts";
import { registerVehicle } from "./vehicles.ts";
import { checkDigitOf } from "./vin.ts";

/** What builders need of a test's database. */
type World = { db: Db; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> };

let serials = 0;

/** A VIN of VinFast's that is right and that no other call gives. */
export const aVin = (): string => {
  const serial = `${process.pid % 100_000}`.padStart(5, "0") + `${++serials}`.padStart(3, "0").slice(-3);
  const vin = `RLLV5SMA0${serial}`.replace(/[IOQ]/g, "0");
  return vin.slice(0, 8) + checkDigitOf(vin) + vin.slice(9);
};

export type VehicleInput = {
  make?: string;
  model?: string;
  year?: number;
  vin?: string;
  countryCode?: string;
  batteryKwh?: number;
  class?: VehicleClass;
  zone?: string;
};

/** A registered vehicle: a VinFast VF 8 in Vietnam unless given. */
export const aVehicle = async (
  world: World,
  owner: Pick<Actor, "id">,
  input: VehicleInput = {},
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
        ...input,
      },
      { id: newId("vehicle"), locale: "en" },
    ),
  );
  return answer.vehicle;
};
