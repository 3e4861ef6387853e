import { expect, test } from "bun:test";
import { nextStep, type Standing, stoneStates } from "./next-step.ts";

const standing = (more: Partial<Standing> = {}): Standing => ({
  vehicles: 1,
  trips: 121,
  claimable: "0.000000",
  sellable: "0.000000",
  listed: "0.000000",
  available: "0.00",
  asked: null,
  ...more,
});

test("after an import the next step is to claim, not to sell from an empty wallet", () => {
  const imported = standing({ claimable: "0.278500" });
  expect(nextStep(imported)).toBe("claim");
  expect(stoneStates(imported)).toEqual(["done", "lit", "ahead", "ahead", "ahead"]);
});

test("each standing has one next step, and an auditor's question comes before new claims", () => {
  expect(nextStep(standing({ vehicles: 0, trips: 0 }))).toBe("addCar");
  expect(nextStep(standing({ trips: 0 }))).toBe("importTrips");
  expect(nextStep(standing({ asked: "req_x", claimable: "1.000000" }))).toBe("answer");
  expect(nextStep(standing({ sellable: "0.240000" }))).toBe("sell");
  expect(nextStep(standing({ listed: "0.100000", available: "22.84" }))).toBe("withdraw");
  expect(nextStep(standing({ listed: "0.100000" }))).toBe("wait");
  for (const one of [standing({ vehicles: 0, trips: 0 }), standing({ sellable: "0.240000" })])
    expect(stoneStates(one).filter((state) => state === "lit")).toHaveLength(1);
});
