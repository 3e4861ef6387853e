/// <reference path="./tgwf-co2.d.ts" />

import type { Db } from "@evx/db";
import { ruleAt } from "@evx/rules";
import { averageIntensity, electricityMaps } from "@tgwf/co2";
import iso from "i18n-iso-countries";
import type { FrozenFactors } from "./co2.ts";
import { co2Factors } from "./policy.ts";
import { gridFactorRows } from "./queries/factors.ts";

/** Ember publishes one yearly average for each country; this is the year in the bundled release of @tgwf/co2 0.19.0. */
const EMBER_YEAR = 2024;

type YearlyZones = Record<string, { carbonIntensity?: { value?: number | null } } | undefined>;

/**
 * The bundled publications' factors of a country, in milligrams per kWh. Ember first, as the venue's reference
 * (Vietnam: 486.13 g/kWh); years that Ember's release does not have come from Electricity Maps.
 */
export const bundledGrid = (
  countryCode: string,
): { year: number; grid_mg_per_kwh: number; source: string }[] => {
  const found = new Map<number, { year: number; grid_mg_per_kwh: number; source: string }>();
  for (const [name, published] of Object.entries(electricityMaps)) {
    const year = Number(name.slice(-4));
    const zones = (published as { data: YearlyZones }).data;
    const grams = zones[countryCode]?.carbonIntensity?.value;
    if (typeof grams !== "number") continue;
    found.set(year, {
      year,
      grid_mg_per_kwh: Math.round(grams * 1000),
      source: `Electricity Maps ${year}, lifecycle gCO2eq/kWh of consumption (@tgwf/co2 0.19.0)`,
    });
  }
  const code = iso.alpha2ToAlpha3(countryCode);
  const ember =
    code === undefined ? undefined : (averageIntensity.data as Record<string, number | undefined>)[code];
  if (typeof ember === "number") {
    found.set(EMBER_YEAR, {
      year: EMBER_YEAR,
      grid_mg_per_kwh: Math.round(ember * 1000),
      source: `Ember ${EMBER_YEAR}, lifecycle gCO2e/kWh of generation (@tgwf/co2 0.19.0)`,
    });
  }
  return [...found.values()].sort((a, b) => a.year - b.year);
};

/** The method and all factors in force at a moment for cars of a country, ready to be frozen in a request. */
export const factorsAt = async (
  db: Db,
  countryCode: string,
  at: Date,
): Promise<FrozenFactors & { version: number }> => {
  const { value, version } = await ruleAt(db, co2Factors, at);
  const grid = new Map(bundledGrid(countryCode).map((entry) => [entry.year, entry]));
  for (const row of await gridFactorRows(db, countryCode, at)) {
    grid.set(row.year, { year: row.year, grid_mg_per_kwh: row.grid_mg_per_kwh, source: row.source });
  }
  return {
    version,
    factorSet: `${value.method}/${version}`,
    method: value.method,
    ...value.flat,
    metered_baseline_mg_per_km: value.metered.baseline_mg_per_km,
    charging_loss_bps: value.metered.charging_loss_bps,
    grid: [...grid.values()].sort((a, b) => a.year - b.year),
  };
};
