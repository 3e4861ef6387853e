import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { sha256Hex } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { canonical } from "@evx/proof";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { setRule } from "@evx/rules";
import { co2Factors } from "./policy.ts";
import { emissionsRouter } from "./router.ts";

setDefaultTimeout(60_000);

const t = await testDatabase();
afterAll(() => t.close());
const anybody = createCallerFactory(emissionsRouter)(testContext(t, null));

test("anybody reads what flat-v1 assumes, in both languages, and computes its hash again", async () => {
  const { items } = await anybody.factorSets();
  expect(items.map(({ factorSet, method, current, beside }) => [factorSet, method, current, beside])).toEqual(
    [
      ["flat-v1/0", "flat-v1", true, false],
      ["flat-v1-two-wheeler/0", "flat-v1", true, false],
      ["metered-v1/0", "metered-v1", false, true],
      ["metered-v1-two-wheeler/0", "metered-v1", false, true],
    ],
  );
  const { hash, content } = await anybody.factorSet({ hash: items[0]?.hash ?? "" });
  expect(hash).toBe(await sha256Hex(canonical(content)));
  expect(content.factors).toEqual({ baseline_mg_per_km: 120_000, electric_mg_per_km: 20_000 });
  expect(content.formula.en).toBe("km × (petrol 120 g/km − electric 20 g/km)");
  expect(content.formula.vi).toContain("xe xăng 120 g/km − xe điện 20 g/km");
  for (const { en, vi } of content.assumptions)
    expect([en.length > 10, vi.length > 10]).toEqual([true, true]);
});

test("the figures that metered-v1 shows beside are public too: each grid factor has its year, source and licence, of one publication a country", async () => {
  const { items } = await anybody.factorSets();
  const { content } = await anybody.factorSet({
    hash: items.find(({ factorSet }) => factorSet === "metered-v1/0")?.hash ?? "",
  });
  expect(content.grid.length).toBeGreaterThan(100);
  for (const { year, source, licence } of content.grid)
    expect([year > 2000, source.length > 3, licence.length > 3]).toEqual([true, true, true]);
  const publications = Map.groupBy(content.grid, ({ countryCode }) => countryCode);
  for (const entries of publications.values())
    expect(new Set(entries.map(({ licence }) => licence)).size).toBe(1);
});

test("another rule makes another set with another hash; the earlier one stays under its own", async () => {
  const [before] = (await anybody.factorSets()).items;
  await t.transact((tx) =>
    setRule(tx, co2Factors, {
      value: { ...co2Factors.initial, method: "metered-v1" },
      reason: "test",
      setBy: null,
    }),
  );
  const { items } = await anybody.factorSets();
  expect(items.map(({ factorSet, current }) => [factorSet, current])).toEqual([
    ["metered-v1/1", true],
    ["metered-v1-two-wheeler/1", true],
    ["flat-v1/1", false],
    ["flat-v1-two-wheeler/1", false],
    ["flat-v1/0", false],
    ["flat-v1-two-wheeler/0", false],
    ["metered-v1/0", false],
    ["metered-v1-two-wheeler/0", false],
  ]);
  expect(items[4]?.hash).toBe(before?.hash ?? "");
  const { content } = await anybody.factorSet({ hash: items[0]?.hash ?? "" });
  expect(content.grid.filter(({ countryCode }) => countryCode === "VN")).toMatchObject([
    { year: 2024, grid_mg_per_kwh: 486_130, licence: "CC BY-SA 4.0" },
  ]);
  expect(await refusalCode(anybody.factorSet({ hash: "0".repeat(64) }))).toBe("factor_set_not_found");
});
