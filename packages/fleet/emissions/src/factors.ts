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

type BundledFactor = { year: number; grid_mg_per_kwh: number; source: string; licence: string };

const emberGrid = (countryCode: string): BundledFactor[] => {
  const code = iso.alpha2ToAlpha3(countryCode);
  const grams =
    code === undefined ? undefined : (averageIntensity.data as Record<string, number | undefined>)[code];
  if (typeof grams !== "number") return [];
  return [
    {
      year: EMBER_YEAR,
      grid_mg_per_kwh: Math.round(grams * 1000),
      source: `Ember ${EMBER_YEAR}, lifecycle gCO2e/kWh of generation (@tgwf/co2 0.19.0)`,
      licence: "CC BY-SA 4.0",
    },
  ];
};

const electricityMapsGrid = (countryCode: string): BundledFactor[] =>
  Object.entries(electricityMaps).flatMap(([name, published]) => {
    const year = Number(name.slice(-4));
    const grams = (published as { data: YearlyZones }).data[countryCode]?.carbonIntensity?.value;
    if (typeof grams !== "number") return [];
    return [
      {
        year,
        grid_mg_per_kwh: Math.round(grams * 1000),
        source: `Electricity Maps ${year}, lifecycle gCO2eq/kWh of consumption (@tgwf/co2 0.19.0)`,
        licence: "ODbL 1.0",
      },
    ];
  });

/**
 * The bundled factors of a country, in milligrams per kWh, oldest first, all from one publication: Ember's where it has
 * the country (Vietnam: 486.13 g/kWh), else Electricity Maps'. The two count differently (generation against
 * consumption), so a series of both would change from year to year for no physical reason.
 */
export const bundledGrid = (countryCode: string): BundledFactor[] => {
  const ember = emberGrid(countryCode);
  return (ember.length > 0 ? ember : electricityMapsGrid(countryCode)).sort((a, b) => a.year - b.year);
};

/** What a kind of vehicle stands in for: each has a factor set of its own. */
export type Baseline = "car" | "two-wheeler";

/** The baseline of a class of vehicle: a scooter does not replace a petrol car. */
export const baselineOf = (vehicleClass: string): Baseline =>
  vehicleClass === "motorcycle" ? "two-wheeler" : "car";

/** The name of a set: of two-wheelers it says so. */
export const setName = (method: string, version: number, baseline: Baseline): string =>
  baseline === "car" ? `${method}/${version}` : `${method}-two-wheeler/${version}`;

/**
 * The method and all factors in force at a moment for vehicles of a country and kind, ready to be frozen in a request.
 * A two-wheeler's baseline is the same by both methods: fuel that a petrol scooter would have burnt.
 */
export const factorsAt = async (
  db: Db,
  countryCode: string,
  at: Date,
  baseline: Baseline = "car",
): Promise<FrozenFactors & { version: number }> => {
  const { value, version } = await ruleAt(db, co2Factors, at);
  const two = baseline === "car" ? null : value.twoWheelers;
  const grid = new Map<number, FrozenFactors["grid"][number]>(
    bundledGrid(countryCode).map((entry) => [entry.year, entry]),
  );
  for (const row of await gridFactorRows(db, countryCode, at)) {
    grid.set(row.year, { year: row.year, grid_mg_per_kwh: row.grid_mg_per_kwh, source: row.source });
  }
  return {
    version,
    factorSet: setName(value.method, version, baseline),
    method: value.method,
    ...(two ?? value.flat),
    metered_baseline_mg_per_km: (two ?? value.metered).baseline_mg_per_km,
    charging_loss_bps: value.metered.charging_loss_bps,
    grid: [...grid.values()].sort((a, b) => a.year - b.year),
  };
};
