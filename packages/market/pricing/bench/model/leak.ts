import type { Sale } from "../../src/model/trade.ts";

/** So much dearer is what comes later, in ln, in the other world. */
const OTHERWISE = 1;

type Said = { readonly index: number; readonly log: number; readonly reach: number | null };

const sameWords = (one: readonly Said[], other: readonly Said[], until: number): boolean => {
  const early = (said: readonly Said[]) =>
    said.filter(({ index }) => index < until).map(({ index, log, reach }) => [index, log, reach].join(" "));
  const [mine, theirs] = [early(one), early(other)];
  return mine.length === theirs.length && mine.every((words, i) => words === theirs[i]);
};

/** Whether what is said of a series' first half changes when the second half was another. */
export const seriesReadsFuture = (
  logs: readonly number[],
  sayOf: (logs: readonly number[]) => readonly Said[],
): boolean => {
  const until = Math.ceil(logs.length / 2);
  const other = logs.map((log, i) => (i < until ? log : log + OTHERWISE));
  return !sameWords(sayOf(logs), sayOf(other), until);
};

/** The same of sales: those of the moment in the middle count as the second half. */
export const salesReadFuture = (
  sales: readonly Sale[],
  sayOf: (sales: readonly Sale[]) => readonly Said[],
): boolean => {
  const middle = sales[Math.ceil(sales.length / 2)]?.day ?? Infinity;
  const until = sales.filter(({ day }) => day < middle).length;
  const other = sales.map((sale) => (sale.day < middle ? sale : { ...sale, log: sale.log + OTHERWISE }));
  return !sameWords(sayOf(sales), sayOf(other), until);
};
