import { expect, test } from "bun:test";
import { zoneOf } from "./local-times.ts";

test("milliseconds of a local time are no part of its zone's offset", () => {
  const local = Date.UTC(2026, 1, 1, 8);
  for (const [name, hours] of [
    ["Asia/Ho_Chi_Minh", 7],
    ["Europe/Berlin", 1],
    ["America/New_York", -5],
  ] as const) {
    const zone = zoneOf(name);
    for (const millis of [0, 1, 743, 999])
      expect(zone.offsetAtLocal(local + millis), name).toBe(hours * 3_600_000);
  }
  const autumn = zoneOf("Europe/Berlin");
  expect(autumn.again(Date.UTC(2025, 9, 26, 0, 30, 0, 743))).toBe(Date.UTC(2025, 9, 26, 1, 30, 0, 743));
});

test("a day's offset is looked up once, however many times of it are asked for", () => {
  const zone = zoneOf("Asia/Ho_Chi_Minh");
  let asked = 0;
  const ask = Intl.DateTimeFormat.prototype.formatToParts;
  Intl.DateTimeFormat.prototype.formatToParts = function (date) {
    asked++;
    return ask.call(this, date);
  };
  try {
    for (let minute = 0; minute < 1_440; minute++) zone.offsetAtLocal(Date.UTC(2026, 1, 1) + minute * 60_000);
  } finally {
    Intl.DateTimeFormat.prototype.formatToParts = ask;
  }
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThan(20);
});
