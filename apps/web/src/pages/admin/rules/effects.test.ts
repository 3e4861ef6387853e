import { expect, test } from "bun:test";
import { effectOf } from "./effects.ts";

const plain = (number: number) => String(number);

test("a sale's fees are shown on a sale of a hundred, and sum to it", () => {
  expect(effectOf("marketplace.sale_fees", { platformFeeBps: 275, cvaFeeBps: 100 }, plain)).toEqual({
    key: "effect.fees",
    platform: "2.75",
    cva: "1",
    net: "96.25",
  });
});

test("an auction's step is the larger of share and least step; a rule without an example has none", () => {
  const rule = { stepBps: 100, stepMinor: 500, window_s: 300, strikes: 2, pauseDays: 30 };
  expect(effectOf("marketplace.auctions", rule, plain)).toMatchObject({ next: "105", minutes: "5" });
  expect(effectOf("marketplace.auctions", { ...rule, stepMinor: 1 }, plain)).toMatchObject({ next: "101" });
  expect(effectOf("pricing.hints", {}, plain)).toBeNull();
});
