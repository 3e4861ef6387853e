import { describe, expect, test } from "bun:test";
import { chunksOf } from "@evx/containers";
import { Refusal } from "@evx/kernel";
import type { ImportOptions } from "./candidate.ts";
import { Surveyor } from "./surveyor.ts";
import { readAll, workbookOf } from "./testing.ts";

/** As an import does it: a look at the whole file first. */
const read = async (text: string | Uint8Array, options: Partial<ImportOptions> = {}) => {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const said: ImportOptions = { zone: "UTC", battery_wh: null, ...options };
  const surveyor = new Surveyor(() => said);
  surveyor.push(bytes);
  const survey = typeof text === "string" ? (surveyor.end() ?? undefined) : undefined;
  return readAll(chunksOf(bytes, 97), { ...said, survey });
};
type Reading = Awaited<ReturnType<typeof read>>;
const km = (reading: Reading) => reading.trips.map(({ distance_m }) => distance_m / 1000);
const brief = (reading: Reading) =>
  reading.trips.map(({ start, end, distance_m, energy_wh }) => [
    new Date(start).toISOString().slice(0, 16),
    Math.round((end - start) / 60_000),
    distance_m / 1000,
    energy_wh,
  ]);
const codes = (reading: Reading) => reading.rejections.map(({ row, code }) => [row, code]);
const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => "none",
    (error) => (error instanceof Refusal ? error.code : `${error}`),
  );
const day = (n: number) => new Date(Date.UTC(2026, 0, n)).toISOString().slice(0, 10);
const days = (count: number, row: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => row(n + 1)).join("\n");

describe("a column that counts up is no distance", () => {
  const odometer = `date,km\n${days(12, (n) => `${day(n)},${21_000 + n * 31}`)}\n`;
  const meter = `start,end,total distance (km)\n${days(9, (n) => `${day(n)} 08:00,${day(n)} 08:45,${n * 21.5}`)}\n`;
  const reset = `start,end,km\n${days(30, (n) => `${day(n)} 08:00,${day(n)} 08:20,${(((n - 1) % 10) + 1) * 14}`)}\n`;

  for (const [name, text] of Object.entries({ odometer, meter, reset }))
    test(`${name}: it is asked what it is, first row first or last`, async () => {
      const [header, ...rows] = text.trim().split("\n");
      expect(await refused(read(text))).toBe("import_distance_counts_up");
      expect(await refused(read([header, ...rows.reverse()].join("\n")))).toBe("import_distance_counts_up");
    });

  test("called the odometer, what lies between its readings was driven", async () => {
    expect(km(await read(odometer, { mapping: { odometer: "km" } }))).toEqual(new Array(11).fill(31));
    const trips = await read(meter, { mapping: { odometer: "total distance (km)" } });
    expect(km(trips)).toEqual(new Array(8).fill(21.5));
    expect(new Date(trips.trips[0]?.end ?? 0).toISOString().slice(0, 16)).toBe("2026-01-02T08:45");
  });

  test("called the distance, it is one; and drives that happen to grow are drives", async () => {
    expect((await read(meter, { mapping: { distance: "total distance (km)" } })).trips.length).toBe(7);
    const grown = `start,end,km\n${days(20, (n) => `${day(n)} 08:00,${day(n)} 09:00,${10 + n}`)}\n`;
    expect((await read(grown)).trips.length).toBe(20);
  });

  test("trips of which only the odometer is known lie between its readings", async () => {
    const text = `Start,End,Odometer\n${days(3, (n) => `${day(n)} 08:00,${day(n)} 08:30,${1000 + n * 20}`)}\n`;
    expect(km(await read(text))).toEqual([20, 20]);
    const dashboard = await read(
      "Ngày;Số km đồng hồ\n01/02/2026;10.000\n02/02/2026;10.050\n15/02/2026;10.612\n",
    );
    expect(dashboard.plan.decimalUncertain).toBe(true);
    const said = await read("Ngày;Số km đồng hồ\n01/02/2026;10.000\n02/02/2026;10.050\n15/02/2026;10.612\n", {
      decimal: ",",
    });
    expect(km(said)).toEqual([50, 562]);
  });
});

describe("two cars in one file", () => {
  const rows = (a: string, b: string) =>
    `${a},01/02/2026 08:00,01/02/2026 08:30,20\n${b},13/02/2026 09:00,13/02/2026 09:30,21\n`;
  for (const header of ["Biển KS", "BKS", "Biển đăng ký", "Ai chạy"])
    test(`plates under ${header}`, async () => {
      const text = `${header},giờ đi,giờ về,km\n${rows("51K-123.45", "29-A1 999.99")}`;
      expect(await refused(read(text))).toBe("import_several_vehicles");
      expect(km(await read(`${header},giờ đi,giờ về,km\n${rows("51K12345", "51K12345")}`))).toEqual([20, 21]);
    });

  const part = (car: string, n: number) => `${car}\nstart,end,km\n${day(n)} 08:00,${day(n)} 08:30,${n}\n`;
  const parts =
    part("Biển số: 51K-123.45", 1) + part("Biển số: 51K-999.99", 2) + part("Biển số: 51K-123.45", 3);
  test("named by lines between the rows: asked; and the chosen one's rows are read alone", async () => {
    expect(await refused(read(parts))).toBe("import_several_vehicles");
    expect(km(await read(parts, { vehicle: "51k-123.45" }))).toEqual([1, 3]);
    expect(km(await read(parts, { vehicle: "51K-999.99" }))).toEqual([2]);
    expect(km(await read(part("Xe: VF 8 của Lan", 1) + part("Xe: VF 8 của Lan", 2)))).toEqual([1, 2]);
  });

  test("of a file that nobody looked at as a whole, the rows of the second car are named", async () => {
    const reading = await readAll(chunksOf(new TextEncoder().encode(parts), 97), {
      zone: "UTC",
      battery_wh: null,
      survey: { ...(await surveyOf(parts)), vehicles: [] },
    });
    expect(km(reading)).toEqual([1, 3]);
    expect(reading.rejections.filter(({ code }) => code === "other_vehicle").length).toBe(1);
  });
  const surveyOf = async (text: string) => {
    const surveyor = new Surveyor(() => ({}));
    surveyor.push(new TextEncoder().encode(text));
    return surveyor.end() as NonNullable<ReturnType<Surveyor["end"]>>;
  };

  test("a column of dates or hours names no car: the end of a trip is “fin” in Spanish and French", async () => {
    const text =
      "Fecha inicio;Hora inicio;Fecha fin;Hora fin;Distancia recorrida\n03/02/2026;08:05;03/02/2026;08:31;12,4\n13/02/2026;23:55;14/02/2026;00:31;12,4\n";
    expect(brief(await read(text)).map(([at, minutes]) => [at, minutes])).toEqual([
      ["2026-02-03T08:05", 26],
      ["2026-02-13T23:55", 36],
    ]);
    expect(
      km(
        await read(
          "Début;Date de fin;km\n03/02/2026 08:05;03/02/2026 08:31;12\n13/02/2026 08:05;13/02/2026 08:31;13\n",
        ),
      ),
    ).toEqual([12, 13]);
  });
});

describe("headers", () => {
  test("a list of charges below the trips is none of them, and the header once more is no broken row", async () => {
    const reading = await read(
      `Trips\nStart,End,km\n${day(1)} 08:00,${day(1)} 08:30,20\nStart,End,km\n${day(2)} 08:00,${day(2)} 08:30,21\n\nCharges\nStart,End,kWh\n${day(2)} 10:00,${day(2)} 11:30,32\n`,
    );
    expect(km(reading)).toEqual([20, 21]);
    expect(codes(reading)).toContainEqual([9, "other_table"]);
    expect(reading.notes).toEqual([{ code: "rows_header", values: { rows: 2 } }]);
  });

  test("units in a row of their own", async () => {
    const miles = await read(
      "Start;End;Distance;Energy\n;;mi;Wh\n2026-02-01 08:00;2026-02-01 08:30;12.4;3100\n",
    );
    expect(brief(miles)).toEqual([["2026-02-01T08:00", 30, 19.956, 3100]]);
    const metres = await read(
      "Bắt đầu,Kết thúc,Quãng đường,Năng lượng\n[dd/mm/yyyy],[dd/mm/yyyy],[m],[Wh]\n01/02/2026 08:00,01/02/2026 08:30,12400,3100\n",
    );
    expect(brief(metres)).toEqual([["2026-02-01T08:00", 30, 12.4, 3100]]);
  });

  const stacked = [
    ["Departure", "", "Arrival", "", "Trip", ""],
    ["Time", "Odometer (km)", "Time", "Odometer (km)", "Distance (km)", "Energy (kWh)"],
    ["2026-02-01 23:50", "1000", "2026-02-02 00:20", "1020", "20.1", "3"],
  ];
  const vietnamese = [
    ["Khởi hành", "", "Kết thúc", "", "Quãng đường (km)"],
    ["Ngày", "Giờ", "Ngày", "Giờ", ""],
    ["01/02/2026", "23:50", "02/02/2026", "00:20", "20,1"],
  ];
  for (const [name, table] of Object.entries({ stacked, vietnamese }))
    test(`${name}: names under merged ones, as text and as a workbook`, async () => {
      const text = table.map((cells) => cells.join(";")).join("\n");
      for (const content of [text, workbookOf([table])]) {
        const [trip] = (await read(content)).trips;
        expect([new Date(trip?.start ?? 0).toISOString(), (trip?.end ?? 0) - (trip?.start ?? 0)]).toEqual([
          "2026-02-01T23:50:00.000Z",
          1_800_000,
        ]);
        expect(trip?.distance_m).toBe(20_100);
        if (name === "stacked")
          expect([trip?.odometerStart_m, trip?.odometerEnd_m]).toEqual([1e6, 1_020_000]);
      }
    });

  test("consumption is known by its cells", async () => {
    const text =
      "Datum;Uhrzeit;Fahrzeit;Strecke;Ø Verbrauch\nMo., 03.02.2026;08:05;0:25 h;12,4 km;16,1 kWh/100 km\n";
    expect(brief(await read(text))).toEqual([["2026-02-03T08:05", 25, 12.4, 1996]]);
  });

  test("words of French, German, Dutch and Norwegian exports", async () => {
    const from = ["2026-02-03 08:05", "2026-02-03 08:31", "12"];
    for (const header of [
      "Départ;Arrivée;Distance",
      "Startdatum;Enddatum;Distanz in KM",
      "Starttid;Sluttid;Avstand (km)",
    ])
      expect(brief(await read(`${header}\n${from.join(";")}\n`))).toEqual([
        ["2026-02-03T08:05", 26, 12, null],
      ]);
    const { plan } = await read(
      `Vertrek;Aankomst;Afstand;Begin kilometerstand;Eind kilometerstand\n${from.join(";")};1;2\n`,
    );
    expect([plan.columns.start_odometer, plan.columns.end_odometer]).toEqual([3, 4]);
  });
});

describe("a log that names no day", () => {
  const seconds = Array.from({ length: 200 }, (_, n) => n);
  const hour = (from: number, n: number) => {
    const at = new Date((from + n) * 1000).toISOString();
    return at.slice(11, 19);
  };
  const long = `SECONDS;PID;VALUE;UNITS\n${seconds
    .map((n) => `"${29_100 + n}.5";"Vehicle speed";"36";"km/h"\n"${29_100 + n}.9";"SOC";"80";"%"`)
    .join("\n")}\n`;
  const wide = `time;Vehicle speed (km/h);SOC\n${seconds.map((n) => `${hour(29_100, n)}.25;36;80`).join("\n")}\n`;
  const counted = `# by a logger\nTime (sec),Vehicle speed (km/h),Latitude (deg),Longitude (deg)\n${seconds
    .map((n) => `${n}.0,36,48.1,11.${50_000 + n * 13}`)
    .join("\n")}\n`;

  test("is asked for it: hours, seconds of the day, seconds from the beginning", async () => {
    for (const log of [long, wide, counted]) expect(await refused(read(log))).toBe("import_log_without_day");
    expect(await refused(read(counted, { logBegan: "2026-03-04" }))).toBe("import_log_without_hour");
    expect(await refused(read(wide, { logBegan: "4 March" }))).toBe("import_began_unknown");
  });

  test("is read from the day that was told, and says so on each trip and of the file", async () => {
    for (const [log, logBegan] of [
      [long, "2026-03-04"],
      [wide, "2026-03-04"],
      [counted, "2026-03-04T08:05"],
      [long, "2026-03-04 08:05"],
    ] as const) {
      const reading = await read(log, { logBegan, zone: "Asia/Ho_Chi_Minh" });
      expect(brief(reading).map(([at, minutes]) => [at, minutes])).toEqual([["2026-03-04T01:05", 3]]);
      expect(reading.trips[0]?.flags.map(({ code }) => code)).toContain("day_told");
      expect(reading.notes.map(({ code }) => code)).toContain("day_told");
    }
  });

  test("past midnight it goes on with the next day, in whatever pieces it is read", async () => {
    const night = `time,speed\n${seconds.map((n) => `${hour(86_300, n)},36`).join("\n")}\n`;
    const [trip] = (await read(night, { logBegan: "2026-03-04" })).trips;
    expect([new Date(trip?.start ?? 0).toISOString(), new Date(trip?.end ?? 0).toISOString()]).toEqual([
      "2026-03-04T23:58:20.000Z",
      "2026-03-05T00:01:39.000Z",
    ]);
  });

  test("a day in any other column, or an end, and nobody is asked", async () => {
    const dated = `Date,Time,Speed\n${seconds.map((n) => `2026-03-04,${hour(29_100, n)},36`).join("\n")}\n`;
    expect((await read(dated)).trips.length).toBe(1);
    const broken = dated.replace("2026-03-04,08:05:00", "30/00/2001,08:05:00");
    expect((await read(broken)).trips.length).toBe(1);
    expect(km(await read("date,time,duration,km,avg speed\n2026-03-04,08:05,30,12,24\n"))).toEqual([12]);
  });
});

test("a ride on a motorbike is none of a car, and one of a motorbike", async () => {
  const text = `date,start,end,km,mode\n${day(1)},08:00,08:30,20,IN_PASSENGER_VEHICLE\n${day(1)},09:00,09:30,12,MOTORCYCLING\n${day(1)},10:00,10:30,13,Xe máy\n`;
  expect(km(await read(text, { kind: "car" }))).toEqual([20]);
  expect(km(await read(text, { kind: "two-wheeler" }))).toEqual([20, 12, 13]);
});

test("moments in ISO's basic form, and with a zone in brackets", async () => {
  const reading = await read(
    "start,end,km\n20260201T080000Z,20260201T083000Z,20\n2026-02-01 20:00 (GMT+7),2026-02-01 20:30 (GMT+7),21\n",
  );
  expect(brief(reading).map(([at, minutes]) => [at, minutes])).toEqual([
    ["2026-02-01T08:00", 30],
    ["2026-02-01T13:00", 30],
  ]);
});
