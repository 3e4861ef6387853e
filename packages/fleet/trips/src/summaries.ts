import type { Db } from "@evx/db";
import { type VehicleRow, vehiclesOfOwner, vehicleView, visibleVehicle } from "@evx/garage";
import { afterId, type Id, kgFromGrams, type PageInput, pageFrom } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { sumsOfVehicles } from "./queries/totals.ts";
import type * as S from "./schema.ts";

type Answer<Schema extends v.GenericSchema> = v.InferInput<Schema>;

type Sums = Awaited<ReturnType<typeof sumsOfVehicles>>[number];

const summaryView = (row: VehicleRow, sums: Sums | undefined): Answer<typeof S.VehicleSummary> => {
  const co2_g = sums?.co2_g ?? 0n;
  const claimable_g = co2_g - (sums?.claimed_co2_g ?? 0n);
  return {
    ...vehicleView(row),
    tripCount: sums?.trips ?? 0,
    distanceKm: Number(sums?.distance_m ?? 0n) / 1000,
    co2SavedKg: kgFromGrams(co2_g),
    credits: co2_g,
    claimableTrips: (sums?.trips ?? 0) - (sums?.claimed_trips ?? 0),
    claimableCo2Kg: kgFromGrams(claimable_g),
    claimableCredits: claimable_g,
  };
};

export const listVehicles = async (
  db: Db,
  actor: Pick<Actor, "id">,
  page: PageInput & { q?: string | undefined },
) => {
  const after = afterId("vehicle", page.cursor);
  const rows = await vehiclesOfOwner(db, actor.id, page, after);
  const sums = await sumsOfVehicles(db, rows);
  const byId = new Map(sums.map((sum) => [sum.id, sum]));
  return pageFrom(
    rows,
    page.limit,
    (row) => summaryView(row, byId.get(row.id)),
    (row) => [row.id],
  );
};

/** All of an owner's vehicles that `q` names, with their sums: for lists in another order than the newest first. */
export const everyVehicleOf = async (db: Db, actor: Pick<Actor, "id">, q: string | undefined) => {
  const rows = await vehiclesOfOwner(db, actor.id, { limit: Number.MAX_SAFE_INTEGER - 1, q }, null);
  const sums = new Map((await sumsOfVehicles(db, rows)).map((sum) => [sum.id, sum]));
  return rows.map((row) => summaryView(row, sums.get(row.id)));
};

export const showVehicle = async (
  db: Db,
  actor: Actor,
  id: Id<"vehicle">,
): Promise<Answer<typeof S.VehicleSummary>> => {
  const row = await visibleVehicle(db, actor, id);
  const [sums] = await sumsOfVehicles(db, [row]);
  return summaryView(row, sums);
};
