import { describe, expect, test } from "bun:test";
import fc from "@evx/tooling/properties";
import {
  countedGrams,
  type FrozenFactors,
  flatGrams,
  gramsByMethod,
  gridOfYear,
  meteredGrams,
} from "./co2.ts";

const flat = { baseline_mg_per_km: 120_000, electric_mg_per_km: 20_000 };
const metered = { baseline_mg_per_km: 182_000, charging_loss_bps: 1_000, grid_mg_per_kwh: 486_000 };
const distance = fc.integer({ min: 0, max: 3_000_000 });
const energy = fc.integer({ min: 0, max: 500_000 });

describe("flat-v1", () => {
  test("1,000 km are 100 kg: a tenth of a credit", () => {
    expect(flatGrams({ distance_m: 1_000_000, energy_wh: null }, flat)).toBe(100_000n);
  });

  test("rounds down to the gram and never goes below zero", () => {
    expect(flatGrams({ distance_m: 19, energy_wh: null }, flat)).toBe(1n);
    expect(
      flatGrams({ distance_m: 5_000, energy_wh: null }, { baseline_mg_per_km: 10, electric_mg_per_km: 20 }),
    ).toBe(0n);
  });

  test("splitting a trip never makes more of it", () => {
    fc.assert(
      fc.property(distance, distance, (a, b) => {
        const whole = flatGrams({ distance_m: a + b, energy_wh: null }, flat);
        const parts =
          flatGrams({ distance_m: a, energy_wh: null }, flat) +
          flatGrams({ distance_m: b, energy_wh: null }, flat);
        return parts <= whole && whole - parts <= 1n;
      }),
    );
  });

  test("is exact to the gram against rational arithmetic", () => {
    fc.assert(
      fc.property(
        distance,
        fc.integer({ min: 0, max: 300_000 }),
        fc.integer({ min: 0, max: 300_000 }),
        (m, base, own) => {
          const grams = flatGrams(
            { distance_m: m, energy_wh: null },
            { baseline_mg_per_km: base, electric_mg_per_km: own },
          );
          const exact_mg = (BigInt(m) * BigInt(base - own)) / 1000n;
          return base <= own ? grams === 0n : grams * 1000n <= exact_mg && exact_mg < (grams + 1n) * 1000n;
        },
      ),
    );
  });
});

describe("metered-v1", () => {
  test("a typical car on Vietnam's grid emits 98.8 g/km at the socket, so it saves 83 g/km", () => {
    // 18.3 kWh/100 km, 486 g/kWh: 89 g/km at the battery, 98.8 at the socket with 10 % loss.
    expect(meteredGrams({ distance_m: 100_000, energy_wh: 18_300 }, metered)).toBe(8_318n);
    expect(
      meteredGrams({ distance_m: 100_000, energy_wh: 18_300 }, { ...metered, charging_loss_bps: 0 }),
    ).toBe(9_306n);
  });

  test("is floored at zero where the grid emits more than petrol", () => {
    expect(meteredGrams({ distance_m: 1_000, energy_wh: 900 }, metered)).toBe(0n);
  });

  test("has nothing to say of a trip without energy", () => {
    expect(meteredGrams({ distance_m: 1_000, energy_wh: null }, metered)).toBeNull();
  });

  test("more energy, a dirtier grid or more loss never save more", () => {
    fc.assert(
      fc.property(
        distance,
        energy,
        energy,
        fc.integer({ min: 0, max: 1_200_000 }),
        fc.integer({ min: 0, max: 4_000 }),
        (m, e, more, grid, loss) => {
          const of = (wh: number, g: number, l: number) =>
            meteredGrams(
              { distance_m: m, energy_wh: wh },
              { ...metered, grid_mg_per_kwh: g, charging_loss_bps: l },
            ) as bigint;
          const base = of(e, grid, loss);
          return (
            of(e + more, grid, loss) <= base &&
            of(e, grid + 1000, loss) <= base &&
            of(e, grid, loss + 500) <= base &&
            base >= 0n
          );
        },
      ),
    );
  });

  test("is exact to the gram against rational arithmetic", () => {
    fc.assert(
      fc.property(distance, energy, fc.integer({ min: 0, max: 5_000 }), (m, e, loss) => {
        const kept = BigInt(10_000 - loss);
        const scaled = BigInt(m) * 182_000n * kept - BigInt(e) * 486_000n * 10_000n;
        const grams = meteredGrams(
          { distance_m: m, energy_wh: e },
          { ...metered, charging_loss_bps: loss },
        ) as bigint;
        const unit = kept * 1_000_000n;
        return scaled <= 0n ? grams === 0n : grams * unit <= scaled && scaled < (grams + 1n) * unit;
      }),
    );
  });

  test("refuses quantities that are not whole and factors that leave no energy", () => {
    expect(() => meteredGrams({ distance_m: 1.5, energy_wh: 1 }, metered)).toThrow("not a whole");
    expect(() =>
      meteredGrams({ distance_m: 1, energy_wh: 1 }, { ...metered, charging_loss_bps: 10_000 }),
    ).toThrow("100 %");
  });
});

describe("frozen factors", () => {
  const grid = [
    { year: 2021, grid_mg_per_kwh: 500_000, source: "a" },
    { year: 2023, grid_mg_per_kwh: 400_000, source: "b" },
  ];
  const frozen: FrozenFactors = {
    factorSet: "flat-v1/0",
    method: "flat-v1",
    ...flat,
    metered_baseline_mg_per_km: 182_000,
    charging_loss_bps: 1_000,
    grid,
  };

  test("a trip takes its year's grid factor, else the last one before, else the first one after", () => {
    expect(gridOfYear(grid, 2021)?.source).toBe("a");
    expect(gridOfYear(grid, 2022)?.source).toBe("a");
    expect(gridOfYear(grid, 2030)?.source).toBe("b");
    expect(gridOfYear(grid, 2015)?.source).toBe("a");
    expect(gridOfYear([], 2015)).toBeNull();
  });

  test("both methods are shown, one counts", () => {
    const trip = { distance_m: 100_000, energy_wh: 18_300, year: 2023 };
    const both = gramsByMethod(trip, frozen);
    expect(both.flat).toBe(10_000n);
    expect(countedGrams(trip, frozen)).toBe(10_000n);
    expect(countedGrams(trip, { ...frozen, method: "metered-v1" })).toBe(both.metered as bigint);
    expect(countedGrams({ ...trip, energy_wh: null }, { ...frozen, method: "metered-v1" })).toBe(0n);
    expect(gramsByMethod(trip, { ...frozen, grid: [] }).metered).toBeNull();
  });
});
