/** How long a training on 100,000 sales takes, what it holds in memory, and what a hint costs that reads what it stored. */
import { hintLog } from "../src/model/hint.ts";
import { type StoredModel, standingOf, storedModel } from "../src/model/stored.ts";
import { walk } from "../src/model/walk.ts";
import { metricsOf } from "../src/training.ts";
import { simulateSales } from "./model/simulate.ts";

const SALES = Number(process.env.SALES ?? 100_000);
const HINTS = 200;
const MB = 1024 * 1024;

export default async (print: (line: string) => void): Promise<void> => {
  const sales = simulateSales({
    seed: Date.now() % 100_000,
    trades: SALES,
    perDay: SALES / 365,
    traders: 5_000,
  });
  const before = performance.now();
  const walked = walk(sales, { traderCap: 0.05, fewestTrades: 5 });
  const { coverage } = metricsOf(walked);
  const day = (sales.at(-1)?.day ?? 0) + 0.01;
  const rows = sales.map(({ log, day }) => ({
    price_minor: BigInt(Math.round(Math.exp(log))),
    grams: 100_000n,
    at: new Date(day * 86_400_000),
  }));
  const text = JSON.stringify(storedModel(walked, rows, day, null));
  const seconds = (performance.now() - before) / 1000;
  print(
    `price: training on ${SALES} sales, seconds=${seconds.toFixed(1)} (goal 60), rss=${Math.round(process.memoryUsage().rss / MB)} MB (goal 1000)`,
  );
  print(
    `price: its interval held ${coverage?.toFixed(3)} of the newest, stored model ${Math.round(text.length / 1024)} kB`,
  );
  const times = sales.slice(-HINTS).map((offering) => {
    const begin = performance.now();
    hintLog(standingOf(JSON.parse(text) as StoredModel), offering, day);
    return performance.now() - begin;
  });
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(times.length * share)] as number).toFixed(2);
  print(`price: a hint from the stored model, p50=${at(0.5)} ms, p99=${at(0.99)} ms (goal 5)`);
};
