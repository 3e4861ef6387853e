import { describe, expect, test } from "bun:test";
import * as v from "valibot";
import { fixedClock } from "./clock.ts";
import { newId } from "./ids.ts";
import * as s from "./schema.ts";

const accepts = (schema: v.GenericSchema, value: unknown) => v.safeParse(schema, value).success;

describe("inputs", () => {
  test("credits arrive as text or number and become grams; zero, seven decimals and nonsense do not", () => {
    expect(v.parse(s.creditsIn, "0.25")).toBe(250_000n);
    expect(v.parse(s.creditsIn, 0.25)).toBe(250_000n);
    for (const value of ["0", "0.0000001", "-1", 1e-9, Number.NaN, null, {}, "1e3"])
      expect(accepts(s.creditsIn, value)).toBe(false);
  });
  test("money, moments, countries and ids are read strictly", () => {
    expect(v.parse(s.moneyText, 12.5)).toBe("12.5");
    expect(accepts(s.moneyText, "12,5")).toBe(false);
    expect(v.parse(s.momentIn, "2026-03-01T08:00:00+07:00").toISOString()).toBe("2026-03-01T01:00:00.000Z");
    for (const value of ["2026-13-01", "2026-02-30T99:00:00Z", "yesterday", "2026-03-01T08:00:00"])
      expect(accepts(s.momentIn, value)).toBe(false);
    for (const schema of [s.momentIn, s.boundIn]) {
      const said = (text: string) => v.safeParse(schema, text).issues?.map(({ message }) => message);
      expect(said("1826-01-01T00:00:00Z")).toEqual(["Enter a time in the years 1900 to 2199."]);
      expect(said("2226-01-01")).toEqual(["Enter a time in the years 1900 to 2199."]);
      expect(said("soon")?.[0]).toContain("such as 2026-03-01T08:00:00Z.");
    }
    expect(v.parse(s.countryCode, "vn")).toBe("VN");
    expect(accepts(s.countryCode, "VNM")).toBe(false);
    expect(accepts(s.idOf("user"), newId("user"))).toBe(true);
    expect(accepts(s.idOf("user"), newId("order"))).toBe(false);
  });
  test("a period that ends before it begins is refused in every zone, and one that may not be is taken", () => {
    const entries = { from: v.optional(s.boundIn), to: v.optional(s.boundIn), other: v.number() };
    const schema = v.pipe(v.object(entries), s.inOrder("from", "to"));
    const said = (from: string, to: string) =>
      v.safeParse(schema, { from, to }).issues?.map((issue) => v.getDotPath(issue));
    expect(said("2026-03-02", "2026-03-01")).toEqual(["other", "to"]);
    expect(said("2026-03-01T08:00:00Z", "2026-03-01T07:59:59Z")).toEqual(["other", "to"]);
    for (const [from, to] of [
      ["2026-03-01", "2026-03-01"],
      ["2026-03-01T08:00:00Z", "2026-03-01T08:00:00Z"],
      // Midnight of the second in Auckland is before noon of the first in UTC.
      ["2026-03-02", "2026-03-01T12:00:00Z"],
    ] as const)
      expect(said(from, to)).toEqual(["other"]);
    expect(said("2026-03-02", "2026-03-01T09:59:59Z")).toEqual(["other", "to"]);
    expect(said("soon", "2026-03-01")).toEqual(["from", "other"]);
  });
  test("text is trimmed, bounded and free of characters that cannot be stored", () => {
    expect(v.parse(s.textOf(10), "  Nguyễn  ")).toBe("Nguyễn");
    for (const value of ["", "   ", "x".repeat(11), "a\u0000b", 5])
      expect(accepts(s.textOf(10), value)).toBe(false);
  });
});

test("a fixed clock stands still until moved, and hands out copies", () => {
  const clock = fixedClock("2026-01-01T00:00:00Z");
  clock.now().setFullYear(1999);
  expect(clock.now().getUTCFullYear()).toBe(2026);
  clock.advance(1_000);
  expect(clock.now().toISOString()).toBe("2026-01-01T00:00:01.000Z");
});
