import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { co2Factors, countedGrams, factorsAt, gramsByMethod, setGridFactor } from "@evx/emissions";
import { aVehicle } from "@evx/garage/testing";
import { type Id, newId } from "@evx/kernel";
import { setRule } from "@evx/rules";
import fc from "@evx/tooling/properties";
import { sql } from "kysely";
import { claimedTotals, claimTrips, recompute } from "./claims.ts";
import { expectTotalsMatch, someTrips } from "./testing.ts";

// A machine that builds and tests much at once is slow; that alone must fail nothing.
setDefaultTimeout(60_000);

const t = await testDatabase({ max: 20 });
afterAll(() => t.close());

type Car = Awaited<ReturnType<typeof aVehicle>>;
const claim = (
  car: Pick<Car, "id" | "ownerId">,
  requestId: Id<"request"> = newId("request"),
  period: { from?: Date; to?: Date } = {},
) => t.transact((tx) => claimTrips(tx, { requestId, vehicleId: car.id, ownerId: car.ownerId, ...period }));
const aCar = async (count = 10, wish = {}) => {
  const owner = await aUser(t);
  const car = await aVehicle(t, owner);
  await someTrips(t, car, { count, ...wish });
  return car;
};

describe("recomputing", () => {
  test("gives the same gram after the factors changed, by the frozen ones", async () => {
    const car = await aCar(25, { distanceKm: 12.345, everyMinutes: 700 });
    const { requestId, co2Saved_g } = await claim(car);
    await t.transact((tx) =>
      setRule(tx, co2Factors, {
        value: { ...co2Factors.initial, flat: { baseline_mg_per_km: 150_000, electric_mg_per_km: 33_333 } },
        reason: "test",
        setBy: null,
      }),
    );
    expect(await recompute(t.db, requestId)).toEqual({
      stored_g: co2Saved_g,
      recomputed_g: co2Saved_g,
      tripCount: 25,
      equal: true,
    });
    expect((await claimedTotals(t.db, requestId))?.factorSet).toBe("flat-v1/0");
  });

  test("gives the same gram after an operator entered another grid factor; the next request takes that one", async () => {
    const admin = await aUser(t, { role: "admin" });
    const metered = { ...co2Factors.initial, method: "metered-v1" as const };
    await t.transact((tx) => setRule(tx, co2Factors, { value: metered, reason: "test", setBy: null }));
    const [first, second] = [await aCar(10), await aCar(10)];
    const before = await claim(first);
    await t.transact((tx) =>
      setGridFactor(tx, admin, {
        countryCode: "VN",
        year: 2026,
        gramsPerKwh: 600,
        source: "Ministry, a later decision",
      }),
    );
    expect(await recompute(t.db, before.requestId)).toMatchObject({
      recomputed_g: before.co2Saved_g,
      equal: true,
    });
    const after = await claim(second);
    expect(after.co2Saved_g).toBeLessThan(before.co2Saved_g);
    expect((await recompute(t.db, after.requestId)).equal).toBe(true);
    await t.transact((tx) =>
      setRule(tx, co2Factors, { value: co2Factors.initial, reason: "test", setBy: null }),
    );
  });

  test("computes by what the request froze, two publications included, whatever new requests take", async () => {
    const metered = { ...co2Factors.initial, method: "metered-v1" as const };
    await t.transact((tx) => setRule(tx, co2Factors, { value: metered, reason: "test", setBy: null }));
    const { requestId, co2Saved_g } = await claim(await aCar(10));
    const grid = [
      { year: 2024, grid_mg_per_kwh: 486_130, source: "Ember 2024" },
      { year: 2025, grid_mg_per_kwh: 426_000, source: "Electricity Maps 2025" },
    ];
    const frozen = await sql<{ factors: unknown }>`
      update vehicles.claim_basis set factors = jsonb_set(factors::jsonb, '{grid}', ${JSON.stringify(grid)}::jsonb)
      where request_id = ${requestId} returning factors`.execute(t.db);
    expect(frozen.rows).toHaveLength(1);
    const again = await recompute(t.db, requestId);
    expect(again.stored_g).toBe(co2Saved_g);
    expect(again.recomputed_g).toBeGreaterThan(co2Saved_g);
    await t.transact((tx) =>
      setRule(tx, co2Factors, { value: co2Factors.initial, reason: "test", setBy: null }),
    );
  });

  test("trips recorded under an earlier version are computed again when claimed, and the totals with them", async () => {
    const car = await aCar(10);
    const version = await t.transact((tx) =>
      setRule(tx, co2Factors, {
        value: { ...co2Factors.initial, method: "metered-v1" },
        reason: "test",
        setBy: null,
      }),
    );
    const taken = await claim(car);
    expect(taken).toMatchObject({ method: "metered-v1", factorSet: `metered-v1/${version.version}` });
    expect(taken.co2Saved_g).toBe(taken.metered_g);
    expect(taken.metered_g).not.toBe(taken.flat_g);
    expect((await recompute(t.db, taken.requestId)).equal).toBe(true);
    await expectTotalsMatch(t.db);
    await t.transact((tx) =>
      setRule(tx, co2Factors, { value: co2Factors.initial, reason: "test", setBy: null }),
    );
  });

  test("the database's arithmetic and ours agree on every trip, by both methods", async () => {
    const car = await aCar(1);
    const factors = await factorsAt(t.db, "VN", t.clock.now());
    let start = Date.UTC(2018, 0, 1);
    const trips = fc.sample(
      fc.record({
        distance_m: fc.integer({ min: 1, max: 3_000_000 }),
        energy_wh: fc.option(fc.integer({ min: 1, max: 400_000 })),
        gap: fc.integer({ min: 1, max: 90 }),
      }),
      300,
    );
    const rows = trips.map(({ distance_m, energy_wh, gap }) => {
      start += gap * 86_400_000;
      return { distance_m, energy_wh, year: new Date(start).getUTCFullYear(), start };
    });
    const car_id = (
      await t.db
        .selectFrom("vehicles.vehicle")
        .select("car_id")
        .where("id", "=", car.id)
        .executeTakeFirstOrThrow()
    ).car_id;
    const months = [...new Set(rows.map((row) => `${new Date(row.start).toISOString().slice(0, 7)}-01`))];
    await sql`select vehicles.ensure_months('trip', ${months}::date[])`.execute(t.db);
    await t.admin
      .insertInto("vehicles.trip")
      .values(
        rows.map((row, n) => ({
          month: `${new Date(row.start).toISOString().slice(0, 7)}-01`,
          id: `trp_${n}` as Id<"trip">,
          car_id,
          vehicle_id: car.id,
          started_at: new Date(row.start),
          ended_at: new Date(row.start + 60_000),
          distance_m: row.distance_m,
          energy_wh: row.energy_wh,
          co2_g: 0n,
          factors_version: -1,
          precision: "exact" as const,
          quality: "manual" as const,
          source: "test",
          status: "claimed" as const,
          request_id: "req_sums" as Id<"request">,
        })),
      )
      .execute();
    const { requestSums } = await import("./queries/claims.ts");
    const sums = await requestSums(
      t.db,
      { carId: car_id, requestId: "req_sums" as Id<"request">, months },
      { factors, zone: "Asia/Ho_Chi_Minh" },
    );
    const flat = rows.reduce((sum, row) => sum + gramsByMethod(row, factors).flat, 0n);
    const metered = rows.reduce(
      (sum, row) => sum + countedGrams(row, { ...factors, method: "metered-v1" }),
      0n,
    );
    expect(sums.reduce((sum, row) => sum + row.flat_g, 0n)).toBe(flat);
    expect(sums.reduce((sum, row) => sum + row.metered_g, 0n)).toBe(metered);
    await sql`truncate vehicles.trip`.execute(t.admin);
  });
});
