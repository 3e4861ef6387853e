import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain } from "@evx/jobs/testing";
import { day_ms, newId } from "@evx/kernel";
import { fileText } from "@evx/kernel/testing";
import { aListing } from "@evx/listings/testing";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { chance, normals } from "../bench/model/simulate.ts";
import { pricingJobs } from "./jobs.ts";
import { forecastOf } from "./model/forecast.ts";
import { insertTrades, type TradeRow } from "./queries/trades.ts";
import { pricingRouter } from "./router.ts";
import { noBids } from "./testing.ts";
import { train } from "./training.ts";

let t: TestDatabase;
const router = pricingRouter({ bestBid: () => Promise.resolve(1_333n) });
const visitor = () => createCallerFactory(router)(testContext(t, null));

beforeAll(async () => {
  t = await testDatabase();
  t.clock.set("2026-08-01T00:00:00Z");
  const listing = await aListing(t, { pricePerCredit: "15.25" });
  const { country_code, method_code, vintage_year } = await t.admin
    .selectFrom("marketplace.listing")
    .selectAll()
    .where("id", "=", listing.id)
    .executeTakeFirstOrThrow();
  const people = Array.from({ length: 40 }, () => newId("user"));
  const rows = Array.from(
    { length: 300 },
    (_, i): TradeRow => ({
      order_id: newId("order"),
      grams: 100_000n,
      price_minor: BigInt(1_500 + ((i * 37) % 11) * 8),
      currency: "USD",
      vintage: vintage_year,
      country: country_code,
      method: method_code,
      listing_type: "fixed",
      buyer_id: people[i % 20] as TradeRow["buyer_id"],
      seller_id: people[20 + ((i * 7) % 20)] as TradeRow["seller_id"],
      at: new Date(t.clock.now().getTime() - (300 - i) * 0.5 * day_ms),
    }),
  );
  await t.transact((tx) => insertTrades(tx, rows));
  expect(await train(t, "USD")).toEqual({ run: "serving", version: 1 });
  await drain(t, pricingJobs);
});
afterAll(() => t.close());

describe("a listing's price", () => {
  test("is said to be below, within or above what nine of ten sales paid, with what that leans on", async () => {
    const ids = [];
    for (const pricePerCredit of ["9.00", "15.30", "30.00"])
      ids.push((await aListing(t, { pricePerCredit, creditsAmount: 100_000n })).id);
    const { items } = await visitor().fair({ listingIds: ids });
    expect(items.map(({ verdict }) => verdict)).toEqual(["below", "fair", "above"]);
    expect(items[2]).toMatchObject({ currency: "USD", trades: 300 });
    expect(Number(items[2]?.share)).toBeGreaterThan(0.8);
    expect(Number(items[0]?.low)).toBeLessThan(Number(items[0]?.suggested));
  });

  test("of a listing that there is not, nothing is said", async () => {
    expect(await visitor().fair({ listingIds: [newId("listing")] })).toEqual({ items: [] });
  });
});

test("a hint shows the book beside it, which does not move it, and what an auction may start at", async () => {
  const someone = await aUser(t, { role: "ev_owner" });
  const as = (ports: typeof noBids) => createCallerFactory(pricingRouter(ports))(testContext(t, someone));
  const input = { creditsAmount: "0.1", listingType: "auction" as const };
  const [hint, alone] = await Promise.all([
    createCallerFactory(router)(testContext(t, someone)).predict(input),
    as(noBids).predict(input),
  ]);
  expect(hint.book).toMatchObject({ bestBid: "13.33" });
  expect(alone.pricePerCredit).toBe(hint.pricePerCredit);
  expect(hint.auction?.reserve).toBe(hint.low ?? "");
  expect(Number(hint.auction?.start)).toBeLessThan(Number(hint.low));
  expect(hint.model).toMatchObject({ version: 1, pastErrors: 295 });
});

describe("the coming days", () => {
  test("are ranges that held nine of ten past days, and come as a file with the past", async () => {
    const trends = await visitor().trends();
    expect(trends.forecast.length).toBeGreaterThan(4);
    for (const { low, price, high, held, date } of trends.forecast) {
      expect(Number(low)).toBeLessThan(Number(price));
      expect(Number(high)).toBeGreaterThan(Number(price));
      expect(held).toBeGreaterThan(0.84);
      expect(date > "2026-08-01").toBe(true);
    }
    const text = await fileText(await visitor().trendsCsv());
    expect(text.split("\r\n")).toHaveLength(trends.series.length + 2);
    expect(text).toContain("date,price,last,lowest,highest,credits,sales,currency");
  });

  test("are not told from few days, gaps are no calm, and nothing is NaN", () => {
    const normal = normals(chance(5));
    let log = 3;
    const walk = Array.from({ length: 500 }, (_, i) => {
      log += 0.02 * normal();
      return { day: 20_000 + i, log };
    });
    expect(forecastOf([])).toEqual([]);
    expect(forecastOf(walk.slice(0, 30))).toEqual([]);
    const daily = forecastOf(walk);
    const seldom = forecastOf(walk.filter(({ day }) => day % 3 === 0));
    for (const one of [...daily, ...seldom]) expect(Number.isFinite(one.log + one.reach)).toBe(true);
    expect(daily.at(-1)?.reach ?? 0).toBeGreaterThan(daily[0]?.reach ?? 1);
  });
});
