import { displayNames } from "@evx/accounts";
import { audit } from "@evx/audit";
import type { Db, Tx } from "@evx/db";
import type { Actor } from "@evx/rpc";
import type * as v from "valibot";
import { factorsAt } from "./factors.ts";
import { gridFactorHistory, gridFactorRows, insertGridFactor } from "./queries/factors.ts";
import type * as S from "./schema.ts";

/** A country's grid factors in force, each with its source. */
export const gridFactors = async (
  db: Db,
  countryCode: string,
  at: Date,
): Promise<v.InferInput<typeof S.GridFactorsView>> => {
  const { method, factorSet, grid, ...constants } = await factorsAt(db, countryCode, at);
  const entered = await gridFactorRows(db, countryCode, at);
  const versions = new Map(entered.map((row) => [row.year, row.version]));
  return {
    countryCode,
    method,
    factorSet,
    flat: {
      petrolGramsPerKm: constants.baseline_mg_per_km / 1000,
      electricGramsPerKm: constants.electric_mg_per_km / 1000,
    },
    metered: {
      petrolGramsPerKm: constants.metered_baseline_mg_per_km / 1000,
      chargingLossPercent: constants.charging_loss_bps / 100,
    },
    factors: grid.map(({ year, grid_mg_per_kwh, source, licence }) => ({
      year,
      gramsPerKwh: grid_mg_per_kwh / 1000,
      source,
      licence: licence ?? null,
      version: versions.get(year) ?? null,
    })),
  };
};

/** What operators entered for a country, with who and when. */
export const gridFactorTrail = async (
  db: Db,
  countryCode: string,
): Promise<v.InferInput<typeof S.GridFactorHistory>> => {
  const rows = await gridFactorHistory(db, countryCode);
  const names = await displayNames(
    db,
    rows.map((row) => row.set_by),
  );
  return {
    items: rows.map((row) => ({
      year: row.year,
      version: row.version,
      gramsPerKwh: row.grid_mg_per_kwh / 1000,
      source: row.source,
      setBy: names.get(row.set_by) ?? row.set_by,
      setAt: row.set_at,
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
    after: {
      gramsPerKwh: row.grid_mg_per_kwh / 1000,
      source: row.source,
      version: row.version,
      at: row.set_at.toISOString(),
    },
  });
  return gridFactors(tx, input.countryCode, tx.at);
};
