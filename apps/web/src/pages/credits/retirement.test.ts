import { expect, test } from "bun:test";
import { retirementReasons } from "@evx/kernel";
import { emptyRetirement, retirementOf, wrongIn } from "./retirement.ts";

const reason = retirementReasons[0] as string;
const filled = { ...emptyRetirement, amount: "0.5", beneficiaryName: "  Green Co ", reason };

test("what was left empty is not sent, and names lose the spaces around them", () => {
  expect(retirementOf({ ...filled, message: "   " })).toEqual({
    beneficiaryName: "Green Co",
    reason: retirementReasons[0],
  });
});

test("what was filled in is sent", () => {
  const more = { beneficiaryCountry: "VN", periodFrom: "2026-01-01", periodTo: "2026-02-01", message: "Hi" };
  expect(retirementOf({ ...filled, ...more })).toMatchObject(more);
});

test("without a reason nothing is sent", () => {
  for (const other of ["", "because"]) expect(retirementOf({ ...filled, reason: other })).toBeNull();
});

test("a period may be one day or have an open end, and may not end before it begins", () => {
  const wrong = (periodFrom: string, periodTo: string) =>
    Boolean(wrongIn({ ...filled, periodFrom, periodTo }, (key) => key).periodTo);
  expect(wrong("2026-02-01", "2026-01-31")).toBe(true);
  expect([wrong("2026-02-01", "2026-02-01"), wrong("2026-02-01", ""), wrong("", "2026-02-01")]).toEqual([
    false,
    false,
    false,
  ]);
});
