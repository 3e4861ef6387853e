import { afterAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { jobContext } from "@evx/jobs/testing";
import { newId } from "@evx/kernel";
import { setRule } from "@evx/rules";
import { sql } from "kysely";
import { claimTrips } from "./claims.ts";
import { positionRetention } from "./policy.ts";
import { erasePositions } from "./retention.ts";
import { expectTotalsMatch, someTrips } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());

test("positions and notes go when their time is over, month by month; distance, time, energy and what is under review stay", async () => {
  const owner = await aUser(t);
  const [old, judged] = [await aVehicle(t, owner), await aVehicle(t, owner)];
  for (const car of [old, judged])
    await someTrips(t, car, { count: 50, notes: "Home", from: "2026-01-05T08:00:00Z" });
  await t.transact((tx) =>
    claimTrips(tx, { requestId: newId("request"), vehicleId: judged.id, ownerId: owner.id }),
  );
  await sql`update vehicles.trip set start_lat_e6 = 1, start_lon_e6 = 2, end_lat_e6 = 3, end_lon_e6 = 4`.execute(
    t.admin,
  );
  const left = async (vehicleId: string) => {
    const { rows } = await sql<{ placed: number; last: Date | null }>`
      select count(*)::int as placed, min(ended_at) as last from vehicles.trip
      where vehicle_id = ${vehicleId} and start_lat_e6 is not null and notes is not null`.execute(t.db);
    return rows[0];
  };
  const others = () =>
    sql`select sum(distance_m), sum(energy_wh), sum(co2_g), count(*) from vehicles.trip`
      .execute(t.db)
      .then(({ rows }) => rows);
  const before = await others();
  // 50 daily trips from January 5 on; kept for 30 days from March 10 on: those since February 8 stay.
  await t.transact((tx) =>
    setRule(tx, positionRetention, { value: { days: 30 }, reason: "test", setBy: null }),
  );
  t.clock.set(new Date("2026-03-10T00:00:00Z"));
  expect(await erasePositions(jobContext(t))).toBe(34);
  expect(await left(old.id)).toEqual({ placed: 16, last: new Date("2026-02-08T08:30:00Z") });
  expect(await left(judged.id)).toMatchObject({ placed: 50 });
  expect(await erasePositions(jobContext(t))).toBe(0);
  expect(await others()).toEqual(before);
  await expectTotalsMatch(t.db);
});
