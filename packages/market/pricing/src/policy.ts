import { defineRule } from "@evx/rules";
import * as v from "valibot";

const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000));

/** From how many sales and people a hint may be given, and the most that one person's sales may weigh in it. */
export const hintRules = defineRule(
  "pricing.hints",
  v.object({
    fewestTrades: count,
    fewestTraders: count,
    traderCap: v.pipe(v.number(), v.minValue(0.01), v.maxValue(1)),
    /** Past errors an interval needs before it may be shown. */
    fewestErrors: count,
    /** The most that an interval's high may be of its low; a wider one says nothing and is not shown. Absent in old versions. */
    widestInterval: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(1_000)), 3),
  }),
  { fewestTrades: 5, fewestTraders: 3, traderCap: 0.05, fewestErrors: 20, widestInterval: 3 },
);

/** A training reads so many of the newest sales. */
export const TRAINED_ON = 100_000;

/** Trends and estimates read so many: older ones no longer say anything of today. */
export const SALES_READ = 2_000;

/** With fewer sales than this in the last 30 days an estimate leans on the whole year. */
export const fewestSalesOfMonth = 5;

/**
 * What an estimate of earnings is for: 10,000 km in Vietnam at the median consumption of 1,282 real cars, 18.3 kWh per
 * 100 km.
 */
export const typicalCar = { country: "VN", metres: 10_000_000, energy_wh: 1_830_000 } as const;
