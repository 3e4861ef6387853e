import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { aUser } from "@evx/identity/testing";
import { newId, Refusal } from "@evx/kernel";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { catalogue, classOfModel, findModels } from "./catalogue.ts";
import { bundledGrid, factorsAt } from "./factors.ts";
import { vehiclesRouter } from "./router.ts";
import { aVehicle, aVin, expectTotalsMatch, someTrips } from "./testing.ts";

// A machine that builds and tests much at once is slow; that alone must fail nothing.
setDefaultTimeout(60_000);

const t = await testDatabase();
afterAll(() => t.close());

const callerOf = createCallerFactory(vehiclesRouter);
const as = (actor: Parameters<typeof testContext>[1], locale: "en" | "vi" = "en") =>
  callerOf(testContext(t, actor, { locale }));
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "none",
    (error) =>
      error.cause instanceof Refusal
        ? error.cause.code
        : error instanceof Refusal
          ? error.code
          : String(error),
  );
const car = (more = {}) => ({
  make: "VinFast",
  model: "VF 8",
  year: 2023,
  vin: aVin(),
  countryCode: "VN",
  ...more,
});

describe("registering", () => {
  test("a vehicle is answered with what was registered, in the owner's list, and to nobody else", async () => {
    const [owner, other] = [await aUser(t), await aUser(t)];
    const vin = aVin();
    const { vehicle, warnings } = await as(owner).create(
      car({ vin: ` ${vin.toLowerCase()} `, batteryKwh: 87.7 }),
    );
    expect(vehicle).toMatchObject({
      make: "VinFast",
      model: "VF 8",
      year: 2023,
      vin,
      countryCode: "VN",
      batteryKwh: 87.7,
      zone: "Asia/Ho_Chi_Minh",
    });
    expect(warnings).toEqual([]);
    expect((await as(owner).list({})).items.map((item) => item.id)).toEqual([vehicle.id]);
    expect((await as(other).list({})).items).toEqual([]);
    expect(await codeOf(as(other).byId({ id: vehicle.id }))).toBe("vehicle_not_found");
    const auditor = await aUser(t, { role: "cva" });
    expect((await as(auditor).byId({ id: vehicle.id })).id).toBe(vehicle.id);
    expect(
      await codeOf(as(await aUser(t, { role: "cva", accredited: false })).byId({ id: vehicle.id })),
    ).toBe("vehicle_not_found");
  });

  test("a buyer cannot register a vehicle", async () => {
    expect(await codeOf(as(await aUser(t, { role: "buyer" })).create(car()))).toBe("role_required");
  });

  test("a broken VIN, a wrong check digit where it counts, an impossible year: refused with nothing saved", async () => {
    const owner = await aUser(t);
    expect(await codeOf(as(owner).create(car({ vin: "1M8GDM9AXKP04278" })))).toBe("vehicle_vin_malformed");
    expect(await codeOf(as(owner).create(car({ vin: "1M8GDM9A1KP042788" })))).toBe("vehicle_vin_check_digit");
    expect(await codeOf(as(owner).create(car({ year: 1800 })))).toBe("vehicle_year_impossible");
    expect((await as(owner).list({})).items).toEqual([]);
  });

  test("a European VIN without check digit and a maker that differs are warnings in the reader's language", async () => {
    const owner = await aUser(t);
    const { warnings } = await as(owner, "vi").create(car({ vin: "WVWZZZ1JZXW000001" }));
    expect(warnings.map((warning) => warning.code)).toEqual(["vin_check_digit_unusual", "vin_maker_differs"]);
    expect(warnings[1]?.message).toBe("Số VIN chỉ ra hãng Volkswagen; bạn đã ghi VinFast.");
  });

  test("the same request under the same name registers one vehicle", async () => {
    const owner = await aUser(t);
    const input = car();
    const id = newId("vehicle");
    const context = { ...testContext(t, owner), nameFor: async () => id as never };
    const first = await callerOf(context).create(input);
    expect(await callerOf(context).create(input)).toEqual(first);
  });

  test("one car has one owner at a time, also when two register it at the same moment", async () => {
    const [a, b] = [await aUser(t), await aUser(t)];
    const input = car();
    const outcomes = await Promise.all([codeOf(as(a).create(input)), codeOf(as(b).create(input))]);
    expect(outcomes.sort()).toEqual(["none", "vehicle_of_another"]);
    const holder = outcomes[0] === "none" ? a : b;
    expect(["vehicle_registered", "vehicle_of_another"]).toContain(await codeOf(as(holder).create(input)));
  });

  test("the database itself refuses two owners at once", async () => {
    const vehicle = await aVehicle(t, await aUser(t));
    const attempt = t.transact(async (tx) => {
      const row = await tx
        .selectFrom("vehicles.vehicle")
        .selectAll()
        .where("id", "=", vehicle.id)
        .executeTakeFirstOrThrow();
      const { owned_from: _, owned_to: __, import_settings: ___, ...rest } = row;
      await tx
        .insertInto("vehicles.vehicle")
        .values({ ...rest, id: newId("vehicle") })
        .execute();
    });
    await expect(attempt).rejects.toThrow("one_owner_at_a_time");
  });
});

describe("hand-over", () => {
  test("the buyer's trips start where the seller's end, and the seller keeps theirs", async () => {
    const [seller, buyer] = [await aUser(t), await aUser(t)];
    const vin = aVin();
    const sold = await aVehicle(t, seller, { vin });
    await someTrips(t, sold, { count: 5, from: "2026-01-05T08:00:00Z" });
    const at = "2026-01-20T00:00:00Z";
    const { vehicle } = await as(seller).handOver({ id: sold.id, at });
    expect(vehicle.ownedTo).toBe("2026-01-20T00:00:00.000Z");
    const bought = await aVehicle(t, buyer, { vin });
    expect(bought.ownedFrom).toEqual(new Date(at));
    await expect(someTrips(t, bought, { from: "2026-01-12T08:00:00Z" })).rejects.toThrow("outside_ownership");
    await expect(someTrips(t, sold, { from: "2026-01-25T08:00:00Z" })).rejects.toThrow("outside_ownership");
    await someTrips(t, bought, { from: "2026-01-25T08:00:00Z" });
    expect((await as(seller).trips({ id: sold.id })).items.length).toBe(5);
    expect((await as(buyer).trips({ id: bought.id })).items.length).toBe(1);
    expect(await codeOf(as(seller).handOver({ id: sold.id, at }))).toBe("vehicle_handed_over");
    expect(await codeOf(as(buyer).handOver({ id: bought.id, at: "2027-01-01T00:00:00Z" }))).toBe(
      "vehicle_handover_in_future",
    );
    await expectTotalsMatch(t.db);
  });
  test("trips after the cut-off leave the seller with the car, so they count once, for the buyer", async () => {
    const [seller, buyer] = [await aUser(t), await aUser(t)];
    const vin = aVin();
    const sold = await aVehicle(t, seller, { vin });
    await someTrips(t, sold, { count: 6, from: "2026-01-05T08:00:00Z", everyMinutes: 1_440 });
    await as(seller).handOver({ id: sold.id, at: "2026-01-08T00:00:00Z" });
    const kept = await as(seller).trips({ id: sold.id });
    expect(kept.items.map((trip) => trip.startTime.slice(0, 10))).toEqual([
      "2026-01-07",
      "2026-01-06",
      "2026-01-05",
    ]);
    await expectTotalsMatch(t.db);
    const bought = await aVehicle(t, buyer, { vin });
    await someTrips(t, bought, { count: 3, from: "2026-01-08T08:00:00Z", everyMinutes: 1_440 });
    expect((await as(buyer).trips({ id: bought.id })).items.length).toBe(3);
    await expectTotalsMatch(t.db);
  });
});

describe("odometer", () => {
  test("cannot run backwards, and trips are held against what was driven", async () => {
    const owner = await aUser(t);
    const vehicle = await aVehicle(t, owner);
    await as(owner).readOdometer({ id: vehicle.id, readAt: "2026-01-01T00:00:00Z", odometerKm: 10_000 });
    await as(owner).readOdometer({ id: vehicle.id, readAt: "2026-01-11T00:00:00Z", odometerKm: 10_100 });
    await as(owner).readOdometer({ id: vehicle.id, readAt: "2026-01-21T00:00:00Z", odometerKm: 10_150 });
    expect(
      await codeOf(
        as(owner).readOdometer({ id: vehicle.id, readAt: "2026-01-15T00:00:00Z", odometerKm: 10_050 }),
      ),
    ).toBe("odometer_backwards");
    await someTrips(t, vehicle, { count: 5, from: "2026-01-02T08:00:00Z" });
    await someTrips(t, vehicle, { count: 5, from: "2026-01-12T08:00:00Z" });
    const picture = await as(owner).odometer({ id: vehicle.id });
    expect(picture.stretches.map((stretch) => [stretch.drivenKm, stretch.tripsKm, stretch.verdict])).toEqual([
      [100, 100, "matches"],
      [50, 100, "excess"],
    ]);
    expect(picture).toMatchObject({ drivenKm: 150, tripsKm: 200, excess: true });
  });
});

describe("catalogue and factors", () => {
  test("a kind that is not told comes from the catalogue; what it does not know is a car", () => {
    const kinds = [
      ["Renault", "Twizy 80"],
      ["citroen", "AMI"],
      ["VinFast", "Feliz S"],
      ["Ford", "E-Transit"],
      ["Tesla", "Model 3"],
      ["Renault", "Twizymore"],
    ].map(([make = "", model = ""]) => classOfModel(make, model));
    expect(kinds).toEqual(["quadricycle", "quadricycle", "motorcycle", "van", "car", "car"]);
  });

  test("models are found by the beginnings of words, in any order and without accents", () => {
    expect(findModels("vf 8").map((entry) => entry.model)).toContain("VF 8");
    expect(findModels("skoda eny").length).toBe(3);
    expect(findModels("8 vinf").map((entry) => entry.model)).toEqual(["VF 8"]);
    expect(findModels("zzz")).toEqual([]);
    for (const entry of catalogue) {
      expect(entry.batteryKwh, entry.model).toBeGreaterThan(1);
      expect(entry.kwhPer100Km, entry.model).toBeGreaterThan(1);
    }
  });

  test("Vietnam's reference factor is Ember's 486.13 g/kWh, other years come from Electricity Maps", () => {
    const grid = bundledGrid("VN");
    expect(grid.find((entry) => entry.year === 2024)).toMatchObject({ grid_mg_per_kwh: 486_130 });
    expect(grid.length).toBeGreaterThan(3);
    expect(grid.every((entry) => entry.source.length > 20)).toBe(true);
    expect(bundledGrid("XX")).toEqual([]);
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
      await codeOf(
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
    expect(view.factors.filter((entry) => entry.version === null).length).toBeGreaterThan(0);
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
      version: 2,
    });
    expect(
      (await factorsAt(t.db, "VN", new Date("2026-02-01T00:00:00Z"))).grid.find(
        (entry) => entry.year === 2024,
      )?.grid_mg_per_kwh,
    ).toBe(486_130);
  });
});
