import { afterEach, expect, test } from "bun:test";
import { loadText, setLocale } from "../i18n/index.ts";
import { gramsOf, useFormat } from "./format.ts";
import { serverNow } from "./time.ts";

afterEach(() => setLocale("en"));

await loadText("frame");
const f = useFormat();
/** Intl writes no-break spaces; people compare with plain ones. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

test("credits keep every digit of their decimal text", async () => {
  expect(f.credits("0.100000")).toBe("0.1 credits");
  expect(f.credits("1.000000")).toBe("1 credit");
  expect(f.credits("0.100000", { all: true })).toBe("0.100000 credits");
  expect(f.creditsFigure("12345678901.123456")).toBe("12,345,678,901.123456");
  await setLocale("vi");
  expect(f.credits("1234.500000")).toBe("1.234,5 tín chỉ");
});

test("money is written from text, beyond what a float holds", async () => {
  expect(f.money("12.34", "USD")).toBe("$12.34");
  expect(f.money("9007199254740993.07", "USD")).toBe("$9,007,199,254,740,993.07");
  expect(plain(f.money("1200000", "VND"))).toBe("₫1,200,000");
  await setLocale("vi");
  expect(plain(f.money("1200000", "VND"))).toBe("1.200.000 ₫");
  expect(plain(f.money("12.34", "USD"))).toBe("12,34 US$");
});

test("grams of decimal credits are exact", () => {
  expect(gramsOf("0.1")).toBe(100_000n);
  expect(gramsOf("12345678901.123456")).toBe(12_345_678_901_123_456n);
  expect(gramsOf("-0.000001")).toBe(-1n);
});

test("a mass is told at the size a person reads", () => {
  expect(plain(f.mass(0.4))).toBe("400 g");
  expect(plain(f.mass(14.2))).toBe("14.2 kg");
  expect(plain(f.mass(1489))).toBe("1.49 t");
  expect(plain(f.mass(0))).toBe("0 kg");
  expect(plain(f.creditsMass("0.100000"))).toBe("100 kg");
});

test("periods of reports are named as people do", async () => {
  expect(f.period("2026")).toBe("2026");
  expect(f.period("2026-03")).toBe("Mar");
  expect(f.period("2026-03", "long")).toBe("March 2026");
  await setLocale("vi");
  expect(f.period("2026-03", "long")).toBe("Tháng 3/2026");
  expect(f.period("2026-03-09", "long")).toBe("09/03/2026");
});

test("a day in Vietnamese is written in figures, as it is there", async () => {
  expect(f.days("2025-12-31", "2026-01-04")).toBe("Dec 31, 2025 – Jan 4, 2026");
  await setLocale("vi");
  expect(f.days("2025-12-31", "2026-01-04")).toBe("31/12/2025 – 04/01/2026");
  expect(f.month("2026-03-01")).toBe("3/2026");
  expect(f.period("2026-03-09")).toBe("9/3");
});

test("what is less than nothing has a minus and no hyphen", () => {
  expect(f.money("-187.74", "USD")).toBe("\u2212$187.74");
  expect(f.number(-3)).toBe("\u22123");
});

test("relative times follow the server's clock", () => {
  const at = (seconds: number) => new Date(serverNow() + seconds * 1000);
  expect(f.relative(at(-200))).toBe("3 minutes ago");
  expect(f.relative(at(86_400 * 2 + 60))).toBe("in 2 days");
  expect(f.relative(at(-1))).toBe("now");
});

test("text that is no number is shown as it is, never as NaN", () => {
  expect(f.money("n/a", "USD")).toBe("n/a");
  expect(f.number("12 of 13")).toBe("12 of 13");
});
