import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { aVehicle, aVin } from "@evx/garage/testing";
import { newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { claimTrips } from "@evx/trips";
import { expectTotalsMatch, someTrips } from "@evx/trips/testing";
import { sql } from "kysely";
import { fleetRouter } from "./fleet.testing.ts";

// A machine that builds and tests much at once is slow; that alone must fail nothing.
setDefaultTimeout(60_000);

const t = await testDatabase();
afterAll(() => t.close());

const callerOf = createCallerFactory(fleetRouter);
const as = (actor: Parameters<typeof testContext>[1], locale: "en" | "vi" = "en") =>
  callerOf(testContext(t, actor, { locale }));
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
    expect(await refusalCode(as(seller).handOver({ id: sold.id, at }))).toBe("vehicle_handed_over");
    expect(await refusalCode(as(buyer).handOver({ id: bought.id, at: "2027-01-01T00:00:00Z" }))).toBe(
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
      await refusalCode(
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

describe("a hand-over, an import and a claim of one car at the same moment", () => {
  const steps = ["handOver", "import", "claim"] as const;
  const orders = steps.flatMap((a) =>
    steps.filter((b) => b !== a).map((b) => [a, b, ...steps.filter((c) => c !== a && c !== b)]),
  );
  test.each(orders)("%s, then %s, then %s: no trip counts twice, none stays behind", async (...order) => {
    const seller = await aUser(t);
    const vin = aVin();
    const sold = await aVehicle(t, seller, { vin });
    await someTrips(t, sold, { count: 10, from: "2026-01-05T08:00:00Z" });
    const at = "2026-01-18T00:00:00Z";
    // Trips of the afternoons before and after the hand-over.
    const lines = Array.from({ length: 20 }, (_, n) => {
      const day = `2026-01-${String(n + 5).padStart(2, "0")}`;
      return `${day}T14:00:00Z,${day}T14:30:00Z,20,3.2`;
    });
    const content = `start_time,end_time,distance_km,energy_consumed\n${lines.join("\n")}\n`;
    const requestId = newId("request");
    const run = {
      handOver: () => as(seller).handOver({ id: sold.id, at }),
      import: () =>
        as(seller).importTrips({ id: sold.id, content: new Blob([content]).stream() as ReadableStream }),
      claim: () => t.transact((tx) => claimTrips(tx, { requestId, vehicleId: sold.id, ownerId: seller.id })),
    };
    // All three wait for the car, in this order, having read whatever they read before its lock.
    const waiting: Promise<string>[] = [];
    await t.transact(async (tx) => {
      await tx
        .selectFrom("vehicles.car as c")
        .innerJoin("vehicles.vehicle as v", "v.car_id", "c.car_id")
        .select("c.car_id")
        .where("v.id", "=", sold.id)
        .forUpdate("c")
        .execute();
      for (const [place, step] of order.entries()) {
        waiting.push(refusalCode(run[step as (typeof steps)[number]]()));
        await lockWaits(place + 1);
      }
    });
    const codes = Object.fromEntries((await Promise.all(waiting)).map((code, n) => [order[n], code]));
    expect(codes.import).toBe("none");
    expect(codes.claim).toBe("none");
    const claimedAll = order.indexOf("import") < order.indexOf("claim");
    const handedOver = codes.handOver === "none";
    // Only a request that holds later trips stands in the way of the hand-over.
    const blocked = claimedAll && order.indexOf("claim") < order.indexOf("handOver");
    expect(codes.handOver).toBe(blocked ? "vehicle_handover_before_claims" : "none");
    const trips = await t.db
      .selectFrom("vehicles.trip")
      .select(["ended_at", "request_id"])
      .where("vehicle_id", "=", sold.id)
      .execute();
    expect(trips.length).toBe(handedOver ? 23 : 30);
    expect(trips.filter((trip) => trip.request_id === requestId).length).toBe(claimedAll ? trips.length : 10);
    if (handedOver) expect(trips.every((trip) => trip.ended_at <= new Date(at))).toBe(true);
    await expectTotalsMatch(t.db);
  });
});

/** Until so many transactions wait for a lock of this database. */
const lockWaits = async (count: number): Promise<void> => {
  const end = performance.now() + 20_000;
  for (;;) {
    const { rows } = await sql<{ waiting: number }>`
      select count(*)::int as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(t.admin);
    if ((rows[0]?.waiting ?? 0) >= count) return;
    if (performance.now() > end) throw new Error(`Only ${rows[0]?.waiting} wait`);
    await Bun.sleep(10);
  }
};
