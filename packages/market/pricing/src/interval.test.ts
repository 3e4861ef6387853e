import { describe, expect, test } from "bun:test";
import { chance, normals } from "../bench/model/simulate.ts";
import { walkSeries } from "./model/series.ts";
import { mean } from "./model/stats.ts";
import type { Sale } from "./model/trade.ts";
import { walk } from "./model/walk.ts";
import { intervalAround } from "./serving.ts";

const options = { traderCap: 0.05, fewestTrades: 5 };
const salesOf = (prices: readonly number[]): Sale[] =>
  prices.map((price, i) => ({
    day: 20_000 + i,
    log: Math.log(price),
    size: 0,
    country: "VN",
    method: "flat-v1",
    vintage: 2026,
    auction: false,
    buyer: `buyer ${i % 30}`,
    seller: `seller ${i % 30}`,
  }));
const shown = (prices: readonly number[]) => {
  const { said, reach } = walk(salesOf(prices), options);
  const neverMissed = said.every((one) => Math.abs(one.actual - one.log) < 1e-6);
  return {
    neverMissed,
    said,
    reach,
    interval: intervalAround({ log: Math.log(1_500), reach }, neverMissed, 3),
  };
};

describe("an interval", () => {
  test("is shown around an ordinary market's price", () => {
    const { interval } = shown(Array.from({ length: 80 }, (_, i) => 1_500 + ((i * 37) % 11) * 12));
    expect(interval).not.toBeNull();
    expect(Number(interval?.low)).toBeLessThan(1_500);
    expect(Number(interval?.high)).toBeGreaterThan(1_500);
  });

  test("is not shown where no past sale was missed, not even around a very high price", () => {
    const { neverMissed, reach } = shown(Array.from({ length: 80 }, () => 900_000_000_000));
    expect(intervalAround({ log: Math.log(900_000_000_000), reach }, neverMissed, 3)).toBeNull();
    expect(intervalAround({ log: 27, reach: 0.01 }, true, 3)).toBeNull();
  });

  test("is never empty and never wider than the rule", () => {
    expect(intervalAround({ log: Math.log(5), reach: 0.001 }, false, 3)).toBeNull();
    expect(intervalAround({ log: Math.log(1_500), reach: Math.log(3) / 2 + 0.01 }, false, 3)).toBeNull();
    expect(intervalAround({ log: Math.log(1_500), reach: Math.log(3) / 2 - 0.01 }, false, 3)).not.toBeNull();
    // A cent is the least price: rounding alone must not stretch it beyond the rule.
    expect(intervalAround({ log: 0, reach: 0.54 }, false, 3)?.high ?? 0n).toBeLessThanOrEqual(3n);
  });

  test("is not shown for a reach or a price that is no number", () => {
    for (const reach of [Number.NaN, Number.POSITIVE_INFINITY, null])
      expect(intervalAround({ log: 7, reach }, false, 3)).toBeNull();
    expect(intervalAround({ log: Number.NaN, reach: 0.1 }, false, 3)).toBeNull();
  });

  test("ten sales give none, and one price a thousand times the others makes nothing NaN", () => {
    expect(shown(Array.from({ length: 10 }, (_, i) => 1_500 + i)).interval).toBeNull();
    for (const place of [0, 12, 40, 79]) {
      const prices = Array.from({ length: 80 }, (_, i) => (i === place ? 1_500_000 : 1_500 + (i % 7)));
      const { said, reach, interval } = shown(prices);
      expect(said.every(({ log, by }) => [log, ...Object.values(by)].every(Number.isFinite))).toBe(true);
      expect(reach === null || Number.isFinite(reach)).toBe(true);
      if (interval) expect(Number(interval.high) / Number(interval.low)).toBeLessThanOrEqual(3);
    }
  });
});

test("twenty steps ahead four of five are held in the worst 250 steps of calm markets and stormy ones, and hardly more than nine of ten on the whole", () => {
  const all: number[] = [];
  for (let seed = 1; seed <= 8; seed++) {
    const [random, market] = [normals(chance(seed)), { level: 3, variance: 0.0004 }];
    const storms = seed % 2 ? { news: 0.12, memory: 0.86 } : { news: 0, memory: 0.975 };
    const logs = Array.from({ length: 1_500 }, () => {
      const move = Math.sqrt(market.variance) * random();
      market.variance = 0.00001 + storms.news * move * move + storms.memory * market.variance;
      market.level += move;
      return market.level;
    });
    const hits: number[] = [];
    for (const { index, log, reach } of walkSeries(logs, 20).said)
      if (reach !== null) hits.push(Math.abs((logs[index] as number) - log) <= reach ? 1 : 0);
    for (let from = 0; from + 250 <= hits.length; from += 10)
      expect(mean(hits.slice(from, from + 250))).toBeGreaterThan(0.8);
    all.push(...hits);
  }
  expect(mean(all)).toBeGreaterThan(0.9);
  expect(mean(all)).toBeLessThan(0.96);
});
