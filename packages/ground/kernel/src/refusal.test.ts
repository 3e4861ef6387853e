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
  expect(refusal.sentence("vi")).toBe("Chỉ còn 0.1.");
  expect(refusal.kind).toBe("conflict");
  expect(refusal.cause).toBe(cause);
});

test("a broken assertion is a bug, not a refusal", () => {
  expect(() => assert(false, "two and two")).toThrow("Assertion failed: two and two");
});
