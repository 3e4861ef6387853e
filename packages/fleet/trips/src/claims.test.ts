import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { handOver } from "@evx/garage";
import { aVehicle, aVin } from "@evx/garage/testing";
import { type Id, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import fc from "@evx/tooling/properties";
import { sql } from "kysely";
import { claimedTotals, claimTrips, releaseTrips, tripsOfRequest, verifyTrips } from "./claims.ts";
import { lastClaimedAt } from "./queries/claims.ts";
import { removeTripsAfter } from "./queries/removal.ts";
import { expectTotalsMatch, someTrips } from "./testing.ts";

// A machine that builds and tests much at once is slow; that alone must fail nothing.
setDefaultTimeout(60_000);

const t = await testDatabase({ max: 20 });
afterAll(() => t.close());

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
    const car = await aCar(10, { from: "2026-01-05T08:00:00Z" });
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
    expect(taken.years).toMatchObject([{ year: 2026, trips: 3, co2_g: 6_000n }]);
    expect((await claim(car)).tripCount).toBe(7);
    expect(await refusalCode(claim(car))).toBe("trips_none_to_claim");
    await expectTotalsMatch(t.db);
  });

  test("a repeated claim of the same request answers what it holds", async () => {
    const car = await aCar(4);
    const requestId = newId("request");
    expect(await claim(car, requestId)).toEqual(await claim(car, requestId));
  });

  test("another's vehicle is not found", async () => {
    const car = await aCar(1);
    expect(await refusalCode(claim({ id: car.id, ownerId: (await aUser(t)).id }))).toBe("vehicle_not_found");
  });

  test("twenty requests at once for the same trips: exactly one gets them", async () => {
    const car = await aCar(50);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => refusalCode(claim(car))));
    expect(outcomes.filter((code) => code === "none").length).toBe(1);
    expect(outcomes.filter((code) => code === "trips_none_to_claim").length).toBe(19);
    await expectTotalsMatch(t.db);
  });

  test("two transactions that claim two cars in opposite order both end: one gets all, the other nothing", async () => {
    const [a, b] = [await aCar(20), await aCar(20)];
    // The months' partitions of claims are made by the first claim, not while two wait for one another.
    await claim(await aCar(20));
    let runs = 0;
    let holding = 0;
    const both = Promise.withResolvers<void>();
    const claimBoth = (first: Car, second: Car) =>
      t.transact(async (tx) => {
        runs++;
        const take = (car: Car) =>
          claimTrips(tx, { requestId: newId("request"), vehicleId: car.id, ownerId: car.ownerId });
        await take(first);
        // Neither goes on until each holds the car that the other wants next.
        if (++holding === 2) both.resolve();
        await both.promise;
        await take(second);
      });
    const outcomes = await Promise.all([refusalCode(claimBoth(a, b)), refusalCode(claimBoth(b, a))]);
    expect(outcomes.sort()).toEqual(["none", "trips_none_to_claim"]);
    // The database ended one of the two, or on a busy machine both, and it was run again.
    expect(runs).toBeGreaterThanOrEqual(3);
    const rows = await t.db
      .selectFrom("vehicles.trip")
      .select(["vehicle_id", "request_id"])
      .where("vehicle_id", "in", [a.id, b.id])
      .distinct()
      .execute();
    expect(rows.length).toBe(2);
    expect(rows.every((row) => row.request_id !== null)).toBe(true);
    await expectTotalsMatch(t.db);
  });

  test("two owners of one physical car, claiming the same time: the database refuses the second, whatever code forgot", async () => {
    const vin = aVin();
    const [seller, buyer] = [await aUser(t), await aUser(t)];
    const sold = await aVehicle(t, seller, { vin });
    await someTrips(t, sold, { count: 10 });
    await t.transact((tx) =>
      handOver(
        tx,
        { lastClaimedAt, removeTripsAfter, stopConnection: async () => {} },
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
    const outcomes = await Promise.all([refusalCode(claim(sold)), refusalCode(claim(bought))]);
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
        { lastClaimedAt, removeTripsAfter, stopConnection: async () => {} },
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
    expect(await refusalCode(claim(car))).toBe("trips_none_to_claim");
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
      await refusalCode(t.transact((tx) => releaseTrips(tx, requestId, [own?.id as Id<"trip">, foreign.id]))),
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
              const code = await refusalCode(
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
