import { aUser } from "@evx/accounts/testing";
import type { Db, Tx } from "@evx/db";
import { aVin } from "@evx/garage/testing";
import { type Clock, newId } from "@evx/kernel";
import { addCars } from "./cars.ts";

type World = { db: Db; clock: Clock; transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> };

/** An owner with so many cars, whose plates are 51A-00n.11 and whose names are "Van n". */
export const aFleet = async (world: World, count: number) => {
  const owner = await aUser(world);
  const vins = Array.from({ length: count }, () => aVin());
  const rows = vins.map((vin, n) => ({
    row: n + 2,
    headers: {},
    cells: { vin, make: "VinFast", model: "VF 5", year: "2024", plate: `51A-00${n}.11`, label: `Van ${n}` },
  }));
  const { vehicles } = await world.transact((tx) =>
    addCars(tx, owner, { rows, id: newId("vehicle"), locale: "en" }),
  );
  return { owner, vins, vehicles };
};
