/** How forecasts are made is bound to what they say: faster ways must say the same, and no sale may break a training. */
import { describe, expect, test } from "bun:test";
import { type LaterAttack, playLater } from "../bench/model/later.ts";
import { chance, simulateSales } from "../bench/model/simulate.ts";
import { orderOf, weightedMedian } from "./model/stats.ts";
import { capTraders, type Sides } from "./model/trade.ts";
import { isEnough, walk } from "./model/walk.ts";

const options = { traderCap: 0.05, fewestTrades: 5 };

describe("what is fast says what is plain", () => {
  const random = chance(11);
  const some = (count: number, of: () => number) => Array.from({ length: count }, of);

  test("an order by keys is that of a stable sort with a comparison", () => {
    for (const count of [0, 1, 2, 11, 12, 13, 25, 100, 300, 1_700]) {
      const keys = some(count, () => Math.floor(random() * count * 0.7) - count / 3);
      const plain = [...keys.keys()].sort((a, b) => (keys[a] as number) - (keys[b] as number));
      expect([...orderOf(keys).subarray(0, count)]).toEqual(plain);
    }
  });

  test("a weighted median is the value at which half of the weight lies below", () => {
    for (let round = 0; round < 200; round++) {
      const values = some(1 + Math.floor(random() * 60), () => Math.floor(random() * 20));
      const weights = values.map(() => Math.floor(random() * 4));
      const all = values.flatMap((value, i) => new Array<number>(weights[i] as number).fill(value));
      all.sort((a, b) => a - b);
      const [low, high] = [all[(all.length - 1) >> 1], all[all.length >> 1]];
      const plain = low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
      expect(weightedMedian(values, weights)).toBe(plain);
    }
  });

  test("caps by people counted in arrays are those counted in a map, whatever numbers people have", () => {
    const plain = ({ buyers, sellers }: Sides, weights: readonly number[], cap: number): number[] => {
      const capped = [...weights];
      for (let round = 0; round < 12; round++) {
        const shares = new Map<number, number>();
        for (const [i, weight] of capped.entries())
          for (const who of new Set([buyers[i] as number, sellers[i] as number]))
            shares.set(who, (shares.get(who) ?? 0) + weight);
        let whole = 0;
        for (const weight of capped) whole += weight;
        const most = Math.max(cap, 2 / shares.size) * whole;
        if (Math.max(...shares.values()) <= most * 1.01) break;
        for (let i = 0; i < capped.length; i++) {
          const both = [buyers[i], sellers[i]].map((who) => shares.get(who as number) ?? 0);
          const share = Math.max(...both);
          if (share > most) capped[i] = ((capped[i] as number) * most) / share;
        }
      }
      return capped;
    };
    for (let round = 0; round < 60; round++) {
      const people = 2 + Math.floor(random() * 30);
      const who = () => 977 * Math.floor(random() * people);
      const sides = { buyers: some(80, who), sellers: some(80, who) };
      const weights = some(80, random);
      expect(capTraders(sides, weights, 0.08)).toEqual(plain(sides, weights, 0.08));
    }
  });

  /** Sums of ln price as said and by each rung, and of the reach, noted when all was sorted and counted plainly. */
  const noted = [
    [
      [1, 60, 2, 20],
      [392.762765164, 396.500143301, 390.775671831, 392.761458764, 395.135990213, 8.23258744002],
    ],
    [
      [2, 400, 2, 60],
      [2851.73455919, 2853.95721048, 2852.97657661, 2844.47519682, 2854.01383218, 65.5685057374],
    ],
    [
      [6, 300, 20, 8],
      [2093.14949445, 2085.59014031, 2094.94683319, 2091.09603979, 2091.09047157, 75.5619821307],
    ],
  ] as const;

  test("forecasts on fixed markets are what they were", () => {
    for (const [[seed, trades, perDay, traders], sums] of noted) {
      const { said } = walk(simulateSales({ seed, trades, perDay, traders }), { ...options, guarded: false });
      const of = (what: (one: (typeof said)[number]) => number) =>
        said.reduce((sum, one) => sum + what(one), 0);
      const now = [
        of(({ log }) => log),
        ...(["last_price", "comparables", "nearest", "hedonic"] as const).map((rung) =>
          of(({ by }) => by[rung]),
        ),
        of(({ reach }) => reach ?? 0),
      ];
      for (const [i, sum] of now.entries()) expect(sum / (sums[i] as number)).toBeCloseTo(1, 9);
    }
  });
});

test("first sales that do not count, as between one person's accounts, break no training", () => {
  const sales = simulateSales({ seed: 3, trades: 60 }).map((sale, i) =>
    i % 2 === 0 && i < 8 ? { ...sale, seller: sale.buyer } : sale,
  );
  const { said } = walk(sales, options);
  expect(said.length).toBeGreaterThan(30);
  expect(said.every(({ log }) => Number.isFinite(log))).toBe(true);
  const own = sales.slice(0, 5).map((sale) => ({ ...sale, seller: sale.buyer }));
  const day = (own.at(-1)?.day ?? 0) + 1;
  expect(isEnough(own, options, day, 5)).toBe(false);
  expect(isEnough(own, options, day + 14, 5)).toBe(true);
});

/** Each moved a hint by 10 to 22 % before sales that nobody doubts had to agree with the others. */
const attacks: LaterAttack[] = [
  {
    seed: 31_018,
    honest: 40,
    accounts: 3,
    trades: 20,
    days: 2,
    factor: 10,
    origin: "new",
    shape: "at once",
    tiny: false,
  },
  {
    seed: 31_010,
    honest: 40,
    accounts: 3,
    trades: 20,
    days: 2,
    factor: 1.5,
    origin: "insiders",
    shape: "second half",
    tiny: true,
  },
  {
    seed: 31_021,
    honest: 15,
    accounts: 20,
    trades: 60,
    days: 7,
    factor: 10,
    origin: "insiders",
    shape: "drift",
    tiny: false,
  },
];

test("weeks after an attack a hint is within 6 % of the same market's without it, or there is none", () => {
  const moves = attacks.flatMap((attack) => playLater(attack, options, [0.001, 7.5, 22]));
  expect(moves.filter((move) => move !== null && Math.abs(move) > 0.06)).toEqual([]);
});

test("an established market that nobody attacks gets its hints all the same", () => {
  const { said } = walk(simulateSales({ seed: 77, trades: 400 }), options);
  const late = said.filter(({ index }) => index >= 200);
  expect(late.filter(({ unsettled }) => unsettled).length / late.length).toBeLessThan(0.15);
});
