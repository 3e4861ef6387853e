import { describe, expect, test } from "bun:test";
import fc from "@evx/tooling/properties";
import * as v from "valibot";
import { newId } from "./ids.ts";
import { afterId, afterMoment, cursorOf, keyOfCursor, momentKey, page, pageFrom } from "./pages.ts";
import { refusalCode } from "./testing.ts";

const accepts = (schema: v.GenericSchema, value: unknown) => v.safeParse(schema, value).success;

describe("pages", () => {
  test("a cursor is read back whatever text it carries; another's making is not", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer(), (text, number) => {
        fc.pre(text.isWellFormed() && !text.includes("\0"));
        expect(keyOfCursor(cursorOf([text, number]), 2)).toEqual([text, number]);
      }),
    );
    for (const cursor of ["", "%%%", "e30", cursorOf(["one"]), cursorOf(["a\0b", 1])])
      expect(keyOfCursor(cursor, 2)).toBeNull();
  });
  test("the page says where the next one starts, and the last page says that there is none", () => {
    const rows = [1, 2, 3];
    const first = pageFrom(
      rows,
      2,
      (row) => row,
      (row) => [row],
    );
    expect(first.items).toEqual([1, 2]);
    expect(keyOfCursor(first.nextCursor ?? "", 1)).toEqual([2]);
    expect(
      pageFrom(
        rows,
        3,
        (row) => row,
        (row) => [row],
      ).nextCursor,
    ).toBeNull();
  });
  test("a limit may be text from a query and never passes 100", () => {
    expect(v.parse(page, { limit: "20" }).limit).toBe(20);
    expect(v.parse(page, {}).limit).toBe(50);
    for (const limit of ["0", "101", "x", -1, 1.5]) expect(accepts(page, { limit })).toBe(false);
  });
  test("another list's cursor is refused and never read as the first page", async () => {
    const at = new Date("2026-01-01T00:00:00Z");
    const id = newId("order");
    const code = (cursor: string) => refusalCode((async () => afterMoment("order", cursor))());
    expect(afterMoment("order", cursorOf(momentKey(at, id)))).toEqual({ at, id });
    expect(afterMoment("order", undefined)).toBeNull();
    for (const key of [
      [id, 1],
      [at.getTime(), newId("listing")],
      [at.getTime()],
      [1, id, 2],
      [1e18, id],
      [-1, id],
    ])
      expect(await code(cursorOf(key))).toBe("cursor_unknown");
    expect(await code("%%%")).toBe("cursor_unknown");
    expect(afterId("order", cursorOf([id]))).toBe(id);
    expect(await refusalCode((async () => afterId("order", cursorOf([1])))())).toBe("cursor_unknown");
  });
});
