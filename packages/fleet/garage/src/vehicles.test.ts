import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { garageRouter } from "./router.ts";
import { aVehicle, aVin } from "./testing.ts";
import { vehiclesOf, visibleVehicle } from "./vehicles.ts";

// A machine that builds and tests much at once is slow; that alone must fail nothing.
setDefaultTimeout(60_000);

const t = await testDatabase();
afterAll(() => t.close());

const callerOf = createCallerFactory(
  garageRouter({
    lastClaimedAt: async () => null,
    removeTripsAfter: async () => 0,
    stopConnection: async () => {},
  }),
);
const as = (actor: Parameters<typeof testContext>[1], locale: "en" | "vi" = "en") =>
  callerOf(testContext(t, actor, { locale }));
const car = (more = {}) => ({
  make: "VinFast",
  model: "VF 8",
  year: 2023,
  vin: aVin(),
  countryCode: "VN",
  ...more,
});

describe("registering", () => {
  test("a zone is taken by its old name as well, and kept by today's", async () => {
    const owner = await aUser(t);
    const { vehicle } = await as(owner).create(car({ countryCode: "UA", zone: "Europe/Kiev" }));
    expect(vehicle.zone).toBe("Europe/Kyiv");
    // As an earlier release kept it: sent back unchanged, it is not another zone.
    const old = await as(owner).create(car({ countryCode: "UA" }));
    await t.db
      .updateTable("vehicles.vehicle")
      .set({ zone: "Europe/Kiev" })
      .where("id", "=", old.vehicle.id)
      .execute();
    const audits = () =>
      t.db.selectFrom("identity.audit").where("action", "=", "vehicle.zone").select("object").execute();
    const before = await audits();
    expect((await as(owner).change({ id: old.vehicle.id, zone: "Europe/Kyiv" })).vehicle.zone).toBe(
      "Europe/Kiev",
    );
    expect(await audits()).toEqual(before);
  });

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
    expect((await vehiclesOf(t.db, owner.id)).map((item) => item.id)).toEqual([vehicle.id]);
    expect(await vehiclesOf(t.db, other.id)).toEqual([]);
    expect(await refusalCode(visibleVehicle(t.db, other, vehicle.id))).toBe("vehicle_not_found");
    const auditor = await aUser(t, { role: "cva" });
    expect((await visibleVehicle(t.db, auditor, vehicle.id)).id).toBe(vehicle.id);
    expect(
      await refusalCode(visibleVehicle(t.db, await aUser(t, { role: "cva", accredited: false }), vehicle.id)),
    ).toBe("vehicle_not_found");
  });

  test("an auditor looks at a car and not at its plate, nor at what its owner calls it", async () => {
    const owner = await aUser(t);
    const named = car({ vin: "RLLV1AB23RH000155", plate: "30K-123.45", label: "Lan's, at Hàng Bông 12" });
    const { vehicle } = await as(owner).create(named);
    const seenBy = async (actor: Parameters<typeof visibleVehicle>[1]) => {
      const { plate, label } = await visibleVehicle(t.db, actor, vehicle.id);
      return [plate, label];
    };
    expect(await seenBy(owner)).toEqual(["30K-123.45", "Lan's, at Hàng Bông 12"]);
    expect(await seenBy(await aUser(t, { role: "admin" }))).toEqual(await seenBy(owner));
    expect(await seenBy(await aUser(t, { role: "cva" }))).toEqual([null, null]);
  });

  test("a buyer cannot register a vehicle", async () => {
    expect(await refusalCode(as(await aUser(t, { role: "buyer" })).create(car()))).toBe("role_required");
  });

  test("a broken VIN, a wrong check digit where it counts, an impossible year: refused with nothing saved", async () => {
    const owner = await aUser(t);
    expect(await refusalCode(as(owner).create(car({ vin: "1M8GDM9AXKP04278" })))).toBe(
      "vehicle_vin_malformed",
    );
    expect(await refusalCode(as(owner).create(car({ vin: "1M8GDM9A1KP042788" })))).toBe(
      "vehicle_vin_check_digit",
    );
    expect(await refusalCode(as(owner).create(car({ year: 1800 })))).toBe("vehicle_year_impossible");
    expect(await vehiclesOf(t.db, owner.id)).toEqual([]);
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
    const outcomes = await Promise.all([refusalCode(as(a).create(input)), refusalCode(as(b).create(input))]);
    expect(outcomes.sort()).toEqual(["none", "vehicle_of_another"]);
    const holder = outcomes[0] === "none" ? a : b;
    expect(["vehicle_registered", "vehicle_of_another"]).toContain(
      await refusalCode(as(holder).create(input)),
    );
  });

  test("a known scooter is never taken for more, at first or later", async () => {
    const owner = await aUser(t);
    const scooter = { ...car(), make: "VinFast", model: "Feliz S" };
    for (const kind of ["car", "van", "quadricycle"] as const)
      expect(await refusalCode(as(owner).create({ ...scooter, class: kind }))).toBe("vehicle_two_wheeler");
    const { vehicle } = await as(owner).create(scooter);
    expect(vehicle.class).toBe("motorcycle");
    expect(await refusalCode(as(owner).change({ id: vehicle.id, class: "car" }))).toBe("vehicle_two_wheeler");
    const other = (await as(owner).create({ ...car(), make: "Nobody", model: "Knows" })).vehicle;
    expect(other.class).toBe("car");
    expect(
      await refusalCode(as(owner).change({ id: other.id, make: "Yadea", model: "Odora", class: "car" })),
    ).toBe("vehicle_two_wheeler");
    expect((await as(owner).change({ id: other.id, class: "motorcycle" })).vehicle.class).toBe("motorcycle");
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
