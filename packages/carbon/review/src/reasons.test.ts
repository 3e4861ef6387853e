import { expect, test } from "bun:test";
import { fittingReasons, flagNames, readTripReason, tripReasonCodes } from "./reasons.ts";

test("every flag speaks for one reason of the closed list", () => {
  for (const flag of Object.keys(flagNames)) {
    const [reason, ...more] = fittingReasons([flag]);
    expect([flag, reason !== undefined && tripReasonCodes.includes(reason)]).toEqual([flag, true]);
    expect(more).toEqual([]);
  }
});

test("a trip flagged for its energy is not said to lack evidence", () => {
  expect(fittingReasons(["energy_high"])).toEqual(["consumption_implausible"]);
});

test("the reason of most flags comes first, each once; no flag or a strange one suggests nothing", () => {
  expect(fittingReasons(["energy_high", "speed_high", "day_too_long"])).toEqual([
    "speed_implausible",
    "consumption_implausible",
  ]);
  expect(fittingReasons([])).toEqual([]);
  expect(fittingReasons(["constructor", "not_a_flag"])).toEqual([]);
});

test("a code is read as itself, free words as the note of another reason", () => {
  expect(readTripReason("evidence_missing")).toEqual({ code: "evidence_missing", note: null });
  expect(readTripReason("toString")).toEqual({ code: "other", note: "toString" });
});
