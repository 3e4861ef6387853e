import { describe, expect, test } from "bun:test";
import { chunksOf } from "@evx/containers";
import { Refusal } from "@evx/kernel";
import fc from "@evx/tooling/properties";
import type { ImportOptions } from "./candidate.ts";
import { decimalShown, type Survey } from "./survey.ts";
import { Surveyor } from "./surveyor.ts";
import { readAll } from "./testing.ts";

const defaults: ImportOptions = { zone: "UTC", battery_wh: null };
const read = (text: string | Uint8Array, options: Partial<ImportOptions> = {}) =>
  readAll(chunksOf(typeof text === "string" ? new TextEncoder().encode(text) : text, 97), {
    ...defaults,
    ...options,
  });
const brief = (reading: Awaited<ReturnType<typeof read>>) =>
  reading.trips.map((trip) => [
    new Date(trip.start).toISOString().slice(0, 16),
    Math.round((trip.end - trip.start) / 60_000),
    trip.distance_m,
    trip.energy_wh,
  ]);
const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => ({ code: "none", facts: {} }),
    (error) =>
      error instanceof Refusal ? { code: error.code, facts: error.facts } : { code: `${error}`, facts: {} },
  );

const own = "LRWYGCEK0PC000001";
const other = "LRWYGCEK0PC000002";
const carRows = (header: string, a: string, b: string) =>
  `${header},start,end,km\n${a},2026-01-02 08:00,2026-01-02 08:30,12\n${b},2026-01-02 09:00,2026-01-02 09:30,14\n`;

describe("whose car a file is about", () => {
  for (const header of ["vin", "Vehicle", "Device", "car_id", "vehicle_name", "License Plate", "Biển số xe"])
    test(`two names under ${header} are two cars, named; one of them can be chosen`, async () => {
      const text = carRows(header, "Van 1", "Van 2");
      expect(await refused(read(text))).toEqual({
        code: "import_several_vehicles",
        facts: { vehicles: ["Van 1", "Van 2"] },
      });
      const chosen = await read(text, { vehicle: "van  2" });
      expect(brief(chosen)).toEqual([["2026-01-02T09:00", 30, 14_000, null]]);
      expect(chosen.rejections.map(({ row, code }) => [row, code])).toEqual([[2, "other_vehicle"]]);
    });

  test("one car in other spellings is one car; another car's VIN is refused, also when chosen", async () => {
    expect((await read(carRows("vin", own, ` ${own.toLowerCase()}`), { vin: own })).trips.length).toBe(2);
    expect((await refused(read(carRows("device", other, other), { vin: own }))).code).toBe(
      "import_other_vehicle",
    );
    expect((await refused(read(carRows("vin", own, other), { vin: own, vehicle: other }))).code).toBe(
      "import_other_vehicle",
    );
    expect((await read(carRows("vin", own, other), { vin: own, vehicle: own })).trips.length).toBe(1);
  });

  test("the second car may come as the last row of many", async () => {
    const rows = Array.from({ length: 900 }, (_, n) => {
      const day = new Date(Date.UTC(2024, 0, 1 + n)).toISOString().slice(0, 10);
      return `${n === 899 ? "B" : "A"},${day} 08:00,${day} 08:30,12`;
    });
    expect((await refused(read(`car,start,end,km\n${rows.join("\n")}\n`))).code).toBe(
      "import_several_vehicles",
    );
  });
});

describe("numbers", () => {
  test("a unit in the cell counts; an unknown one is refused by row", async () => {
    const reading = await read(
      'start,end,distance,energy\n2026-01-02 08:00,2026-01-02 08:30,80 m,\n2026-01-02 09:00,2026-01-02 09:30,10 miles,"2,100 Wh"\n2026-01-02 10:00,2026-01-02 10:30,12 parsec,2\n2026-01-02 11:00,2026-01-02 11:30,12.5km,2.1kWh\n2026-01-02 12:00,2026-01-02 12:30,12 km,3 MJ\n',
    );
    expect(brief(reading)).toEqual([
      ["2026-01-02T08:00", 30, 80, null],
      ["2026-01-02T09:00", 30, 16_093, 2_100],
      ["2026-01-02T11:00", 30, 12_500, 2_100],
    ]);
    expect(reading.rejections.map(({ row, code }) => [row, code])).toEqual([
      [4, "unit_unknown"],
      [6, "unit_unknown"],
    ]);
  });

  test("the decimal mark is what the whole file shows, not its first rows", async () => {
    const row = (n: number, km: string) => {
      const day = new Date(Date.UTC(2024, 0, 1 + n)).toISOString().slice(0, 10);
      return `${day} 08:00;${day} 09:00;${km}\n`;
    };
    const many = Array.from({ length: 400 }, (_, n) => row(n, "12,345")).join("");
    const reading = await read(`start;end;km\n${many}${row(400, "8,5")}`);
    expect(reading.plan).toMatchObject({ decimal: ",", decimalUncertain: false });
    expect(new Set(reading.trips.map((trip) => trip.distance_m))).toEqual(new Set([12_345, 8_500]));
    expect((await read(`start;end;km\n${row(0, "1.234")}`)).plan.decimalUncertain).toBe(true);
    const english = await read('start,end,km,odometer\n2026-01-02 08:00,2026-01-02 08:30,12.5,"12,345"\n');
    expect(english.trips[0]).toMatchObject({ distance_m: 12_500, odometerEnd_m: 12_345_000 });
  });

  test("a decimal comma behind the beginning of a large file is seen, between notes in quotation marks", () => {
    const row = (n: number, km: string) => {
      const day = new Date(Date.UTC(2015, 0, 13 + n)).toISOString().slice(0, 10);
      return `${day} 08:00,${day} 09:00,${km},"Commute, morning"\n`;
    };
    const many = Array.from({ length: 4_000 }, (_, n) => row(n, '"12,345"')).join("");
    for (const [last, decimal] of [
      ['"8,5"', ","],
      ["8.5", "."],
    ] as const) {
      const surveyor = new Surveyor(() => ({}));
      const bytes = new TextEncoder().encode(`start,end,km,notes\n${many}${row(4_000, last)}`);
      for (let at = 0; at < bytes.length; at += 65_536) surveyor.push(bytes.subarray(at, at + 65_536));
      expect(decimalShown(surveyor.end() as Survey)).toMatchObject({ decimal });
    }
  });

  test("consumption in any unit times the distance is the energy", async () => {
    for (const [header, value] of [
      ["kWh/100km", "20"],
      ["Wh/km", "200"],
      ["km/kWh", "5"],
      ["Average electric consumption in kWh/100km", "20"],
    ])
      expect(
        brief(await read(`start,end,km,${header}\n2026-01-02 08:00,2026-01-02 08:30,10,${value}\n`)),
      ).toEqual([["2026-01-02T08:00", 30, 10_000, 2_000]]);
  });

  test("energy that contradicts the stated consumption is flagged; a rounding is not", async () => {
    const { trips } = await read(
      "start,end,km,kWh,kWh/100km\n2026-01-02 08:00,2026-01-02 08:30,20,4.1,20\n2026-01-02 09:00,2026-01-02 09:30,20,9,20\n",
    );
    expect(trips.map((trip) => trip.flags.map((flag) => flag.code))).toEqual([[], ["energy_contradicts"]]);
  });

  test("a column that is 0 all over is one note for the file; a single 0 is a flag of its trip", async () => {
    const row = (n: number, kwh: string) => `2026-01-${String(n + 1).padStart(2, "0")} 08:00,30,12,${kwh}\n`;
    const all = await read(
      `start,duration_min,km,kwh\n${Array.from({ length: 20 }, (_, n) => row(n, "0")).join("")}`,
    );
    expect(all.trips.flatMap((trip) => trip.flags)).toEqual([]);
    expect(all.notes).toEqual([{ code: "energy_never_measured", values: { rows: 20, given: 20 } }]);
    const one = await read(
      `start,duration_min,km,kwh\n${Array.from({ length: 28 }, (_, n) => row(n, n === 3 ? "0" : "2")).join("")}`,
    );
    expect(one.trips.filter((trip) => trip.flags.length > 0).map((trip) => trip.row)).toEqual([5]);
  });
});

describe("times", () => {
  const moments: [string, string][] = [
    ["01/02/2026 8:05:00 SA", "2026-02-01T08:05"],
    ["01/02/2026 5:05 CH", "2026-02-01T17:05"],
    ["01/02/2026 12:05 CH", "2026-02-01T12:05"],
    ["08:05 01/02/2026", "2026-02-01T08:05"],
    ["46054.336806", "2026-02-01T08:05"],
    ["2026-02-01 08:05:00 ICT", "2026-02-01T01:05"],
    ["2026-02-01 08:05:00 CET", "2026-02-01T07:05"],
    ["Sun Feb 1 2026 08:05:00 GMT+0700 (Indochina Time)", "2026-02-01T01:05"],
    ["Fri Feb 18 17:07:00 EST 2022", "2022-02-18T22:07"],
    ["18-Feb-2022 17:07:00.743", "2022-02-18T17:07"],
    ["1 thg 2, 2026 08:05", "2026-02-01T08:05"],
    ["Feb 1, 2026, 8:05 PM", "2026-02-01T20:05"],
    ["1. März 2026 08:05", "2026-03-01T08:05"],
  ];
  for (const [text, at] of moments)
    test(text, async () => {
      expect(brief(await read(`start;duration;km\n${text};45 min;20\n`))).toEqual([[at, 45, 20_000, null]]);
    });

  for (const [text, minutes] of [
    ["00:45:00", 45],
    ["45 min", 45],
    ["45.5", 46],
    ["1 h 5 min", 65],
    ["1h05", 65],
    ["30m", 30],
    ["PT1H5M", 65],
    ["1 giờ 5 phút", 65],
  ] as const)
    test(`a duration of ${text}`, async () => {
      expect(brief(await read(`start,duration,km\n2026-02-01T08:00:00Z,${text},20\n`))[0]?.[1]).toBe(minutes);
    });

  test("a trip past midnight, and one over the hour that clocks repeat", async () => {
    expect(brief(await read("date,start_time,end_time,km\n2026-02-01,23:50,00:20,20\n"))).toEqual([
      ["2026-02-01T23:50", 30, 20_000, null],
    ]);
    const back = await read(
      "start,end,km\n2025-10-26 02:50:00,2025-10-26 02:20:00,20\n2025-10-26 02:30:00,2025-10-26 02:55:00,20\n",
      { zone: "Europe/Berlin" },
    );
    expect(brief(back)).toEqual([
      ["2025-10-26T00:50", 30, 20_000, null],
      ["2025-10-26T01:30", 25, 20_000, null],
    ]);
  });

  test("above 200 km/h is refused, whatever the times are rounded to", async () => {
    const { trips, rejections } = await read(
      "start,duration_min,km\n2026-02-01 08:00,1,150\n2026-02-02 08:00,0,300\n2026-02-03 08:00,0,2\n",
    );
    expect(trips.map((trip) => trip.row)).toEqual([4]);
    expect(rejections.map(({ row, code }) => [row, code])).toEqual([
      [2, "speed_impossible"],
      [3, "speed_impossible"],
    ]);
  });

  test("one mistyped date changes nothing of the others", async () => {
    const rows = ["13/02/2026", "01/02/2026", "02/13/2026", "05/02/2026", "14/02/2026", "20/02/2026"];
    const reading = await read(
      `date,start_time,end_time,km\n${rows.map((day) => `${day},8:00,8:30,12\n`).join("")}`,
    );
    expect(reading.plan.dateOrder).toBe("dmy");
    expect(reading.rejections.map(({ row }) => row)).toEqual([4]);
    expect(brief(reading)[1]?.[0]).toBe("2026-02-01T08:00");
  });
});

describe("rows that are no trips", () => {
  test("a total is named; rows of a standing car are counted", async () => {
    const totals = await read(
      "start,end,km\n2026-01-02 08:00,2026-01-02 08:30,12\nTổng cộng,,12\n,,\nSumme,,12\n",
    );
    expect(totals.rejections.map(({ row, code }) => [row, code])).toEqual([
      [3, "summary_row"],
      [5, "summary_row"],
    ]);
    expect(totals.notes).toEqual([{ code: "rows_blank", values: { rows: 1 } }]);
  });

  test("charges and lines without times are refused with what to bring", async () => {
    expect(
      (await refused(read("created;finished;loadpoint;vehicle;chargedenergy\n2026-02-01;2026-02-01;G;X;3\n")))
        .code,
    ).toBe("import_of_charges");
    expect((await refused(read('[{"start": broken'))).code).toBe("import_json_broken");
  });

  test("a log newest first, one value a row, is the drive it is", async () => {
    const rows = Array.from({ length: 121 }, (_, n) => {
      const time = `08:${String(Math.floor(n / 60)).padStart(2, "0")}:${String(n % 60).padStart(2, "0")}`;
      return n % 2 === 0 ? `2026-02-01 ${time};54;` : `2026-02-01 ${time};;80`;
    });
    const header = "time;Speed (km/h);SOC\n";
    const forward = await read(`${header}${rows.join("\n")}\n`);
    expect(brief(forward)).toEqual([["2026-02-01T08:00", 2, 1_800, null]]);
    expect(brief(await read(`${header}${rows.reverse().join("\n")}\n`))).toEqual(brief(forward));
  });

  test("an odometer that moved while a log was silent is a trip; nothing of it is lost", async () => {
    const { trips } = await read(
      "timestamp,odometer,soc\n2026-02-01 08:00:00,1000,80\n2026-02-01 18:00:00,1040,70\n2026-02-01 18:05:00,1045,69\n",
    );
    expect(trips.reduce((sum, trip) => sum + trip.distance_m, 0)).toBe(45_000);
  });

  test("notes of our own export come back without the mark that it put before them", async () => {
    const { trips } = await read("start,end,km,notes\n2026-01-02 08:00,2026-01-02 08:30,12,'=home\n");
    expect(trips[0]?.notes).toBe("=home");
  });

  test("old Windows encodings: Vietnamese and Western", async () => {
    const table = (note: number[]) =>
      Buffer.concat([
        Buffer.from("start,end,km,notes\n2026-01-02 08:00,2026-01-02 08:30,12,"),
        Buffer.from(note),
        Buffer.from("\n"),
      ]);
    // "về quê" and "Müller" as those pages write them.
    expect((await read(table([0x76, 0xea, 0xcc, 0x20, 0x71, 0x75, 0xea]))).trips[0]?.notes).toBe("về quê");
    expect((await read(table([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]))).trips[0]?.notes).toBe("Müller");
  });
});

describe("the same trips, however they are written", () => {
  const trip = fc.record({
    day: fc.integer({ min: 0, max: 700 }),
    minutes: fc.integer({ min: 10, max: 90 }),
    metres: fc.integer({ min: 1_000, max: 9_999 }),
    wattHours: fc.integer({ min: 300, max: 4_000 }),
  });
  type Trip = { day: number; minutes: number; metres: number; wattHours: number };
  const table = (
    trips: readonly Trip[],
    { delimiter = ",", comma = false, header = "start_time,end_time,distance_km,energy_kwh" },
  ) => {
    const number = (thousandths: number) => {
      const text = (thousandths / 1000).toFixed(3);
      const marked = comma ? text.replace(".", ",") : text;
      return delimiter === "," && comma ? `"${marked}"` : marked;
    };
    const at = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace("T", " ");
    const lines = trips.map(({ day, minutes, metres, wattHours }) => {
      const start = Date.UTC(2024, 0, 1, 8) + day * 86_400_000;
      return [at(start), at(start + minutes * 60_000), number(metres), number(wattHours)].join(delimiter);
    });
    return `${header.split(",").join(delimiter)}\n${lines.join("\r\n")}\r\n`;
  };
  const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);

  test("encoded, delimited, marked, reordered or with other headers", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(trip, { minLength: 1, maxLength: 20, selector: ({ day }) => day }),
        async (trips) => {
          const wanted = brief(await read(table(trips, {}))).sort();
          expect(wanted.length).toBe(trips.length);
          const forms: (string | Uint8Array)[] = [
            utf16(table(trips, { delimiter: "\t" })),
            table(trips, { delimiter: ";", comma: true }),
            table(trips, { comma: true }),
            `\uFEFF${table(trips, { delimiter: ";" })}`,
            table([...trips].reverse(), {}),
            table(trips, {
              header: "Thời gian bắt đầu,Thời gian kết thúc,Quãng đường (km),Điện năng tiêu thụ (kWh)",
            }),
            table(trips, {
              header:
                "Journey start time,Journey finish time,Driven distance [km],Energy consumed in total (kWh)",
            }),
          ];
          for (const form of forms) expect(brief(await read(form)).sort()).toEqual(wanted);
        },
      ),
      { numRuns: 25 },
    );
  });
});
