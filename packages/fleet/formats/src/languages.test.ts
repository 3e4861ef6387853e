import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chunksOf } from "@evx/containers";
import { Refusal } from "@evx/kernel";
import fc from "@evx/tooling/properties";
import type { ImportOptions } from "./candidate.ts";
import { readAll } from "./testing.ts";

// Generous, because tests share their machine.
setDefaultTimeout(60_000);

const read = (text: string, options: Partial<ImportOptions> = {}) =>
  readAll(chunksOf(new TextEncoder().encode(text), 97), { zone: "UTC", battery_wh: null, ...options });

const trips = async (text: string, options: Partial<ImportOptions> = {}) =>
  (await read(text, options)).trips.map((trip) => [
    new Date(trip.start).toISOString().slice(0, 16),
    Math.round((trip.end - trip.start) / 60_000),
    trip.distance_m,
    trip.energy_wh,
  ]);

/** A drive of 12.4 km on 1 February 2026, 7:05 to 7:35. */
const drive = ["2026-02-01T07:05", 30, 12_400, 2_100];

describe("headers in the languages of owners", () => {
  const comma = "01/02/2026 07:05;01/02/2026 07:35;12,4;2,1";
  const tables: Record<string, string> = {
    French: `Heure de départ;Heure d'arrivée;Distance (km);Consommation (kWh)\n${comma}\n`,
    Spanish: `Inicio;Fin;Distancia (km);Energía (kWh)\n${comma}\n`,
    Dutch: `Starttijd;Eindtijd;Afstand (km);Verbruik (kWh)\n${comma}\n`,
    Norwegian: "Starttid;Sluttid;Distanse (km);Forbruk (kWh)\n01.02.2026 07:05;01.02.2026 07:35;12,4;2,1\n",
    Italian: "Data;Ora partenza;Ora arrivo;Distanza (km);Energia (kWh)\n01/02/2026;07:05;07:35;12,4;2,1\n",
    Chinese: "开始时间,结束时间,里程(公里),能耗(度)\n2026-02-01 07:05,2026-02-01 07:35,12.4公里,2.1度\n",
    "Vietnamese, of a dealer":
      "Biển số,Thời điểm bắt đầu,Thời điểm kết thúc,Quãng đường đi được (km),Điện năng tiêu hao (kWh)\n51A-123.45,2026-02-01 07:05:00,2026-02-01 07:35:00,12.4,2.1\n",
    "Vietnamese, hours with g": "Ngày,Từ giờ,Đến giờ,Km,kWh\n01/02/2026,7g05,7g35,12.4,2.1\n",
    "a weekday before the date":
      'Thời gian bắt đầu,Thời gian kết thúc,Quãng đường,kWh\n"Chủ Nhật, 01/02/2026 07:05",CN 01/02/2026 07:35,12.4,2.1\n',
    "German, bare": `Beginn;Ende;Strecke;Energie (kWh)\n${comma}\n`,
    Portuguese: `Hora de início;Hora de término;Distância (km);Energia (kWh)\n${comma}\n`,
    Polish: `Początek;Koniec;Dystans (km);Zużycie energii (kWh)\n${comma}\n`,
    Russian: `Дата начала;Дата окончания;Расстояние (км);Энергия (кВт·ч)\n${comma}\n`,
    Turkish: `Çıkış zamanı;Varış zamanı;Mesafe (km);Enerji (kWh)\n${comma}\n`,
    Indonesian: `Waktu mulai;Waktu selesai;Jarak (km);Energi (kWh)\n${comma}\n`,
    Swedish: `Starttid;Sluttid;Körsträcka (km);Förbrukning (kWh)\n${comma}\n`,
    Finnish: "Lähtöaika;Saapumisaika;Matka (km);Kulutus (kWh)\n1.2.2026 7.05;1.2.2026 7.35;12,4;2,1\n",
    Thai: "วันที่เริ่ม,วันที่สิ้นสุด,ระยะทาง (กม.),พลังงาน (kWh)\n01/02/2569 07:05,01/02/2569 07:35,12.4 กม.,2.1\n",
    Japanese: "出発時刻,到着時刻,走行距離(km),電力量(kWh)\n2026年2月1日 7:05,2026年2月1日 7:35,12.4,2.1\n",
    Korean:
      "출발 시간,도착 시간,주행 거리(km),전력 소비량(kWh)\n2026-02-01 07:05,2026-02-01 07:35,12.4,2.1\n",
    "a zone's name behind the time":
      "start,end,km,kwh\n2026-02-01 14:05 Asia/Ho_Chi_Minh,2026-02-01T07:35Z[UTC],12.4,2.1\n",
    "energy for each mile or kilometre":
      "start,end,km,kWh/km\n2026-02-01 07:05,2026-02-01 07:35,12.4,0.16935\n",
    "the years of Thailand": "start,end,km,kwh\n01/02/2569 07:05,01/02/2569 07:35,12.4,2.1\n",
    microseconds: "start,end,km,kwh\n1769929500000000,1769931300000000,12.4,2.1\n",
  };
  for (const [language, text] of Object.entries(tables))
    test(language, async () => expect(await trips(text)).toEqual([drive]));

  test("a consumption with its unit in the cell counts by that unit", async () => {
    const text =
      'Ngày,Giờ đi,Giờ đến,Quãng đường,Mức tiêu thụ\n01/02/2026,07:05,07:35,"10,0 km","17,5 kWh/100km"\n01/02/2026,08:05,08:35,"10,0 km",175 Wh/km\n';
    expect((await read(text)).trips.map((trip) => trip.energy_wh)).toEqual([1_750, 1_750]);
  });

  test("merged cells name the day once", async () => {
    const text =
      "Ngày,Giờ bắt đầu,Giờ kết thúc,Số km\n,06:00,06:20,3\n01/02/2026,08:00,08:35,12\n,09:00,09:30,5\n02/02/2026,08:00,08:35,12\n";
    const reading = await read(text);
    expect(reading.trips.map((trip) => new Date(trip.start).toISOString().slice(0, 16))).toEqual([
      "2026-02-01T08:00",
      "2026-02-01T09:00",
      "2026-02-02T08:00",
    ]);
    expect(reading.rejections.map(({ row, code }) => [row, code])).toEqual([[2, "start_unreadable"]]);
  });

  test("what a GPS box for taxis writes is a drive", async () => {
    const points = ["07:05:00,0", "07:05:30,30", "07:08:00,35", "07:09:00,0"].map(
      (line, at) => `01/02/2026 ${line},${106.66 + at * 0.006},${10.76 + at * 0.004}`,
    );
    const [only] = await trips(`Thời gian,Vận tốc (km/h),Kinh độ,Vĩ độ\n${points.join("\n")}\n`);
    expect(only?.slice(0, 2)).toEqual(["2026-02-01T07:05", 4]);
  });
});

test("fields within fields, and quantities with their units, are cells of a JSON file", async () => {
  const nested = {
    trips: [
      {
        id: "a",
        start: { time: "2026-02-01T07:05:00Z", odometer: 10_000, location: { lat: 10.7, lon: 106.6 } },
        end: { time: "2026-02-01T07:35:00Z", odometer: 10_012.4 },
        distance: { value: 12.4, unit: "km" },
        energy: { value: 2_100, unit: "Wh" },
      },
    ],
  };
  const reading = await read(JSON.stringify(nested));
  expect(reading.trips).toMatchObject([
    { distance_m: 12_400, energy_wh: 2_100, odometerStart_m: 10_000_000, odometerEnd_m: 10_012_400 },
  ]);
  expect(reading.trips[0]?.from).toEqual({ lat_e6: 10_700_000, lon_e6: 106_600_000 });
});

test("a list of charges is told from trips by its station", async () => {
  const text = "Start,End,Energy (kWh),Station\n2026-02-01 07:05,2026-02-01 07:35,20,Home\n";
  await expect(read(text)).rejects.toMatchObject({ code: "import_of_charges" });
});

describe("whatever is in a cell", () => {
  const cell = fc.oneof(
    fc.constantFrom(
      "",
      " ",
      "None",
      "-",
      "0",
      "NaN",
      "1e309",
      "-1",
      "99999999999999999999",
      "12,345",
      "1.234,5",
    ),
    fc.constantFrom(
      "2026-02-30",
      "0000-00-00",
      "9999-99-99 99:99",
      "24:00",
      "7h",
      "::",
      "01/02/2026",
      "45000,5",
    ),
    fc.constantFrom(
      "12 parsec",
      "km",
      "-0",
      "=A1",
      "\u0000",
      "٣",
      "é".repeat(400),
      "1969-12-31 23:59:59",
      "SA",
    ),
    fc.string({ maxLength: 12 }).map((text) => text.replace(/["\r\n,]/g, " ")),
  );
  const headers = [
    "start,end,km,kwh",
    "date,start,end,km",
    "date,end,km,notes",
    "end,duration,km,consumption",
    "start,duration_min,distance,unit",
    "date,odometer,km,soc",
    "timestamp,speed,lat,lon",
    "date,shift_state,odometer,speed",
    "start_odometer,end_odometer,date,time",
  ];

  test("it costs its row at most: a file is read, or refused by name", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...headers),
        fc.array(fc.array(cell, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 }),
        fc.constantFrom("UTC", "Europe/Berlin", "Asia/Ho_Chi_Minh", "Pacific/Apia"),
        async (header, rows, zone) => {
          const text = [header, ...rows.map((cells) => cells.join(","))].join("\n");
          const reading = await read(text, { zone, battery_wh: 60_000 }).catch((error: unknown) => {
            if (!(error instanceof Refusal)) throw error;
            return null;
          });
          for (const trip of reading?.trips ?? []) {
            expect(Number.isSafeInteger(trip.start) && Number.isSafeInteger(trip.end)).toBe(true);
            expect(trip.end).toBeGreaterThan(trip.start);
            expect(Number.isSafeInteger(trip.distance_m) && trip.distance_m > 0).toBe(true);
          }
        },
      ),
      { numRuns: 1_500 },
    );
  });
});
