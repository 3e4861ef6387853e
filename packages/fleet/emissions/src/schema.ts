import { decimal, wholeNumber } from "@evx/formats/schema";
import { countryCode, momentOut, textOf } from "@evx/kernel";
import * as v from "valibot";

export const SetGridFactor = v.object({
  countryCode,
  year: v.pipe(wholeNumber("Write the year with four digits."), v.minValue(1990), v.maxValue(2200)),
  gramsPerKwh: decimal(2_000, "Write grams of CO2e per kWh, such as 486.13."),
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
