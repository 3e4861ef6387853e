import type { Db, Tx } from "@evx/db";
import { audit } from "@evx/identity";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { factorsAt } from "./factors.ts";
import { insertGridFactor } from "./queries/factors.ts";
import type * as S from "./schema.ts";

/** A country's grid factors in force, each with its source. */
export const gridFactors = async (
  db: Db,
  countryCode: string,
  at: Date,
): Promise<v.InferInput<typeof S.GridFactorsView>> => {
  const { method, factorSet, grid } = await factorsAt(db, countryCode, at);
  return {
    countryCode,
    method,
    factorSet,
    factors: grid.map(({ year, grid_mg_per_kwh, source }) => ({
      year,
      gramsPerKwh: grid_mg_per_kwh / 1000,
      source,
    })),
  };
};

/** Enters a factor over the bundled one. Requests that froze another keep it. */
export const setGridFactor = async (tx: Tx, actor: Actor, input: v.InferOutput<typeof S.SetGridFactor>) => {
  const before = (await gridFactors(tx, input.countryCode, tx.at)).factors.find(
    (entry) => entry.year === input.year,
  );
  const row = await insertGridFactor(tx, {
    countryCode: input.countryCode,
    year: input.year,
    grid_mg_per_kwh: Math.round(input.gramsPerKwh * 1000),
    source: input.source,
    setBy: actor.id,
  });
  await audit(tx, actor, "grid_factor.set", `${input.countryCode} ${input.year}`, {
    ...(before ? { before } : {}),
    after: { gramsPerKwh: row.grid_mg_per_kwh / 1000, source: row.source, version: row.version },
  });
  return gridFactors(tx, input.countryCode, tx.at);
};
