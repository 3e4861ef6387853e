import { afterAll, expect, test } from "bun:test";
import { createDb, createPool } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { fixedClock, hour_ms, systemClock } from "@evx/kernel";
import { databaseClock } from "./clock.ts";

const t = await testDatabase();
afterAll(() => t.close());

const heard: string[] = [];
const log = {
  debug: () => {},
  info: () => {},
  warn: (_: object, text: string) => void heard.push(text),
  error: () => {},
};

test("a machine whose clock is an hour fast goes by the database's, and says so once", async () => {
  const fast = fixedClock(new Date(systemClock.now().getTime() + hour_ms));
  const clock = databaseClock({ db: t.db, log, system: fast });
  const off = () => Math.abs(clock.now().getTime() - systemClock.now().getTime());
  // Before the database has answered there is nothing else to go by.
  expect(off()).toBeGreaterThan(hour_ms - 5_000);
  await clock.ask();
  expect(off()).toBeLessThan(2_000);
  await clock.ask();
  expect(heard.filter((text) => text.includes("clock differs"))).toHaveLength(1);
  // The hand on the machine's clock is moved: nothing follows.
  fast.advance(24 * hour_ms);
  expect(off()).toBeLessThan(2_000);
  expect(Math.abs(clock.machineAhead_ms() - 25 * hour_ms)).toBeLessThan(2_000);
  clock.stop();
});

test("a database that does not answer stops no clock", async () => {
  const nowhere = createDb(createPool("postgres://nobody@127.0.0.1:1/none"));
  const clock = databaseClock({ db: nowhere, log });
  await clock.ask();
  const first = clock.now();
  await Bun.sleep(20);
  expect(clock.now().getTime()).toBeGreaterThan(first.getTime());
  clock.stop();
  await nowhere.destroy();
});
