import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain, tick } from "@evx/jobs/testing";
import { day_ms } from "@evx/kernel";
import { chance } from "../bench/model/simulate.ts";
import { pricingJobs } from "./jobs.ts";
import { hintLog } from "./model/hint.ts";
import { type StoredModel, standingOf, storedModel } from "./model/stored.ts";
import { chanceToSell, learnTimeToSell } from "./model/time-to-sell.ts";
import { walk } from "./model/walk.ts";
import { lastRun, runRows, servingRun } from "./queries/runs.ts";
import { deleteTrades, insertTrades, type TradeRow, tradeRows } from "./queries/trades.ts";
import { simulatedRows } from "./testing.ts";
import { saleOf, train } from "./training.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const BEGIN = Date.parse("2026-01-01T00:00:00Z");
/** Rows of a simulated market, of which nobody knows who is who. */
const rowsOf = (trades: number, seed = 4, factor = 1): TradeRow[] =>
  simulatedRows({ seed, trades, traits: 0.5, noise: 0.05, daily: 0.01 }, { begin: BEGIN, factor });
const all = rowsOf(160);
const insert = (rows: readonly TradeRow[]) => t.transact((tx) => insertTrades(tx, rows));
const after = (rows: readonly TradeRow[]) => new Date((rows.at(-1)?.at.getTime() ?? BEGIN) + 60_000);
const modelNow = async () => JSON.parse((await servingRun(t.db, "USD"))?.model ?? "null") as StoredModel;

test("a stored model says to the last digit what the walk that made it says, days later, too", () => {
  const sales = all.map(saleOf);
  const day = after(all).getTime() / day_ms;
  const walked = walk(sales, { traderCap: 0.05, fewestTrades: 5 }, day);
  const text = JSON.stringify(storedModel(walked, all, day, null));
  const standing = standingOf(JSON.parse(text) as StoredModel);
  for (const sale of sales.slice(-20))
    for (const later of [0, 1, 5])
      expect(hintLog(standing, sale, day + later)).toBe(hintLog(walked, sale, day + later));
  expect(text).not.toContain("usr_");
});

describe("a training", () => {
  test("stores what it learned, from what, and how it did; without news it does nothing", async () => {
    await insert(all.slice(0, 120));
    t.clock.set(after(all.slice(0, 120)).toISOString());
    await tick(t, pricingJobs, "pricing.train_due");
    await drain(t, pricingJobs, { twice: true });
    const [run, ...more] = await runRows(t.db, "USD", 5);
    expect(more).toEqual([]);
    expect(run).toMatchObject({
      version: 1,
      status: "serving",
      trades: 120,
      first_sale_at: all[0]?.at,
      last_order_id: all[119]?.order_id,
      parameters: { fewestTrades: 5, fewestTraders: 3, traderCap: 0.05 },
    });
    expect(run?.metrics).toMatchObject({ errors: 115 });
    expect(await train(t, "USD")).toEqual({ run: "none" });
  });

  test("two beside each other store one", async () => {
    await insert(all.slice(120, 121));
    t.clock.set(after(all.slice(0, 121)).toISOString());
    const runs = await Promise.all([train(t, "USD"), train(t, "USD")]);
    expect(runs.filter(({ run }) => run === "serving")).toHaveLength(1);
    expect((await lastRun(t.db, "USD"))?.version).toBe(2);
    expect((await runRows(t.db, "USD", 5)).map(({ status }) => status)).toEqual(["serving", "replaced"]);
  });

  test("killed before its end it has stored nothing, and the next one does it", async () => {
    await insert(all.slice(121, 140));
    t.clock.set(after(all.slice(0, 140)).toISOString());
    const killed = { ...t, transact: () => Promise.reject(new Error("killed")) };
    await expect(train(killed, "USD")).rejects.toThrow("killed");
    expect((await lastRun(t.db, "USD"))?.version).toBe(2);
    expect(await train(t, "USD")).toEqual({ run: "serving", version: 3 });
  });

  test("grown sale by sale or built at once, the model is the same", async () => {
    const grown = await modelNow();
    const rows = await tradeRows(t.db, { currency: "USD", before: t.clock.now(), limit: 1_000 });
    await t.transact(async (tx) => {
      await deleteTrades(tx);
      await insertTrades(tx, rows.toReversed());
    });
    await t.admin.deleteFrom("pricing.model_run").execute();
    expect(await train(t, "USD")).toEqual({ run: "serving", version: 1 });
    expect(await modelNow()).toEqual(grown);
  });

  test("one that lost most of its sales is kept back, and the one before goes on", async () => {
    const before = await modelNow();
    // However long this machine took over it: a training that took long rests before the next.
    await t.admin.updateTable("pricing.model_run").set({ took_ms: 1 }).execute();
    await t.transact(async (tx) => {
      await deleteTrades(tx);
      await insertTrades(tx, all.slice(0, 30));
    });
    expect(await train(t, "USD")).toEqual({ run: "kept_back", version: 2 });
    expect(await lastRun(t.db, "USD")).toMatchObject({ reason: "fewer_sales", model: null });
    expect(await modelNow()).toEqual(before);
    t.clock.advance(day_ms + 60_000);
    expect(await train(t, "USD")).toEqual({ run: "serving", version: 3 });
  });

  test("one that would have missed the newest sales by more than the one that serves is kept back", async () => {
    // What is stored has learned from all of it; what is trained now lost the sales in between and begins with others' prices.
    await t.admin.deleteFrom("pricing.model_run").execute();
    await t.transact(async (tx) => {
      await deleteTrades(tx);
      await insertTrades(tx, all.slice(0, 140));
    });
    expect(await train(t, "USD")).toMatchObject({ run: "serving" });
    const spoilt = rowsOf(140, 4, 4).map((row, i) => ({ ...row, at: (all[i] as TradeRow).at }));
    await t.transact(async (tx) => {
      await deleteTrades(tx);
      await insertTrades(tx, [...spoilt.slice(0, 139), ...all.slice(139)]);
    });
    t.clock.set(after(all).toISOString());
    expect(await train(t, "USD")).toMatchObject({ run: "kept_back" });
    expect(await lastRun(t.db, "USD")).toMatchObject({ reason: "worse" });
  });
});

describe("the chance to sell within a week", () => {
  const random = chance(7);
  const lots = (count: number, slope: number) =>
    Array.from({ length: count }, () => {
      const above = (random() - 0.5) * 0.8;
      return { above, sold: random() < 1 / (1 + Math.exp(-(0.5 + slope * above))) };
    });

  test("falls with the price and comes true as often as it says", () => {
    const model = learnTimeToSell(lots(600, -8));
    if (!model) throw new Error("learned");
    const fresh = lots(4_000, -8);
    for (const [from, to] of [
      [-0.4, -0.2],
      [-0.2, 0],
      [0, 0.2],
      [0.2, 0.4],
    ] as const) {
      const within = fresh.filter(({ above }) => above >= from && above < to);
      const said = within.reduce((sum, { above }) => sum + chanceToSell(model, above), 0) / within.length;
      const came = within.filter(({ sold }) => sold).length / within.length;
      expect(Math.abs(said - came)).toBeLessThan(0.07);
    }
    expect(chanceToSell(model, 5)).toBe(chanceToSell(model, model.range[1]));
  });

  test("is not told from few lots, lots that all sold, or where the price made no difference", () => {
    expect(learnTimeToSell(lots(20, -8))).toBeNull();
    expect(learnTimeToSell(lots(100, -8).map((lot) => ({ ...lot, sold: true })))).toBeNull();
    expect(learnTimeToSell(lots(400, 6))).toBeNull();
    // Hardly anything sold, then a quarter does: a hair better than the plain share, and wrong all the same.
    const changed = Array.from({ length: 82 }, (_, i) => ({
      above: i < 55 ? (i % 5) / 10 : -0.05 + (i % 4) / 10,
      sold: i < 55 ? i === 50 : i % 4 === 0,
    }));
    expect(learnTimeToSell(changed.map((lot, i) => (i < 5 ? { above: -0.3, sold: true } : lot)))).toBeNull();
    expect(learnTimeToSell([{ above: Number.NaN, sold: true }])).toBeNull();
  });
});
