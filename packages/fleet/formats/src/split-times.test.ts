import { describe, expect, test } from "bun:test";
import { chunksOf } from "@evx/containers";
import { readAll } from "./testing.ts";

const read = async (text: string) => {
  const { trips, rejections } = await readAll(chunksOf(new TextEncoder().encode(text), 53), {
    zone: "Asia/Ho_Chi_Minh",
    battery_wh: null,
  });
  return {
    trips: trips.map(({ start, end, distance_m, energy_wh, precision }) => [
      new Date(start).toISOString().slice(0, 16),
      Math.round((end - start) / 60_000),
      distance_m,
      energy_wh,
      precision,
    ]),
    rejected: rejections.map(({ code }) => code),
  };
};

describe("day and hour of departure and of arrival in a column each", () => {
  const cases: Record<string, string> = {
    English:
      "Start Date,Start Time,End Date,End Time,Distance (km)\n2026-02-03,23:50,2026-02-04,00:20,23.4\n",
    "month first, twelve hours":
      "Trip Start Date,Trip Start Time,Trip End Date,Trip End Time,Distance (km)\n02/03/2026,11:50 PM,02/04/2026,12:20 AM,23.4\n02/13/2026,7:58 AM,02/13/2026,8:32 AM,1\n",
    German: "Startdatum;Startzeit;Enddatum;Endzeit;Strecke (km)\n03.02.2026;23:50;04.02.2026;00:20;23,4\n",
    Vietnamese: "Ngày đi;Giờ đi;Ngày đến;Giờ đến;Quãng đường (km)\n03/02/2026;23:50;04/02/2026;00:20;23,4\n",
    French:
      "Date de départ;Heure de départ;Date d'arrivée;Heure d'arrivée;Distance (km)\n03/02/2026;23:50;04/02/2026;00:20;23,4\n",
    Spanish:
      "Fecha inicio;Hora inicio;Fecha fin;Hora fin;Distancia (km)\n03/02/2026;23:50;04/02/2026;00:20;23,4\n",
    "days with an hour of nothing":
      "start_date,start_time,end_date,end_time,km\n2026-02-03 00:00:00,23:50,2026-02-04 00:00:00,00:20,23.4\n",
  };
  for (const [name, text] of Object.entries(cases))
    test(name, async () => {
      const { trips, rejected } = await read(text);
      expect(trips[0]).toEqual(["2026-02-03T16:50", 30, 23_400, null, "exact"]);
      expect(rejected).toEqual([]);
    });

  test("an arrival before its departure by its own day is no trip past midnight", async () => {
    const { trips, rejected } = await read(
      "Start Date,Start Time,End Date,End Time,km\n2026-02-03,23:50,2026-02-03,00:20,23.4\n",
    );
    expect([trips, rejected]).toEqual([[], ["end_before_start"]]);
  });

  test("whole moments in one column stay so, whatever the others are called", async () => {
    const { trips } = await read("start_date,end_date,distance_km\n2026-02-03 07:58,2026-02-03 08:32,23.4\n");
    expect(trips).toEqual([["2026-02-03T00:58", 34, 23_400, null, "exact"]]);
  });
});

describe("a day, an hour and a duration", () => {
  test("the hour counts where it stands in a column of its own, and the duration in any words", async () => {
    const { trips, rejected } = await read(
      "Date,Start time,Duration,Distance\n2026-02-03,07:58,34 min,23.4km\n2026-02-03,17:05,41m,24.1km\n2026-02-03,21:00,1h 05m,40 km\n",
    );
    expect(trips).toEqual([
      ["2026-02-03T00:58", 34, 23_400, null, "exact"],
      ["2026-02-03T10:05", 41, 24_100, null, "exact"],
      ["2026-02-03T14:00", 65, 40_000, null, "exact"],
    ]);
    expect(rejected).toEqual([]);
    const minutes = await read(
      "Trip Date,Trip Start Time,Drive Time (min),Distance (mi)\n2026-02-03,07:58 AM,34,14.5\n",
    );
    expect(minutes.trips).toEqual([["2026-02-03T00:58", 34, 23_335, null, "exact"]]);
  });

  test("without an hour it is a day's record, not a trip at midnight", async () => {
    const { trips } = await read("Date,Duration,Distance\n2026-02-03,34,23.4\n2026-02-04,41,24.1\n");
    expect(trips.map(([start, , , , precision]) => [start, precision])).toEqual([
      ["2026-02-02T17:00", "day"],
      ["2026-02-03T17:00", "day"],
    ]);
  });

  test("an hour without an end is named as that, and not as unreadable", async () => {
    const { trips, rejected } = await read("Date,Start time,Distance\n2026-02-03,07:58 AM,23.4 km\n");
    expect([trips, rejected]).toEqual([[], ["trip_without_duration"]]);
  });
});

test("energy per hundred miles is energy", async () => {
  const { trips } = await read(
    "Start,End,Distance (mi),kWh/100mi\n2026-02-03 07:58,2026-02-03 08:32,10,28\n",
  );
  expect(trips).toEqual([["2026-02-03T00:58", 34, 16_093, 2_800, "exact"]]);
});

test("seconds, milliseconds and German words for a drive's ends are read", async () => {
  for (const [header, start, end] of [
    ["start_ts,end_ts", "1770105480", "1770107520"],
    ["start_epoch,end_epoch", "1770105480000", "1770107520000"],
  ])
    expect((await read(`${header},distance_m\n${start},${end},23400\n`)).trips).toEqual([
      ["2026-02-03T07:58", 34, 23_400, null, "exact"],
    ]);
  const german = "Fahrtbeginn;Fahrtende;Kilometer\n03.02.2026 07:58;03.02.2026 08:32;23,4\n";
  expect((await read(german)).trips).toEqual([["2026-02-03T00:58", 34, 23_400, null, "exact"]]);
});
