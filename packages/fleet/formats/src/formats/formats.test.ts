import { expect, test } from "bun:test";
import { chunksOf } from "@evx/containers";
import { readAll } from "../testing.ts";
import { formats } from "./index.ts";

for (const format of formats) {
  test(`${format.name} (${format.title.en}): its sample is recognised and read`, async () => {
    const reading = await readAll(chunksOf(new TextEncoder().encode(format.sample), 61), {
      zone: "UTC",
      battery_wh: null,
      ...format.options,
    });
    expect(reading.plan.format).toBe(format.name);
    expect(
      reading.trips.map((trip) => ({
        start: trip.start,
        end: trip.end,
        km: trip.distance_m / 1000,
        kwh: trip.energy_wh === null ? null : trip.energy_wh / 1000,
      })),
    ).toEqual(
      format.gives.map((trip) => ({ ...trip, start: Date.parse(trip.start), end: Date.parse(trip.end) })),
    );
  });
}
