import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { refusalCode } from "@evx/kernel/testing";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import iso from "i18n-iso-countries";
import { gridOfYear } from "./co2.ts";
import { bundledGrid, factorsAt } from "./factors.ts";
import { emissionsRouter } from "./router.ts";

// A machine that builds and tests much at once is slow; that alone must fail nothing.
setDefaultTimeout(60_000);

const t = await testDatabase();
afterAll(() => t.close());

const callerOf = createCallerFactory(emissionsRouter);
const as = (actor: Parameters<typeof testContext>[1], locale: "en" | "vi" = "en") =>
  callerOf(testContext(t, actor, { locale }));
test("a country's factors come from one publication for all years: Ember's, where it has the country", () => {
  expect(bundledGrid("VN")).toEqual([
    {
      year: 2024,
      grid_mg_per_kwh: 486_130,
      source: "Ember 2024, lifecycle gCO2e/kWh of generation (@tgwf/co2 0.19.0)",
      licence: "CC BY-SA 4.0",
    },
  ]);
  for (const year of [2021, 2023, 2025])
    expect(gridOfYear(bundledGrid("VN"), year)?.grid_mg_per_kwh).toBe(486_130);
  expect(bundledGrid("XX")).toEqual([]);
});

test("no country mixes publications, and each factor names its source, year and licence", () => {
  const publications = new Set<string>();
  for (const country of Object.keys(iso.getAlpha2Codes())) {
    const grid = bundledGrid(country);
    const named = new Set(grid.map(({ source, licence }) => `${source.split(" 20")[0]}, ${licence}`));
    expect(named.size).toBeLessThanOrEqual(1);
    for (const { year, source } of grid) expect(source).toContain(` ${year}, `);
    expect(new Set(grid.map(({ year }) => year)).size).toBe(grid.length);
    for (const name of named) publications.add(name);
  }
  expect([...publications].sort()).toEqual(["Electricity Maps, ODbL 1.0", "Ember, CC BY-SA 4.0"]);
});

test("two operators who enter the same factor at once get two versions, one after the other", async () => {
  const [one, other] = [await aUser(t, { role: "admin" }), await aUser(t, { role: "admin" })];
  const factor = { countryCode: "LA", year: 2024, source: "Ministry of energy" };
  await Promise.all([
    as(one).setGridFactor({ ...factor, gramsPerKwh: 300 }),
    as(other).setGridFactor({ ...factor, gramsPerKwh: 310 }),
  ]);
  const { items } = await as(one).gridFactorHistory({ countryCode: "LA" });
  expect(items.map((entry) => entry.version)).toEqual([2, 1]);
  expect(items.map((entry) => entry.gramsPerKwh).sort()).toEqual([300, 310]);
});

test("an operator's factor with a source stands over the bundled one, versions are kept", async () => {
  const admin = await aUser(t, { role: "admin" });
  expect(
    await refusalCode(
      as(await aUser(t)).setGridFactor({
        countryCode: "VN",
        year: 2024,
        gramsPerKwh: 500,
        source: "MONRE 2025",
      }),
    ),
  ).toBe("role_required");
  await as(admin).setGridFactor({
    countryCode: "VN",
    year: 2024,
    gramsPerKwh: 659.2,
    source: "MONRE 2025, decision 1",
  });
  const view = await as(admin).setGridFactor({
    countryCode: "VN",
    year: 2024,
    gramsPerKwh: 660.1,
    source: "MONRE 2025, corrected",
  });
  const trail = await as(admin).gridFactorHistory({ countryCode: "VN" });
  expect(trail.items.map((entry) => [entry.year, entry.version, entry.gramsPerKwh, entry.source])).toEqual([
    [2024, 2, 660.1, "MONRE 2025, corrected"],
    [2024, 1, 659.2, "MONRE 2025, decision 1"],
  ]);
  expect(new Set(trail.items.map((entry) => entry.setBy)).size).toBe(1);
  expect(view.factors.find((entry) => entry.year === 2024)).toEqual({
    year: 2024,
    gramsPerKwh: 660.1,
    source: "MONRE 2025, corrected",
    licence: null,
    version: 2,
  });
  expect(
    (await factorsAt(t.db, "VN", new Date("2026-02-01T00:00:00Z"))).grid.find((entry) => entry.year === 2024)
      ?.grid_mg_per_kwh,
  ).toBe(486_130);
});
