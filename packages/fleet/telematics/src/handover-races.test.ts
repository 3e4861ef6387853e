import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { sql } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { aVehicle, aVin } from "@evx/garage/testing";
import { fileOf, streamOf } from "@evx/imports/testing";
import { day_ms, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { claimTrips } from "@evx/trips";
import { expectTotalsMatch, someTrips } from "@evx/trips/testing";
import { fleetRouter } from "./fleet.testing.ts";

// A machine that builds and tests much at once is slow; that alone must fail nothing.
setDefaultTimeout(120_000);

const t = await testDatabase({ max: 20 });
afterAll(() => t.close());

const callerOf = createCallerFactory(fleetRouter);
const as = (actor: Parameters<typeof testContext>[1]) => callerOf(testContext(t, actor));

const first = Date.UTC(2026, 0, 5, 8);
const sold = new Date(first + 10.5 * day_ms);
/** Twenty days, a trip a day: eleven before the car is sold, nine after it. */
const file = fileOf(20, { from: first, everyMinutes: 1_440 });

const tripsOf = async (vehicleId: string) => {
  const { rows } = await sql<{ id: string; started_at: Date; ended_at: Date; claimed: boolean }>`
    select id, started_at, ended_at, request_id is not null as claimed
    from vehicles.trip where vehicle_id = ${vehicleId} order by started_at`.execute(t.db);
  return rows;
};

/** Starts all at once, beginning with another one each time. */
const together = <T>(round: number, all: readonly (() => Promise<T>)[]): Promise<T[]> =>
  Promise.all(
    [...all.slice(round % all.length), ...all.slice(0, round % all.length)].map((start) => start()),
  );

test("hand-over, import and claim of one car at once: nothing of the next owner's time is claimed, and each trip counts once", async () => {
  const ends = new Map<string, number>();
  for (let round = 0; round < 16; round++) {
    const [seller, buyer] = [await aUser(t), await aUser(t)];
    const vin = aVin();
    const car = await aVehicle(t, seller, { vin });
    await someTrips(t, car, { count: 3, from: new Date(first), everyMinutes: 1_440 });
    const upload = (who: typeof seller, id: typeof car.id) =>
      refusalCode(as(who).importTrips({ id, content: streamOf(file), fileName: `${id}.csv` }));
    const claim = () =>
      refusalCode(
        t.transact((tx) =>
          claimTrips(tx, { requestId: newId("request"), vehicleId: car.id, ownerId: seller.id }),
        ),
      );
    let handedOver = "";
    await together(round, [
      () => upload(seller, car.id),
      claim,
      async () => {
        handedOver = await refusalCode(as(seller).handOver({ id: car.id, at: sold.toISOString() }));
        return handedOver;
      },
      claim,
    ]);
    expect(["none", "vehicle_handover_before_claims"]).toContain(handedOver);
    ends.set(handedOver, (ends.get(handedOver) ?? 0) + 1);
    const kept = await tripsOf(car.id);
    expect(new Set(kept.map(({ id }) => id)).size).toBe(kept.length);
    if (handedOver !== "none") {
      // A request holds a trip after the sale, so the car is still the seller's with all twenty.
      expect(kept.some(({ claimed, ended_at }) => claimed && ended_at > sold)).toBe(true);
      await expectTotalsMatch(t.db);
      continue;
    }
    expect(kept.filter(({ ended_at }) => ended_at > sold)).toEqual([]);
    // The buyer brings the same file: theirs is what came after the sale, and only that.
    const bought = await aVehicle(t, buyer, { vin });
    await upload(buyer, bought.id);
    const theirs = await tripsOf(bought.id);
    expect(theirs.length).toBe(9);
    const all = [...kept, ...theirs].toSorted((a, b) => Number(a.started_at) - Number(b.started_at));
    for (const [place, trip] of all.entries())
      expect(Number(all[place - 1]?.ended_at ?? 0)).toBeLessThanOrEqual(Number(trip.started_at));
    await expectTotalsMatch(t.db);
  }
  expect(ends.get("none")).toBeGreaterThan(0);
});
