import { describe, expect, test } from "bun:test";
import { chunksOf } from "@evx/containers";
import { readAll } from "./testing.ts";

const read = (text: string | Uint8Array, zone = "Asia/Ho_Chi_Minh") =>
  readAll(chunksOf(typeof text === "string" ? new TextEncoder().encode(text) : text, 97), {
    zone,
    battery_wh: null,
  });
const brief = ({ trips }: Awaited<ReturnType<typeof read>>) =>
  trips.map(({ start, end, distance_m }) => [
    new Date(start).toISOString().slice(0, 16),
    (end - start) / 60_000,
    distance_m,
  ]);
const wanted = [["2026-02-01T01:00", 30, 21_400]];

describe("a header that names the zone of its moments", () => {
  for (const [start, end, hour] of [
    ["Start (UTC)", "End (UTC)", "01"],
    ["start_utc", "end_utc", "01"],
    ["Start time [GMT+7]", "End time [GMT+7]", "08"],
    ["Bắt đầu (GMT+7)", "Kết thúc (GMT+7)", "08"],
    ["Started (UTC-03:30)", "Stopped (UTC-03:30)", "-"],
  ] as const)
    test(`${start} counts over the zone that was chosen`, async () => {
      const rows =
        hour === "-"
          ? "2026-01-31 21:30,2026-01-31 22:00,21.4"
          : `2026-02-01 ${hour}:00,2026-02-01 ${hour}:30,21.4`;
      const reading = await read(`${start},${end},Distance (km)\n${rows}\n`, "America/New_York");
      expect(brief(reading)).toEqual(wanted);
      expect(reading.plan.zoneSilent).toBe(false);
    });

  test("in a JSON file and in a log of readings too", async () => {
    const json = '[{"startTimeUtc":"2026-02-01 01:00","endTimeUtc":"2026-02-01 01:30","distance":21.4}]';
    expect(brief(await read(json))).toEqual(wanted);
    const log = await read(
      "timestamp_utc,speed_kmh,latitude,longitude\n2026-02-01 01:00:00,50,48,11.5\n2026-02-01 01:01:00,50,48.0075,11.5\n2026-02-01 01:02:00,50,48.015,11.5\n",
    );
    expect(brief(log)[0]?.[0]).toBe("2026-02-01T01:00");
  });
});

describe("a header that means when in one file and where in another", () => {
  for (const [name, text] of Object.entries({
    "places under Start, hours under another word":
      "Start;Ziel;Startzeit;Zielzeit;Strecke in km\nA;B;01.02.2026 08:00;01.02.2026 08:30;21,4\n",
    "the moment under Date, a place under the word for start":
      '"Date","Début","Destination","Durée","Distance [km]"\n"2026-02-01 08:00:00","Maison","Bureau","00:30","21.4"\n',
    "hours under Départ and Arrivée":
      "Date,Départ,Arrivée,Distance (km)\n01/02/2026,08:00,08:30,21.4\nTotal général,,,21.4\n",
    "days, places and miles of a mileage log":
      "START_DATE*,END_DATE*,CATEGORY*,START*,STOP*,MILES*\n2026-02-01 08:00,2026-02-01 08:30,Business,A,B,13.2974\n",
    "a day, an hour and how long it took":
      "Date,Time,Start Location,Duration,Distance (km)\n01/02/2026,08:00,Home,0:30:00,21.4\n",
    "a German table":
      "Abfahrtszeit;Ankunftszeit;Startadresse;Distanz\n01.02.2026 08:00;01.02.2026 08:30;A;21,4 km\n",
    "a Chinese table": "行程开始,行程结束,行驶里程\n2026-02-01 08:00,2026-02-01 08:30,21.4km\n",
  }))
    test(name, async () => expect(brief(await read(text))).toEqual(wanted));

  test("where no column holds a moment the rows say so", async () => {
    const { trips, rejections } = await read("Start,End,km\nHome,Work,21.4\n");
    expect([trips.length, rejections.map(({ code }) => code)]).toEqual([0, ["start_unreadable"]]);
  });
});

test("a GPX track in UTF-16 of either order is a track, and its entities are refused as well", async () => {
  const point = (lat: number, minute: number) =>
    `<trkpt lat="${lat}" lon="11.5"><time>2026-02-01T01:0${minute}:00Z</time></trkpt>`;
  const gpx = (doctype = "") =>
    `\uFEFF<?xml version="1.0" encoding="UTF-16"?>${doctype}<gpx><trk><trkseg>${point(48, 0)}${point(48.0075, 1)}${point(48.015, 2)}</trkseg></trk></gpx>`;
  for (const swapped of [false, true]) {
    const bytes = Buffer.from(gpx(), "utf16le");
    expect(brief(await read(swapped ? bytes.swap16() : bytes))[0]?.[0]).toBe("2026-02-01T01:00");
  }
  const bomb = Buffer.from(gpx('<!DOCTYPE gpx [<!ENTITY a "b">]>'), "utf16le");
  await expect(read(bomb)).rejects.toMatchObject({ code: "import_xml_entities" });
});
