import { afterAll, beforeAll, expect, test } from "bun:test";
import { transact } from "@evx/db";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { fixedClock, minute_ms } from "@evx/kernel";
import { lookBack, noteMinute } from "./minutes.ts";

let t: TestDatabase;
const clock = fixedClock(new Date("2026-03-01T22:00:00Z"));
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const note = (isWell = true) => transact(t.db, clock, (tx) => noteMinute(tx, isWell), { cause: "test" });
const pass = (ms: number) => clock.set(new Date(clock.now().getTime() + ms));

test("before anything was noted nothing is claimed", async () => {
  expect(await lookBack(t.db, clock.now())).toEqual({ since: null, days: [] });
});

test("a minute counts once however many servers note it; what nobody noted is missing, also over a day that is gone", async () => {
  const since = clock.now();
  await note();
  await Promise.all([note(), note(false), note()]);
  pass(minute_ms);
  await note(false);
  pass(minute_ms);
  expect(await lookBack(t.db, clock.now())).toEqual({
    since,
    days: [{ day: "2026-03-01", minutes: 2, missing: 0, wrong: 1 }],
  });

  // Nothing stands for the rest of this day, for all of the next, and for an hour of the third.
  clock.set(new Date("2026-03-03T01:00:00Z"));
  await note();
  pass(minute_ms);
  expect((await lookBack(t.db, clock.now())).days).toEqual([
    { day: "2026-03-01", minutes: 120, missing: 118, wrong: 1 },
    { day: "2026-03-02", minutes: 1_440, missing: 1_440, wrong: 0 },
    { day: "2026-03-03", minutes: 61, missing: 60, wrong: 0 },
  ]);
});

test("ninety days are looked back on, also those in which nobody was there to note anything", async () => {
  clock.set(new Date("2026-06-20T13:00:00Z"));
  await note();
  const { days, since } = await lookBack(t.db, clock.now());
  expect([days.length, since?.toISOString()]).toEqual([90, "2026-03-01T22:00:00.000Z"]);
  expect(days[0]).toEqual({ day: "2026-03-23", minutes: 1_440, missing: 1_440, wrong: 0 });
  expect(days.at(-1)).toEqual({ day: "2026-06-20", minutes: 780, missing: 779, wrong: 0 });
});
