import { describe, expect, test } from "bun:test";
import { chunksOf } from "@evx/containers";
import { Refusal } from "@evx/kernel";
import type { ImportOptions } from "./candidate.ts";
import { readAll } from "./testing.ts";

const read = (text: string, options: Partial<ImportOptions> = {}) =>
  readAll(chunksOf(new TextEncoder().encode(text), 97), { zone: "UTC", battery_wh: null, ...options });
const km = async (text: string, options: Partial<ImportOptions> = {}) =>
  (await read(text, options)).trips.map((trip) => trip.distance_m / 1000);
const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => "none",
    (error) => (error instanceof Refusal ? error.code : `${error}`),
  );

const hour = (n: number) => `2026-01-${String(n + 1).padStart(2, "0")}`;

describe("what a phone writes of the ways that were not driven", () => {
  const ways = [
    ...[
      "WALKING",
      "On foot",
      "Running",
      "CYCLING",
      "IN_BUS",
      "in subway",
      "Train",
      "Flying",
      "Ferry",
      "STILL",
    ],
    ...[
      "Đi bộ",
      "xe đạp",
      "Xe buýt",
      "Tàu hoả",
      "máy bay",
      "zu Fuß",
      "Fahrrad",
      "à pied",
      "Vélo",
      "bicicleta",
    ],
    ...["步行", "骑行", "公交车", "E-Bike Ride", "Charging", "Parked", "UNKNOWN_ACTIVITY_TYPE"],
  ];
  for (const header of ["Activity", "activityType", "Travel mode", "Phương tiện", "Type", "Whatever"])
    test(`under ${header}: only drives count, the others are named`, async () => {
      const rows = ["Driving", ...ways].map(
        (way, n) => `${way},${hour(n)} 08:00,${hour(n)} 08:30,${n + 1}\n`,
      );
      const options = header === "Phương tiện" ? { vehicle: "Driving" } : {};
      const reading = await read(`${header},start,end,km\n${rows.join("")}`, options);
      expect(reading.trips.map(({ row }) => row)).toEqual([2]);
      expect(reading.rejections.length).toBe(ways.length);
      if (header !== "Phương tiện")
        expect(new Set(reading.rejections.map(({ code }) => code))).toEqual(new Set(["not_driven"]));
    });

  test("one way for the whole file is no car of that name", async () => {
    expect(await km("Phương tiện,start,end,km\nĐi bộ,2026-01-02 08:00,2026-01-02 08:30,2\n")).toEqual([]);
  });

  test("ways that may be driven count, and so do words of other columns", async () => {
    const driven = [
      "IN_PASSENGER_VEHICLE",
      "Car",
      "Driving",
      "Taxi",
      "Business",
      "Ô tô",
      "Motorbike",
      "Sport",
      "",
    ];
    const rows = driven.map((way, n) => `${way},${hour(n)} 08:00,${hour(n)} 08:30,12,walking the dog\n`);
    expect((await km(`Activity,start,end,km,notes\n${rows.join("")}`)).length).toBe(driven.length);
    const places = "start,end,km,from,to\n2026-01-02 08:00,2026-01-02 08:30,12,Train,Bus\n";
    expect(await km(places)).toEqual([12]);
  });

  test("points of a walk belong to no drive, in a table of readings and in a track", async () => {
    const point = (n: number) => `2026-01-02 08:${String(n).padStart(2, "0")}:00`;
    const rows = Array.from({ length: 30 }, (_, n) => {
      const way = n < 10 ? "IN_VEHICLE" : n < 20 ? "WALKING" : "IN_VEHICLE";
      return `${point(n)},${way},${(48 + n * 0.005).toFixed(3)},11.5\n`;
    });
    const reading = await read(`timestamp,activity,lat,lon\n${rows.join("")}`);
    expect(reading.trips.map((trip) => Math.round(trip.distance_m / 100))).toEqual([50, 50]);
    expect(reading.notes).toEqual([{ code: "rows_not_driven", values: { rows: 10 } }]);
    const track = (type: string) =>
      `<gpx><trk><name>Morning</name><type>${type}</type><trkseg>${rows
        .map(
          (_, n) =>
            `<trkpt lat="${(48 + n * 0.005).toFixed(3)}" lon="11.5"><time>2026-01-02T08:${String(n).padStart(2, "0")}:00Z</time></trkpt>`,
        )
        .join("")}</trkseg></trk></gpx>`;
    expect(await km(track("running"))).toEqual([]);
    expect((await km(track("driving"))).length).toBe(1);
  });
});

describe("a car is told by whatever its column is called", () => {
  const headers = [
    ...["Fahrgestellnummer", "Nº de chasis", "Targa", "Kenteken", "Numer rejestracyjny", "车牌号", "Reg No"],
    ...[
      "Vehicle registration",
      "display_name",
      "Mã xe",
      "Số xe",
      "Tên phương tiện",
      "IMEI",
      "Tracker ID",
      "Modell",
    ],
    ...["Nom du véhicule", "Nombre del vehículo", "Bilens navn", "Reg.nr", "Car", "Wagen"],
  ];
  for (const header of headers)
    test(`${header}: two names are two cars`, async () => {
      const text = `${header},start,end,km\nAAA 001,2026-01-02 08:00,2026-01-02 08:30,12\nBBB 002,2026-01-02 09:00,2026-01-02 09:30,14\n`;
      expect(await refused(read(text))).toBe("import_several_vehicles");
      expect(await km(text, { vehicle: "bbb 002" })).toEqual([14]);
    });

  const own = "LRWYGCEK0PC000001";
  const other = "LRWYGCEK0PC000002";
  test("VINs tell cars under any header, above the header, and around the trips of a JSON file", async () => {
    const row = "2026-01-02 08:00,2026-01-02 08:30,12";
    expect(await refused(read(`start,end,km,x\n${row},${own}\n${row},${other}\n`))).toBe(
      "import_several_vehicles",
    );
    expect(await refused(read(`start,end,km,x\n${row},${other}\n`, { vin: own }))).toBe(
      "import_other_vehicle",
    );
    expect(await refused(read(`Trips of ${other}\n\nstart,end,km\n${row}\n`, { vin: own }))).toBe(
      "import_other_vehicle",
    );
    expect(await km(`Trips of ${own}\n\nstart,end,km\n${row}\n`, { vin: own })).toEqual([12]);
    const wrapped = (vin: string) =>
      `{"vin":"${vin}","trips":[{"start":"2026-01-02T08:00Z","end":"2026-01-02T08:30Z","km":12}]}`;
    expect(await refused(read(wrapped(other), { vin: own }))).toBe("import_other_vehicle");
    expect(await km(wrapped(own), { vin: own })).toEqual([12]);
  });

  test("of files that were put one behind the other, the part under another car's VIN is not this one's", async () => {
    const row = (n: number) => `${hour(n)} 08:00,${hour(n)} 08:30,${n}\n`;
    const part = (vin: string, from: number) =>
      `Trips of,${vin},\nstart,end,km\n${row(from)}${row(from + 1)}`;
    const merged = `${part(own, 1)}${part(other, 3)}${part(own, 5)}`;
    const reading = await read(merged, { vin: own });
    expect(reading.trips.map((trip) => trip.distance_m / 1000)).toEqual([1, 2, 5, 6]);
    expect(
      reading.rejections.filter(({ code }) => code === "other_vehicle").map(({ row: at }) => at),
    ).toEqual([7, 8]);
  });

  test("columns about the car that do not name it ask nothing", async () => {
    const text =
      "start,end,km,vehicle_speed,car_battery,registration_date,vehicle_type,auto_class\n2026-01-02 08:00,2026-01-02 08:30,12,40,80,1,a,x\n2026-01-02 09:00,2026-01-02 09:30,14,50,79,2,b,y\n";
    expect(await km(text)).toEqual([12, 14]);
  });
});

describe("units, wherever they are written", () => {
  const trip = "2026-01-02 08:00,2026-01-02 08:45";
  test("a column of units: each row by its own, an unknown one refused", async () => {
    const rows = ["80,m", "12,mi", "12,Kilometer", "12,Miles", "3,km", "500,ft", "80,mét"];
    const text = rows.map((cells, n) => `${hour(n)} 08:00,${hour(n)} 08:45,${cells}\n`).join("");
    const reading = await read(
      `start,end,distance,unit\n${text}${hour(20)} 08:00,${hour(20)} 08:45,9,furlong\n`,
    );
    expect(reading.trips.map((one) => one.distance_m)).toEqual([80, 19_312, 12_000, 19_312, 3_000, 152, 80]);
    expect(reading.rejections.map(({ code }) => code)).toEqual(["unit_unknown"]);
  });

  for (const [header, written, metres] of [
    ["Distance (m)", "12400", 12_400],
    ["Distance [ft]", "1000", 305],
    ["Distance (yd)", "1000", 914],
    ["Distance (hm)", "12", 1_200],
    ["Distance (cm)", "12000", 120],
    ["distance_nmi", "10", 18_520],
  ] as const)
    test(header, async () => {
      const text = `start_time,end_time,${header}\n${trip},${written}\n`;
      expect((await read(text, { mapping: { distance: header } })).trips[0]?.distance_m).toBe(metres);
    });

  for (const [cell, kmh] of [
    ["15 m/s", 54],
    ["54 km/h", 54],
    ["30 mph", 48.28],
    ["30 kn", 55.56],
    ["54", 54],
  ] as const)
    test(`a speed of ${cell}`, async () => {
      const rows = Array.from({ length: 61 }, (_, n) => `2026-01-02 08:00:00;${n}`).map((_, n) => {
        const second = `${String(Math.floor(n / 60)).padStart(2, "0")}:${String(n % 60).padStart(2, "0")}`;
        return `2026-01-02 08:${second};${cell}\n`;
      });
      expect((await km(`time;Speed\n${rows.join("")}`))[0]).toBeCloseTo(kmh / 60, 2);
    });

  for (const [header, written] of [
    ["Duration (h)", "0.75"],
    ["duration_hours", "0.75"],
    ["Duration (s)", "2700"],
    ["Travel time [min]", "45"],
    ["duration_ms", "2700000"],
    ["Thời lượng (giờ)", "0.75"],
  ] as const)
    test(`${header} of ${written} is three quarters of an hour`, async () => {
      const [only] = (await read(`start,${header},km\n2026-01-02 08:00,${written},12\n`)).trips;
      expect(((only?.end ?? 0) - (only?.start ?? 0)) / 60_000).toBe(45);
    });
});
