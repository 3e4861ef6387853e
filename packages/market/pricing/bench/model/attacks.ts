import { hintLog } from "../../src/model/hint.ts";
import type { Sale } from "../../src/model/trade.ts";
import { type WalkOptions, walk } from "../../src/model/walk.ts";
import { chance, simulateSales } from "./simulate.ts";

/** How the accounts of an attack are come by. */
export const origins = ["new", "insiders"] as const;
/** Who trades with whom: each with itself or the next, all with all, or the accounts as buyers from honest sellers. */
export const patterns = ["ring", "pairs", "overbid"] as const;

export type Attack = {
  readonly seed: number;
  /** Honest sales before it begins. */
  readonly honest: number;
  readonly accounts: number;
  readonly trades: number;
  readonly days: number;
  /** What a bought price is of the true one. */
  readonly factor: number;
  readonly pattern: (typeof patterns)[number];
  /** `insiders` have traded honestly among the others until then. */
  readonly origin: (typeof origins)[number];
};

/**
 * How far an attack moves the hints for the market's latest lots at its end: the mean of hint with it ÷ hint without − 1,
 * honest trade going on in both worlds. Null where the market with the attack in it gets no hint at all.
 */
export const playAttack = (attack: Attack, options: WalkOptions): number | null => {
  const { seed, honest: before, accounts, trades, days, factor, pattern, origin } = attack;
  const random = chance(seed * 7_919 + 17);
  const whole = simulateSales({ seed, trades: before + 2 * days });
  const { day: begin, level } = whole[before - 1] as (typeof whole)[number];
  const during = whole.slice(before).filter(({ day }) => day <= begin + days);
  const names = Array.from({ length: accounts }, (_, k) =>
    origin === "new" ? `bought ${k}` : `${k % 2 ? "buyer" : "seller"} ${k >> 1}`,
  );
  const any = () => names[Math.floor(random() * accounts)] as string;
  const sidesOf = (i: number): { buyer: string; seller: string } => {
    if (pattern === "ring")
      return { buyer: names[i % accounts] as string, seller: names[(i + 1) % accounts] as string };
    if (pattern === "pairs") return { buyer: any(), seller: any() };
    return { buyer: any(), seller: (whole[Math.floor(random() * before)] as Sale).seller };
  };
  const bought = Array.from({ length: trades }, (_, i) => {
    const like = whole[Math.floor(random() * before)] as (typeof whole)[number];
    return {
      ...like,
      ...sidesOf(i),
      day: begin + ((i + 1) / (trades + 1)) * days,
      log: like.truth - like.level + level + Math.log(factor),
    };
  });
  const day = begin + days + 0.001;
  const worlds = [
    [...whole.slice(0, before), ...during],
    [...whole.slice(0, before), ...during, ...bought],
  ].map((sales) =>
    walk(
      sales.sort((a, b) => a.day - b.day),
      options,
      day,
    ),
  );
  const moves: number[] = [];
  for (const offering of whole.slice(Math.max(0, before - 30), before)) {
    const [without, within] = worlds.map((world) => hintLog(world, offering, day));
    if (within === null || within === undefined || without === null || without === undefined) return null;
    moves.push(Math.exp(within - without) - 1);
  }
  return moves.reduce((sum, move) => sum + move, 0) / moves.length;
};
