import { expect, test } from "bun:test";
import { minutesUntil, modes, waits } from "./policy.ts";

test("read-only holds up what moves money, maintenance all but letters, and an open venue nothing", () => {
  const works = { letters: { always: true }, payouts: { movesMoney: true }, imports: {} };
  const held = modes.map((mode) =>
    Object.entries(works).flatMap(([name, work]) => (waits(mode, work) ? [name] : [])),
  );
  expect(held).toEqual([[], ["payouts"], ["payouts", "imports"]]);
});

test("whoever is refused is told when to come again: at the expected end, soon where there is none or it is over", () => {
  const now = new Date("2026-03-01T08:00:00Z");
  const in_min = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
  expect(minutesUntil(in_min(12.2), now)).toBe(13);
  expect(minutesUntil(null, now)).toBe(5);
  expect(minutesUntil(in_min(-1), now)).toBe(5);
  expect(minutesUntil(in_min(100_000), now)).toBe(1_440);
});
