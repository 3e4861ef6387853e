/**
 * What the price models are worth: errors and intervals by walk-forward, against the last price and against indexed
 * comparables. Real series are read where they are present (`../shared/data/carbon` from the project's root), and said to
 * be missing where they are not. A ratio below 0.95 on real prices would be a leak, and fails.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { day_ms } from "@evx/kernel";
import { comparablesFor, rateLimited, rungLog } from "../src/model/rungs.ts";
import { mean, median } from "../src/model/stats.ts";
import type { Sale } from "../src/model/trade.ts";
import { type Walked, walk } from "../src/model/walk.ts";
import { measureFile } from "./model/csv.ts";
import { walkSeries } from "./model/series.ts";
import { chance, normals, simulateSales } from "./model/simulate.ts";

type Print = (line: string) => void;

const folder = join(import.meta.dir, "../../../../../shared/data/carbon");
const LEAK = 0.95;
const SEEDS = [1, 2, 3, 4, 5, 6];
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
  for (const horizon of [1, 5]) {
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
    const said = walk(sales, { ...options, guarded }).said.filter(({ index }) => index > 100);
    const error = (of: (one: (typeof said)[number]) => number) =>
      mean(said.map((one) => Math.abs(Math.exp(of(one)) - Math.exp(one.actual))));
    const ratio = error(({ log }) => log) / error(({ naive }) => naive);
    const how = guarded ? "as served, guarded against bought prices (goal 1.005)" : "without its guards";
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

/** Twenty sales of 420 at half as much again, in a day, by one account with itself and by three among themselves. */
const burst = (print: Print): void => {
  for (const accounts of [1, 3]) {
    const moved: number[] = [];
    const simple: number[] = [];
    for (const seed of SEEDS.slice(0, 4)) {
      const honest = simulateSales({ seed, trades: 400 });
      const last = (honest.at(-1) as Sale).day;
      const bought = honest.slice(-20).map((sale, i) => ({
        ...sale,
        day: last + (i + 1) / 20,
        log: sale.truth + Math.log(1.5),
        buyer: `bought ${i % accounts}`,
        seller: `bought ${(i + 1) % accounts}`,
      }));
      const day = last + 1.001;
      const before = walk(honest, options);
      const after = walk([...honest, ...bought], options);
      for (const offering of honest.slice(100, 130)) {
        const hint = ({ past, rung, sigma }: Walked) => {
          const predict = (count: number, when: number) =>
            rungLog(past, rung ?? "comparables", offering, when, count);
          const count = past.sales.length;
          return rateLimited(predict(count, day), predict, past, count, day, sigma, 20);
        };
        moved.push(Math.exp(hint(after) - hint(before)) - 1);
        const plain = ({ past }: Walked) =>
          median(
            comparablesFor(
              { ...past, logs: past.sales.map(({ log }) => log) },
              offering,
              day,
              past.sales.length,
            ).map(({ log }) => log),
          );
        simple.push(Math.exp(plain(after) - plain(before)) - 1);
      }
    }
    figure(
      print,
      `a burst at 1.5 times by ${accounts} account${accounts > 1 ? "s" : ""} moves a hint ${(100 * mean(moved)).toFixed(1)} %, plain comparables ${(100 * mean(simple)).toFixed(1)} %`,
      mean(moved) / mean(simple),
    );
  }
};

export default async (print: Print, files: readonly string[] = []): Promise<void> => {
  if (files.length > 0) {
    for (const file of files) measureFile(print, readFileSync(file, "utf8"));
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
  burst(print);
};
