import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { aVehicle, aVin } from "@evx/garage/testing";
import { aUser } from "@evx/identity/testing";
import { Refusal } from "@evx/kernel";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { expectTotalsMatch, someTrips } from "@evx/trips/testing";
import { fleetRouter } from "./fleet.testing.ts";

// A machine that builds and tests much at once is slow; that alone must fail nothing.
setDefaultTimeout(60_000);

const t = await testDatabase();
afterAll(() => t.close());

const callerOf = createCallerFactory(fleetRouter);
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
const _car = (more = {}) => ({
  make: "VinFast",
  model: "VF 8",
  year: 2023,
  vin: aVin(),
  countryCode: "VN",
  ...more,
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
