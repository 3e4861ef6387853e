import { describe, expect, test } from "bun:test";
import { type Attack, origins, patterns, playAttack } from "../bench/model/attacks.ts";
import { playLater } from "../bench/model/later.ts";
import { simulateSales } from "../bench/model/simulate.ts";
import { circlesOf } from "./model/circles.ts";
import { doubtedSales } from "./model/doubted.ts";
import { rungLog } from "./model/rungs.ts";
import type { Sale } from "./model/trade.ts";
import { walk } from "./model/walk.ts";

const options = { traderCap: 0.05, fewestTrades: 5 };
const most = 0.06;
const moves = (attack: Omit<Attack, "pattern">) =>
  patterns.map((pattern) => playAttack({ ...attack, pattern }, options));

describe("bought prices", () => {
  const sizes = [
    { accounts: 3, trades: 20, days: 2 },
    { accounts: 10, trades: 30, days: 2 },
    { accounts: 20, trades: 60, days: 7 },
  ];

  test("new accounts and people of the market move a hint by at most 6 %, or there is none", () => {
    for (const origin of origins)
      for (const honest of [8, 15, 40])
        for (const factor of [1.5, 10])
          for (const size of sizes)
            for (const moved of moves({ seed: 21, honest, factor, origin, ...size }))
              expect(Math.abs(moved ?? 0)).toBeLessThan(most);
  });

  test("so it is in a thick market, where most are answered with a figure nobody could move", () => {
    const few = moves({
      seed: 22,
      honest: 400,
      factor: 1.5,
      origin: "insiders",
      accounts: 2,
      trades: 2,
      days: 2,
    });
    for (const moved of few) expect(Math.abs(moved ?? 1)).toBeLessThan(most);
    for (const factor of [1.5, 10])
      for (const moved of moves({
        seed: 22,
        honest: 400,
        factor,
        origin: "insiders",
        accounts: 20,
        trades: 60,
        days: 7,
      }))
        expect(Math.abs(moved ?? 0)).toBeLessThan(most);
  });

  test("weeks after one kind of credits was bought at ten times its price, its hint is near what it would be, or there is none", () => {
    const attack = { honest: 120, accounts: 20, trades: 60, days: 7, factor: 10 } as const;
    for (const origin of ["new", "sleepers"] as const)
      for (const seed of [5_083, 5_035])
        for (const moved of playLater(
          { ...attack, seed, origin, shape: "at once", tiny: false },
          options,
          [14.5, 22],
        ))
          expect(Math.abs(moved ?? 0)).toBeLessThan(0.06);
  });

  test("an honest market of some weeks has a figure nearly always", () => {
    for (const traits of [0, 1]) {
      const { said } = walk(simulateSales({ seed: 77, trades: 400, traits, noise: 0.05 }), options);
      const late = said.filter(({ index }) => index >= 200);
      expect(late.filter(({ unsettled }) => unsettled).length / late.length).toBeLessThan(0.06);
    }
  });
});

describe("a doubted sale", () => {
  const whole = simulateSales({ seed: 31, trades: 200 });
  const at = (whole[119] as (typeof whole)[number]).day;
  const bought = Array.from({ length: 60 }, (_, i) => ({
    ...(whole[119] as (typeof whole)[number]),
    buyer: `buyer ${i % 20}`,
    seller: `seller ${i % 20}`,
    day: at + ((i + 1) / 61) * 7,
  }));
  const sales = [...whole, ...bought].sort((a, b) => a.day - b.day);
  const until = (whole.at(-1) as (typeof whole)[number]).day + 300;

  test("is one of a week in which its kind was traded far more than before and after, however long ago", () => {
    const { past } = walk(sales, options, until);
    const doubted = doubtedSales(past, until, sales.length);
    const ofBought = bought.filter((sale) => doubted.has(sales.indexOf(sale)));
    expect(ofBought.length).toBe(60);
    expect(doubted.size).toBeLessThan(110);
  });

  test("teaches what its price is to nothing that a hint is held to", () => {
    const hints = [1, 1.5, 10].map((factor) => {
      const paid = sales.map((sale) =>
        bought.includes(sale) ? { ...sale, log: sale.log + Math.log(factor) } : sale,
      );
      const { held } = walk(paid, options, until);
      return (
        held && rungLog(held.past, held.rung ?? "hedonic", whole[119] as Sale, until, held.past.sales.length)
      );
    });
    expect(hints[0]).toBeNumber();
    expect(new Set(hints).size).toBe(1);
  });
});

describe("a circle", () => {
  const sides = (pairs: readonly (readonly [number, number])[]) => ({
    buyers: pairs.map(([buyer]) => buyer),
    sellers: pairs.map(([, seller]) => seller),
  });
  const all = (count: number) => Array.from({ length: count }, (_, i) => i);

  test("is who trades with each other again and again and with hardly anybody else", () => {
    const ring = Array.from({ length: 12 }, (_, i) => [i % 4, (i + 1) % 4] as const);
    expect(new Set(circlesOf(sides(ring), all(12)).values()).size).toBe(1);
    const fair = Array.from({ length: 12 }, (_, i) => [i, 20 + (i % 5)] as const);
    expect(circlesOf(sides(fair), all(12)).size).toBe(0);
  });
});
