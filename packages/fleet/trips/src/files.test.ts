import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { chunksOf } from "@evx/containers";
import { type Candidate, findingSentence, findingSentences } from "@evx/formats";
import { readAll } from "@evx/formats/testing";
import { greatCircle_m } from "@evx/kernel";
import { sharedData } from "@evx/kernel/testing";
import { judgeTrip } from "./policy.ts";

const data = sharedData("trips");
const options = { zone: "UTC", battery_wh: null };
const read = async (file: string, more = {}) =>
  readAll(chunksOf(await Bun.file(`${data}/${file}`).bytes()), { ...options, ...more });
const withFile = (file: string) => test.skipIf(!existsSync(`${data}/${file}`));
const flagsOf = (trip: Candidate) =>
  judgeTrip(
    { ...trip, greatCircle_m: trip.from && trip.to ? greatCircle_m(trip.from, trip.to) : null },
    { vehicleClass: "car", battery_wh: null },
  );

describe("real files in ../../shared/data/trips", () => {
  for (const file of ["seed-sample-trips.csv", "seed-sample-trips-energy.csv"]) {
    withFile(file)(`${file}: both rows imported, both flagged`, async () => {
      const { trips, rejections, rowsRead } = await read(file);
      expect({ rowsRead, trips: trips.length, rejected: rejections.length }).toEqual({
        rowsRead: 2,
        trips: 2,
        rejected: 0,
      });
      expect(trips.map((trip) => trip.distance_m)).toEqual([15_000, 25_000]);
      expect(trips.map((trip) => trip.notes)).toEqual(["Morning commute", "Evening commute"]);
      for (const trip of trips) {
        const { reject, flags } = flagsOf(trip);
        expect(reject).toBeNull();
        expect(flags.map((flag) => flag.code)).toContain("distance_above_direct");
      }
      expect(greatCircle_m(trips[0]?.from as never, trips[0]?.to as never)).toBe(88);
    });
  }

  withFile("spritmonitor_vw_egolf.csv")(
    "e-Golf log: 3,345 rows accounted for, as days of lower quality",
    async () => {
      const { plan, trips, rejections, rowsRead } = await read("spritmonitor_vw_egolf.csv");
      expect(plan).toMatchObject({
        format: "spritmonitor",
        dateOrder: "dmy",
        distanceUnit: "km",
        decimal: ".",
      });
      expect(rowsRead).toBe(3_345);
      expect(trips.length + rejections.length).toBe(3_345);
      expect(rejections).toEqual([{ row: 926, field: "distance", code: "distance_missing", values: {} }]);
      expect(new Set(trips.map((trip) => `${trip.start} ${trip.fingerprint}`)).size).toBe(3_343);
      expect(trips.every((trip) => trip.precision === "day" && trip.quality === "manual")).toBe(true);
      // Energy is what the car showed per 100 km, not what was charged since the entry before.
      expect(trips[0]).toMatchObject({ distance_m: 80_000, energy_wh: 14_240, start: Date.UTC(2019, 1, 8) });
      expect(trips.filter((trip) => flagsOf(trip).reject !== null).length).toBe(0);
    },
  );

  withFile("teslafi_2016-06.csv")(
    "TeslaFi minutes become the two drives that the file holds, in kilometres",
    async () => {
      const { plan, trips, rejections, rowsRead } = await read("teslafi_2016-06.csv");
      expect(plan).toMatchObject({ format: "teslafi", distanceUnit: "mi", zoneSilent: true });
      expect(rowsRead).toBe(999);
      expect(rejections).toEqual([]);
      expect(
        trips.map(({ start, end, distance_m }) => [new Date(start).toISOString(), end - start, distance_m]),
      ).toEqual([
        ["2016-06-26T11:12:28.000Z", 180_000, 1_205],
        ["2016-06-26T12:22:28.000Z", 701_000, 4_963],
      ]);
    },
  );

  withFile("kia_summary.trip.csv")(
    "Kia monitor summary: 88 trips, the one of no distance named",
    async () => {
      const { plan, trips, rejections } = await read("kia_summary.trip.csv", { zone: "Europe/Amsterdam" });
      expect(plan.format).toBe("kia-trips");
      expect(trips.length).toBe(88);
      expect(rejections).toEqual([{ row: 15, field: "distance", code: "distance_zero", values: {} }]);
      expect(trips.reduce((sum, trip) => sum + trip.distance_m, 0)).toBe(1_742_400);
      expect(trips.every((trip) => trip.quality === "manual" && trip.precision === "estimated")).toBe(true);
      for (let at = 1; at < trips.length; at++)
        expect(trips[at]?.start).toBeGreaterThanOrEqual(trips[at - 1]?.end as number);
      expect(trips.filter((trip) => flagsOf(trip).reject !== null)).toEqual([]);
    },
  );

  const clean = ["kia_summary.trip.csv", "spritmonitor_vw_egolf.csv", "teslafi_2016-06.csv"];
  for (const file of [...clean, "rsk_twizy/T1_07_01_2021.csv", "rsk_twizy/T3_04_22_2021_1.csv"])
    withFile(file)(`${file}: below 5 % of what is imported carries a flag`, async () => {
      const { trips } = await read(file);
      const vehicleClass = file.includes("twizy") ? "quadricycle" : "car";
      const flagged = trips.filter((trip) => {
        const direct = trip.from && trip.to ? greatCircle_m(trip.from, trip.to) : null;
        const { flags } = judgeTrip({ ...trip, greatCircle_m: direct }, { vehicleClass, battery_wh: null });
        return flags.length + trip.flags.length > 0;
      });
      expect(flagged.length / trips.length).toBeLessThan(0.05);
    });

  const summary = `${data}/rsk_twizy_trips_summary.csv`;
  test.skipIf(!existsSync(summary))(
    "Twizy at 1 Hz: one trip a file, within 3 % of the speed integral",
    async () => {
      const lines = (await Bun.file(summary).text()).trim().split("\n").slice(1);
      let found = 0;
      for (const line of lines) {
        const [file = "", start, end, , integral = "", , filtered = "", , socStart = "", socEnd = ""] =
          line.split(",");
        if (!existsSync(`${data}/rsk_twizy/${file}`)) continue;
        found++;
        const { plan, trips } = await read(`rsk_twizy/${file}`, { battery_wh: 6_100 });
        expect(plan).toMatchObject({ format: "logger", dateOrder: "mdy" });
        expect(trips.length).toBe(1);
        const trip = trips[0] as Candidate;
        expect(new Date(trip.start).toISOString()).toBe(`${start}.000Z`);
        expect(new Date(trip.end).toISOString()).toBe(`${end}.000Z`);
        expect(Math.abs(trip.distance_m / 1000 / Number(integral) - 1)).toBeLessThan(0.03);
        expect(trip.energy_wh).toBe(Math.round(((Number(socStart) - Number(socEnd)) * 6_100) / 100));
        let track_m = 0;
        for (let at = 1; at < (trip.track?.length ?? 0); at++)
          track_m += greatCircle_m(trip.track?.[at - 1] as never, trip.track?.[at] as never);
        expect(Math.abs(track_m / 1000 / Number(filtered) - 1)).toBeLessThan(0.03);
      }
      expect(found).toBeGreaterThan(0);
    },
  );
});

test("every reason and flag has a sentence in both languages, with the same numbers in it", () => {
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
  for (const [code, { en, vi }] of Object.entries(findingSentences)) {
    expect(holes(vi), code).toEqual(holes(en));
    expect(vi).not.toBe(en);
  }
  expect(findingSentence({ code: "speed_high", values: { kmh: 141, limit: 130 } }, "en")).toBe(
    "Average speed 141 km/h is above 130 km/h.",
  );
});
