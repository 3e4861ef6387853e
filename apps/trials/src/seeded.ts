/** Chances that come out the same for the same seed: a failing run is played again by its number. */

export type Chances = {
  /** From 0 up to, not including, 1. */
  number(): number;
  /** A whole number, both ends included. */
  whole(least: number, most: number): number;
  pick<T>(from: readonly T[]): T | undefined;
  /** One of several by their weights. */
  weighed<T>(from: readonly (readonly [number, T])[]): T;
  /** Sixteen letters: a name that this run alone gives. */
  name(): string;
};

/** FNV-1a over a text: what makes each actor's chances their own. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (const letter of new TextEncoder().encode(text)) hash = Math.imul(hash ^ letter, 0x01000193) >>> 0;
  return hash;
};

/** The chances of one actor of one run. What others draw does not change what this one draws. */
export const chancesOf = (seed: number, actor: string): Chances => {
  let state = hashOf(`${seed}/${actor}`);
  const number = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const whole = (least: number, most: number) => least + Math.floor(number() * (most - least + 1));
  return {
    number,
    whole,
    pick: (from) => (from.length === 0 ? undefined : from[whole(0, from.length - 1)]),
    weighed: (from) => {
      const sum = from.reduce((all, [weight]) => all + weight, 0);
      let at = number() * sum;
      for (const [weight, one] of from) {
        at -= weight;
        if (at < 0) return one;
      }
      const last = from.at(-1);
      if (!last) throw new Error("Nothing to choose from");
      return last[1];
    },
    name: () => Array.from({ length: 16 }, () => "abcdefghijklmnopqrstuvwxyz"[whole(0, 25)]).join(""),
  };
};
