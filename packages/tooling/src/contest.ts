/** What the marketplace's benchmarks share: rounds that alternate, so that the machine's noise falls on both sides. */

export const CLIENTS = 16;

export const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

/** How many times a second the work is done with all clients busy for so long. */
export const rate = async (millis: number, work: (client: number) => Promise<unknown>): Promise<number> => {
  let done = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      while (performance.now() - start < millis) {
        await work(client);
        done++;
      }
    }),
  );
  return (done * 1_000) / (performance.now() - start);
};

export type Contest<K extends string> = {
  rate(name: K): number;
  /** The median of the rounds' ratios. */
  ratio(name: K, to: K): number;
};

/** Runs the contenders in turn, round after round, the order turning too. The first round only warms up. */
export const contest = async <K extends string>(
  contenders: Record<K, () => Promise<number>>,
  rounds: number,
): Promise<Contest<K>> => {
  const names = Object.keys(contenders) as K[];
  const rates = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (const name of names) await contenders[name]();
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 ? names.toReversed() : names) rates[name].push(await contenders[name]());
  }
  return {
    rate: (name) => Math.round(median(rates[name])),
    ratio: (name, to) => median(rates[name].map((each, round) => each / (rates[to][round] ?? Number.NaN))),
  };
};
