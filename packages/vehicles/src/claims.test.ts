import { afterAll, describe, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { aUser } from "@evx/identity/testing";
import { type Id, newId, Refusal } from "@evx/kernel";
import { setRule } from "@evx/rules";
import fc from "fast-check";
import { sql } from "kysely";
import { claimedTotals, claimTrips, recompute, releaseTrips, tripsOfRequest, verifyTrips } from "./claims.ts";
import { countedGrams, gramsByMethod } from "./co2.ts";
import { factorsAt } from "./factors.ts";
import { co2Factors } from "./policy.ts";
import { aVehicle, aVin, expectTotalsMatch, someTrips } from "./testing.ts";
import { handOver } from "./vehicles.ts";

const t = await testDatabase({ max: 20 });
afterAll(() => t.close());

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "none",
    (error) => (error instanceof Refusal ? error.code : String(error)),
  );
const page = { limit: 100, cursor: undefined };
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

describe("claiming", () => {
  test("a request takes the recorded trips of its period, from inclusive, to exclusive", async () => {
    const car = await aCar(10);
    const taken = await claim(car, newId("request"), {
      from: new Date("2026-01-06T08:00:00Z"),
      to: new Date("2026-01-09T08:00:00Z"),
    });
    expect(taken).toMatchObject({
      tripCount: 3,
      co2Saved_g: 6_000n,
      flat_g: 6_000n,
      distance_m: 60_000,
      energy_wh: 9_600,
      method: "flat-v1",
      factorSet: "flat-v1/0",
      countryCode: "VN",
      energyTrips: 3,
      meteredTrips: 3,
    });
    expect(taken.firstAt).toEqual(new Date("2026-01-06T08:00:00Z"));
    expect(taken.lastAt).toEqual(new Date("2026-01-08T08:30:00Z"));
    expect(taken.qualityTiers.export).toEqual({ trips: 3, co2_g: 6_000n });
    expect(taken.years).toEqual([{ year: 2026, trips: 3, co2_g: 6_000n }]);
    expect((await claim(car)).tripCount).toBe(7);
    expect(await codeOf(claim(car))).toBe("trips_none_to_claim");
    await expectTotalsMatch(t.db);
  });

  test("a repeated claim of the same request answers what it holds", async () => {
    const car = await aCar(4);
    const requestId = newId("request");
    expect(await claim(car, requestId)).toEqual(await claim(car, requestId));
  });

  test("another's vehicle is not found", async () => {
    const car = await aCar(1);
    expect(await codeOf(claim({ id: car.id, ownerId: (await aUser(t)).id }))).toBe("vehicle_not_found");
  });

  test("twenty requests at once for the same trips: exactly one gets them", async () => {
    const car = await aCar(50);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => codeOf(claim(car))));
    expect(outcomes.filter((code) => code === "none").length).toBe(1);
    expect(outcomes.filter((code) => code === "trips_none_to_claim").length).toBe(19);
    await expectTotalsMatch(t.db);
  });

  test("opposite claims of two cars at once do not deadlock", async () => {
    const cars = [await aCar(20), await aCar(20)] as const;
    const both = await Promise.all([
      claim(cars[0]),
      claim(cars[1]),
      claim(cars[1], newId("request"), { to: new Date("2026-01-01") }).catch(() => null),
    ]);
    expect(both[0]?.tripCount).toBe(20);
    expect(both[1]?.tripCount).toBe(20);
  });

  test("two owners of one physical car, claiming the same time: the database refuses the second, whatever code forgot", async () => {
    const vin = aVin();
    const [seller, buyer] = [await aUser(t), await aUser(t)];
    const sold = await aVehicle(t, seller, { vin });
    await someTrips(t, sold, { count: 10 });
    await t.transact((tx) =>
      handOver(
        tx,
        { id: seller.id, role: "ev_owner" },
        { id: sold.id, at: new Date("2026-01-25T00:00:00Z") },
      ),
    );
    const bought = await aVehicle(t, buyer, { vin });
    // As if the rule on ownership had failed: the buyer's trips lie in the seller's time, at other starts.
    await t
      .transact((tx) =>
        sql`update vehicles.vehicle set owned_from = '-infinity', owned_to = '2026-01-01' where id = ${bought.id}`.execute(
          tx,
        ),
      )
      .catch(() => {});
    await t.admin.transaction().execute(async (tx) => {
      await sql`insert into vehicles.trip (month, id, car_id, vehicle_id, started_at, ended_at, distance_m, co2_g, factors_version, precision, quality, source)
        select month, 'trp_x' || right(id, 25), car_id, ${bought.id}, started_at + interval '5 minutes', ended_at + interval '5 minutes', distance_m, co2_g, factors_version, precision, quality, source
        from vehicles.trip where vehicle_id = ${sold.id}`.execute(tx);
      for (const table of ["day_total", "month_total"] as const) {
        const period = sql.ref(table === "day_total" ? "day" : "month");
        await sql`insert into ${sql.table(`vehicles.${table}`)} (car_id, vehicle_id, ${period}, trips, distance_m, energy_wh, co2_g)
          select car_id, ${bought.id}, ${period}, trips, distance_m, 0, co2_g from ${sql.table(`vehicles.${table}`)} where vehicle_id = ${sold.id}`.execute(
          tx,
        );
      }
    });
    const outcomes = await Promise.all([codeOf(claim(sold)), codeOf(claim(bought))]);
    expect(outcomes.sort()).toEqual(["none", "trips_claimed_elsewhere"]);
    await expectTotalsMatch(t.db);
  });

  test("the same trip uploaded by two owners of one car has one id, so it cannot even be recorded twice", async () => {
    const vin = aVin();
    const [seller, buyer] = [await aUser(t), await aUser(t)];
    const sold = await aVehicle(t, seller, { vin });
    await someTrips(t, sold, { count: 1 });
    await t.transact((tx) =>
      handOver(
        tx,
        { id: seller.id, role: "ev_owner" },
        { id: sold.id, at: new Date("2026-01-25T00:00:00Z") },
      ),
    );
    const bought = await aVehicle(t, buyer, { vin });
    await t.admin
      .updateTable("vehicles.vehicle")
      .set({ owned_to: new Date("2020-01-01") })
      .where("id", "=", sold.id)
      .execute();
    await t.admin
      .updateTable("vehicles.vehicle")
      .set({ owned_from: new Date("2020-01-02") })
      .where("id", "=", bought.id)
      .execute();
    expect(await someTrips(t, bought, { count: 1 })).toEqual({ imported: 0, co2_g: 0n });
  });

  test("a trip over midnight of a month's end is claimed in both months", async () => {
    const car = await aCar(1, { from: "2026-01-31T23:50:00Z" });
    const { requestId } = await claim(car);
    const rows = await t.db
      .selectFrom("vehicles.claim")
      .select(["month", sql<string>`during::text`.as("during")])
      .where("request_id", "=", requestId)
      .orderBy("month")
      .execute();
    expect(rows.map((row) => row.month)).toEqual(["2026-01-01", "2026-02-01"]);
    expect((await claimedTotals(t.db, requestId))?.tripCount).toBe(1);
  });
});

describe("releasing and verifying", () => {
  test("named trips go back with their reasons, the rest stays; what went back can be claimed again", async () => {
    const car = await aCar(5);
    const { requestId } = await claim(car);
    const { items } = await tripsOfRequest(t.db, requestId, page);
    const [first, second] = items as [(typeof items)[number], (typeof items)[number]];
    expect(
      await t.transact((tx) =>
        releaseTrips(
          tx,
          requestId,
          [{ tripId: first.id, reason: "distance_implausible" }, second.id],
          "other",
        ),
      ),
    ).toEqual({ tripCount: 2 });
    expect((await claimedTotals(t.db, requestId))?.tripCount).toBe(3);
    const back = await t.db
      .selectFrom("vehicles.trip")
      .select(["id", "status", "release_reason"])
      .where("vehicle_id", "=", car.id)
      .where("status", "=", "released")
      .orderBy("id")
      .execute();
    expect(back).toEqual([
      { id: first.id, status: "released", release_reason: "distance_implausible" },
      { id: second.id, status: "released", release_reason: "other" },
    ]);
    expect((await claim(car)).tripCount).toBe(2);
    await expectTotalsMatch(t.db);
  });

  test("releasing all frees the whole time; verified trips never come back", async () => {
    const car = await aCar(5);
    const { requestId } = await claim(car);
    expect(await t.transact((tx) => releaseTrips(tx, requestId))).toEqual({ tripCount: 5 });
    expect(await claimedTotals(t.db, requestId)).toBeNull();
    expect(await t.transact((tx) => releaseTrips(tx, requestId))).toEqual({ tripCount: 0 });
    const again = await claim(car);
    expect(await t.transact((tx) => verifyTrips(tx, again.requestId))).toEqual({ tripCount: 5 });
    expect(await t.transact((tx) => verifyTrips(tx, again.requestId))).toEqual({ tripCount: 0 });
    expect(await t.transact((tx) => releaseTrips(tx, again.requestId))).toEqual({ tripCount: 0 });
    expect(await codeOf(claim(car))).toBe("trips_none_to_claim");
    await expectTotalsMatch(t.db);
  });

  test("a name that the request does not hold refuses all, and nothing moves", async () => {
    const [car, other] = [await aCar(3), await aCar(3)];
    const { requestId } = await claim(car);
    const foreign = await t.db
      .selectFrom("vehicles.trip")
      .select("id")
      .where("vehicle_id", "=", other.id)
      .executeTakeFirstOrThrow();
    const own = (await tripsOfRequest(t.db, requestId, page)).items[0];
    expect(
      await codeOf(t.transact((tx) => releaseTrips(tx, requestId, [own?.id as Id<"trip">, foreign.id]))),
    ).toBe("trips_not_of_request");
    expect((await claimedTotals(t.db, requestId))?.tripCount).toBe(3);
  });

  test("a claimed trip cannot be changed or deleted by any code; its positions can be erased", async () => {
    const car = await aCar(1);
    await claim(car);
    for (const change of [
      sql`set distance_m = distance_m + 1`,
      sql`set co2_g = 0`,
      sql`set energy_wh = null`,
      sql`set ended_at = ended_at + interval '1 minute'`,
    ]) {
      await expect(
        t.transact((tx) => sql`update vehicles.trip ${change} where vehicle_id = ${car.id}`.execute(tx)),
      ).rejects.toThrow("cannot be changed");
    }
    await expect(
      t.transact((tx) => sql`delete from vehicles.trip where vehicle_id = ${car.id}`.execute(tx)),
    ).rejects.toThrow("cannot be deleted");
    await t.transact((tx) =>
      sql`update vehicles.trip set start_lat_e6 = null, notes = null where vehicle_id = ${car.id}`.execute(
        tx,
      ),
    );
  });

  test("claims and releases at random, at the same time: every trip is in at most one request, totals equal a recount", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            from: fc.integer({ min: 0, max: 30 }),
            days: fc.integer({ min: 1, max: 20 }),
            release: fc.boolean(),
          }),
          { minLength: 2, maxLength: 6 },
        ),
        async (steps) => {
          const car = await aCar(30);
          await Promise.all(
            steps.map(async ({ from, days, release }) => {
              const start = Date.UTC(2026, 0, 5 + from);
              const requestId = newId("request");
              const code = await codeOf(
                claim(car, requestId, { from: new Date(start), to: new Date(start + days * 86_400_000) }),
              );
              expect(["none", "trips_none_to_claim"]).toContain(code);
              if (release && code === "none") await t.transact((tx) => releaseTrips(tx, requestId));
            }),
          );
          const { rows } = await sql<{ wrong: number }>`
          select count(*)::int as wrong from vehicles.trip t where vehicle_id = ${car.id} and (request_id is not null) is distinct from
            exists (select from vehicles.claim c where c.car_id = t.car_id and c.request_id = t.request_id and c.during @> t.started_at)`.execute(
            t.db,
          );
          expect(rows[0]?.wrong).toBe(0);
          await expectTotalsMatch(t.db);
        },
      ),
      { numRuns: 8 },
    );
  });
});

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
      factors,
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

test("a page of a request's trips shows both methods and the numbers behind each flag", async () => {
  const car = await aCar(3, { energyKwh: 9 });
  const { requestId } = await claim(car);
  const first = await tripsOfRequest(t.db, requestId, { limit: 2, cursor: undefined }, "vi");
  expect(first.items.length).toBe(2);
  expect(first.items[0]).toMatchObject({ kwhPer100Km: 45, averageKmh: 40, flatCo2Kg: 2, status: "claimed" });
  expect(first.items[0]?.meteredCo2Kg).toBeLessThan(2);
  expect(first.items[0]?.flags).toEqual([
    {
      code: "energy_high",
      message: "45 kWh/100 km cao hơn mức thường gặp 35.",
      values: { kwhPer100Km: 45, kwh: 9, km: 20, limit: 35 },
    },
  ]);
  const rest = await tripsOfRequest(t.db, requestId, { limit: 2, cursor: first.nextCursor ?? undefined });
  expect(rest.items.length).toBe(1);
  expect(rest.nextCursor).toBeNull();
  expect((await tripsOfRequest(t.db, requestId, { ...page, flagged: false })).items).toEqual([]);
});
