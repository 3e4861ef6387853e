import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testPorts } from "@evx/certificates/testing";
import { testDatabase } from "@evx/db/testing";
import type { Candidate } from "@evx/formats";
import { aVehicle } from "@evx/garage/testing";
import type { Id } from "@evx/kernel";
import { candidateOf, recordCandidates } from "@evx/trips/testing";
import fc from "fast-check";
import { requestRow } from "./queries/requests.ts";
import { reviewDetail } from "./reads.ts";
import type { RiskReason } from "./reasons.ts";
import { reviewing } from "./reviewing.testing.ts";
import { aRequest } from "./testing.ts";

// Generous, because tests share their machine.
setDefaultTimeout(120_000);

const t = await testDatabase();
const ports = await testPorts();
afterAll(() => t.close());
const { aReviewer, approve } = reviewing(t, ports);

const HOUR = 3_600_000;
const place = (lat_e6: number, lon_e6: number) => ({ lat_e6, lon_e6 });

/** Sixty drives of a car as a life has them: times, distances and energy of no pattern, some places known. */
const drives = (seed: number): Candidate[] => {
  let state = seed;
  const random = (most: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % most;
  };
  let at = Date.UTC(2026, 0, 1) + random(24 * 60) * 60_000;
  return Array.from({ length: 60 }, () => {
    at += (60 + random(600)) * 60_000;
    const minutes = 12 + random(40);
    const candidate = candidateOf(at, {
      minutes,
      distanceKm: (minutes * (30 + random(40))) / 60,
      energyKwh: null,
    });
    candidate.energy_wh = Math.round(candidate.distance_m * 0.15) + random(400);
    candidate.from = place(10_770_000 + random(9_000), 106_690_000 + random(9_000));
    return candidate;
  });
};

const recordedFor = async (trips: readonly Candidate[]) => {
  const owner = await aUser(t);
  const car = await aVehicle(t, owner);
  await recordCandidates(t, car, trips);
  return { owner, vehicleId: car.id };
};
const codesOf = async (id: Id<"request">) =>
  ((await requestRow(t.db, id))?.risk_reasons as RiskReason[] | undefined)?.map(({ code }) => code);

describe("the same drives for two cars of two owners", () => {
  test("both reviewers see the twin and whose it is; approval needs two and a reason", async () => {
    const [one, other] = [await recordedFor(drives(1)), await recordedFor(drives(1))];
    const first = (await aRequest(t, one)).request;
    const second = (await aRequest(t, other)).request;
    for (const [mine, theirs] of [
      [first, other],
      [second, one],
    ] as const) {
      const reviewer = await aReviewer();
      const { twins } = await reviewDetail(t.db, reviewer, { id: mine.id, locale: "en" });
      expect(twins).toMatchObject({ trips: 60, copied: true });
      expect(twins.others).toMatchObject([
        { vehicleId: theirs.vehicleId, ownerId: theirs.owner.id, trips: 60 },
      ]);
      expect(twins.others[0]?.requestIds).toHaveLength(1);
      expect(await codesOf(mine.id)).toContain("twins");
      await expect(approve(reviewer, mine.id)).rejects.toMatchObject({ code: "request_twin_reason_needed" });
      await expect(approve(reviewer, mine.id, "  ")).rejects.toMatchObject({
        code: "request_twin_reason_needed",
      });
      const reason = "One car with two plates; seen the papers.";
      expect((await approve(reviewer, mine.id, reason)).certificate).toBeNull();
      expect((await approve(await aReviewer(), mine.id, reason)).certificate).not.toBeNull();
    }
  });

  test("a stranger's drives are no twins", async () => {
    await recordedFor(drives(77));
    const { request } = await aRequest(t, await recordedFor(drives(78)));
    const reviewer = await aReviewer();
    expect((await reviewDetail(t.db, reviewer, { id: request.id, locale: "en" })).twins).toMatchObject({
      trips: 0,
      copied: false,
      others: [],
    });
    expect((await approve(reviewer, request.id)).certificate).not.toBeNull();
  });

  test("whatever is left out, moved, scaled or turned, both reviewers are shown why", async () => {
    let seed = 1_000;
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          days: fc.integer({ min: -40, max: 40 }),
          hours: fc.integer({ min: -12, max: 14 }),
          scale: fc.double({ min: 0.8, max: 1, noNaN: true }),
          places: fc.boolean(),
          energy: fc.boolean(),
          from: fc.integer({ min: 0, max: 15 }),
          turned: fc.boolean(),
        }),
        async ({ days, hours, scale, places, energy, from, turned }) => {
          seed += 7;
          const trips = drives(seed);
          const shift = (days * 24 + hours) * HOUR;
          const copy = trips.slice(from).map((trip) => ({
            ...trip,
            start: trip.start + shift,
            end: trip.end + shift,
            distance_m: Math.round(trip.distance_m * scale),
            from: places ? trip.from : null,
            energy_wh: energy && trip.energy_wh !== null ? Math.round(trip.energy_wh * scale) : null,
          }));
          const one = await recordedFor(trips);
          const first = (await aRequest(t, one)).request;
          const other = await recordedFor(turned ? copy.reverse() : copy);
          const second = (await aRequest(t, other)).request;
          for (const id of [first.id, second.id]) {
            const reviewer = await aReviewer();
            const { twins } = await reviewDetail(t.db, reviewer, { id, locale: "en" });
            expect(twins.copied).toBe(true);
            await expect(approve(reviewer, id)).rejects.toMatchObject({ code: "request_twin_reason_needed" });
          }
        },
      ),
      { numRuns: 12 },
    );
  });
});
