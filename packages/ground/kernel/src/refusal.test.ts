import { expect, test } from "bun:test";
import { assert, Refusal, refusals } from "./refusal.ts";

const refuse = refusals({
  lot_sold: { kind: "conflict", en: "Only {left} is left.", vi: "Chỉ còn {left}." },
});

test("a refusal speaks both languages with its details filled in, and keeps its cause", () => {
  const cause = new Error("why");
  const refusal = refuse("lot_sold", { left: "0.1" }, { cause });
  expect(refusal).toBeInstanceOf(Refusal);
  expect(refusal.message).toBe("Only 0.1 is left.");
  expect(refusal.sentence("vi")).toBe("Chỉ còn 0,1.");
  expect(refusal.kind).toBe("conflict");
  expect(refusal.cause).toBe(cause);
});

test("credits lose the zeros at their end, money keeps its two, and Vietnamese writes a comma", () => {
  const said = (left: string, locale: "en" | "vi") => refuse("lot_sold", { left }).sentence(locale);
  expect(said("0.050000", "en")).toBe("Only 0.05 is left.");
  expect(said("10.000000", "en")).toBe("Only 10 is left.");
  expect(said("10.000000", "vi")).toBe("Chỉ còn 10.");
  expect(said("8.40", "en")).toBe("Only 8.40 is left.");
  expect(said("8.40", "vi")).toBe("Chỉ còn 8,40.");
  expect(said("127.0.0.1", "vi")).toBe("Chỉ còn 127.0.0.1.");
});

test("a broken assertion is a bug, not a refusal", () => {
  expect(() => assert(false, "two and two")).toThrow("Assertion failed: two and two");
});
