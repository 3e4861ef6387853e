import { countedGrams, type FrozenFactors, gramsByMethod } from "@evx/emissions";
import { type Finding, findingView } from "@evx/formats";
import { type Grams, kgFromGrams, type Locale } from "@evx/kernel";
import type * as v from "valibot";
import type { TripRow } from "./queries/trip-pages.ts";
import type * as S from "./schema.ts";

const findingsOf = (flags: unknown): Finding[] => (Array.isArray(flags) ? (flags as Finding[]) : []);

export const tripView = (row: TripRow, locale: Locale): v.InferInput<typeof S.TripView> => ({
  id: row.id,
  startTime: row.started_at,
  endTime: row.ended_at,
  distanceKm: row.distance_m / 1000,
  energyKwh: row.energy_wh === null ? null : row.energy_wh / 1000,
  co2SavedKg: kgFromGrams(row.co2_g),
  status: row.status,
  precision: row.precision,
  quality: row.quality,
  source: row.source,
  notes: row.notes,
  flags: findingsOf(row.flags).map((flag) => findingView(flag, locale)),
  releaseReason: row.release_reason,
});

/** A position in degrees, or null where it was never known or has been erased. */
export const positionView = (
  lat_e6: number | null,
  lon_e6: number | null,
): { lat: number; lon: number } | null =>
  lat_e6 === null || lon_e6 === null ? null : { lat: lat_e6 / 1e6, lon: lon_e6 / 1e6 };

const inputsOf = (row: Pick<TripRow, "distance_m" | "energy_wh" | "started_at">) => ({
  distance_m: row.distance_m,
  energy_wh: row.energy_wh,
  year: row.started_at.getUTCFullYear(),
});

/** Both methods' results for a trip, in kg, under frozen factors. */
export const bothMethods = (
  row: TripRow,
  factors: FrozenFactors,
): { flatCo2Kg: number; meteredCo2Kg: number | null } => {
  const { flat, metered } = gramsByMethod(inputsOf(row), factors);
  return { flatCo2Kg: kgFromGrams(flat), meteredCo2Kg: metered === null ? null : kgFromGrams(metered) };
};

export const auditedTripView = (
  row: TripRow,
  factors: FrozenFactors,
  locale: Locale,
): v.InferInput<typeof S.AuditedTrip> => ({
  ...tripView(row, locale),
  start: positionView(row.start_lat_e6, row.start_lon_e6),
  end: positionView(row.end_lat_e6, row.end_lon_e6),
  kwhPer100Km: row.energy_wh === null ? null : Math.round((row.energy_wh * 1000) / row.distance_m) / 10,
  averageKmh:
    row.precision === "exact"
      ? Math.round((row.distance_m * 36_000) / (row.ended_at.getTime() - row.started_at.getTime())) / 10
      : null,
  ...bothMethods(row, factors),
});

/** What a trip counts for under factors: the number that a recomputation must meet. */
export const gramsOfTrip = (
  row: Pick<TripRow, "distance_m" | "energy_wh" | "started_at">,
  factors: FrozenFactors,
): Grams => countedGrams(inputsOf(row), factors);
