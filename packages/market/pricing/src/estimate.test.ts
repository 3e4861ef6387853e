import { afterAll, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { emit } from "@evx/jobs";
import { drain } from "@evx/jobs/testing";
import { orderCompleted } from "@evx/orders/events";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { pricingJobs } from "./jobs.ts";
import { pricingRouter } from "./router.ts";
import { aCompletedSale, noBids } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());
const visitor = () => createCallerFactory(pricingRouter(noBids))(testContext(t, null));
const daysAgo = (days: number) => new Date(t.clock.now().getTime() - days * 86_400_000).toISOString();

const sell = async (sales: ReturnType<typeof aCompletedSale>[]) => {
  await t.transact(async (tx) => {
    for (const sale of sales) await emit(tx, orderCompleted, sale);
  });
  await drain(t, pricingJobs);
};

test("without a sale there is no price, and the grams and fees are those in force", async () => {
  expect(await visitor().earnings()).toMatchObject({
    price: null,
    low: null,
    high: null,
    sales: 0,
    gramsPer10000km: "1000000",
    platformFeePercent: 2.5,
    cvaFeePercent: 1,
  });
});

test("a quiet month leans on the year, whose range leaves out what is older", async () => {
  await sell([
    aCompletedSale({ price: "9900", at: daysAgo(400) }),
    aCompletedSale({ price: "1200", at: daysAgo(200) }),
    aCompletedSale({ price: "1800", at: daysAgo(60) }),
    aCompletedSale({ price: "1600", at: daysAgo(3) }),
  ]);
  expect(await visitor().earnings()).toMatchObject({
    price: "16.00",
    days: 365,
    sales: 3,
    low: "12.00",
    high: "18.00",
  });
});

test("with enough sales in the last 30 days the price is the middle of those", async () => {
  await sell(["1500", "1510", "1520", "1900"].map((price) => aCompletedSale({ price, at: daysAgo(5) })));
  expect(await visitor().earnings()).toMatchObject({ price: "15.20", days: 30, sales: 5 });
});
