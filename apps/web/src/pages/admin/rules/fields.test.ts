import { expect, test } from "bun:test";
import { changes, readField, textOf } from "./fields.ts";

test("a field reads what it wrote, and refuses what it cannot be", () => {
  for (const value of [250, "0", null, [{ from: 1 }], true])
    expect(readField(textOf(value), value)).toEqual(value);
  expect(readField("many", 250)).toBeUndefined();
  expect(readField("[", [1])).toBeUndefined();
});

test("a preview names what would be different and nothing else", () => {
  expect(changes({ a: 1, b: "x", c: [1] }, { a: 2, b: "x", c: [1] })).toEqual([
    { field: "a", before: "1", after: "2" },
  ]);
});
