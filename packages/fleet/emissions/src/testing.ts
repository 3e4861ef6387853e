import type { FrozenFactors } from "./co2.ts";

/** Factors as a request freezes them: the venue's defaults, with one round grid factor of 500 g/kWh for 2026. */
export const someFactors = (input: Partial<FrozenFactors> = {}): FrozenFactors => ({
  factorSet: "flat-v1/0",
  method: "flat-v1",
  baseline_mg_per_km: 120_000,
  electric_mg_per_km: 20_000,
  metered_baseline_mg_per_km: 182_000,
  charging_loss_bps: 1_000,
  grid: [{ year: 2026, grid_mg_per_kwh: 500_000, source: "A round figure for tests" }],
  ...input,
});
