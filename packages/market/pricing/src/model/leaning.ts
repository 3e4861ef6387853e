import { heardAt, type Past } from "./rungs.ts";

/** So many parts are left out in turn, each of every so manieth sale. */
const PARTS = 5;

const thinned = new WeakMap<Past, { day: number; count: number; pasts: readonly Past[] }>();

/** The past with each of its parts left out. */
const withoutParts = (past: Past, day: number, count: number): readonly Past[] => {
  const before = thinned.get(past);
  if (before?.day === day && before.count === count) return before.pasts;
  const heard = heardAt(past, day, count);
  const pasts = Array.from({ length: PARTS }, (_, part) => {
    const left = heard.filter((_, at) => at % PARTS === part);
    return { ...past, without: new Set([...(past.without ?? []), ...left]) };
  });
  thinned.set(past, { day, count, pasts });
  return pasts;
};

/**
 * How much a price hangs by a fifth of its sales: the furthest, in ln, that it lies from itself with one of them left out. Whoever can
 * cast doubt on a few sales, or add a few, moves it about as far.
 */
export const leansBy = (
  past: Past,
  predict: (from: Past) => number,
  { day, count }: { day: number; count: number },
): number => {
  const whole = predict(past);
  return Math.max(...withoutParts(past, day, count).map((part) => Math.abs(predict(part) - whole)));
};
