import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { Refusal } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { testContext } from "@evx/rpc/testing";
import { importing, vehiclesOf } from "./importing.testing.ts";
import { streamOf } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const row = (car: string, n: number) => {
  const start = new Date(Date.UTC(2024, 0, 1) + n * 3_600_000).toISOString();
  const end = new Date(Date.UTC(2024, 0, 1) + n * 3_600_000 + 1_800_000).toISOString();
  return `${car},${start},${end},12.5,2.2\n`;
};
const header = "vehicle,start_time,end_time,distance_km,energy_kwh\n";

describe("a file of several cars", () => {
  test("is refused with their names, in the preview too; one is chosen, and the choice is remembered", async () => {
    const { upload, aCar } = importing(t);
    const { owner, car } = await aCar();
    const content = `${header}${row("Van 1", 0)}${row("Van 2", 1)}${row("Van 2", 2)}`;
    const caller = vehiclesOf(testContext(t, owner));
    const refusals = [
      () => upload(owner, car.id, content),
      () => caller.preview({ id: car.id, content: streamOf(content) }),
    ];
    for (const attempt of refusals) {
      const cause = await attempt().catch((error: Error) => error.cause);
      expect(cause).toBeInstanceOf(Refusal);
      expect((cause as Refusal).code).toBe("import_several_vehicles");
      expect((cause as Refusal).kind).toBe("conflict");
      expect((cause as Refusal).facts).toEqual({ vehicles: ["Van 1", "Van 2"] });
    }
    const preview = await caller.preview({ id: car.id, content: streamOf(content), vehicle: "Van 2" });
    expect(preview.rows.map(({ row: at, speedKmh }) => [at, speedKmh])).toEqual([
      [3, 25],
      [4, 25],
    ]);
    await caller.rememberChoices({ id: car.id, header: preview.header, vehicle: "Van 2" });
    const answer = await upload(owner, car.id, content);
    expect([answer.imported, answer.rejected.map(({ code }) => code)]).toEqual([2, ["other_vehicle"]]);
  });

  test("another car's VIN is refused; the car's own is read", async () => {
    const { upload, aCar } = importing(t);
    const { owner, car } = await aCar();
    const other = "LRWYGCEK0PC999999";
    expect(
      await refusalCode(upload(owner, car.id, `${header.replace("vehicle", "vin")}${row(other, 0)}`)),
    ).toBe("import_other_vehicle");
    const [own] =
      (await t.db.selectFrom("vehicles.vehicle").select("vin").where("id", "=", car.id).execute()) ?? [];
    expect(
      await upload(owner, car.id, `${header.replace("vehicle", "vin")}${row(own?.vin ?? "", 0)}`),
    ).toMatchObject({
      imported: 1,
    });
  });

  test("in a file too large to be held, the second car may come last: nothing of it stays", async () => {
    const { upload, aCar } = importing(t);
    const { owner, car } = await aCar();
    const rows = Array.from({ length: 140_000 }, (_, n) => row(n === 139_999 ? "B" : "A", n)).join("");
    expect(await refusalCode(upload(owner, car.id, header + rows))).toBe("import_several_vehicles");
    expect(await t.db.selectFrom("vehicles.import_chunk").select("seq").execute()).toEqual([]);
  }, 60_000);
});

test("what holds for the whole file is said once, with the import", async () => {
  const { upload, aCar } = importing(t);
  const { owner, car } = await aCar();
  const minutes = Array.from(
    { length: 30 },
    (_, n) => `2024-02-01 08:${String(n).padStart(2, "0")}:00,P,1000.0,0\n`,
  ).join("");
  const answer = await upload(owner, car.id, `Date,shift_state,odometer,speed\n${minutes}`);
  expect(answer).toMatchObject({ imported: 0, duplicates: 0, rejectedCount: 0, rowsRead: 30 });
  expect(answer.notes).toMatchObject([{ code: "rows_standing", values: { rows: 30 } }]);
});
