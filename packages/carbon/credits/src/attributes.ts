/** What kinds of credits were moved: by vintage, country, method, quality and vehicle class. */
import type { Db } from "@evx/db";
import type { Grams, Id } from "@evx/kernel";
import { type Batch, serialsOfTransfers } from "./batches.ts";
import { retirementPage } from "./queries/retirements.ts";

export type Attributed = Pick<
  Batch,
  "vintageYear" | "countryCode" | "methodCode" | "qualityTier" | "vehicleClass"
> & { grams: Grams };

/** So many transfers are looked at once. */
const portion = 500;

/** The grams of some transfers by the attributes of their batches. */
export const attributesOf = async (db: Db, transferIds: readonly Id<"transfer">[]): Promise<Attributed[]> => {
  const found = new Map<string, Attributed>();
  for (let first = 0; first < transferIds.length; first += portion) {
    const runs = await serialsOfTransfers(db, transferIds.slice(first, first + portion));
    for (const { batch, grams } of [...runs.values()].flat()) {
      const { vintageYear, countryCode, methodCode, qualityTier, vehicleClass } = batch;
      const key = [vintageYear, countryCode, methodCode, qualityTier, vehicleClass].join(" ");
      const known = found.get(key)?.grams ?? 0n;
      found.set(key, {
        vintageYear,
        countryCode,
        methodCode,
        qualityTier,
        vehicleClass,
        grams: known + grams,
      });
    }
  }
  return [...found.values()];
};

/** All that a holder retired between two moments, newest first, in portions. */
export async function* retiredWithin(db: Db, holderId: Id<"user">, within: { from: Date; to: Date }) {
  for (let before: { at: Date; id: string } | null = null; ; ) {
    const rows: Awaited<ReturnType<typeof retirementPage>> = await retirementPage(
      db,
      { holderId, within },
      portion,
      before,
    );
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < portion) return;
    before = { at: last.retired_at, id: last.id };
  }
}
