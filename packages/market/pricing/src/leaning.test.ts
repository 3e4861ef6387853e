import { describe, expect, test } from "bun:test";
import { playLater } from "../bench/model/later.ts";
import { simulateSales } from "../bench/model/simulate.ts";
import { hintLog } from "./model/hint.ts";
import { walk } from "./model/walk.ts";

const options = { traderCap: 0.05, fewestTrades: 5 };

describe("a price that hangs by a few of its sales", () => {
  test("is none: in a market of weeks that knows few of very unlike credits nobody moves it by over 6 %", () => {
    const attack = {
      honest: 15,
      accounts: 20,
      trades: 40,
      days: 3,
      factor: 1.5,
      origin: "insiders",
    } as const;
    for (const [seed, thin, shape] of [
      [709, true, "at once"],
      [709, true, "every other"],
      [709, true, "last hour"],
      [712, true, "every other"],
      [712, false, "at once"],
      [712, false, "last hour"],
    ] as const)
      for (const moved of playLater({ ...attack, seed, thin, shape, tiny: false }, options, [0, 7.5]))
        expect(Math.abs(moved ?? 0)).toBeLessThan(0.06);
  });

  test("is another matter than a young market of like credits, which has its hint from eight sales on", () => {
    let [asked, told] = [0, 0];
    for (const seed of [5_001, 5_002, 5_003, 5_004])
      for (const trades of [8, 15]) {
        const sales = simulateSales({
          seed,
          trades,
          traits: 0,
          noise: 0.03,
          daily: 0.01,
          perDay: 1,
          traders: 30,
        });
        const day = (sales.at(-1)?.day ?? 0) + 0.5;
        const walked = walk(sales, options, day);
        for (const offering of sales.slice(-4)) {
          asked++;
          if (hintLog(walked, offering, day) !== null) told++;
        }
      }
    expect(told / asked).toBeGreaterThan(0.9);
  });
});
