import type { Sale } from "../../src/model/trade.ts";

/** A small generator of repeatable chance (mulberry32). */
export const chance = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** Standard normal numbers by Box and Muller. */
export const normals = (random: () => number) => (): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

export type Simulation = {
  readonly seed: number;
  readonly trades: number;
  readonly perDay?: number;
  /** How much offerings' traits matter: 1 is strong, 0 not at all. */
  readonly traits?: number;
  /** ln deviation of an offering's price from what its traits and the market say. */
  readonly noise?: number;
  /** ln deviation of the market in a day. */
  readonly daily?: number;
  readonly traders?: number;
};

const countries = { VN: 0, TH: -0.15, ID: -0.3, SG: 0.35, DE: 0.55, NZ: 0.25 } as const;
const methods = { "flat-v1": 0, "metered-v1": 0.3 } as const;

const pick = <T>(random: () => number, choices: readonly T[]): T =>
  choices[Math.floor(random() ** 1.5 * choices.length)] as T;

/** A market of unlike offerings whose level wanders, in order of time. The truth is known: `log` less its noise. */
export const simulateSales = ({
  seed,
  trades,
  perDay = 2,
  traits = 1,
  noise = 0.1,
  daily = 0.02,
  traders = 60,
}: Simulation): (Sale & { truth: number; level: number })[] => {
  const random = chance(seed);
  const normal = normals(random);
  const sales: (Sale & { truth: number; level: number })[] = [];
  let day = 20_000;
  let level = Math.log(1_200);
  for (let n = 0; n < trades; n++) {
    const wait = -Math.log(1 - random()) / perDay;
    day += wait;
    level += daily * Math.sqrt(wait) * normal();
    const country = pick(random, Object.keys(countries) as (keyof typeof countries)[]);
    const method = pick(random, Object.keys(methods) as (keyof typeof methods)[]);
    const vintage = 2026 - Math.floor(random() ** 2 * 6);
    const size = Math.log(0.05) + random() * Math.log(400);
    const auction = random() < 0.3;
    const truth =
      level +
      traits *
        (countries[country] +
          methods[method] -
          0.07 * (2026 - vintage) -
          0.04 * (size - Math.log(1)) +
          (auction ? -0.08 : 0));
    sales.push({
      country,
      method,
      vintage,
      size,
      auction,
      day,
      truth,
      level,
      log: truth + noise * normal(),
      buyer: `buyer ${Math.floor(random() * traders)}`,
      seller: `seller ${Math.floor(random() * traders)}`,
    });
  }
  return sales;
};
