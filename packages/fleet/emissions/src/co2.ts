import type { Grams } from "@evx/kernel";

/**
 * How a trip's avoided CO2 is computed. A method never changes once it is published: a better one gets a new name,
 * so that a request of years ago can be computed again.
 */
export const methods = ["flat-v1", "metered-v1"] as const;

export type Method = (typeof methods)[number];

/** What a method needs to know of a trip. Distance in whole metres, energy in whole watt-hours from the battery. */
export type TripInputs = { distance_m: number; energy_wh: number | null };

/** The factors of `flat-v1`, in milligrams of CO2e per kilometre so that published decimals stay exact. */
export type FlatFactors = { baseline_mg_per_km: number; electric_mg_per_km: number };

/** The factors of `metered-v1`: milligrams per kilometre and per kWh, and the loss between socket and battery. */
export type MeteredFactors = {
  baseline_mg_per_km: number;
  charging_loss_bps: number;
  grid_mg_per_kwh: number;
};

const atLeastZero = (grams: bigint): Grams => (grams > 0n ? grams : 0n);

const whole = (value: number): bigint => {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`${value} is not a whole, positive quantity`);
  return BigInt(value);
};

/**
 * `flat-v1`: grams = km × (baseline − electric), the difference of two fixed averages.
 *
 * With the defaults, petrol 120 g/km and electric 20 g/km (the venue's founding rule), 1,000 km give 100 kg.
 * Rounded down to the gram, once per trip, and never below zero.
 */
export const flatGrams = (trip: TripInputs, factors: FlatFactors): Grams => {
  const perKm_mg = whole(factors.baseline_mg_per_km) - whole(factors.electric_mg_per_km);
  return atLeastZero((whole(trip.distance_m) * perKm_mg) / 1_000_000n);
};

/**
 * `metered-v1`: grams = km × baseline − kWh / (1 − charging loss) × grid factor of the country and year.
 *
 * The energy is what left the battery; dividing by one minus the loss gives what the socket supplied. The petrol
 * baseline of 182 g/km is 7.89 l/100 km of real-world consumption × 2.31 kg CO2 per litre (see policy.ts).
 * Rounded down to the gram, once per trip, and never below zero: a trip on coal power saves nothing, it owes nothing.
 * Answers null when the trip's energy is not known, since there is nothing metered to compute from.
 */
export const meteredGrams = (trip: TripInputs, factors: MeteredFactors): Grams | null => {
  if (trip.energy_wh === null) return null;
  if (factors.charging_loss_bps >= 10_000) throw new RangeError("A charging loss of 100 % leaves no energy");
  const kept_bps = 10_000n - whole(factors.charging_loss_bps);
  const avoided_mg = whole(trip.distance_m) * whole(factors.baseline_mg_per_km) * kept_bps;
  const caused_mg = whole(trip.energy_wh) * whole(factors.grid_mg_per_kwh) * 10_000n;
  return atLeastZero((avoided_mg - caused_mg) / (kept_bps * 1_000_000n));
};

/** Everything that a request freezes besides the trips: the method and each factor that it used, with its source. */
export type FrozenFactors = {
  /** Name of the set, such as "flat-v1/0": the method and the version of the rule that held the factors. */
  factorSet: string;
  method: Method;
  /** Of `flat-v1`. */
  baseline_mg_per_km: number;
  electric_mg_per_km: number;
  /** Of `metered-v1`. */
  metered_baseline_mg_per_km: number;
  charging_loss_bps: number;
  /** Grid factors by calendar year (UTC) of the trip's start, for the vehicle's country. */
  grid: readonly {
    year: number;
    grid_mg_per_kwh: number;
    source: string;
    /** The publication's licence; absent for what an operator entered and in requests frozen before it was noted. */
    licence?: string;
  }[];
};

/** The grid factor for a trip of that year: the same year's, else the last one before it, else the first one after. */
export const gridOfYear = (
  grid: FrozenFactors["grid"],
  year: number,
): FrozenFactors["grid"][number] | null => {
  let before: FrozenFactors["grid"][number] | null = null;
  let after: FrozenFactors["grid"][number] | null = null;
  for (const entry of grid) {
    if (entry.year <= year && (!before || entry.year > before.year)) before = entry;
    if (entry.year > year && (!after || entry.year < after.year)) after = entry;
  }
  return before ?? after;
};

/** One trip's avoided grams by both methods; `metered` is null where energy or a grid factor is missing. */
export const gramsByMethod = (
  trip: TripInputs & { year: number },
  factors: FrozenFactors,
): { flat: Grams; metered: Grams | null } => {
  const grid = gridOfYear(factors.grid, trip.year);
  return {
    flat: flatGrams(trip, factors),
    metered: grid
      ? meteredGrams(trip, {
          baseline_mg_per_km: factors.metered_baseline_mg_per_km,
          charging_loss_bps: factors.charging_loss_bps,
          grid_mg_per_kwh: grid.grid_mg_per_kwh,
        })
      : null,
  };
};

/** The grams that count under the frozen method. A trip that cannot be metered counts as zero under `metered-v1`. */
export const countedGrams = (trip: TripInputs & { year: number }, factors: FrozenFactors): Grams => {
  if (factors.method === "flat-v1") return flatGrams(trip, factors);
  return gramsByMethod(trip, factors).metered ?? 0n;
};
