import { describe, expect, test } from "bun:test";
import { chunksOf } from "@evx/containers";
import type { ImportOptions } from "./candidate.ts";
import { readAll } from "./testing.ts";

const defaults: ImportOptions = { zone: "UTC", battery_wh: null };
const encode = (text: string) => new TextEncoder().encode(text);
const read = (text: string | Uint8Array, options: Partial<ImportOptions> = {}, size = 7) =>
  readAll(chunksOf(typeof text === "string" ? encode(text) : text, size), { ...defaults, ...options });
const brief = (reading: Awaited<ReturnType<typeof read>>) =>
  reading.trips.map((trip) => [
    new Date(trip.start).toISOString().slice(0, 16),
    (trip.end - trip.start) / 60_000,
    trip.distance_m,
    trip.energy_wh,
  ]);
const reasons = (reading: Awaited<ReturnType<typeof read>>) =>
  reading.rejections.map(({ row, field, code }) => [row, field, code]);

describe("our own CSV and JSON", () => {
  test("every header that we promise to read is read", async () => {
    for (const start of ["start_time", "start", "startTime"])
      for (const end of ["end_time", "end", "endTime"])
        for (const distance of ["distance_km", "distance", "km"])
          for (const energy of [
            "energy_consumed",
            "energyConsumed",
            "energy",
            "kwh",
            "energy_kwh",
            "energyConsumedKwh",
            "Energy Consumed",
            "Energy (kWh)",
          ]) {
            const reading = await read(
              `${start},${end},${distance},${energy}\n2026-01-02T08:00:00Z,2026-01-02T08:30:00Z,12.3456,2.5\n`,
              {},
              1000,
            );
            expect(brief(reading)).toEqual([["2026-01-02T08:00", 30, 12_346, 2_500]]);
          }
  });

  test("locations as two columns, as one text, and as an object", async () => {
    const columns = await read(
      "start,end,km,start_lat,start_long,end_lat,end_long\n2026-01-02T08:00Z,2026-01-02T08:30Z,12,10.7,106.6,10.8,106.7\n",
    );
    const text = await read(
      'start,end,km,start_location,end_location\n2026-01-02T08:00Z,2026-01-02T08:30Z,12,"10.7, 106.6","10.8,106.7"\n',
    );
    const object = await read(
      '[{"startTime":"2026-01-02T08:00:00Z","endTime":"2026-01-02T08:30:00Z","distance":12,"start_location":{"lat":10.7,"lng":106.6},"end_location":{"lat":10.8,"lng":106.7}}]',
    );
    for (const { trips } of [columns, text, object]) {
      expect(trips[0]).toMatchObject({
        from: { lat_e6: 10_700_000, lon_e6: 106_600_000 },
        to: { lat_e6: 10_800_000, lon_e6: 106_700_000 },
      });
    }
  });

  test("an address is not a position, and neither is 0,0", async () => {
    const { trips } = await read(
      "start,end,km,start_location,end_lat,end_lon\n2026-01-02T08:00Z,2026-01-02T08:30Z,12,12 Main Street,0,0\n",
    );
    expect(trips[0]).toMatchObject({ from: null, to: null });
  });

  test("miles and watt-hours are told by the header, minutes of duration stand for the end", async () => {
    expect(brief(await read("start,duration_min,miles,energy_wh\n2026-01-02T08:00Z,45,10,2500\n"))).toEqual([
      ["2026-01-02T08:00", 45, 16_093, 2_500],
    ]);
  });

  test("a JSON array, an object that wraps one, and one object a line are the same", async () => {
    const one =
      '{"start":"2026-01-02T08:00:00Z","end":"2026-01-02T08:30:00Z","km":1.5,"comment":"a \\"b\\" {c"}';
    for (const text of [`[${one}]`, `{"count":1,"results":[${one}]}`, `${one}\n`, ` \n[\n${one}\n]\n`]) {
      const reading = await read(text);
      expect(brief(reading)).toEqual([["2026-01-02T08:00", 30, 1_500, null]]);
      expect(reading.trips[0]?.notes).toBe('a "b" {c');
      expect(reading.plan.format).toBe("evx-json");
    }
  });

  test("a record of a day has a date alone", async () => {
    const { trips } = await read("date;distance\n02.01.2026;34,5\n", { zone: "Asia/Ho_Chi_Minh" });
    expect(trips[0]).toMatchObject({
      precision: "day",
      distance_m: 34_500,
      start: Date.UTC(2026, 0, 1, 17),
      end: Date.UTC(2026, 0, 2, 17),
      quality: "manual",
    });
  });

  test("a column can be mapped by hand, under any header", async () => {
    const text = "Von,Bis,Weg,Strom\n2026-01-02 08:00,2026-01-02 08:30,12,2.5\n";
    await expect(read(text)).rejects.toThrow("do not recognise these columns: Von, Bis, Weg, Strom");
    const reading = await read(text, {
      mapping: { start: "Von", end: "Bis", distance: "Weg", energy: "Strom" },
    });
    expect(brief(reading)).toEqual([["2026-01-02T08:00", 30, 12_000, 2_500]]);
  });
});

describe("what other programs export", () => {
  test("Polestar: local minutes, odometers, a comma inside the date, zero energy is unknown", async () => {
    const reading = await read(
      "Start Date,End Date,Start Address,End Address,Distance in KM,Consumption in Kwh,Category,Start Latitude,Start Longitude,End Latitude,End Longitude,Start Odometer,End Odometer,Trip Type,SOC Source,SOC Destination,Comments\n" +
        '"2026-09-10, 15:04","2026-09-10, 15:08","Street 1, Town","Street 2, Town","4","1.415","Private","57.70","11.97","57.71","11.95","21500","21504","SINGLE","70","68",""\n' +
        '"2026-09-11, 07:10","2026-09-11, 09:21","Street 1, Town","Other 3, City","125","0","Uncategorized","57.70","11.97","57.78","11.81","21504","21629","MERGED","73","60","note"\n',
      { zone: "Europe/Stockholm" },
    );
    expect(reading.plan).toMatchObject({ format: "polestar", zoneSilent: true });
    expect(brief(reading)).toEqual([
      ["2026-09-10T13:04", 4, 4_000, 1_415],
      ["2026-09-11T05:10", 131, 125_000, null],
    ]);
    expect(reading.trips[0]).toMatchObject({
      quality: "manual",
      odometerStart_m: 21_500_000,
      odometerEnd_m: 21_504_000,
    });
  });

  test("TeslaMate drives are in UTC, whatever the car's zone", async () => {
    const reading = await read(
      "id,start_date,end_date,outside_temp_avg,start_km,end_km,distance,duration_min,car_id,start_rated_range_km,end_rated_range_km\n" +
        "17,2026-01-02 08:00:00.123,2026-01-02 08:30:00.456,20,1000.5,1013.2,12.7,30,1,300.1,285.2\n",
      { zone: "Asia/Ho_Chi_Minh" },
    );
    expect(reading.plan).toMatchObject({ format: "teslamate", zoneSilent: false, distanceUnit: "km" });
    expect(reading.trips[0]).toMatchObject({
      start: Date.UTC(2026, 0, 2, 8, 0, 0, 123),
      distance_m: 12_700,
      sourceId: "17",
      quality: "manual",
    });
  });

  test("TeslaMate's dashboard has no end: start plus duration", async () => {
    const reading = await read(
      '"start_date","start_address","end_address","duration_min","distance_km","consumption_kWh"\n2026-01-02 08:00:00,A,B,25,18.2,3.1\n',
    );
    expect(reading.plan.format).toBe("teslamate-dashboard");
    expect(brief(reading)).toEqual([["2026-01-02T08:00", 25, 18_200, 3_100]]);
  });

  test("TeslaFi: gaps split, drives under a minute are dropped by name, semicolons and tabs work", async () => {
    for (const mark of [",", ";", "\t"]) {
      const rows = [
        "data_id,Date,shift_state,odometer,speed,latitude,longitude,battery_level",
        "1,2026-01-02 08:00:00,P,1000.0,None,10.7,106.6,80",
        "2,2026-01-02 08:01:00,D,1000.0,20,10.7,106.6,80",
        "3,2026-01-02 08:02:00,D,1001.0,30,10.71,106.6,79",
        "4,2026-01-02 08:20:00,D,1005.0,30,10.75,106.6,78",
        "5,2026-01-02 08:24:00,R,1007.0,30,10.77,106.6,74",
        "6,2026-01-02 08:25:00,P,1007.5,None,10.77,106.6,70",
        "7,2026-01-02 08:26:00,None,1007.5,None,10.77,106.6,70",
        "8,2026-01-02 09:00:00,D,1007.5,3,10.77,106.6,70",
        "9,2026-01-02 09:00:30,P,1007.6,None,10.77,106.6,70",
        "10,2026-01-02 09:10:00,,,,,,",
      ];
      const reading = await read(`${rows.join("\n").replaceAll(",", mark)}\n`, { battery_wh: 60_000 });
      expect(reading.plan.format).toBe("teslafi");
      expect(brief(reading)).toEqual([
        ["2026-01-02T08:01", 1, 1_609, null],
        ["2026-01-02T08:20", 5, 4_023, 4_800],
      ]);
      expect(reasons(reading)).toEqual([[9, "end", "too_short"]]);
    }
  });

  test("Tessie: unix seconds and miles, unless told otherwise", async () => {
    const text = JSON.stringify({
      results: [
        {
          id: 5,
          started_at: 1_767_340_800,
          ended_at: 1_767_342_600,
          starting_odometer: 1000,
          ending_odometer: 1010,
          odometer_distance: 10,
          energy_used: 2.5,
          starting_latitude: 10.7,
          starting_longitude: 106.6,
          tag: null,
        },
      ],
    });
    expect(brief(await read(text))).toEqual([["2026-01-02T08:00", 30, 16_093, 2_500]]);
    expect(brief(await read(text, { distanceUnit: "km" }))).toEqual([
      ["2026-01-02T08:00", 30, 10_000, 2_500],
    ]);
    expect((await read(text)).plan).toMatchObject({ format: "tessie", unitSilent: true });
  });

  test("Kia's own trip log, the day's statistics and the day summaries", async () => {
    const info = await read(
      "Date, Start time, Drive time, Idle time, Distance, Avg speed, Max speed\n20230102,160624,6,0,3,42,69\n20230113,90225,2,2,0,0,0\n",
    );
    expect(brief(info)).toEqual([["2023-01-02T16:06", 7, 3_000, null]]);
    expect(reasons(info)).toEqual([[3, "distance", "distance_zero"]]);
    const stats = await read(
      "datetime, distance, distance_unit, total_consumed, regenerated_energy\n20230209, 13, km, 2642, 1149\n20230210 13:45, 1, km, 375, 134\n20230210 14:30, 28, km, 4978, 1595\n20230210 14:15, 14, km, 2492, 759\n",
    );
    expect(brief(stats)).toEqual([
      ["2023-02-09T00:00", 1440, 13_000, 2_642],
      ["2023-02-10T00:00", 1440, 28_000, 4_978],
    ]);
    expect(reasons(stats)).toEqual([
      [3, "start", "reading_superseded"],
      [5, "start", "reading_superseded"],
    ]);
    const days = await read(
      "  Period, date      , info , odometer, delta km,    +kWh,     -kWh, km/kWh\nDAY     , 2023-01-15, Sun  ,  22323.0,    155.5,    33.6,    -26.6,    5.8\nWEEK     , 2023-01-15, W1  ,  22323.0,    155.5,    33.6,    -26.6,    5.8\n",
    );
    expect(brief(days)).toEqual([["2023-01-15T00:00", 1440, 155_500, 26_600]]);
    expect(reasons(days)).toEqual([[3, "period", "summary_row"]]);
    await expect(
      read("date, odometer, +kWh, end charged SOC%\n2023-01-08, 22132.2, 44.3, 80\n"),
    ).rejects.toThrow("lists charges, not trips");
  });

  test("Spritmonitor's German export: day first, decimal comma, semicolons", async () => {
    const reading = await read(
      '"Datum";"Km-Stand";"Fahrstrecke";"Menge";"Verbrauch"\n"08.02.2019";"12345,0";"80,5";"14,2";"17,8"\n',
    );
    expect(reading.plan).toMatchObject({
      format: "spritmonitor",
      decimal: ",",
      dateOrder: "dmy",
      delimiter: ";",
    });
    expect(brief(reading)).toEqual([["2019-02-08T00:00", 1440, 80_500, 14_329]]);
  });

  test("a logger without positions: speed gives the distance; metres a second are told by the header", async () => {
    const rows = Array.from(
      { length: 121 },
      (_, second) =>
        `2026-01-02T08:${String(Math.floor(second / 60)).padStart(2, "0")}:${String(second % 60).padStart(2, "0")}Z,10`,
    );
    const reading = await read(`timestamp,speed_ms\n${rows.join("\n")}\n`);
    expect(brief(reading)).toEqual([["2026-01-02T08:00", 2, 1_200, null]]);
  });

  test("a jump of the receiver is removed and the track goes on", async () => {
    const at = (second: number) =>
      `2026-01-02T08:0${Math.floor(second / 60)}:${String(second % 60).padStart(2, "0")}Z`;
    const rows = Array.from({ length: 200 }, (_, second) =>
      second === 50
        ? `${at(second)},36,-33.9,151.2`
        : second === 60
          ? `${at(second)},36,0,0`
          : `${at(second)},36,${(10 + second * 0.00009).toFixed(6)},106`,
    );
    const { trips } = await read(`timestamp,speed,lat,lon\n${rows.join("\n")}\n`);
    expect(trips[0]?.distance_m).toBe(1_990);
    expect(trips[0]?.track?.length).toBe(198);
    expect(trips[0]?.flags).toEqual([]);
  });
});

describe("encodings and layouts", () => {
  const table =
    "start_time,end_time,distance_km,notes\n2026-01-02T08:00:00Z,2026-01-02T08:30:00Z,12.5,Đi làm\n2026-01-02T18:00:00Z,2026-01-02T18:30:00Z,12.5,Về nhà\n";
  const expected = [
    ["2026-01-02T08:00", 30, 12_500, null],
    ["2026-01-02T18:00", 30, 12_500, null],
  ];
  const utf16 = (text: string, little: boolean, mark: boolean) => {
    const codes = [...(mark ? "\uFEFF" : ""), ...text].map((char) => char.charCodeAt(0));
    return Uint8Array.from(
      codes.flatMap((code) => (little ? [code & 255, code >> 8] : [code >> 8, code & 255])),
    );
  };

  test("UTF-8 with and without its mark, UTF-16 of both kinds, all line ends: the same trips", async () => {
    const contents = [
      encode(table),
      encode(`\uFEFF${table}`),
      utf16(table, true, true),
      utf16(table, false, true),
      utf16(table, true, false),
      utf16(table, false, false),
      encode(table.replaceAll("\n", "\r\n")),
      encode(table.replaceAll("\n", "\r")),
      encode(table.trimEnd()),
      encode(`sep=,\n${table}`),
    ];
    for (const content of contents) {
      const reading = await read(content);
      expect(brief(reading)).toEqual(expected);
      expect(reading.trips.map((trip) => trip.notes)).toEqual(["Đi làm", "Về nhà"]);
      expect(reading.rejections).toEqual([]);
    }
  });

  test("where chunks are cut changes nothing", async () => {
    for (const size of [1, 2, 3, 5, 64, 100_000])
      expect(brief(await read(table, {}, size))).toEqual(expected);
  });

  test("semicolon, tab and decimal comma; thousands separators in both styles", async () => {
    const german = "start;end;km\n02.01.2026 08:00;02.01.2026 18:30;1.012,5\n";
    const english = 'start,end,km\n2026-01-02 08:00,2026-01-02 18:30,"1,012.5"\n';
    const tabbed = "start\tend\tkm\n2026-01-02 08:00\t2026-01-02 18:30\t1012.5\n";
    const commas = 'start,end,km\n2026-01-02 08:00,2026-01-02 18:30,"1012,5"\n';
    for (const text of [german, english, tabbed, commas])
      expect(brief(await read(text))).toEqual([["2026-01-02T08:00", 630, 1_012_500, null]]);
  });

  test("quoted newlines and doubled quotation marks stay in their cell", async () => {
    const reading = await read(
      'start,end,km,notes\n2026-01-02T08:00Z,2026-01-02T08:30Z,12,"two\nlines, ""quoted"""\n2026-01-03T08:00Z,2026-01-03T08:30Z,13,x\n',
    );
    expect(reading.trips.map((trip) => [trip.row, trip.notes])).toEqual([
      [2, 'two\nlines, "quoted"'],
      [3, "x"],
    ]);
  });

  test("times of day, months by name, American and day-first dates, with a zone that changes its clocks", async () => {
    const times = [
      "1/13/2026 8:00 AM",
      "Jan 13, 2026 8:00 AM",
      "13 Jan 2026 08:00",
      "2026-01-13T08:00",
      "20260113 08:00:00",
      "2026/01/13 08:00:00",
    ];
    for (const time of times) {
      const reading = await read(`start,duration_min,km\n"${time}",30,12\n`, { zone: "America/New_York" });
      expect(brief(reading)[0]?.[0], time).toBe("2026-01-13T13:00");
    }
    const summer = await read("start,end,km\n2026-03-08 01:30,2026-03-08 03:30,12\n", {
      zone: "America/New_York",
    });
    expect(brief(summer)).toEqual([["2026-03-08T06:30", 60, 12_000, null]]);
    const ambiguous = await read("start,end,km\n03/04/2026 08:00,03/04/2026 08:30,12\n", {
      zone: "Asia/Ho_Chi_Minh",
    });
    expect(ambiguous.plan).toMatchObject({ dateOrder: "dmy", dateOrderUncertain: true });
  });
});
