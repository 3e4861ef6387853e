import { afterAll, beforeAll, expect, test } from "bun:test";
import { aUser, oneBrowser } from "@evx/accounts/testing";
import { testPorts } from "@evx/certificates/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain } from "@evx/jobs/testing";
import { aListing } from "@evx/listings/testing";
import { ordersJobs } from "@evx/orders/jobs";
import { aBuyer, anOrder, noWinners, payOrder } from "@evx/orders/testing";
import { anIssuedRequest } from "@evx/review/testing";
import type { Actor } from "@evx/rpc";
import { pricingJobs } from "./jobs.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const ports = await testPorts();
const jobs = [...ordersJobs(noWinners), ...pricingJobs];

const sell = async (seller: Actor<"ev_owner">, buyer: Actor<"buyer">, pricePerCredit: string) => {
  const listing = await aListing(t, { seller, creditsAmount: 200_000n, pricePerCredit });
  const order = await anOrder(t, listing.id, { buyer, creditsAmount: 200_000n });
  await payOrder(t, order, jobs);
  await drain(t, jobs, { twice: true });
  t.clock.advance(60_000);
  return order.id;
};

/** 840 kg, verified by somebody. */
const issued = (from: string) =>
  anIssuedRequest(t, ports, { trips: { from, count: 28, distanceKm: 300, minutes: 300 } });

const odd = (orderId: string) =>
  t.admin
    .selectFrom("verification.odd_trade")
    .selectAll()
    .where("order_id", "=", orderId as never)
    .execute();
const signs = (orderId: string) =>
  t.admin
    .selectFrom("verification.trade_alert")
    .selectAll()
    .where("order_id", "=", orderId as never)
    .execute();

test("what an auditor's other account buys from who they approved is told, by what others had paid", async () => {
  const { owner, reviewer, request } = await issued("2026-01-02T03:07:00Z");
  const front = await aUser(t, { role: "buyer" });
  await oneBrowser(t, reviewer.id, front.id);
  // Nobody has traded yet: no one can say what is fair, and the two are who they are.
  const blind = await sell(owner, front, "12.00");
  expect(await odd(blind)).toMatchObject([{ market_minor: null, origin_ids: [owner.id] }]);
  expect(await signs(blind)).toMatchObject([{ reviewer_id: reviewer.id, bought: true }]);
  // Five sales of others make a market, and twenty of the two themselves none.
  const listing = await aListing(t, { pricePerCredit: "14.00" });
  for (let n = 0; n < 5; n++) {
    await payOrder(t, await anOrder(t, listing.id, { creditsAmount: 100_000n }), jobs);
    t.clock.advance(60_000);
  }
  const token = await sell(owner, front, "3.00");
  expect(await odd(token)).toMatchObject([{ price_minor: 300n, market_minor: 1_400n }]);
  expect(await signs(token)).toMatchObject([
    { reviewer_id: reviewer.id, owner_id: owner.id, request_id: request.id, bought: true },
  ]);
  // Another buyer's bargain is kept for later, and is no sign.
  const { owner: other } = await issued("2026-01-02T04:19:00Z");
  const bargain = await sell(other, await aBuyer(t), "3.00");
  expect([await odd(bargain), await signs(bargain)]).toMatchObject([[{ market_minor: 1_400n }], []]);
  // At the market's price nothing is odd.
  const { owner: fair, reviewer: judge } = await issued("2026-01-02T05:41:00Z");
  const customer = await aBuyer(t);
  await oneBrowser(t, judge.id, customer.id);
  expect(await odd(await sell(fair, customer, "13.00"))).toEqual([]);
}, 60_000);
