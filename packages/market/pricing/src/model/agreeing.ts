import type { Rung } from "../schema.ts";
import { hedonicLog, timeLine } from "./hedonic.ts";
import { heardAt, levelAt, type Past } from "./rungs.ts";
import { MOST_MISS, type Usual } from "./settled.ts";
import type { Sale } from "./trade.ts";

/** The market as it would stand had there never been a doubted sale. */
export type Held = {
  readonly past: Past;
  readonly rung: Rung | null;
  /** Places of the doubted among all sales. */
  readonly doubted: ReadonlySet<number>;
};

const known = new WeakMap<Held, { day: number; count: number; past: Past }>();

/**
 * All sales but the doubted ones whose price is odd to those that nobody doubts. Whoever buys a price casts doubt on honest sales near
 * theirs, too, and so chooses what a price is held to: where those say something else, nobody can tell who is right.
 */
export const agreeing = (
  { past, usual, held }: { past: Past; usual: Usual; held: Held },
  day: number,
  count: number,
): Past => {
  const before = known.get(held);
  if (before?.day === day && before.count === count) return before.past;
  const { model } = held.past;
  const sale = (i: number) => past.sales[i] as Sale;
  const fitted = (i: number) => hedonicLog(model, sale(i), sale(i).day);
  const level = levelAt(held.past, day, held.past.sales.length);
  const most = usual.miss ?? MOST_MISS;
  const odd = heardAt(past, day, count).filter(
    (i) => held.doubted.has(i) && Math.abs(sale(i).log - fitted(i) - level) > most,
  );
  const agreed: Past = {
    ...past,
    model,
    without: new Set(odd),
    logs: past.sales.map(({ log }) => log),
    fitted,
    line: (i) => timeLine(model, sale(i).day),
  };
  known.set(held, { day, count, past: agreed });
  return agreed;
};
