/**
 * What the price models are worth: errors and intervals by walk-forward, against the last price and against indexed
 * comparables. Real series are read where they are present (`../shared/data/carbon` from the project's root), and said to
 * be missing where they are not. A ratio below 0.95 on real prices would be a leak, and fails.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { day_ms } from "@evx/kernel";
import { walkSeries } from "../src/model/series.ts";
import { mean } from "../src/model/stats.ts";
import type { Sale } from "../src/model/trade.ts";
import { walk } from "../src/model/walk.ts";
import { type Attack, patterns, playAttack } from "./model/attacks.ts";
import { measureFile, textOf } from "./model/csv.ts";
import { laterOrigins, playLater, shapes } from "./model/later.ts";
import { chance, normals, simulateSales } from "./model/simulate.ts";

type Print = (line: string) => void;

const folder = join(import.meta.dir, "../../../../../shared/data/carbon");
const LEAK = 0.95;
const SEEDS = [1, 2, 3, 4, 5, 6];
/** Another with each run unless told, so that nothing is fitted to it. */
const SEED = Number(process.env.SEED ?? Date.now() % 100_000);
const options = { traderCap: 0.05, fewestTrades: 5 };

const table = (file: string): string[][] =>
  readFileSync(join(folder, file), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));

const figure = (print: Print, what: string, ratio: number): void =>
  print(`price: ${what}, ratio=${ratio.toFixed(3)}`);

/** Errors of a series' forecasts in the prices' own unit against the last price's, and how often its interval held. */
const series = (print: Print, name: string, logs: readonly number[], real: boolean): void => {
  for (const horizon of [1, 5, 20]) {
    const { said } = walkSeries(logs, horizon);
    const scored = said.filter(({ index }) => index > 300);
    const error = (of: (one: (typeof said)[number]) => number) =>
      mean(scored.map((one) => Math.abs(Math.exp(of(one)) - Math.exp(logs[one.index] as number))));
    const ratio = error(({ log }) => log) / error(({ naive }) => naive);
    figure(print, `${name}, ${horizon} ahead, error against the last price (goal 1.005)`, ratio);
    const bounded = said.filter(({ reach }) => reach !== null);
    const held = bounded.filter(
      ({ index, log, reach }) => Math.abs((logs[index] as number) - log) <= (reach ?? 0),
    );
    const width = mean(bounded.map(({ reach }) => Math.exp(reach ?? 0) - Math.exp(-(reach ?? 0))));
    figure(
      print,
      `${name}, ${horizon} ahead, interval of mean width ${(100 * width).toFixed(0)} % held (goal 0.88 to 0.92)`,
      held.length / bounded.length,
    );
    if (real && ratio < LEAK)
      throw new Error(`${name}: ${ratio} is too good to be true. Something reads the future.`);
  }
};

/** Real single trades through the ladder; their traders are unknown, so chance names them. */
const trades = (print: Print): void => {
  const random = chance(9);
  const sales: Sale[] = table("nzu_emstradepoint_trades.csv")
    .filter((row) => Number(row[5]) > 0 && row[2] === "CP-NZU")
    .map((row) => ({
      day: Date.parse(`${row[1]?.replace(" ", "T")}Z`) / day_ms,
      log: Math.log(Number(row[5])),
      size: Math.log(Number(row[4])),
      country: "NZ",
      method: "nzu",
      vintage: 2021,
      auction: false,
      buyer: `buyer ${Math.floor(random() * 60)}`,
      seller: `seller ${Math.floor(random() * 60)}`,
    }))
    .sort((a, b) => a.day - b.day);
  for (const guarded of [false, true]) {
    const said = walk(sales, { ...options, guarded }).said.filter(
      ({ index, unsettled }) => index > 100 && !(guarded && unsettled),
    );
    const error = (of: (one: (typeof said)[number]) => number) =>
      mean(said.map((one) => Math.abs(Math.exp(of(one)) - Math.exp(one.actual))));
    const ratio = error(({ log }) => log) / error(({ naive }) => naive);
    const how = guarded ? "as served, guarded against bought prices (goal 1.03)" : "without its guards";
    figure(print, `NZU single trades, ladder ${how}, error against the last price`, ratio);
    if (ratio < LEAK)
      throw new Error(`NZU trades: ${ratio} is too good to be true. Something reads the future.`);
  }
};

/** Unlike offerings in a market that wanders: the ladder against indexed comparables, and its interval. */
const offerings = (print: Print): void => {
  const walks = SEEDS.map((seed) => walk(simulateSales({ seed, trades: 400 }), options).said);
  const late = walks.flatMap((said) => said.filter(({ index }) => index >= 200));
  const ladder = mean(late.map(({ log, actual }) => Math.abs(log - actual)));
  const comparables = mean(late.map(({ by, actual }) => Math.abs(by.comparables - actual)));
  const percent = (error: number) => `${(100 * error).toFixed(1)} %`;
  figure(
    print,
    `simulated lots, ladder ${percent(ladder)}, indexed comparables ${percent(comparables)} (goal 0.8)`,
    ladder / comparables,
  );
  const bounded = walks.flat().filter(({ reach }) => reach !== null);
  const held = bounded.filter(({ actual, log, reach }) => Math.abs(actual - log) <= (reach ?? 0));
  figure(print, "simulated lots, interval held (goal 0.88 to 0.92)", held.length / bounded.length);
};

/** The worst that attacks on unseen seeds do to a hint: prices bought at 1.5 and ten times and at a fifth, in up to a week. */
const attacks = (print: Print): void => {
  const sizes = [
    { accounts: 1, trades: 20, days: 1 },
    { accounts: 3, trades: 20, days: 2 },
    { accounts: 20, trades: 60, days: 7 },
  ];
  const played = (honest: number, origin: Attack["origin"]) =>
    sizes.flatMap((size) =>
      [1.5, 10, 0.2].flatMap((factor) =>
        patterns.map((pattern) =>
          playAttack({ seed: SEED + honest, honest, factor, pattern, origin, ...size }, options),
        ),
      ),
    );
  const worst = (what: string, goal: string, moves: readonly (number | null)[]): void => {
    const given = moves.flatMap((move) => (move === null ? [] : [Math.abs(move)]));
    const silent = moves.length - given.length;
    figure(
      print,
      `${what}, ${silent} of ${moves.length} without a figure, the worst other${goal}`,
      Math.max(0, ...given),
    );
  };
  for (const honest of [8, 15, 40, 120, 400])
    worst(
      `attacks by up to 20 new accounts after ${honest} honest sales`,
      " (goal 0.06)",
      played(honest, "new"),
    );
  for (const honest of [8, 15, 40, 120, 400])
    worst(
      `attacks by up to 20 people of the market after ${honest} honest sales`,
      " (goal 0.06)",
      played(honest, "insiders"),
    );
};

/**
 * The same by accounts on one kind of credits, looked at one and three weeks after the end, when what new accounts bought counts and the
 * week is over in which nothing is said. Sleepers need a market older than they are.
 */
const laterAttacks = (print: Print): void => {
  for (const origin of laterOrigins)
    for (const honest of origin === "sleepers" ? [120] : [8, 40, 120]) {
      const moves = shapes.flatMap((shape, i) =>
        [1.5, 10].flatMap((factor, k) => {
          const size = k === 0 ? { accounts: 3, trades: 20, days: 2 } : { accounts: 20, trades: 60, days: 7 };
          const attack = {
            seed: SEED + honest + 7 * i + k,
            honest,
            factor,
            origin,
            shape,
            tiny: i % 2 === 1,
            thin: (i + k) % 2 === 1,
          };
          return playLater({ ...attack, ...size }, options, [7.5, 22]);
        }),
      );
      const given = moves.flatMap((move) => (move === null ? [] : [Math.abs(move)]));
      const above = given.filter((move) => move > 0.06).length;
      figure(
        print,
        `one kind of credits bought by ${origin} after ${honest} honest sales, weeks later, ${moves.length - given.length} of ${moves.length} without a figure, ${above} moved by over 0.06, the worst`,
        Math.max(0, ...given),
      );
    }
};

export default async (print: Print, files: readonly string[] = []): Promise<void> => {
  if (files.length > 0) {
    for (const file of files) measureFile(print, textOf(readFileSync(file)));
    return;
  }
  if (existsSync(folder)) {
    const daily = table("nzu_spot_daily_nzd.csv").flatMap(([, price]) =>
      Number(price) > 0 ? [Number(price)] : [],
    );
    series(print, "NZU daily", daily.map(Math.log), true);
    trades(print);
  } else print("price: real series are not here (../shared/data/carbon); simulated ones only");
  const normal = normals(chance(3));
  let level = 0;
  const wander = Array.from({ length: 2_500 }, () => {
    level += 0.02 * normal();
    return level;
  });
  const noisy = wander.map((log) => log + 1.33 * 0.02 * normal());
  series(print, "a random walk", wander, false);
  series(print, "noisy quotes of a random walk", noisy, false);
  offerings(print);
  attacks(print);
  laterAttacks(print);
};
