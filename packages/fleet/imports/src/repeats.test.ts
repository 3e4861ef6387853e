import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { hour_ms } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { expectTotalsMatch } from "@evx/trips/testing";
import { importing } from "./importing.testing.ts";
import { counts } from "./testing.ts";

// A machine that builds and tests much at once is slow; that alone must fail nothing.
setDefaultTimeout(60_000);

const t = await testDatabase();
afterAll(() => t.close());
const { upload, aCar } = importing(t);

/** Drives of no pattern, their times written without a zone, moved by some hours. */
const drives = (count: number, hours = 0, from = 0): string => {
  const written = (at: number) => new Date(at + hours * hour_ms).toISOString().slice(0, 19).replace("T", " ");
  const rows = Array.from({ length: count }, (_, n) => {
    const start = Date.UTC(2026, 0, 2 + n + from, 1 + ((n * 7) % 11), (n * 13) % 60);
    const minutes = 15 + ((n * 17) % 40);
    return `${written(start)},${written(start + minutes * 60_000)},${(minutes * 0.6 + (n % 5)).toFixed(2)},2.${n % 9}`;
  });
  return ["start_time,end_time,distance_km,energy_consumed", ...rows].join("\n");
};

test("the same bytes in another zone are recognised and asked about; in the same zone they are duplicates", async () => {
  for (const count of [1, 20]) {
    const { owner, car } = await aCar();
    expect(counts(await upload(owner, car.id, drives(count)))[0]).toBe(count);
    expect(counts(await upload(owner, car.id, drives(count))).slice(0, 2)).toEqual([0, count]);
    const elsewhere = { zone: "Europe/Berlin" };
    expect(await refusalCode(upload(owner, car.id, drives(count), elsewhere))).toBe("import_repeats");
    expect((await upload(owner, car.id, drives(count), { ...elsewhere, repeat: true })).imported).toBe(count);
  }
  await expectTotalsMatch(t.db);
});

test("an export in UTC of drives that are recorded from a local one is asked about, also when it is split", async () => {
  const { owner, car } = await aCar();
  await upload(owner, car.id, drives(30));
  const utc = `${drives(30, -7)}\n`;
  expect(await refusalCode(upload(owner, car.id, utc))).toBe("import_repeats");
  const lines = utc.trim().split("\n");
  const half = [lines[0], ...lines.slice(10, 22).reverse()].join("\n");
  expect(await refusalCode(upload(owner, car.id, half))).toBe("import_repeats");
  await expectTotalsMatch(t.db);
});

test("other drives, and a log that goes on, are not asked about", async () => {
  const { owner, car } = await aCar();
  await upload(owner, car.id, drives(20));
  expect((await upload(owner, car.id, drives(40))).imported).toBe(20);
  expect((await upload(owner, car.id, drives(15, 0, -60))).imported).toBe(15);
  await expectTotalsMatch(t.db);
});
