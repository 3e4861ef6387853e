import { afterAll, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { countedGrams } from "./co2.ts";
import { factorSetByHash, factorSets } from "./factor-sets.ts";
import { baselineOf, factorsAt } from "./factors.ts";

const t = await testDatabase();
afterAll(() => t.close());

test("a scooter replaces a petrol scooter: 30 g/km by its own public set, a third of a car's", async () => {
  const at = t.clock.now();
  const trip = { distance_m: 1_000_000, energy_wh: null, year: 2026 };
  const [car, scooter] = [
    await factorsAt(t.db, "VN", at),
    await factorsAt(t.db, "VN", at, baselineOf("motorcycle")),
  ];
  expect([countedGrams(trip, car), countedGrams(trip, scooter)]).toEqual([100_000n, 30_000n]);
  expect([car.factorSet, scooter.factorSet]).toEqual(["flat-v1/0", "flat-v1-two-wheeler/0"]);
  expect(baselineOf("van")).toBe("car");
  const { items } = await factorSets(t.db, at);
  const hash = items.find(({ factorSet }) => factorSet === scooter.factorSet)?.hash ?? "";
  const { content } = await factorSetByHash(t.db, hash, at);
  expect(content.factors).toEqual({ baseline_mg_per_km: 46_000, electric_mg_per_km: 16_000 });
  expect(content.sources[0]?.url).toContain("doi.org");
  expect(content.formula.en).toBe("km × (petrol 46 g/km − electric 16 g/km)");
  expect(JSON.stringify(content.assumptions)).not.toContain("of a petrol car");
});
