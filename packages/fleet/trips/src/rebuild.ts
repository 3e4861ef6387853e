import { audit } from "@evx/audit";
import { everyVehicle, lockCar } from "@evx/garage";
import type { Actor } from "@evx/rpc";
import { recountLocalDays } from "./queries/totals.ts";
import type { RequestContext } from "./recording.ts";

const portion = 500;

/**
 * Counts every vehicle's trips again by its local days and months: what grew trip by trip and what is counted are the
 * same. A transaction for each vehicle, under its car's lock, so that imports into others go on.
 */
export const rebuildDays = async (
  ctx: RequestContext,
  operator: Actor | null,
): Promise<{ vehicles: number }> => {
  let vehicles = 0;
  for (let after = ""; ; ) {
    const found = await everyVehicle(ctx.db, after, portion);
    for (const vehicle of found)
      await ctx.transact(async (tx) => {
        await lockCar(tx, vehicle.car_id);
        await recountLocalDays(tx, vehicle);
      });
    vehicles += found.length;
    const last = found.at(-1);
    if (!last || found.length < portion) break;
    after = last.id;
  }
  await ctx.transact((tx) => audit(tx, operator, "trips.rebuild_days", "trips", { after: { vehicles } }));
  return { vehicles };
};
