import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { noteOdometer, vehicleRow } from "@evx/garage";
import { day_ms, type Id } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { testContext } from "@evx/rpc/testing";
import { importing, vehiclesOf } from "./importing.testing.ts";
import { counts } from "./testing.ts";

setDefaultTimeout(60_000);

const t = await testDatabase();
afterAll(() => t.close());
const { upload, aCar } = importing(t);

const start = Date.UTC(2026, 0, 5, 8);
const at = (ms: number) => new Date(ms).toISOString();

/** Twenty drives of 12 km with an odometer that somebody wrote beside them. */
const invented = (header: string): string =>
  [
    header,
    ...Array.from({ length: 20 }, (_, n) => {
      const from = start + n * day_ms;
      return `${at(from)},${at(from + 1_200_000)},12,${10_000 + n * 12},${10_012 + n * 12}`;
    }),
  ].join("\n");

const own = "start_time,end_time,distance_km,start_odometer,end_odometer";
const tiers = async (vehicleId: Id<"vehicle">) =>
  new Set(
    (
      await t.db.selectFrom("vehicles.trip").select("quality").where("vehicle_id", "=", vehicleId).execute()
    ).map(({ quality }) => quality),
  );
const note = (
  vehicleId: Id<"vehicle">,
  readings: readonly [day: number, km: number][],
  source: "owner" | "auditor" | "connection",
) =>
  t.transact(async (tx) => {
    const row = await vehicleRow(tx, vehicleId);
    if (!row) throw new Error("no vehicle");
    for (const [day, km] of readings) await noteOdometer(tx, row, new Date(start + day * day_ms), km, source);
  });

test("a column of odometers raises no tier, whatever its columns are called", async () => {
  for (const header of [own, "Start Date,End Date,Distance in KM,Start Odometer,End Odometer"]) {
    const { owner, car } = await aCar();
    await note(
      car.id,
      [
        [-1, 9_900],
        [30, 10_300],
      ],
      "owner",
    );
    expect((await upload(owner, car.id, invented(header))).imported).toBe(20);
    expect(await tiers(car.id)).toEqual(new Set(["manual"]));
  }
});

test("nor does a log that anybody can write: readings, a track of points, a car's minutes", async () => {
  const minute = (n: number) => at(start + n * 60_000);
  const rows = Array.from({ length: 31 }, (_, n) => n);
  const logs = [
    `timestamp,speed,odometer\n${rows.map((n) => `${minute(n)},60,${10_000 + n}`).join("\n")}\n`,
    `<gpx><trk><trkseg>${rows.map((n) => `<trkpt lat="${(10 + n * 0.009).toFixed(3)}" lon="106"><time>${minute(n)}</time></trkpt>`).join("")}</trkseg></trk></gpx>`,
    `Date,odometer,shift_state,speed,latitude,longitude,battery_level\n${rows.map((n) => `${minute(n).slice(0, 19).replace("T", " ")},${(6_000 + n / 2).toFixed(1)},${n < 30 ? "D" : "P"},30,10.7,106.6,${80 - n}`).join("\n")}\n`,
  ];
  for (const log of logs) {
    const { owner, car } = await aCar();
    expect((await upload(owner, car.id, log)).imported).toBe(1);
    expect(await tiers(car.id)).toEqual(new Set(["manual"]));
  }
});

test("between two readings that its owner did not write it becomes an export, as far as they reach", async () => {
  const { owner, car } = await aCar();
  await note(
    car.id,
    [
      [-1, 9_990],
      [30, 10_300],
    ],
    "auditor",
  );
  await upload(owner, car.id, invented(own));
  expect(await tiers(car.id)).toEqual(new Set(["export"]));
  const half = await aCar();
  await note(
    half.car.id,
    [
      [-1, 9_990],
      [9.5, 10_125],
    ],
    "connection",
  );
  await upload(half.owner, half.car.id, invented(own));
  const rows = await t.db
    .selectFrom("vehicles.trip")
    .select("quality")
    .where("vehicle_id", "=", half.car.id)
    .orderBy("started_at")
    .execute();
  expect(rows.map(({ quality }) => quality)).toEqual([
    ...Array<"export">(10).fill("export"),
    ...Array<"manual">(10).fill("manual"),
  ]);
});

test("more kilometres than such readings allow, or an odometer beside them, earn nothing", async () => {
  for (const readings of [
    [
      [-1, 9_990],
      [30, 10_100],
    ],
    [
      [-1, 40_000],
      [30, 40_600],
    ],
  ] as [number, number][][]) {
    const { owner, car } = await aCar();
    await note(car.id, readings, "auditor");
    await upload(owner, car.id, invented(own));
    expect(await tiers(car.id)).toEqual(new Set(["manual"]));
  }
});

test("our own export of a car is nothing new to it and is refused for any other, also without a word of which", async () => {
  const { owner, car } = await aCar();
  await upload(owner, car.id, invented(own));
  const file = await vehiclesOf(testContext(t, owner)).tripsCsv({ id: car.id });
  const csv = await new Response(file.content).text();
  expect(counts(await upload(owner, car.id, csv)).slice(0, 2)).toEqual([0, 20]);
  const other = await aCar();
  for (const content of [csv, csv.replace("end_time", "Ended").replace("start_time", "Started")]) {
    const mapping = { start: "Started", end: "Ended", distance: "distance_km" };
    const more = content === csv ? {} : { mapping };
    expect(await refusalCode(upload(other.owner, other.car.id, content, more))).toBe("import_other_vehicle");
  }
});

test("a day that the owner told stays the owner's word, on every trip and in its tier", async () => {
  const { owner, car } = await aCar();
  await note(
    car.id,
    [
      [-1, 10_000],
      [5, 10_200],
    ],
    "auditor",
  );
  const rows = Array.from({ length: 31 }, (_, n) => `${n * 60},60,${10_050 + n}`);
  const log = `seconds,speed,odometer\n${rows.join("\n")}\n`;
  expect(await refusalCode(upload(owner, car.id, log))).toBe("import_log_without_day");
  expect(await refusalCode(upload(owner, car.id, log, { logBegan: "2026-01-06" }))).toBe(
    "import_log_without_hour",
  );
  expect(await refusalCode(upload(owner, car.id, log, { logBegan: "yesterday" }))).toBe(
    "import_began_unknown",
  );
  const told = await upload(owner, car.id, log, { logBegan: "2026-01-06T08:05", zone: "UTC" });
  expect([told.imported, told.flagged, told.notes.map(({ code }) => code)]).toEqual([1, 1, ["day_told"]]);
  const { items } = await vehiclesOf(testContext(t, owner)).trips({ id: car.id });
  expect([new Date(items[0]?.startTime ?? 0).toISOString(), items[0]?.flags.map(({ code }) => code)]).toEqual(
    ["2026-01-06T08:05:00.000Z", ["day_told"]],
  );
  expect(await tiers(car.id)).toEqual(new Set(["manual"]));
  // The same log cannot be another day's as well, and the next one is asked anew.
  for (const repeat of [false, true])
    expect(
      await refusalCode(upload(owner, car.id, log, { logBegan: "2026-01-08T09:05", zone: "UTC", repeat })),
    ).toBe("import_repeats");
  expect(await refusalCode(upload(owner, car.id, log))).toBe("import_log_without_day");
});
