import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { aVehicle, aVin } from "@evx/garage/testing";
import { importJobs } from "@evx/imports/jobs";
import { drain } from "@evx/jobs/testing";
import { newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { expectTotalsMatch } from "@evx/trips/testing";
import { drivingRouter, fleetRouter } from "./router.ts";
import { aFleet } from "./testing.ts";

setDefaultTimeout(120_000);

const t = await testDatabase({ max: 20 });
afterAll(() => t.close());

type Person = Awaited<ReturnType<typeof aUser>>;
const fleet = createCallerFactory(fleetRouter);
const driving = createCallerFactory(drivingRouter);
const as = (person: Parameters<typeof testContext>[1]) => fleet(testContext(t, person));
const streamOf = (text: string) => new Blob([text]).stream() as ReadableStream<Uint8Array>;
const addCars = (owner: Person, text: string) => as(owner).addCars({ content: streamOf(text) });
const bring = (owner: Person, text: string, more = {}) =>
  as(owner).importTrips({ content: streamOf(text), fileName: "fleet.csv", ...more });

const hour = (n: number, minutes = 0) =>
  new Date(Date.UTC(2026, 0, 5) + n * 3_600_000 + minutes * 60_000).toISOString();

describe("cars by a file", () => {
  test("all problems are named by row at once, the other cars are saved, and the file again adds nothing", async () => {
    const owner = await aUser(t);
    const stranger = await aUser(t);
    const taken = (await aVehicle(t, stranger)).vin;
    const vins = [aVin(), aVin()];
    const file = [
      "Số khung;Hãng;Dòng xe;Đời xe;Biển số;Tên xe",
      `${vins[0]};VinFast;VF e34;2023;51A-123.45;Taxi 1`,
      "too-short;;VF 8;19xx;;",
      `${taken};VinFast;VF 8;2024;;`,
      ";;;;;",
      `${vins[1]};VinFast;Feliz S;2024;59-X1 678.90;`,
    ].join("\n");
    const answer = await addCars(owner, file);
    expect([answer.created, answer.known]).toEqual([2, 0]);
    expect(
      answer.vehicles.map(({ model, batteryKwh, plate, class: kind }) => [model, batteryKwh, plate, kind]),
    ).toEqual([
      ["VF e34", 41.9, "51A-123.45", "car"],
      ["Feliz S", 3.5, "59-X1 678.90", "motorcycle"],
    ]);
    expect(answer.rejected.map(({ row, field }) => [row, field])).toEqual([
      [3, "make"],
      [3, "year"],
      [3, "vin"],
      [4, "vin"],
    ]);
    expect(answer.rejected.map(({ column }) => column)).toEqual(["Hãng", "Đời xe", "Số khung", "Số khung"]);
    expect(answer.rejected.at(-1)?.code).toBe("vehicle_of_another");
    const again = await addCars(owner, file.replace("Taxi 1", "Taxi 01"));
    expect([again.created, again.known]).toEqual([0, 2]);
    const { items } = await as(owner).cars({ q: "taxi 01" });
    expect(items.map(({ vin, state }) => [vin, state])).toEqual([[vins[0] as string, "empty"]]);
  });

  test("a VIN that is there twice, and a row that is no row, are named; a problem of no column has none", async () => {
    const owner = await aUser(t);
    const vin = aVin();
    const answer = await addCars(
      owner,
      `VIN,Make,Model,Year\n${vin},VinFast,VF 5,2024\n${vin},VinFast,VF 5,2023\n${aVin()},VinFast,Unheard of,2024\n"${aVin()},VinFast,VF 5,2024\n`,
    );
    expect(answer.created).toBe(2);
    expect(answer.rejected.map(({ row, column, code }) => [row, column, code])).toEqual([
      [3, "VIN", "fleet_vin_twice"],
      [5, null, "fleet_row_broken"],
    ]);
    expect(answer.rejected[0]?.reason).toContain("Row 2");
  });

  test("five hundred cars in one file; the template is a file that is read", async () => {
    const owner = await aUser(t);
    const rows = Array.from({ length: 500 }, (_, n) => `${aVin()},VinFast,VF 5,2024,VN,51F-${10_000 + n}`);
    const { created, rejected } = await addCars(
      owner,
      `vin,make,model,year,country,plate\n${rows.join("\n")}`,
    );
    expect([created, rejected]).toEqual([500, []]);
    expect(await as(owner).summary()).toMatchObject({ vehicles: 500, drivers: 0, trips: 0 });
    const platesOf = async (order: "name" | "newest" | "distance") => {
      const plates: (string | null)[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await as(owner).cars({ limit: 100, order, ...(cursor ? { cursor } : {}) });
        plates.push(...page.items.map(({ plate }) => plate));
        if (!page.nextCursor) return plates;
        cursor = page.nextCursor;
      }
    };
    const named = await platesOf("name");
    expect(named).toEqual(Array.from({ length: 500 }, (_, n) => `51F-${10_000 + n}`));
    expect((await platesOf("newest")).sort()).toEqual(named);
    const first = (await as(owner).cars({ q: "51F-10007" })).items[0];
    await bring(
      owner,
      `vehicle,start_time,end_time,distance_km\n${first?.vin},${hour(1)},${hour(1, 30)},12\n`,
    );
    expect((await platesOf("distance"))[0]).toBe("51F-10007");
    const template = await as(owner).template();
    expect((await addCars(owner, String(template.content))).created).toBe(2);
  });

  test("a file without the columns that are needed, or without rows, is refused", async () => {
    const owner = await aUser(t);
    expect(await refusalCode(addCars(owner, "vin,make\nx,y\n"))).toBe("fleet_columns_missing");
    expect(await refusalCode(addCars(owner, "vin,make,model,year\n"))).toBe("fleet_file_empty");
  });
});

describe("one file for many cars", () => {
  const threeCars = () => aFleet(t, 3);

  test("plate, VIN and name lead each row to its car; what names none is told, and row numbers are the file's", async () => {
    const { owner, vins, vehicles } = await threeCars();
    const lines = [
      "Vehicle,start_time,end_time,distance_km",
      `51a 00011,${hour(1)},${hour(1, 30)},12`,
      `${vins[1]},${hour(1)},${hour(1, 30)},13`,
      `van 2,${hour(1)},${hour(1, 30)},14`,
      `Van 9,${hour(2)},${hour(2, 30)},15`,
      `51A-000.11,${hour(3)},${hour(3, 30)},0`,
      `${aVin()},${hour(2)},${hour(2, 30)},15`,
      `Van 9,${hour(4)},${hour(4, 30)},15`,
    ];
    const answer = await bring(owner, lines.join("\n"));
    expect(answer).toMatchObject({ status: "done", rowsRead: 7, imported: 3, rejectedCount: 1 });
    expect(answer.unmatched.map(({ name, rows, firstRow }) => [name.slice(0, 5), rows, firstRow])).toEqual([
      ["Van 9", 2, 5],
      ["RLLV5", 1, 7],
    ]);
    const first = answer.cars.find(({ vehicleId }) => vehicleId === vehicles[0]?.id);
    expect(first?.import?.rejected).toMatchObject([{ row: 6, code: "distance_zero" }]);
    const again = await bring(owner, lines.join("\n"));
    expect([again.imported, again.duplicates]).toEqual([0, 3]);
    expect(await as(owner).import({ id: answer.id })).toMatchObject({ imported: 3 });
    expect(await refusalCode(as(await aUser(t)).import({ id: answer.id }))).toBe("fleet_file_unknown");
    await expectTotalsMatch(t.db);
  });

  test("JSON and a column of another name; a file that names no car is refused", async () => {
    const { owner } = await threeCars();
    const trips = [0, 1].map((n) => ({
      spot: `Van ${n}`,
      start_time: hour(10),
      end_time: hour(10, 20),
      distance_km: 9,
    }));
    expect(await refusalCode(bring(owner, JSON.stringify(trips)))).toBe("fleet_names_no_vehicle");
    expect((await bring(owner, JSON.stringify(trips), { vehicleColumn: "spot" })).imported).toBe(2);
    const within = trips.map(({ spot, ...trip }) => ({
      ...trip,
      start_time: hour(9),
      end_time: hour(9, 20),
      vehicle: { name: spot },
    }));
    expect(await bring(owner, JSON.stringify(within))).toMatchObject({ imported: 2, unmatched: [] });
  });

  test("a large file is left to a job for each car; of one car's part refused the others go on", async () => {
    const { owner } = await threeCars();
    const rows = (car: string, from: number, count: number) =>
      Array.from(
        { length: count },
        (_, n) =>
          `${car},${hour(from - 9_000 + n * 2)},${hour(from - 9_000 + n * 2, 20 + (n % 13))},${9 + (n % 7)}`,
      );
    const header = "vehicle,start_time,end_time,distance_km\n";
    await bring(owner, header + rows("Van 2", 7, 40).join("\n"));
    const body = [...rows("Van 0", 0, 2_600), ...rows("Van 1", 1, 2_600), ...rows("Van 2", 0, 40)];
    const answer = await bring(owner, header + body.join("\n"));
    expect(answer).toMatchObject({ status: "running", rowsRead: 5_240, imported: 0 });
    await drain(t, importJobs);
    const ended = await as(owner).import({ id: answer.id });
    expect(ended).toMatchObject({ status: "done", imported: 5_200 });
    expect(
      ended.cars.map((car) => car.import?.failure?.code ?? car.refusal?.code ?? null).filter(Boolean),
    ).toEqual(["import_repeats"]);
    await expectTotalsMatch(t.db);
  });
});

describe("a file of many cars before it is imported", () => {
  const look = (owner: Person, text: string, more = {}) =>
    as(owner).previewTrips({ content: streamOf(text), fileName: "fleet.csv", ...more });
  const header = "vehicle,start_time,end_time,distance_km";

  test("shows cars, names of none, and the trips as read, by the file's rows; records nothing", async () => {
    const { owner, vins, vehicles } = await aFleet(t, 3);
    const lines = [
      header,
      `51A-000.11,${hour(1)},${hour(1, 30)},18`,
      `${vins[1]},${hour(1)},${hour(1, 40)},22`,
      `Van 9,${hour(2)},${hour(2, 30)},15`,
      `${vins[1]},${hour(3)},${hour(3, 40)},0`,
      `${vins[1]},${hour(5)},${hour(5, 40)},24`,
    ];
    const seen = await look(owner, lines.join("\n"));
    expect(seen).toMatchObject({ vehicleColumns: ["vehicle"], rows: 5 });
    expect(seen.cars.map(({ vehicleId, rows }) => `${vehicleId} ${rows}`)).toEqual([
      `${vehicles[1]?.id} 3`,
      `${vehicles[0]?.id} 1`,
    ]);
    expect(seen.unmatched).toEqual([{ name: "Van 9", rows: 1, firstRow: 4 }]);
    expect(seen.trips?.rows.map(({ row, distanceKm }) => [row, distanceKm])).toEqual([
      [3, 22],
      [6, 24],
    ]);
    expect(seen.trips?.rejected).toMatchObject([{ row: 5, code: "distance_zero" }]);
    expect(await as(owner).summary()).toMatchObject({ trips: 0 });
    expect((await bring(owner, lines.join("\n"))).imported).toBe(3);
  });

  test("a column that no word tells is chosen, as are the others, and both are remembered for the next such file", async () => {
    const { owner } = await aFleet(t, 2);
    const file = (from: number) =>
      [
        "spot;leaves;comes;far",
        `Van 0;${hour(from)};${hour(from, 20)};9`,
        `Van 1;${hour(from)};${hour(from, 20)};8`,
      ].join("\n");
    const unknown = await look(owner, file(1));
    expect(unknown).toMatchObject({
      header: ["spot", "leaves", "comes", "far"],
      vehicleColumns: [],
      trips: null,
    });
    const half = await look(owner, file(1), { vehicleColumn: "spot" });
    expect(half.cars.map(({ name }) => name)).toEqual(["51A-000.11", "51A-001.11"]);
    expect(half.trips?.format).toBeNull();
    const mapping = { start: "leaves", end: "comes", distance: "far" };
    const whole = { vehicleColumn: "spot", mapping };
    expect((await look(owner, file(1), whole)).trips?.rows).toMatchObject([{ row: 2, distanceKm: 9 }]);
    expect((await bring(owner, file(1), whole)).imported).toBe(2);
    expect((await look(owner, file(4))).trips?.rows).toMatchObject([{ row: 2, distanceKm: 9 }]);
    expect((await bring(owner, file(4))).imported).toBe(2);
    expect((await look(await aUser(t), file(4))).vehicleColumns).toEqual([]);
  });

  test("marks and dates are judged on the whole file: what one car's rows leave open another's decide", async () => {
    const { owner, vins, vehicles } = await aFleet(t, 2);
    const rows = (dates: [string, string], distances: [string, string]) =>
      [
        "vin;date;start_time;end_time;distance_km",
        `${vins[0]};${dates[0]};06:00;18:00;${distances[0]}`,
        `${vins[0]};${dates[0]};19:00;19:30;${distances[1]}`,
        ...[1, 2, 3].map((n) => `${vins[1]};${dates[1]};1${n}:00;1${n}:30;12,5`),
      ].join("\n");
    const answer = await bring(owner, rows(["02/10/2026", "01/25/2026"], ["1.050", "12"]));
    expect(answer).toMatchObject({ imported: 5, rejectedCount: 0 });
    const trips = await t.db
      .selectFrom("vehicles.trip")
      .select(["started_at", "distance_m"])
      .where("vehicle_id", "=", vehicles[0]?.id ?? newId("vehicle"))
      .orderBy("started_at")
      .execute();
    expect(trips.map((trip) => Number(trip.distance_m))).toEqual([1_050_000, 12_000]);
    expect(trips[0]?.started_at.toISOString().slice(0, 10)).toBe("2026-02-09");
  });
});

describe("drivers", () => {
  const invited = async () => {
    const owner = await aUser(t);
    const [mine, other] = [await aVehicle(t, owner), await aVehicle(t, owner)];
    const driver = await aUser(t);
    const email = `${driver.id}@test.evx`;
    const { driver: view, secret } = await as(owner).inviteDriver({
      id: mine.id,
      email: email.toUpperCase(),
    });
    return { owner, driver, mine, other, email, driverId: view.id, secret };
  };
  const of = (person: Parameters<typeof testContext>[1]) => driving(testContext(t, person));

  test("a driver sees their own car since they joined, and nothing else, until they leave", async () => {
    const { owner, driver, mine, driverId } = await invited();
    const trip = (from: number) =>
      `start_time,end_time,distance_km,vehicle\n${hour(from)},${hour(from, 30)},20,${mine.vin}\n`;
    await bring(owner, trip(1));
    t.clock.set(hour(50));
    expect((await of(driver).mine()).invitations).toMatchObject([{ driverId }]);
    expect(await refusalCode(of(driver).trips({ driverId }))).toBe("driver_unknown");
    await of(driver).join({ driverId });
    t.clock.set(hour(80));
    await bring(owner, trip(60));
    const { cars } = await of(driver).mine();
    expect(cars).toMatchObject([{ vehicleId: mine.id, trips: 1, distanceKm: 20, co2SavedKg: 2 }]);
    expect((await of(driver).trips({ driverId })).items).toHaveLength(1);
    expect((await as(owner).drivers({ id: mine.id })).items).toMatchObject([{ state: "active" }]);
    await of(driver).end({ driverId });
    expect(await of(driver).mine()).toEqual({ cars: [], invitations: [] });
    expect(await refusalCode(of(driver).trips({ driverId }))).toBe("driver_unknown");
  });

  test("only who was asked can accept: the confirmed address, or the link's secret; never an auditor, never twice", async () => {
    const { owner, driver, driverId, secret, email, mine } = await invited();
    const stranger = await aUser(t);
    expect(await refusalCode(of(stranger).join({ driverId }))).toBe("driver_unknown");
    expect(await refusalCode(of(stranger).join({ driverId, secret: "guess" }))).toBe("driver_unknown");
    expect(await refusalCode(of(stranger).end({ driverId }))).toBe("driver_unknown");
    expect(await refusalCode(of(await aUser(t, { role: "cva" })).join({ driverId, secret }))).toBe(
      "driver_role_other",
    );
    expect(await refusalCode(of({ ...driver, emailVerified: false }).join({ driverId }))).toBe(
      "driver_unknown",
    );
    await of({ ...driver, emailVerified: false }).join({ driverId, secret });
    expect(await refusalCode(of(stranger).join({ driverId, secret }))).toBe("driver_invitation_over");
    expect(await refusalCode(as(owner).inviteDriver({ id: mine.id, email }))).toBe("driver_invited_already");
    expect(await refusalCode(as(stranger).inviteDriver({ id: mine.id, email }))).toBe("vehicle_not_found");
    await of(owner).end({ driverId });
    expect((await of(driver).mine()).cars).toEqual([]);
    expect((await as(owner).inviteDriver({ id: mine.id, email })).driver.id).not.toBe(driverId);
  });

  test("an invitation tells nothing of whose address it is, is written three times an hour, and keeps its secret to itself", async () => {
    const owner = await aUser(t);
    const car = await aVehicle(t, owner);
    const admin = await aUser(t, { role: "admin" });
    const told: string[] = [];
    for (const email of [`${admin.id}@test.evx`, "nobody-has-it@test.evx"]) {
      const { driver, secret } = await as(owner).inviteDriver({ id: car.id, email });
      told.push(JSON.stringify({ ...driver, id: "", email: "" }));
      const kept = await t.admin.selectFrom("jobs.outbox").select("payload").execute();
      expect(JSON.stringify(kept)).toContain(driver.id);
      expect(JSON.stringify(kept)).not.toContain(secret);
    }
    expect(told[0]).toBe(told[1] as string);
    const again = () => refusalCode(as(owner).inviteDriver({ id: car.id, email: "nobody-has-it@test.evx" }));
    expect([await again(), await again(), await again()]).toEqual(["none", "none", "driver_letters_limited"]);
  });

  test("an invitation lapses, and is renewed under another secret", async () => {
    const { owner, driver, driverId, secret, email, mine } = await invited();
    t.clock.advance(15 * 86_400_000);
    expect(await refusalCode(of(driver).join({ driverId, secret }))).toBe("driver_invitation_over");
    const renewed = await as(owner).inviteDriver({ id: mine.id, email });
    expect(renewed.driver.id).toBe(driverId);
    expect(await refusalCode(of(driver).join({ driverId, secret }))).toBe("driver_unknown");
    await of(driver).join({ driverId, secret: renewed.secret });
  });
});
