import { expect, test } from "bun:test";
import { changes, deep, flat, readField, textOf } from "./fields.ts";

test("a field reads what it wrote, and refuses what it cannot be", () => {
  for (const value of [250, "0", [{ from: 1 }], true])
    expect(readField(textOf(value, "any"), "any", value)).toEqual(value);
  expect(readField("many", "any", 250)).toBeUndefined();
  expect(readField("[", "any", [1])).toBeUndefined();
});

test("hundredths of a percent are shown and typed as percent, and come back to the last hundredth", () => {
  for (let bps = 0; bps <= 10_000; bps++)
    expect(readField(textOf(bps, "platformFeeBps"), "platformFeeBps", bps)).toBe(bps);
  expect(textOf(275, "platformFeeBps")).toBe("2.75");
  expect(textOf(1_000, "metered.charging_loss_bps")).toBe("10");
  expect(readField("0.005", "platformFeeBps", 275)).toBeUndefined();
  expect(changes({ manual: 2_000 }, { manual: 1_550 })).toEqual([
    { field: "manual", before: "20", after: "15.5" },
  ]);
});

test("a limit that may be empty is none when it is, and a number or a text when it is not", () => {
  for (const like of [null, 7]) {
    expect(readField("", "holding_days", like)).toBeNull();
    expect(readField("7", "holding_days", like)).toBe(7);
  }
  expect(readField(textOf(null, "approval_above_minor"), "approval_above_minor", null)).toBeNull();
  expect(readField("50000", "approval_above_minor", null)).toBe("50000");
  expect(readField("", "days", 30)).toBeUndefined();
});

test("what lies deeper has fields of its own, and comes back as it was", () => {
  const value = { method: "flat-v1", flat: { baseline: 1, more: { deeper: "x" } }, taxes: [] };
  expect(flat(value)).toEqual({ method: "flat-v1", "flat.baseline": 1, "flat.more.deeper": "x", taxes: [] });
  expect(deep(flat(value))).toEqual(value);
});

test("a preview names what would be different and nothing else", () => {
  expect(changes({ a: 1, b: "x", c: [1] }, { a: 2, b: "x", c: [1] })).toEqual([
    { field: "a", before: "1", after: "2" },
  ]);
});
