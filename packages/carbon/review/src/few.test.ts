import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testPorts } from "@evx/certificates/testing";
import { testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { type Id, minute_ms } from "@evx/kernel";
import { candidateOf, recordCandidates } from "@evx/trips/testing";
import { reviewDetail } from "./reads.ts";
import { type Drive, randomOf, reviewing } from "./reviewing.testing.ts";
import { aRequest } from "./testing.ts";

setDefaultTimeout(120_000);

const t = await testDatabase();
const ports = await testPorts();
afterAll(() => t.close());
const { aReviewer, approve } = reviewing(t, ports);

const drives = (seed: number, count: number): Drive[] => {
  const random = randomOf(seed);
  let at = Date.UTC(2023, 5, 1) + random(86_400) * 1000;
  return Array.from({ length: count }, () => {
    at += (4_200 + random(42_000)) * 1000;
    const seconds = 720 + random(2_700);
    return { start: at, end: at + seconds * 1000, km: (seconds * (25 + random(40))) / 3_600 };
  });
};

/** A request over drives, in one file, for a car of a new owner. */
const asked = async (trips: readonly Drive[]): Promise<Id<"request">> => {
  const owner = await aUser(t);
  const vehicleId = (await aVehicle(t, owner)).id;
  const all = trips.map(({ start, end, km }) =>
    candidateOf(start, { minutes: (end - start) / minute_ms, distanceKm: km, energyKwh: null }),
  );
  await recordCandidates(t, { id: vehicleId }, all);
  return (await aRequest(t, { owner, vehicleId })).request.id;
};

const seen = async (id: Id<"request">) =>
  (await reviewDetail(t.db, await aReviewer(), { id, locale: "en" })).twins;

const toFive = (ms: number) => Math.round(ms / (5 * minute_ms)) * 5 * minute_ms;

/** Too few drives for their order to tell anything. */
const touched = {
  "times by a minute, distances by a percent": (trip, random) => ({
    start: trip.start + (random(3) - 1) * minute_ms,
    end: trip.end + (random(3) - 1) * minute_ms,
    km: trip.km * (0.99 + random(21) / 1000),
  }),
  "times to five minutes, distances to kilometres": ({ start, end, km }) => ({
    start: toFive(start),
    end: Math.max(toFive(end), toFive(start) + 5 * minute_ms),
    km: Math.round(km),
  }),
} satisfies Record<string, (trip: Drive, random: (most: number) => number) => Drive>;

for (const [name, change] of Object.entries(touched))
  test(`a few drives handed in once more are seen: ${name}`, async () => {
    for (const count of [4, 7, 12]) {
      const trips = drives(40 + count, count);
      await asked(trips);
      const random = randomOf(count);
      const id = await asked(trips.map((trip) => change(trip, random)));
      const twins = await seen(id);
      expect([count, twins.copied, twins.trips >= count * 0.8]).toEqual([count, true, true]);
      await expect(approve(await aReviewer(), id)).rejects.toMatchObject({
        code: "request_twin_reason_needed",
      });
    }
  });

test("neighbours with the same way to the same office, at the same hours, are no copies", async () => {
  const commute = (seed: number): Drive[] => {
    const random = randomOf(seed);
    return Array.from({ length: 10 }, (_, day) => {
      const start = Date.UTC(2023, 8, 4 + day, 8) + random(600) * 1000;
      return { start, end: start + (1_500 + random(300)) * 1000, km: 12 + random(10) / 20 };
    });
  };
  await asked(commute(1));
  expect((await seen(await asked(commute(2)))).copied).toBe(false);
});
