import { describe, expect, test } from "bun:test";
import { zoneWritten } from "@evx/clocks";
import { chunksOf } from "@evx/containers";
import { refusalCode } from "@evx/kernel/testing";
import type { ImportOptions } from "./candidate.ts";
import { readAll } from "./testing.ts";

const read = (text: string, options: Partial<ImportOptions> = {}) =>
  readAll(chunksOf(new TextEncoder().encode(text), 61), { zone: "UTC", battery_wh: null, ...options });
const starts = (reading: Awaited<ReturnType<typeof read>>) =>
  reading.trips.map((trip) => new Date(trip.start).toISOString().slice(0, 16));

describe("a zone in each row", () => {
  for (const header of [
    "timezone",
    "Time zone",
    "utc_offset",
    "Múi giờ",
    "Zeitzone",
    "start_timezone",
    "时区",
  ])
    test(`the column ${header} says where its row's clock hung`, async () => {
      const reading = await read(
        `start,end,km,${header}\n2026-07-01 08:00,2026-07-01 08:30,12,Europe/Berlin\n2026-07-02 08:00,2026-07-02 08:30,12,UTC+9\n2026-07-03 08:00,2026-07-03 08:30,12,\n2026-07-04 08:00,2026-07-04 08:30,12,Mars/Base\n`,
        { zone: "Asia/Ho_Chi_Minh" },
      );
      expect(starts(reading)).toEqual(["2026-07-01T06:00", "2026-07-01T23:00", "2026-07-03T01:00"]);
      expect(reading.rejections.map(({ row, code }) => [row, code])).toEqual([[5, "zone_unknown"]]);
    });

  test("what says its own zone is not moved by the column, and the column keeps the preview from asking", async () => {
    const text = "start,end,km,tz\n2026-07-01T08:00Z,2026-07-01T08:30Z,12,Asia/Tokyo\n";
    expect(starts(await read(text))).toEqual(["2026-07-01T08:00"]);
    expect((await read(text.replaceAll("Z,", ","))).plan.zoneSilent).toBe(false);
  });

  test("it may be taken away by hand, and pointed out by hand", async () => {
    const text = "start,end,km,tz\n2026-07-01 08:00,2026-07-01 08:30,12,Asia/Tokyo\n";
    expect(starts(await read(text, { mapping: { zone: "" } }))).toEqual(["2026-07-01T08:00"]);
    const other = text.replace("tz", "where");
    expect(starts(await read(other, { mapping: { zone: "where" } }))).toEqual(["2026-06-30T23:00"]);
  });

  test("a clock that goes back is the row's own zone's, in a log of readings too", async () => {
    const text =
      "start,end,km,tz\n2026-10-25 02:50,2026-10-25 02:10,12,Europe/Berlin\n2026-10-25 03:50,2026-10-25 04:10,12,Asia/Tokyo\n";
    expect(starts(await read(text))).toEqual(["2026-10-25T00:50", "2026-10-24T18:50"]);
    const log = Array.from(
      { length: 31 },
      (_, n) => `2026-07-01 08:0${Math.floor(n / 6)}:${(n % 6) * 10},60,+07:00\n`,
    );
    expect(starts(await read(`timestamp,speed,utc_offset\n${log.join("")}`))).toEqual(["2026-07-01T01:00"]);
  });

  test("hours, minutes, seconds, names and letters", () => {
    const hours = (text: string) => {
      const zone = zoneWritten(text);
      return zone && zone.offsetAtLocal(Date.UTC(2026, 6, 1)) / 3_600_000;
    };
    const cases: [string, number | null][] = [
      ["7", 7],
      ["+7", 7],
      ["-5", -5],
      ["5.5", 5.5],
      ["420", 7],
      ["-300", -5],
      ["25200", 7],
      ["+0530", 5.5],
      ["7:00", 7],
      ["UTC", 0],
      ["utc+7", 7],
      ["GMT+07:00", 7],
      ["ICT", 7],
      ["CEST", 2],
      ["Asia/Saigon", 7],
      ["(UTC+07:00) Bangkok, Hanoi, Jakarta", 7],
      ["(UTC) Lisbon", 0],
      ["America/New_York", -4],
      ["15", 0.25],
      ["99999", null],
      ["+25:00", null],
      ["home", null],
      ["", null],
    ];
    for (const [text, value] of cases) expect([text, hours(text)]).toEqual([text, value]);
  });
});

describe("digits of other scripts", () => {
  const ascii = "start,end,km\n2026-03-15 08:05,2026-03-15 08:35,12.5\n";
  for (const [name, zero, point] of [
    ["Arabic", 0x660, "٫"],
    ["Persian", 0x6f0, "٫"],
    ["Devanagari", 0x966, "."],
    ["Bengali", 0x9e6, "."],
    ["Thai", 0xe50, "."],
    ["Khmer", 0x17e0, "."],
    ["full-width", 0xff10, "．"],
  ] as const)
    test(`${name} digits are read as ours`, async () => {
      const text = ascii
        .replace(/\d/g, (digit) => String.fromCharCode(zero + Number(digit)))
        .replace(".", point);
      const reading = await read(text);
      expect([starts(reading), reading.trips[0]?.distance_m]).toEqual([["2026-03-15T08:05"], 12_500]);
      expect(reading.rejections).toEqual([]);
    });
});

describe("miles that only another header tells", () => {
  for (const header of ["Wh/mi", "mi/kWh", "Average speed (mph)", "Range left (miles)", "kWh/100mi"])
    test(`beside ${header} a bare distance is in miles, and the person is asked`, async () => {
      const reading = await read(`start,end,distance,${header}\n2026-01-02 08:00,2026-01-02 08:30,10,200\n`);
      expect([reading.trips[0]?.distance_m, reading.plan.unitSilent]).toEqual([16_093, true]);
    });
  test("a word for kilometres anywhere, or a unit of its own, leaves it in kilometres", async () => {
    for (const header of ["distance,Wh/mi,speed (km/h)", "distance_km,Wh/mi,x"])
      expect(
        (await read(`start,end,${header}\n2026-01-02 08:00,2026-01-02 08:30,10,200,20\n`)).trips[0]
          ?.distance_m,
      ).toBe(10_000);
  });
});

describe("a mark in a small unit", () => {
  const table = (header: string, ...cells: string[]) =>
    `start;end;${header}\n${cells.map((cell, n) => `2026-01-0${n + 1} 08:00;2026-01-0${n + 1} 08:30;${cell}\n`).join("")}`;
  const metres = async (text: string, options = {}) =>
    (await read(text, options)).trips.map((trip) => trip.distance_m);
  test("metres with three digits behind each mark are thousands", async () => {
    expect(await metres(table("distance_m", "21.400", "850", "8.123"))).toEqual([21_400, 850, 8_123]);
    expect(await metres(table("distance_m", "21,400", "8,123"))).toEqual([21_400, 8_123]);
    expect(await metres(table("Quãng đường (m);kwh", "21.400;3.5", "8.123;1.25"))).toEqual([21_400, 8_123]);
  });
  test("metres with any other decimals are what they say, and kilometres are never thousands", async () => {
    expect(await metres(table("distance_m", "21400.5", "850.125"))).toEqual([21_401, 850]);
    expect(await metres(table("distance_km", "21.400", "8.123"))).toEqual([21_400, 8_123]);
    expect(await metres(table("distance_m", "21.400"), { decimal: "." })).toEqual([21]);
  });
  test("the other columns keep their own mark, also where they too have three digits behind it", async () => {
    const reading = await read(table("distance_m;energy_kwh", "21.400;3.512", "8.123;1.250"));
    expect(reading.trips.map((trip) => [trip.distance_m, trip.energy_wh])).toEqual([
      [21_400, 3_512],
      [8_123, 1_250],
    ]);
  });
  test("watt-hours too", async () => {
    const reading = await read(table("km;energy_wh", "12.5;2.150", "13;1.980"));
    expect(reading.trips.map((trip) => trip.energy_wh)).toEqual([2_150, 1_980]);
  });
});

describe("the charge before and after a drive", () => {
  const trip = (header: string, cells: string) =>
    `start,end,km,${header}\n2026-01-02 08:00,2026-01-02 08:30,12,${cells}\n`;
  for (const [header, cells] of [
    ["start battery %,end battery %", "80%,68%"],
    ["Pin bắt đầu (%),Pin kết thúc (%)", "80,68"],
    ["% pin trước,% pin sau", "80,68"],
    ["soc_start_pct,soc_end_pct", "80,68"],
    ["SOC before,SOC after", "80,68"],
    ["Battery used (%),x", "12,1"],
  ] as const)
    test(`${header}: an estimate of the energy, by the battery's size`, async () => {
      const [only] = (await read(trip(header, cells), { battery_wh: 3_500 })).trips;
      expect([only?.energy_wh, only?.energyEstimated]).toEqual([420, true]);
    });
  test("a measured energy counts before it; too little, charged meanwhile, or no battery gives none", async () => {
    const energyOf = async (header: string, cells: string, battery_wh: number | null = 3_500) =>
      (await read(trip(header, cells), { battery_wh })).trips.map((one) => [
        one.energy_wh,
        one.energyEstimated,
      ])[0];
    expect(await energyOf("kwh,start_soc,end_soc", "0.5,80,68")).toEqual([500, false]);
    expect(await energyOf("start_soc,end_soc", "80,76")).toEqual([null, false]);
    expect(await energyOf("start_soc,end_soc", "60,68")).toEqual([null, false]);
    expect(await energyOf("start_soc,end_soc", "80,", 3_500)).toEqual([null, false]);
    expect(await energyOf("start_soc,end_soc", "80,68", null)).toEqual([null, false]);
    expect(await energyOf("start battery temp,end battery temp", "30,20")).toEqual([null, false]);
  });
});

describe("a log of one value in each row", () => {
  const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 8, 0, second)).toISOString();
  const log = (header: string, row: (second: number) => string[]) =>
    `${header}\n${Array.from({ length: 121 }, (_, n) => row(n * 5).join("\n")).join("\n")}\n`;
  const brief = (reading: Awaited<ReturnType<typeof read>>) =>
    reading.trips.map((trip) => [trip.start, trip.end - trip.start, trip.distance_m, trip.energy_wh]);
  const start = Date.UTC(2026, 2, 1, 8);

  test("speed, odometer and charge are told by their names, other names are counted", async () => {
    const text = log("time,pid,value,unit", (second) => [
      `${at(second)},Engine RPM,0,rpm`,
      `${at(second)},Vehicle speed,54,km/h`,
      `${at(second)},[BMS] State of charge,${80 - second * 0.005},%`,
    ]);
    const reading = await read(text, { battery_wh: 40_000 });
    expect(brief(reading)).toEqual([[start, 600_000, 9_000, 1_200]]);
    expect(reading.notes).toEqual([{ code: "rows_unmeasured", values: { rows: 121 } }]);
    expect(reading.rejections).toEqual([]);
  });

  test("units come from their column or the name; a home server's entities are names", async () => {
    const mph = log("Timestamp;Name;Value", (second) => [
      `${at(second)};Speed (mph);30`,
      `${at(second)};Volt;3,5`,
    ]);
    expect((await read(mph)).trips[0]?.distance_m).toBe(8_047);
    const home = log("entity_id,state,last_changed", (second) => [
      `sensor.my_car_odometer,${1000 + (second * 15) / 1000},${at(second)}`,
      `sensor.my_car_battery_level,unavailable,${at(second)}`,
    ]);
    expect(brief(await read(home))).toEqual([[start, 600_000, 9_000, null]]);
    const day = log("Ngày;Giờ;Thông số;Giá trị;Đơn vị", (second) => [
      `01/03/2026;${at(second).slice(11, 19)};Tốc độ xe;54;km/h`,
      `01/03/2026;${at(second).slice(11, 19)};Mức pin;80;%`,
    ]);
    expect(brief(await read(day))).toEqual([[start, 600_000, 9_000, null]]);
  });

  test("without a day, or without anything of a drive, it is refused by name; a table of few rows is no log", async () => {
    const seconds = log('"SECONDS";"PID";"VALUE";"UNITS"', (second) => [
      `"${second}.5";"Vehicle speed";"54";"km/h"`,
      `"${second}.7";"SOC";"80";"%"`,
    ]);
    expect(await refusalCode(read(seconds))).toBe("import_log_without_day");
    const idle = log("time,pid,value", (second) => [`${at(second)},RPM,0`, `${at(second)},Volt,12`]);
    expect(await refusalCode(read(idle))).toBe("import_log_without_drive");
    expect(await refusalCode(read("date,item,value\n2026-01-01,apple,3\n2026-01-02,pear,4\n"))).toBe(
      "import_format_unknown",
    );
  });
});

describe("a phone's timeline", () => {
  test("what follows the array of trips is none, and stays are counted", async () => {
    const trip = { start: "2026-01-02T08:00Z", end: "2026-01-02T08:30Z", km: 12 };
    const reading = await read(
      JSON.stringify({ trips: [trip], charges: [{ start: "2026-01-03T08:00Z", kwh: 3 }] }),
    );
    expect([reading.trips.length, reading.rejections.length]).toEqual([1, 0]);
  });
  test("raw positions are refused by what they are", async () => {
    const locations = [{ latitudeE7: 1, longitudeE7: 2, timestamp: "2026-01-01T00:00:00Z" }];
    expect(await refusalCode(read(JSON.stringify({ locations })))).toBe("import_of_positions");
  });
});
