import { afterAll, afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { handOver, lockCar } from "@evx/garage";
import { garageRouter } from "@evx/garage/router";
import { aVehicle } from "@evx/garage/testing";
import { day_ms, type Id, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { createCallerFactory, mergeRouters } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import fc from "@evx/tooling/properties";
import { sql } from "kysely";
import { claimTrips, releaseTrips } from "./claims.ts";
import { removeTripsAfter } from "./queries/removal.ts";
import { totalsAgainstRecount } from "./queries/totals.ts";
import { rebuildDays } from "./rebuild.ts";
import { tripsRouter } from "./router.ts";
import { candidateOf, expectTotalsMatch, recordCandidates, someTrips } from "./testing.ts";

// A machine that builds and tests much at once is slow; that alone must fail nothing.
setDefaultTimeout(120_000);

const t = await testDatabase();
afterEach(() => expectTotalsMatch(t.db));
afterAll(() => t.close());

const garagePorts = {
  lastClaimedAt: async () => null,
  removeTripsAfter,
  stopConnection: async () => {},
};
const callerOf = createCallerFactory(mergeRouters(garageRouter(garagePorts), tripsRouter));
const as = (actor: Parameters<typeof testContext>[1]) => callerOf(testContext(t, actor));

/** A vehicle in a zone with trips at these moments, 20 km and 2,000 g each. */
const driven = async (zone: string, starts: readonly string[], more: { minutes?: number } = {}) => {
  const owner = await aUser(t);
  const vehicle = await aVehicle(t, owner, { zone });
  await recordCandidates(
    t,
    vehicle,
    starts.map((start) => candidateOf(Date.parse(start), more)),
  );
  const series = async (period: "day" | "month" | "year", bounds: { from?: string; to?: string } = {}) =>
    (await as(owner).co2Savings({ id: vehicle.id, period, ...bounds })).series.map((row) => row.period);
  return { owner, vehicle, series };
};

describe("a trip belongs to the local day of its start", () => {
  test("05:00 on 1 January in Vietnam is that day, that month and that year", async () => {
    const { owner, vehicle, series } = await driven("Asia/Ho_Chi_Minh", ["2025-12-31T22:00:00Z"]);
    expect([await series("day"), await series("month"), await series("year")]).toEqual([
      ["2026-01-01"],
      ["2026-01"],
      ["2026"],
    ]);
    const own = await as(owner).savings({ period: "day" });
    expect(own.series).toMatchObject([{ period: "2026-01-01", trips: 1, claimedKg: 0 }]);
    const trips = (bounds: { from?: string; to?: string }) =>
      as(owner)
        .trips({ id: vehicle.id, ...bounds })
        .then((page) => page.items.length);
    expect(await trips({ from: "2026-01-01", to: "2026-01-01" })).toBe(1);
    expect(await trips({ to: "2025-12-31" })).toBe(0);
    // A moment is a moment, wherever the car is.
    expect(await trips({ to: "2026-01-01T00:00:00Z" })).toBe(1);
    expect(await trips({ from: "2026-01-01T00:00:00Z" })).toBe(0);
    expect(await trips({ from: "2026-01-01T05:00:00+07:00" })).toBe(1);
  });

  test("23:30 on 31 December in Hanoi is the old year, though the drive ends in the new one", async () => {
    const { series } = await driven("Asia/Ho_Chi_Minh", ["2025-12-31T16:30:00Z"], { minutes: 90 });
    expect([await series("day"), await series("year")]).toEqual([["2025-12-31"], ["2025"]]);
  });

  test("one moment is three days: Honolulu, London, Kiritimati", async () => {
    const days = await Promise.all(
      ["Pacific/Honolulu", "Europe/London", "Pacific/Kiritimati"].map(async (zone) =>
        (await driven(zone, ["2026-01-01T09:30:00Z", "2026-01-01T10:30:00Z"])).series("day"),
      ),
    );
    expect(days).toEqual([["2025-12-31", "2026-01-01"], ["2026-01-01"], ["2026-01-01", "2026-01-02"]]);
  });

  test("days of 23 and 25 hours hold what is driven in them, in both hemispheres", async () => {
    // Berlin: clocks go forward on 30 March 2025 and back on 26 October.
    const berlin = await driven("Europe/Berlin", [
      "2025-03-29T22:59:00Z",
      "2025-03-29T23:30:00Z",
      "2025-03-30T21:00:00Z",
      "2025-03-30T22:00:00Z",
      "2025-10-25T22:00:00Z",
      "2025-10-26T22:00:00Z",
      "2025-10-26T23:00:00Z",
    ]);
    const { series } = await as(berlin.owner).co2Savings({ id: berlin.vehicle.id, period: "day" });
    expect(series.map(({ period, trips }) => [period, trips])).toEqual([
      ["2025-03-29", 1],
      ["2025-03-30", 2],
      ["2025-03-31", 1],
      ["2025-10-26", 2],
      ["2025-10-27", 1],
    ]);
    // Sydney: back on 6 April 2025, forward on 5 October.
    const sydney = await driven("Australia/Sydney", [
      "2025-04-05T13:00:00Z",
      "2025-04-06T13:30:00Z",
      "2025-04-06T14:00:00Z",
    ]);
    expect(await sydney.series("day")).toEqual(["2025-04-06", "2025-04-07"]);
    expect(await sydney.series("day", { from: "2025-04-07" })).toEqual(["2025-04-07"]);
  });

  test("a day that a zone skipped is empty, and a midnight that clocks skip begins its day", async () => {
    // Samoa had no 30 December 2011; Chile's clocks skip midnight of 7 September 2025.
    const { series } = await driven("Pacific/Apia", ["2011-12-30T09:30:00Z", "2011-12-30T10:30:00Z"]);
    expect(await series("day")).toEqual(["2011-12-29", "2011-12-31"]);
    const chile = await driven("America/Santiago", ["2025-09-07T03:30:00Z", "2025-09-07T04:30:00Z"]);
    expect(await chile.series("day")).toEqual(["2025-09-06", "2025-09-07"]);
    expect(await chile.series("day", { from: "2025-09-07", to: "2025-09-07" })).toEqual(["2025-09-07"]);
  });

  test("the file of trips says the local day, and is read back whole for another car", async () => {
    const { owner, vehicle } = await driven("Asia/Ho_Chi_Minh", [
      "2025-12-31T16:30:00Z",
      "2025-12-31T22:00:00Z",
    ]);
    const { content } = await as(owner).tripsCsv({ id: vehicle.id });
    const lines = (await new Response(content).text()).trim().split(/\r?\n/);
    expect(lines.map((line) => line.split(",").at(-1))).toEqual(["local_day", "2026-01-01", "2025-12-31"]);
  });

  test("a period of months holds only the days that are asked for", async () => {
    const { owner, vehicle } = await driven("Asia/Ho_Chi_Minh", [
      "2026-01-10T05:00:00Z",
      "2026-01-20T05:00:00Z",
    ]);
    const { series } = await as(owner).co2Savings({ id: vehicle.id, period: "month", from: "2026-01-15" });
    expect(series).toMatchObject([{ period: "2026-01", trips: 1 }]);
  });

  test("a day that does not exist is refused, not read as another", async () => {
    const { owner, vehicle } = await driven("Asia/Ho_Chi_Minh", []);
    expect(await refusalCode(as(owner).trips({ id: vehicle.id, from: "2026-02-30" }))).not.toBe("none");
  });
});

describe("requests take local days", () => {
  test("31 December is taken whole in Hanoi and nothing of 1 January", async () => {
    const { owner, vehicle } = await driven("Asia/Ho_Chi_Minh", [
      "2025-12-30T16:59:00Z",
      "2025-12-30T17:30:00Z",
      "2025-12-31T16:30:00Z",
      "2025-12-31T17:30:00Z",
    ]);
    const days = await as(owner).trips({ id: vehicle.id, from: "2025-12-31", to: "2025-12-31" });
    expect(days.items.map(({ startTime }) => startTime.slice(0, 16))).toEqual([
      "2025-12-31T16:30",
      "2025-12-30T17:30",
    ]);
  });
});

describe("zones change", () => {
  test("another zone makes other days at once, is kept in the audit trail, and an unknown one is refused", async () => {
    const { owner, vehicle, series } = await driven("Asia/Ho_Chi_Minh", ["2025-12-31T22:00:00Z"]);
    await as(owner).change({ id: vehicle.id, zone: "europe/berlin" });
    expect(await series("day")).toEqual(["2025-12-31"]);
    for (const zone of ["Mars/Olympus", "+07:00", "UTC-7", ""])
      expect(await refusalCode(as(owner).change({ id: vehicle.id, zone }))).not.toBe("none");
    const { vehicle: now } = await as(owner).change({ id: vehicle.id, make: "Other" });
    expect(now.zone).toBe("Europe/Berlin");
    const kept = await t.db
      .selectFrom("identity.audit")
      .select(["action", "before", "after"])
      .where("object", "=", vehicle.id)
      .where("action", "=", "vehicle.zone")
      .execute();
    expect(kept).toMatchObject([{ before: { zone: "Asia/Ho_Chi_Minh" }, after: { zone: "Europe/Berlin" } }]);
  });

  test("a request keeps the zone that it was made in", async () => {
    const { owner, vehicle } = await driven("Asia/Ho_Chi_Minh", [
      "2025-12-31T16:30:00Z",
      "2025-12-31T22:00:00Z",
    ]);
    const requestId = newId("request");
    const claimed = await t.transact((tx) =>
      claimTrips(tx, { requestId, vehicleId: vehicle.id, ownerId: owner.id }),
    );
    expect(claimed.years.map(({ year, trips }) => [year, trips])).toEqual([
      [2025, 1],
      [2026, 1],
    ]);
    await as(owner).change({ id: vehicle.id, zone: "Europe/Berlin" });
    const again = await t.transact((tx) =>
      claimTrips(tx, { requestId, vehicleId: vehicle.id, ownerId: owner.id }),
    );
    expect(again).toEqual(claimed);
    await t.transact((tx) => releaseTrips(tx, requestId));
  });

  test("a car that is sold to another zone has each owner's days", async () => {
    const { owner, vehicle, series } = await driven("Asia/Ho_Chi_Minh", ["2025-12-31T22:00:00Z"]);
    await t.transact((tx) => handOver(tx, garagePorts, owner, { id: vehicle.id, at: { day: "2026-01-02" } }));
    const buyer = await aUser(t);
    const bought = await aVehicle(t, buyer, {
      vin: vehicle.vin,
      countryCode: "US",
      zone: "Pacific/Honolulu",
    });
    await recordCandidates(t, bought, [candidateOf(Date.parse("2026-01-03T09:00:00Z"))]);
    expect(await series("day")).toEqual(["2026-01-01"]);
    const theirs = await as(buyer).co2Savings({ id: bought.id, period: "day" });
    expect(theirs.series.map(({ period }) => period)).toEqual(["2026-01-02"]);
    const sold = (await as(owner).byId({ id: vehicle.id })).ownedTo;
    // The day of the hand-over begins where the car was.
    expect(sold).toBe("2026-01-01T17:00:00.000Z");
  });
});

describe("code of the release before", () => {
  test("what it records, takes, gives back and removes by UTC days is followed in local days", async () => {
    const owner = await aUser(t);
    const vehicle = await aVehicle(t, owner);
    await someTrips(t, vehicle, { count: 40, from: "2025-12-20T16:30:00Z", everyMinutes: 700 });
    const row = await t.db
      .selectFrom("vehicles.vehicle")
      .select("car_id")
      .where("id", "=", vehicle.id)
      .executeTakeFirstOrThrow();
    const key = { car: row.car_id, vehicle: vehicle.id };
    await t.transact(async (tx) => {
      // As it was written then: no lock that says who keeps local days, and no local table.
      await sql`
        with gone as (delete from vehicles.trip where car_id = ${key.car} and started_at > '2026-01-03Z'
          returning month, (started_at at time zone 'UTC')::date as day, distance_m, energy_wh, co2_g),
        days as (update vehicles.day_total d set trips = d.trips - s.trips, distance_m = d.distance_m - s.distance_m,
            energy_wh = d.energy_wh - s.energy_wh, co2_g = d.co2_g - s.co2_g
          from (select day, count(*)::int as trips, sum(distance_m)::int8 as distance_m, sum(energy_wh)::int8 as energy_wh,
            sum(co2_g)::int8 as co2_g from gone group by day) s
          where d.car_id = ${key.car} and d.vehicle_id = ${key.vehicle} and d.day = s.day)
        update vehicles.month_total m set trips = m.trips - s.trips, distance_m = m.distance_m - s.distance_m,
          energy_wh = m.energy_wh - s.energy_wh, co2_g = m.co2_g - s.co2_g
        from (select month, count(*)::int as trips, sum(distance_m)::int8 as distance_m, sum(energy_wh)::int8 as energy_wh,
          sum(co2_g)::int8 as co2_g from gone group by month) s
        where m.car_id = ${key.car} and m.vehicle_id = ${key.vehicle} and m.month = s.month`.execute(tx);
    });
    expect(await totalsAgainstRecount(t.db)).toEqual([]);
    await t.transact(async (tx) => {
      await sql`
        with taken as (update vehicles.trip set status = 'claimed', request_id = 'req_00000000000000000000000000'
          where car_id = ${key.car} returning month, distance_m, co2_g)
        update vehicles.month_total m set claimed_trips = s.trips, claimed_distance_m = s.distance_m, claimed_co2_g = s.co2_g
        from (select month, count(*)::int as trips, sum(distance_m)::int8 as distance_m, sum(co2_g)::int8 as co2_g
          from taken group by month) s
        where m.car_id = ${key.car} and m.vehicle_id = ${key.vehicle} and m.month = s.month`.execute(tx);
    });
    expect(await totalsAgainstRecount(t.db)).toEqual([]);
    const own = await as(owner).savings({ period: "day" });
    expect(own.series.every(({ claimedKg, co2SavedKg }) => claimedKg === co2SavedKg)).toBe(true);
  });
});

describe("sums", () => {
  const anyZone = fc.constantFrom(...Intl.supportedValuesOf("timeZone"));
  /** Minutes around changes of years, months and clocks. */
  const moment = fc
    .tuple(
      fc.constantFrom(
        "2011-12-30",
        "2024-12-31",
        "2025-03-30",
        "2025-04-06",
        "2025-09-07",
        "2025-10-26",
        "2026-01-01",
      ),
      fc.integer({ min: -2_880, max: 2_880 }),
    )
    .map(([day, minutes]) => Date.parse(day) + minutes * 60_000);

  test("over days, months, years and trips are one sum in any zone, and a rebuild finds what grew", async () => {
    const owner = await aUser(t);
    await fc.assert(
      fc.asyncProperty(
        anyZone,
        anyZone,
        fc.uniqueArray(moment, { minLength: 1, maxLength: 25 }),
        async (zone, next, starts) => {
          const vehicle = await aVehicle(t, owner, { zone });
          const candidates = starts.map((start) => candidateOf(start, { minutes: 1, distanceKm: 1 }));
          await recordCandidates(t, vehicle, candidates);
          const sums = async () => {
            const all = await Promise.all(
              (["day", "month", "year"] as const).map((period) =>
                as(owner).co2Savings({ id: vehicle.id, period }),
              ),
            );
            const [days, months, years] = all.map((one) => one.series);
            for (const one of all)
              expect([one.totalTrips, one.totalDistanceKm, one.credits]).toEqual([
                all[0]?.totalTrips,
                all[0]?.totalDistanceKm,
                all[0]?.credits,
              ] as never);
            const grouped = (length: number) => {
              const found = new Map<string, number>();
              for (const row of days ?? []) {
                const name = row.period.slice(0, length);
                found.set(name, (found.get(name) ?? 0) + row.trips);
              }
              return [...found];
            };
            expect((months ?? []).map(({ period, trips }) => [period, trips])).toEqual(grouped(7));
            expect((years ?? []).map(({ period, trips }) => [period, trips])).toEqual(grouped(4));
            const page = await as(owner).trips({ id: vehicle.id, limit: 100 });
            expect(page.items.length).toBe(all[0]?.totalTrips as number);
            // A day's trips are those that its own bounds find, and so are a request's.
            for (const day of days ?? []) {
              const within = await as(owner).trips({ id: vehicle.id, from: day.period, to: day.period });
              expect([day.period, within.items.length]).toEqual([day.period, day.trips]);
            }
            return all;
          };
          await sums();
          await as(owner).change({ id: vehicle.id, zone: next });
          const grown = await sums();
          await rebuildDays(t, null);
          expect(await sums()).toEqual(grown);
          await t.transact(async (tx) => {
            const car = await tx
              .selectFrom("vehicles.vehicle")
              .select("car_id")
              .where("id", "=", vehicle.id)
              .executeTakeFirstOrThrow();
            await lockCar(tx, car.car_id);
            await removeTripsAfter(tx, {
              carId: car.car_id,
              vehicleId: vehicle.id as Id<"vehicle">,
              at: new Date(Math.min(...starts) - day_ms),
            });
          });
          await expectTotalsMatch(t.db);
        },
      ),
      { numRuns: 25 },
    );
  });
});
