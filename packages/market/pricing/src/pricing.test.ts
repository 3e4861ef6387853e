import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { emit } from "@evx/jobs";
import { drain } from "@evx/jobs/testing";
import { newId } from "@evx/kernel";
import { orderCompleted } from "@evx/orders/events";
import { type Actor, createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { simulateSales } from "../bench/model/simulate.ts";
import { pricingJobs } from "./jobs.ts";
import { walk } from "./model/walk.ts";
import { pricingRouter } from "./router.ts";
import { aCompletedSale, noBids } from "./testing.ts";

let t: Awaited<ReturnType<typeof testDatabase>>;
let someone: Actor;
const as = (actor: Actor | null) => createCallerFactory(pricingRouter(noBids))(testContext(t, actor));
const day = (offset: number) =>
  new Date(Date.parse("2026-01-01T12:00:00Z") + offset * 86_400_000).toISOString();

const sell = async (sales: ReturnType<typeof aCompletedSale>[]) => {
  await t.transact(async (tx) => {
    for (const sale of sales) await emit(tx, orderCompleted, sale);
  });
  await drain(t, pricingJobs, { twice: true });
};

beforeAll(async () => {
  t = await testDatabase();
  someone = await aUser(t, { role: "ev_owner" });
});
afterAll(() => t.close());

describe("the hint grows with the market", () => {
  const offering = { creditsAmount: "0.1", country: "VN", listingType: "fixed" as const };

  test("without sales it says so, gives no figure, and is for members only", async () => {
    await expect(as(null).predict(offering)).rejects.toThrow("sign in");
    expect(await as(someone).predict(offering)).toMatchObject({
      basis: "insufficient_data",
      pricePerCredit: null,
      low: null,
      high: null,
      trades: 0,
      needed: { trades: 5, traders: 3 },
    });
    expect(await as(null).trends()).toMatchObject({
      basis: "insufficient_data",
      lastPrice: null,
      change7d: null,
      series: [],
    });
  });

  test("two people who trade with each other many times are not a market", async () => {
    const [buyer, seller] = [(await aUser(t)).id, (await aUser(t)).id];
    await sell(Array.from({ length: 6 }, (_, i) => aCompletedSale({ buyer, seller, at: day(i) })));
    expect(await as(someone).predict(offering)).toMatchObject({
      basis: "insufficient_data",
      trades: 6,
      traders: 2,
    });
    expect(await as(null).trends()).toMatchObject({
      basis: "insufficient_data",
      lastPrice: "15.00",
      change7d: null,
      trades: 6,
    });
  });

  test("with a few sales it is indicative and without an interval, and shows what it leans on", async () => {
    await sell(
      Array.from({ length: 4 }, (_, i) => aCompletedSale({ price: String(1_500 + i * 10), at: day(10 + i) })),
    );
    const hint = await as(someone).predict(offering);
    expect(hint).toMatchObject({
      basis: "model",
      low: null,
      high: null,
      coverage: null,
      model: { name: "indicative" },
      trades: 10,
    });
    expect(Number(hint.pricePerCredit)).toBeGreaterThan(14);
    expect(Number(hint.pricePerCredit)).toBeLessThan(16);
    expect(hint.comparables.length).toBeGreaterThan(0);
    expect(JSON.stringify(hint)).not.toContain("usr_");
  });

  test("with enough past errors it gives an interval around the price, and none for what no sale had", async () => {
    const buyers = Array.from({ length: 8 }, () => newId("user"));
    await sell(
      Array.from({ length: 60 }, (_, i) =>
        aCompletedSale({
          buyer: buyers[i % 8],
          price: String(1_500 + ((i * 37) % 11) * 12),
          at: day(15 + i * 0.6),
        }),
      ),
    );
    const hint = await as(someone).predict(offering);
    expect(hint.coverage).toBe(0.9);
    expect(Number(hint.low)).toBeLessThan(Number(hint.pricePerCredit));
    expect(Number(hint.high)).toBeGreaterThan(Number(hint.pricePerCredit));
    expect(hint.model.pastErrors).toBeGreaterThan(20);
    expect(Number(hint.model.backtestMae)).toBeGreaterThan(0);
    expect(await as(someone).predict({ ...offering, country: "NZ" })).toMatchObject({
      unseen: ["country"],
      low: null,
      coverage: null,
    });
  });

  test("trends count each sale once and by its day, and changes are from the last price before", async () => {
    t.clock.set("2026-02-25T00:00:00Z");
    const trends = await as(null).trends();
    expect(trends).toMatchObject({
      basis: "trades",
      currency: "USD",
      trades: 70,
      supply: "0.000000",
      forecast: [],
    });
    expect(trends.series.reduce((sum, { trades }) => sum + trades, 0)).toBe(70);
    expect(trends.change7d).not.toBeNull();
  });
});

test("one sale at the highest price that can be listed leaves hint and trends able to answer", async () => {
  const sale = { price: "999999999999999", grams: "999999999999999999", at: "2026-02-25T00:00:00.000Z" };
  await sell([aCompletedSale(sale)]);
  t.clock.set("2026-02-26T00:00:00Z");
  expect((await as(null).trends()).lastPrice).toBe("9999999999999.99");
  const hint = await as(someone).predict({ creditsAmount: "0.1", country: "VN" });
  expect(Number(hint.pricePerCredit)).toBeLessThan(20);
});

describe("the model reads only the past", () => {
  const sales = simulateSales({ trades: 150, seed: 5 });

  test("what is said of a sale does not change when later sales do", () => {
    const options = { traderCap: 0.05, fewestTrades: 5 };
    const all = walk(sales, options);
    const cut = walk(sales.slice(0, 100), options);
    for (const [i, said] of cut.said.entries()) expect(all.said[i]?.log).toBe(said.log);
  });
});

test("a market whose prices one seller raised for months has no hint from a year ago", async () => {
  const own = await testDatabase();
  try {
    const one = await aUser(own, { role: "ev_owner" });
    const [seller, ...buyers] = [newId("user"), newId("user"), newId("user"), newId("user")];
    const others = [1_162, 1_260, 1_260, 1_362, 1_362].map((price, i) =>
      aCompletedSale({ price: String(price), at: day(i * 25) }),
    );
    const his = [1_420, 1_490, 1_510, 1_580, 1_540, 1_630, 1_680, 1_650].map((price, i) =>
      aCompletedSale({ price: String(price), seller, buyer: buyers[i % 3], at: day(290 + i * 8) }),
    );
    await own.transact(async (tx) => {
      for (const sale of [...others, ...his]) await emit(tx, orderCompleted, sale);
    });
    own.clock.set(day(350));
    await drain(own, pricingJobs, { twice: true });
    const ask = createCallerFactory(pricingRouter(noBids))(testContext(own, one));
    expect(await ask.predict({ creditsAmount: "0.05", country: "VN" })).toMatchObject({
      basis: "insufficient_data",
      why: "worse",
      pricePerCredit: null,
      trades: 13,
    });
  } finally {
    await own.close();
  }
});
