import { expect, test } from "bun:test";
import { changes, deep, flat, readField, textOf } from "./fields.ts";
import { moved } from "./units.ts";

const usd = "USD";

test("a field reads what it wrote, and refuses what it cannot be", () => {
  for (const value of [250, "0", [{ from: 1 }], true])
    expect(readField(textOf(value, "any", usd), "any", value, usd)).toEqual(value);
  expect(readField("many", "any", 250, usd)).toBeUndefined();
  expect(readField("[", "any", [1], usd)).toBeUndefined();
});

test("digits are moved without a float, either way", () => {
  expect([moved("275", 2), moved("5", 2), moved("0", 2), moved("100", 2)]).toEqual([
    "2.75",
    "0.05",
    "0",
    "1",
  ]);
  expect([moved("0.05", -2), moved("2.755", -2), moved("1", -6)]).toEqual(["5", "275.5", "1000000"]);
  expect([moved("999999999999999", 2), moved("9999999999999.99", -2)]).toEqual([
    "9999999999999.99",
    "999999999999999",
  ]);
  expect([moved("", 2), moved("-1", 2), moved("1e3", 2)]).toEqual([null, null, null]);
});

/** What is kept, how people type it, and the currency. */
const typed: readonly (readonly [field: string, kept: unknown, text: string, currency?: string])[] = [
  ["platformFeeBps", 275, "2.75"],
  ["metered.charging_loss_bps", 1_000, "10"],
  ["manual", 1_550, "15.5"],
  ["traderCap", 0.05, "5"],
  ["traderCap", 0.0725, "7.25"],
  ["stepMinor", 1, "0.01"],
  ["minimum_minor", "123456789012345", "1234567890123.45"],
  ["minimum_minor", "50000", "50000", "VND"],
  ["approval_above_minor", "50000", "500"],
  ["above_g", 10_000_000, "10"],
  ["listingAbove_g", "1", "0.000001"],
  ["flat.baseline_mg_per_km", 120_500, "120.5"],
  ["window_s", 300, "5 minutes"],
  ["window_s", 301, "301 seconds"],
  ["longest_s", 2_592_000, "30 days"],
  ["paymentWindow_min", 30, "30 minutes"],
  ["paymentWindow_min", 240, "4 hours"],
  ["winnerWindow_h", 48, "2 days"],
  ["winnerWindow_h", 49, "49 hours"],
  ["holding_days", 0, "0 days"],
  ["days", 730, "730 days"],
];

test("people read and type minutes, dollars, percent and credits; what is kept comes back to the last digit", () => {
  for (const [field, kept, text, currency = usd] of typed) {
    expect(`${field} ${textOf(kept, field, currency)}`).toBe(`${field} ${text}`);
    expect(readField(text, field, kept, currency)).toEqual(kept);
  }
  for (let bps = 0; bps <= 10_000; bps++)
    expect(readField(textOf(bps, "platformFeeBps", usd), "platformFeeBps", bps, usd)).toBe(bps);
  for (let seconds = 1; seconds <= 200_000; seconds += 7)
    expect(readField(textOf(seconds, "window_s", usd), "window_s", seconds, usd)).toBe(seconds);
  for (let share = 1; share <= 100; share++)
    expect(readField(textOf(share / 100, "traderCap", usd), "traderCap", 0, usd)).toBe(share / 100);
});

test("an amount finer than what is kept, and a time that is no time, are refused", () => {
  const read = (text: string, field: string, like: unknown, currency = usd) =>
    readField(text, field, like, currency);
  expect(read("0.005", "platformFeeBps", 275)).toBeUndefined();
  expect(read("0.001", "stepMinor", 1)).toBeUndefined();
  expect(read("0.5", "stepMinor", 1, "VND")).toBeUndefined();
  expect(read("0.0000001", "above_g", 1)).toBeUndefined();
  expect(read("1.5 hours", "paymentWindow_min", 1)).toBe(90);
  expect(read("1.5 hours", "winnerWindow_h", 1)).toBeUndefined();
  expect(read(" minutes", "window_s", 1)).toBeUndefined();
  expect(read("5 moons", "window_s", 1)).toBeUndefined();
  expect(read("-5", "stepMinor", 1)).toBeUndefined();
});

test("a limit that may be empty is none when it is, and a number or a text when it is not", () => {
  for (const like of [null, 7]) {
    for (const empty of ["", " days"]) expect(readField(empty, "holding_days", like, usd)).toBeNull();
    expect(readField("7 days", "holding_days", like, usd)).toBe(7);
  }
  expect(readField(textOf(null, "approval_above_minor", usd), "approval_above_minor", null, usd)).toBeNull();
  expect(readField("", "days", 30, usd)).toBeUndefined();
});

test("a list is typed row by row in people's units, and a row that is not filled in is refused", () => {
  const bands = [{ fromMinor: 1_000, stepMinor: 5 }];
  const text = textOf(bands, "bands", usd);
  expect(JSON.parse(text)).toEqual([{ fromMinor: "10", stepMinor: "0.05" }]);
  expect(readField(text, "bands", bands, usd)).toEqual(bands);
  expect(readField('[{"fromMinor":"1.50","stepMinor":"1.0"}]', "bands", [], usd)).toEqual([
    { fromMinor: 150, stepMinor: 100 },
  ]);
  expect(readField('[{"fromMinor":"","stepMinor":"1"}]', "bands", [], usd)).toBeUndefined();
  const taxes = [{ name: "VAT", nameVi: "Thuế GTGT", rateBps: 800 }];
  expect(readField(textOf(taxes, "taxes", usd), "taxes", [], usd)).toEqual(taxes);
});

test("what lies deeper has fields of its own, and comes back as it was", () => {
  const value = { method: "flat-v1", flat: { baseline: 1, more: { deeper: "x" } }, taxes: [] };
  expect(flat(value)).toEqual({ method: "flat-v1", "flat.baseline": 1, "flat.more.deeper": "x", taxes: [] });
  expect(deep(flat(value))).toEqual(value);
});

test("a preview names what would be different and nothing else, nor what cannot be read yet", () => {
  expect(changes({ a: 1, b: "x", c: [1], d: 4 }, { a: 2, b: "x", c: [1], d: undefined })).toEqual([
    { field: "a", before: 1, after: 2 },
  ]);
});
