import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testPorts } from "@evx/certificates/testing";
import { testDatabase } from "@evx/db/testing";
import type { Candidate } from "@evx/formats";
import { aVehicle } from "@evx/garage/testing";
import { tick } from "@evx/jobs/testing";
import { day_ms, type Id, minute_ms } from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import fc from "@evx/tooling/properties";
import { releaseTrips } from "@evx/trips";
import { tripJobs } from "@evx/trips/jobs";
import { candidateOf, recordCandidates } from "@evx/trips/testing";
import { reviewDetail } from "./reads.ts";
import { type Drive, randomOf, reviewing } from "./reviewing.testing.ts";
import { aRequest } from "./testing.ts";

// Generous, because tests share their machine.
setDefaultTimeout(240_000);

const t = await testDatabase();
const ports = await testPorts();
afterAll(() => t.close());
const { aReviewer, approve } = reviewing(t, ports);

/** Two hundred drives as a life has them, from March 2023 on. */
const drives = (seed: number): Drive[] => {
  const random = randomOf(seed);
  let at = Date.UTC(2023, 2, 1) + random(60 * 24) * minute_ms;
  return Array.from({ length: 200 }, () => {
    at += (70 + random(700)) * minute_ms;
    const minutes = 12 + random(45);
    return { start: at, end: at + minutes * minute_ms, km: (minutes * (25 + random(40))) / 60 };
  });
};

const wholeMinutes = (ms: number): number => Math.round(ms / minute_ms) * minute_ms;

/** As if a clock had run that much slower. */
const onItsOwnClock = (trips: readonly Drive[], by: number): Drive[] => {
  const first = (trips[0] as Drive).start;
  return trips.map(({ start, end, km }) => {
    const at = first + wholeMinutes((start - first) * by);
    return { start: at, end: at + wholeMinutes((end - start) * Math.max(1, by)), km };
  });
};

/** What people do who hand in drives once more. */
const cheats = {
  split: (trips, random) =>
    trips.flatMap(({ start, end, km }) => {
      const part = 0.3 + random(40) / 100;
      const middle = start + Math.round(((end - start) * part) / minute_ms) * minute_ms;
      return [
        { start, end: middle, km: km * part },
        { start: middle + random(3) * minute_ms, end, km: km * (1 - part) },
      ];
    }),
  jittered: (trips, random) =>
    trips.map(({ start, end, km }) => ({
      start: start + (random(3) - 1) * minute_ms,
      end: end + (random(3) - 1) * minute_ms,
      km,
    })),
  thinned: (trips, random) => trips.filter(() => random(10) < 6),
  everySecond: (trips) => trips.filter((_, place) => place % 2 === 0),
  scaled: (trips) => trips.map((trip) => ({ ...trip, km: trip.km * 0.87 })),
  stretched: (trips, random) => onItsOwnClock(trips, [0.8, 0.93, 1.07, 1.5][random(4)] as number),
  longer: (trips) =>
    trips.map((trip) => ({ ...trip, end: trip.start + wholeMinutes((trip.end - trip.start) * 1.2) })),
  retimed: (trips, random) => {
    let at = (trips[0] as Drive).start;
    return trips.map(({ start, end, km }) => {
      at += (70 + random(700)) * minute_ms;
      return { start: at, end: at + end - start, km };
    });
  },
  merged: (trips) =>
    trips
      .filter((_, place) => place % 2 === 0)
      .map(({ start, end, km }, place) => {
        const next = trips[2 * place + 1] ?? { start: 0, end: 0, km: 0 };
        return { start, end: end + next.end - next.start, km: km + next.km };
      }),
  moved: (trips, random) => {
    const by = (60 + random(200)) * day_ms + random(600) * minute_ms;
    return trips.map(({ start, end, km }) => ({ start: start + by, end: end + by, km }));
  },
} satisfies Record<string, (trips: readonly Drive[], random: (most: number) => number) => Drive[]>;

const candidates = (trips: readonly Drive[]): Candidate[] =>
  trips.map(({ start, end, km }) =>
    candidateOf(start, { minutes: (end - start) / minute_ms, distanceKm: km, energyKwh: null }),
  );

type Holder = { owner: Actor<"ev_owner">; vehicleId: Id<"vehicle"> };

/** Recorded in files of so many trips each: one alone shows no order. */
const recordedFor = async (trips: readonly Drive[], perFile = 7, holder?: Holder): Promise<Holder> => {
  const owner = holder?.owner ?? (await aUser(t));
  const vehicleId = holder?.vehicleId ?? (await aVehicle(t, owner)).id;
  const all = candidates(trips);
  for (let from = 0; from < all.length; from += perFile)
    await recordCandidates(t, { id: vehicleId }, all.slice(from, from + perFile));
  return { owner, vehicleId };
};

const twinsSeen = async (id: Id<"request">) =>
  (await reviewDetail(t.db, await aReviewer(), { id, locale: "en" })).twins;

const isShown = async (id: Id<"request">): Promise<void> => {
  const reviewer = await aReviewer();
  const { twins, request } = await reviewDetail(t.db, reviewer, { id, locale: "en" });
  expect(twins.copied).toBe(true);
  const codes = request.riskReasons.map(({ code }) => code);
  expect(codes.some((code) => code === "twins" || code === "order_copied")).toBe(true);
  await expect(approve(reviewer, id)).rejects.toMatchObject({ code: "request_twin_reason_needed" });
};

let seed = 9_000;

describe("drives handed in once more", () => {
  test("split, moved by minutes and days, thinned, scaled, two to a file: both reviewers are shown why", async () => {
    const names = [
      "split",
      "jittered",
      "thinned",
      "everySecond",
      "scaled",
      "moved",
    ] as const satisfies (keyof typeof cheats)[];
    await fc.assert(
      fc.asyncProperty(
        fc
          .subarray(names, { minLength: 1, maxLength: 3 })
          .filter((some) => !some.includes("thinned") || !some.includes("everySecond")),
        fc.constantFrom(1, 2, 50),
        async (how, perFile) => {
          seed += 17;
          const random = randomOf(seed);
          const trips = drives(seed);
          const copy = how.reduce<Drive[]>((made, name) => cheats[name](made, random), trips);
          const first = (await aRequest(t, await recordedFor(trips, 200))).request;
          const second = (await aRequest(t, await recordedFor(copy, perFile))).request;
          await isShown(first.id);
          await isShown(second.id);
        },
      ),
      { numRuns: 8 },
    );
  });

  test("on a clock that runs at another speed or says anything, also merged, thinned, moved and scaled", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<(keyof typeof cheats)[]>(
          ["stretched"],
          ["longer"],
          ["retimed"],
          ["merged"],
          ["everySecond", "stretched"],
          ["merged", "stretched"],
        ),
        fc.subarray(["jittered", "scaled", "moved"] as const),
        async (first, then) => {
          seed += 19;
          const random = randomOf(seed);
          const trips = drives(seed);
          let copy = trips;
          for (const name of [...first, ...then]) copy = cheats[name](copy, random);
          const original = (await aRequest(t, await recordedFor(trips, 200))).request;
          const copied = (await aRequest(t, await recordedFor(copy, 5))).request;
          await isShown(original.id);
          await isShown(copied.id);
        },
      ),
      { numRuns: 8 },
    );
  });

  test("mixed of two cars, half of each", async () => {
    const [one, other] = [drives(41), drives(43)];
    const random = randomOf(9);
    const mixed: Drive[] = [];
    for (const drive of [...one, ...other].sort((a, b) => a.start - b.start))
      if (random(2) === 0 && (mixed.at(-1)?.end ?? 0) <= drive.start) mixed.push(drive);
    const originals = [
      (await aRequest(t, await recordedFor(one))).request,
      (await aRequest(t, await recordedFor(other))).request,
    ];
    const jittered = cheats.jittered(mixed, random);
    const { request } = await aRequest(t, await recordedFor(jittered.map((d) => ({ ...d, km: d.km * 0.9 }))));
    await isShown(request.id);
    for (const { id } of originals) await isShown(id);
  });

  test("asked for in parts of a few drives: the car's parts are looked at together, and the original's too", async () => {
    const [trips, other] = [drives(67).slice(0, 90), drives(68).slice(0, 90)];
    const inParts = async (all: readonly Drive[], holder: Holder) => {
      const ids: Id<"request">[] = [];
      for (let from = 0; from < all.length; from += 4) {
        await recordedFor(all.slice(from, from + 4), 4, holder);
        ids.push((await aRequest(t, holder)).request.id);
      }
      return ids;
    };
    const aCar = async (): Promise<Holder> => {
      const owner = await aUser(t);
      return { owner, vehicleId: (await aVehicle(t, owner)).id };
    };
    const whole = (await aRequest(t, await recordedFor(trips, 90))).request;
    const parts = await inParts(onItsOwnClock(trips, 1.07), await aCar());
    await isShown(parts.at(-1) as Id<"request">);
    await isShown(parts.at(5) as Id<"request">);
    await isShown(whole.id);
    await inParts(other, await aCar());
    const later = await inParts(
      cheats.moved(cheats.jittered(other, randomOf(3)), () => 7),
      await aCar(),
    );
    await isShown(later.at(-1) as Id<"request">);
    const innocent = await inParts(drives(69).slice(0, 60), await aCar());
    expect(await twinsSeen(innocent.at(-1) as Id<"request">)).toMatchObject({ trips: 0, copied: false });
  });

  test("handed in before threads were kept: they are taken from what the requests hold", async () => {
    const trips = drives(61);
    const first = (await aRequest(t, await recordedFor(trips, 200))).request;
    await t.db.deleteFrom("vehicles.trace").where("request_id", "=", first.id).execute();
    await t.db
      .updateTable("vehicles.claim_basis")
      .set({ trace_rank: null, thread_rank: null })
      .where("request_id", "=", first.id)
      .execute();
    await t.db.updateTable("vehicles.trip").set({ print: null }).where("request_id", "=", first.id).execute();
    const copy = (await aRequest(t, await recordedFor(trips, 1))).request;
    expect(await twinsSeen(copy.id)).toMatchObject({ trips: 0, copied: false });
    await tick(t, tripJobs, "vehicles.trace_older");
    expect(await twinsSeen(copy.id)).toMatchObject({ trips: trips.length, copied: true });
    const stretched = await aRequest(t, await recordedFor(onItsOwnClock(trips, 1.07), 5));
    await isShown(stretched.request.id);
    await isShown(first.id);
  });

  test("spread over two other cars, each is seen", async () => {
    const trips = drives(31);
    const first = (await aRequest(t, await recordedFor(trips))).request;
    const moved = cheats.moved(trips, randomOf(3));
    for (const half of [0, 1]) {
      const car = await recordedFor(moved.filter((_, place) => place % 2 === half));
      await isShown((await aRequest(t, car)).request.id);
    }
    await isShown(first.id);
  });

  test("again for the same car in the same request, split and moved", async () => {
    const trips = drives(57);
    const car = await recordedFor(trips);
    await recordedFor(
      cheats.moved(cheats.split(trips, randomOf(5)), () => 7),
      9,
      car,
    );
    await isShown((await aRequest(t, car)).request.id);
  });

  test("as a logbook of days, also with every second one left out, two written as one, or every row changed by a few percent", async () => {
    const trips = drives(71);
    const first = (await aRequest(t, await recordedFor(trips))).request;
    const days = new Map<number, number>();
    for (const { start, km } of trips) {
      const day = Math.floor((start + 7 * 60 * minute_ms) / day_ms) * day_ms - 7 * 60 * minute_ms;
      days.set(day, (days.get(day) ?? 0) + km);
    }
    const log = [...days];
    const random = randomOf(21);
    const logs = [
      log.map(([start, km]): [number, number] => [start, km * 0.9]),
      log.map(([start, km]): [number, number] => [start, km * (1 + (random(61) - 30) / 1_000)]),
      log.filter((_, place) => place % 2 === 0),
      log.flatMap(([start, km], place): [number, number][] =>
        place % 2 === 0 ? [] : [[start, km + (log[place - 1]?.[1] ?? 0)]],
      ),
    ];
    for (const copy of logs) {
      const owner = await aUser(t);
      const { id } = await aVehicle(t, owner);
      await recordCandidates(
        t,
        { id },
        copy.map(([start, km]) => ({
          ...candidateOf(start, { minutes: 24 * 60, distanceKm: km, energyKwh: null }),
          precision: "day",
          fingerprint: `${start}`,
        })),
      );
      await isShown((await aRequest(t, { owner, vehicleId: id })).request.id);
      await isShown(first.id);
    }
  });
});

describe("what is no copy", () => {
  test("somebody who keeps the same hours", async () => {
    const commuter = (by: number): Drive[] => {
      const random = randomOf(by);
      return Array.from({ length: 180 }, (_, day) => day).flatMap((day) => {
        const at = Date.UTC(2024, 0, 1) + day * day_ms;
        const out = at + (60 + random(25)) * minute_ms;
        const back = at + (600 + random(40)) * minute_ms;
        const lasts = () => (28 + random(8)) * minute_ms;
        return [
          { start: out, end: out + lasts(), km: 18 + random(8) / 10 },
          { start: back, end: back + lasts(), km: 18 + random(8) / 10 },
        ];
      });
    };
    await aRequest(t, await recordedFor(commuter(4), 400));
    const { request } = await aRequest(t, await recordedFor(commuter(5), 400));
    const { shapes } = await twinsSeen(request.id);
    expect(shapes.elsewhere * 8).toBeLessThan(shapes.own);
  });

  test("the car's own trips after their request was given up", async () => {
    const car = await recordedFor(drives(83));
    const first = (await aRequest(t, car)).request;
    await t.transact((tx) => releaseTrips(tx, first.id, undefined, "evidence_missing"));
    const { request } = await aRequest(t, car);
    expect(await twinsSeen(request.id)).toMatchObject({ copied: false });
  });
});
