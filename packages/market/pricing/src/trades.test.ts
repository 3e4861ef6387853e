import { afterAll, beforeAll, expect, test } from "bun:test";
import { aUser, oneBrowser } from "@evx/accounts/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain, tick } from "@evx/jobs/testing";
import { refusalCode } from "@evx/kernel/testing";
import { aListing } from "@evx/listings/testing";
import { clearSelfDealing } from "@evx/orders";
import { ordersJobs } from "@evx/orders/jobs";
import { anOrder, noWinners, payOrder } from "@evx/orders/testing";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { pricingJobs } from "./jobs.ts";
import { pricingRouter } from "./router.ts";
import { noBids } from "./testing.ts";
import { rebuildTrades } from "./trades.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const jobs = [...ordersJobs(noWinners), ...pricingJobs];
/** All but the listener that notes sales: its events are lost. */
const deaf = jobs.filter(({ queue }) => queue !== "pricing.note_sale");

const trades = () => t.admin.selectFrom("pricing.trade").selectAll().orderBy("order_id").execute();

/** Two sales of one listing, one order that is left unpaid. */
const someSales = async (handlers = jobs) => {
  const listing = await aListing(t, { pricePerCredit: "15.25" });
  for (const creditsAmount of [200_000n, 300_000n]) {
    await payOrder(t, await anOrder(t, listing.id, { creditsAmount }), handlers);
    t.clock.advance(60_000);
  }
  await anOrder(t, listing.id, { creditsAmount: 100_000n });
  await drain(t, handlers);
};

test("sales built again from the orders are the rows that their events made, whatever was there", async () => {
  await someSales();
  const told = await trades();
  expect(told).toHaveLength(2);
  const [first, second] = told;
  if (!first || !second) throw new Error("two sales");
  // One row is lost, one is wrong, and one is of an order that there never was.
  await t.admin.deleteFrom("pricing.trade").where("order_id", "=", first.order_id).execute();
  await t.admin
    .updateTable("pricing.trade")
    .set({ grams: 1n })
    .where("order_id", "=", second.order_id)
    .execute();
  await t.admin
    .insertInto("pricing.trade")
    .values({ ...first, order_id: "ord_00000000000000000000000000" })
    .execute();
  for (let time = 0; time < 2; time++) {
    expect(await t.transact((tx) => rebuildTrades(tx, null))).toEqual({ sales: 2 });
    expect(await trades()).toEqual(told);
  }
});

test("a sale whose event was lost is noted by the sweep, once", async () => {
  const before = (await trades()).length;
  await someSales(deaf);
  expect(await trades()).toHaveLength(before);
  for (let time = 0; time < 2; time++) {
    await tick(t, jobs, "pricing.sweep");
    expect(await trades()).toHaveLength(before + 2);
  }
  const swept = await trades();
  await t.transact((tx) => rebuildTrades(tx, null));
  expect(await trades()).toEqual(swept);
});

test("an operator rebuilds by the procedure, which the audit trail keeps; nobody else may", async () => {
  const before = await trades();
  await t.admin.updateTable("pricing.trade").set({ price_minor: 1n }).execute();
  expect(await trades()).not.toEqual(before);
  const as = async (role: "admin" | "buyer") =>
    createCallerFactory(pricingRouter(noBids))(testContext(t, await aUser(t, { role })));
  expect(await refusalCode((await as("buyer")).rebuild())).not.toBe("none");
  expect(await trades()).not.toEqual(before);
  expect(await (await as("admin")).rebuild()).toEqual({ sales: before.length });
  expect(await trades()).toEqual(before);
  const noted = await t.admin
    .selectFrom("identity.audit")
    .selectAll()
    .where("action", "=", "pricing.rebuild")
    .where("actor_id", "is not", null)
    .execute();
  expect(noted).toMatchObject([{ after: { sales: before.length } }]);
});

test("what one person sold to themselves is no sale here, also built again, until an operator says otherwise", async () => {
  const listing = await aListing(t, { pricePerCredit: "99.00" });
  const order = await anOrder(t, listing.id);
  await oneBrowser(t, order.buyer.id, listing.seller_id);
  await payOrder(t, order, jobs);
  await drain(t, jobs, { twice: true });
  const noted = async () => (await trades()).some(({ order_id }) => order_id === order.id);
  expect(await noted()).toBe(false);
  await t.transact((tx) => rebuildTrades(tx, null));
  await tick(t, jobs, "pricing.sweep");
  expect(await noted()).toBe(false);
  const operator = await aUser(t, { role: "admin" });
  await t.transact((tx) => clearSelfDealing(tx, operator, { orderId: order.id, note: "a library" }));
  await drain(t, jobs, { twice: true });
  expect(await noted()).toBe(true);
});
