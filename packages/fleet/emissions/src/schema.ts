import { decimal } from "@evx/formats/schema";
import { countryCode, momentOut, textOf, yearIn } from "@evx/kernel";
import * as v from "valibot";

export const SetGridFactor = v.object({
  countryCode,
  year: yearIn,
  gramsPerKwh: decimal(2_000, "Enter grams of CO2e per kWh, such as 486.13."),
  source: textOf(300, 3),
});

export const GridFactorsInput = v.object({ countryCode });

export const GridFactorsView = v.object({
  countryCode: v.string(),
  method: v.string(),
  factorSet: v.string(),
  /** Grams a kilometre; in a thousandth of a gram where it needs them. */
  flat: v.object({ petrolGramsPerKm: v.number(), electricGramsPerKm: v.number() }),
  metered: v.object({ petrolGramsPerKm: v.number(), chargingLossPercent: v.number() }),
  factors: v.array(
    v.object({
      year: v.number(),
      gramsPerKwh: v.number(),
      source: v.string(),
      /** Of the bundled publication; null where an operator entered the factor. */
      licence: v.nullable(v.string()),
      /** Which entry of an operator it is; null where it comes from the bundled publications. */
      version: v.nullable(v.number()),
    }),
  ),
});

/** Every factor that operators have entered for a country, newest first: none is ever changed. */
export const GridFactorHistory = v.object({
  items: v.array(
    v.object({
      year: v.number(),
      version: v.number(),
      gramsPerKwh: v.number(),
      source: v.string(),
      setBy: v.string(),
      setAt: momentOut,
    }),
  ),
});

const both = v.object({ en: v.string(), vi: v.string() });

export const FactorSetInput = v.object({
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "Enter the hash's 64 digits.")),
});

/** What is hashed: whole numbers and texts only. */
export const FactorSetContent = v.object({
  factorSet: v.string(),
  method: v.string(),
  formula: both,
  /** Milligrams per kilometre, basis points. */
  factors: v.record(v.string(), v.number()),
  assumptions: v.array(both),
  sources: v.array(v.object({ name: both, licence: v.nullable(v.string()), url: v.nullable(v.string()) })),
  /** The bundled grid factors of every country; empty where the method needs none. */
  grid: v.array(
    v.object({
      countryCode: v.string(),
      year: v.number(),
      grid_mg_per_kwh: v.number(),
      source: v.string(),
      licence: v.string(),
    }),
  ),
});

export const FactorSets = v.object({
  items: v.array(
    v.object({
      /** SHA-256 of the content's canonical JSON (RFC 8785). */
      hash: v.string(),
      factorSet: v.string(),
      method: v.string(),
      /** Whether requests made now freeze this one. */
      current: v.boolean(),
      /** Whether requests made now show its figures beside those that count. */
      beside: v.boolean(),
    }),
  ),
});

export const FactorSetView = v.object({
  hash: v.string(),
  current: v.boolean(),
  beside: v.boolean(),
  content: FactorSetContent,
});
