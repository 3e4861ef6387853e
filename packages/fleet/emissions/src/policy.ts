import { defineRule } from "@evx/rules";
import * as v from "valibot";
import { methods } from "./co2.ts";

const count = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max));

/**
 * What a motorcycle or scooter stands in for: a petrol scooter, never a car. It is set at 2 l/100 km × 2.31 kg CO2 per litre,
 * 46 g/km, half of the 90.83 g/km found for Hanoi's motorcycles in real driving (doi 10.47869/tcsj.74.7.1); an electric one
 * uses about 3 kWh/100 km, which on a grid of 486 g/kWh and with the charging loss is 16 g/km.
 */
const twoWheelers = { baseline_mg_per_km: 46_000, electric_mg_per_km: 16_000 } as const;

/**
 * Which CO2 method counts, and its factors. Requests freeze the version that was in force.
 *
 * flat-v1: petrol 120 g/km − electric 20 g/km, the venue's founding rule.
 * metered-v1: petrol baseline 182 g/km = 7.89 l/100 km of real-world consumption × 2.31 kg CO2 per litre;
 * a charging loss of 10 % between socket and battery, in the middle of published measurements (7-15 %).
 */
export const co2Factors = defineRule(
  "vehicles.co2_factors",
  v.object({
    method: v.picklist(methods),
    flat: v.object({ baseline_mg_per_km: count(1_000_000), electric_mg_per_km: count(1_000_000) }),
    metered: v.object({ baseline_mg_per_km: count(1_000_000), charging_loss_bps: count(5_000) }),
    /** For motorcycles and scooters; versions from before there was this field mean the default. */
    twoWheelers: v.optional(
      v.object({ baseline_mg_per_km: count(1_000_000), electric_mg_per_km: count(1_000_000) }),
      twoWheelers,
    ),
  }),
  {
    method: "flat-v1",
    flat: { baseline_mg_per_km: 120_000, electric_mg_per_km: 20_000 },
    metered: { baseline_mg_per_km: 182_000, charging_loss_bps: 1_000 },
    twoWheelers,
  },
);
