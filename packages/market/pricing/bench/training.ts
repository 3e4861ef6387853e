/**
 * How long a training on 100,000 sales takes, from the rows of a real database to the stored model, what it holds in memory, and what
 * a hint costs that reads what it stored. The processor's time is told beside the clock's: on a busy machine only the first says
 * something of the training.
 */
import { testDatabase } from "@evx/db/testing";
import { day_ms } from "@evx/kernel";
import { hintLog } from "../src/model/hint.ts";
import { type StoredModel, standingOf } from "../src/model/stored.ts";
import { servingRun } from "../src/queries/runs.ts";
import { trainedMarket } from "../src/testing.ts";
import type { Metrics } from "../src/training.ts";

const SALES = Number(process.env.SALES ?? 100_000);
const HINTS = 200;
const MB = 1024 * 1024;
const GOAL_S = 60;
const GOAL_MB = 1_000;

export default async (print: (line: string) => void): Promise<void> => {
  const t = await testDatabase();
  try {
    const before = process.cpuUsage();
    const simulation = { seed: Date.now() % 100_000, trades: SALES, perDay: SALES / 365, traders: 5_000 };
    await trainedMarket(t, simulation);
    const { user, system } = process.cpuUsage(before);
    const run = await servingRun(t.db, "USD");
    if (!run?.model) throw new Error("nothing serves");
    const text = run.model;
    const rss = process.memoryUsage().rss / MB;
    const seconds = run.took_ms / 1_000;
    print(
      `price: training on ${SALES} sales, ${seconds.toFixed(1)} s by the clock, with its rows written before ${((user + system) / 1e6).toFixed(1)} s of the processor, of ${GOAL_S} (goal 1) ratio=${(seconds / GOAL_S).toFixed(2)}`,
    );
    print(
      `price: training on ${SALES} sales, ${rss.toFixed(0)} MB, of ${GOAL_MB} (goal 1) ratio=${(rss / GOAL_MB).toFixed(2)}`,
    );
    const { coverage } = run.metrics as Metrics;
    print(
      `price: its interval held ${coverage?.toFixed(3)} of the newest, stored model ${Math.round(text.length / 1024)} kB`,
    );
    const day = t.clock.now().getTime() / day_ms;
    const offerings = (JSON.parse(text) as StoredModel).sales.slice(-HINTS);
    const times = offerings.map((offering) => {
      const begin = performance.now();
      hintLog(standingOf(JSON.parse(text) as StoredModel), offering, day);
      return performance.now() - begin;
    });
    times.sort((a, b) => a - b);
    const at = (share: number) => (times[Math.floor(times.length * share)] as number).toFixed(2);
    print(`price: a hint from the stored model, p50=${at(0.5)} ms, p99=${at(0.99)} ms (goal 5)`);
  } finally {
    await t.close();
  }
};
