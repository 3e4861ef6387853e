import type { Sides } from "./trade.ts";

/** Two who traded with each other so often, */
const FEWEST_TOGETHER = 3;
/** and for whom that is so much of all they traded, are taken for one. */
const SHARE_TOGETHER = 0.5;

/**
 * Who among the sales at these places trades mostly with whom: each account that belongs to a circle → the one that stands
 * for it. Accounts that are in none are left out. Reads only these sales.
 */
export const circlesOf = ({ buyers, sellers }: Sides, places: readonly number[]): Map<number, number> => {
  const together = new Map<string, { a: number; b: number; times: number }>();
  const all = new Map<number, number>();
  for (const place of places) {
    const [buyer, seller] = [buyers[place] as number, sellers[place] as number];
    for (const who of buyer === seller ? [buyer] : [buyer, seller]) all.set(who, (all.get(who) ?? 0) + 1);
    if (buyer === seller) continue;
    const [a, b] = buyer < seller ? [buyer, seller] : [seller, buyer];
    const name = `${a} ${b}`;
    together.set(name, { a, b, times: (together.get(name)?.times ?? 0) + 1 });
  }
  const circles = new Map<number, number>();
  const rootOf = (who: number): number => {
    const next = circles.get(who);
    return next === undefined || next === who ? who : rootOf(next);
  };
  for (const { a, b, times } of together.values()) {
    const least = Math.min(all.get(a) ?? 0, all.get(b) ?? 0);
    if (times < FEWEST_TOGETHER || times < SHARE_TOGETHER * least) continue;
    const [one, other] = [rootOf(a), rootOf(b)];
    circles.set(one, one);
    circles.set(other, one);
  }
  return new Map([...circles.keys()].map((who) => [who, rootOf(who)]));
};
