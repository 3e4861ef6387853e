import { type RawBuilder, sql } from "kysely";
import { type FrozenFactors, gridOfYear } from "../co2.ts";

/** Grid factors by year as a table `grid (year, mg)`, for the years in which cars have been driven. */
export const gridTable = (factors: FrozenFactors): RawBuilder<unknown> => {
  const years: number[] = [];
  const mgs: string[] = [];
  for (let year = 2000; year <= 2199; year++) {
    const entry = gridOfYear(factors.grid, year);
    if (!entry) break;
    years.push(year);
    mgs.push(String(entry.grid_mg_per_kwh));
  }
  return sql`unnest(${years}::int[], ${mgs}::int8[]) as grid (year, mg)`;
};

/** `flat-v1` of a trip row in SQL: the same whole-number division as `flatGrams`. */
export const flatSql = (factors: FrozenFactors): RawBuilder<bigint> =>
  sql`greatest(0, distance_m::int8 * ${String(factors.baseline_mg_per_km - factors.electric_mg_per_km)}::int8 / 1000000)`;

/** `metered-v1` of a trip row joined to `grid`; null where energy or a factor is missing, as `meteredGrams`. */
export const meteredSql = (factors: FrozenFactors): RawBuilder<bigint | null> => {
  const kept = String(10_000 - factors.charging_loss_bps);
  const base = String(factors.metered_baseline_mg_per_km);
  return sql`case when energy_wh is not null and grid.mg is not null then greatest(0,
    div(distance_m::numeric * ${base}::numeric * ${kept}::numeric - energy_wh::numeric * grid.mg * 10000, ${kept}::numeric * 1000000))::int8 end`;
};

export const countedSql = (factors: FrozenFactors): RawBuilder<bigint> =>
  factors.method === "flat-v1" ? flatSql(factors) : sql`coalesce(${meteredSql(factors)}, 0)`;

export const yearOfTrip = sql`extract(year from started_at at time zone 'UTC')::int`;
