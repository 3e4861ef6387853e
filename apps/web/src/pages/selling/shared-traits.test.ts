import { expect, test } from "bun:test";
import { sharedTraits } from "./shared-traits.ts";

const part = (country: string, method: string, vintage: number) => ({ batch: { country, method, vintage } });

test("a lot is asked about by what all of its seller's credits are", () => {
  expect(sharedTraits([part("VN", "flat-v1", 2026), part("VN", "flat-v1", 2026)])).toEqual({
    country: "VN",
    method: "flat-v1",
    vintage: 2026,
  });
});

test("what credits differ in is left open, and so is all of an empty wallet", () => {
  expect(sharedTraits([part("VN", "flat-v1", 2025), part("VN", "metered-v1", 2026)])).toEqual({
    country: "VN",
  });
  expect(sharedTraits([])).toEqual({});
});
