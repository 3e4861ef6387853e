import type { Db } from "@evx/db";
import { kgFromGrams } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { factorsAt } from "./factors.ts";
import { monthTotalRows } from "./queries/totals.ts";
import { allVehiclesOfOwner } from "./queries/vehicles.ts";
import type * as S from "./schema.ts";

/** What all of an owner's vehicles saved, by month: one figure for the home page and a series for the chart. */
export const ownSavings = async (
  db: Db,
  actor: Pick<Actor, "id">,
  at: Date,
): Promise<v.InferInput<typeof S.OwnSavingsView>> => {
  const [vehicles, rows] = await Promise.all([
    allVehiclesOfOwner(db, actor.id),
    monthTotalRows(db, { ownerId: actor.id }),
  ]);
  const { method } = await factorsAt(db, vehicles[0]?.country_code ?? "VN", at);
  const sum = (pick: (row: (typeof rows)[number]) => bigint) =>
    rows.reduce((total, row) => total + pick(row), 0n);
  const co2_g = sum((row) => row.co2_g);
  const claimed_g = sum((row) => row.claimed_co2_g);
  return {
    vehicles: vehicles.length,
    trips: rows.reduce((total, row) => total + row.trips, 0),
    distanceKm: Number(sum((row) => row.distance_m)) / 1000,
    co2SavedKg: kgFromGrams(co2_g),
    credits: co2_g,
    claimableCredits: co2_g - claimed_g,
    method,
    series: rows.map((row) => ({
      period: row.month,
      trips: row.trips,
      distanceKm: Number(row.distance_m) / 1000,
      co2SavedKg: kgFromGrams(row.co2_g),
      claimedKg: kgFromGrams(row.claimed_co2_g),
    })),
  };
};
