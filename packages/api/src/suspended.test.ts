/** Suspension is total and immediate: what a suspended person's boxes, lots, bids, orders, money and streams still do. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { suspend } from "@evx/accounts";
import { aUser } from "@evx/accounts/testing";
import { aBid, anAuction, endNow } from "@evx/auctions/testing";
import { testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { drain, silentLog } from "@evx/jobs/testing";
import { refusalCode } from "@evx/kernel/testing";
import { aListing, givenBatch } from "@evx/listings/testing";
import { anOrder } from "@evx/orders/testing";
import { createLive, liveWhile } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { type Composed, compose, trips } from "./authorization/world.ts";
import { createCaller } from "./index.ts";
import { appHandlers } from "./jobs.ts";

setDefaultTimeout(60_000);

const t = await testDatabase({ max: 20 });
let venue: Composed;
beforeAll(async () => {
  venue = await compose(t);
});
afterAll(() => t.close());

const shutOut = async (id: Parameters<typeof suspend>[2]["id"]) => {
  const operator = await aUser(t, { role: "admin" });
  await t.transact((tx) => suspend(tx, operator, { id, reason: "Under review" }));
  await drain(t, appHandlers(venue.ports));
};
const listingNow = (id: string) =>
  t.db
    .selectFrom("marketplace.listing")
    .select("status")
    .where("id", "=", id as never)
    .executeTakeFirstOrThrow();

test("a seller's listings and auctions leave the market, with bids or without", async () => {
  const seller = await aUser(t, { role: "ev_owner" });
  const buyer = await aUser(t, { role: "buyer" });
  await givenBatch(t, seller.id, 5_000_000n);
  const listing = await aListing(t, { seller, creditsAmount: 1_000_000n });
  const auction = await anAuction(t, { seller, creditsAmount: 1_000_000n });
  await aBid(t, auction.id, "20.00", buyer);
  await shutOut(seller.id);
  expect([await listingNow(listing.id), await listingNow(auction.id)]).toEqual([
    { status: "cancelled" },
    { status: "cancelled" },
  ]);
});

test("a buyer's unpaid orders are given up, and an auction that they lead goes to the next bidder", async () => {
  const seller = await aUser(t, { role: "ev_owner" });
  const [leader, next] = [await aUser(t, { role: "buyer" }), await aUser(t, { role: "buyer" })];
  await givenBatch(t, seller.id, 5_000_000n);
  const listing = await aListing(t, { seller, creditsAmount: 1_000_000n });
  const order = await anOrder(t, listing.id, { buyer: leader, creditsAmount: 100_000n });
  const auction = await anAuction(t, { seller, creditsAmount: 1_000_000n });
  await aBid(t, auction.id, "20.00", next);
  await aBid(t, auction.id, "30.00", leader);
  await shutOut(leader.id);
  const rows = await t.db
    .selectFrom("marketplace.order")
    .select(["id", "status"])
    .where("id", "=", order.id)
    .execute();
  expect(rows).toEqual([{ id: order.id, status: "cancelled" }]);
  await endNow(t, auction.id);
  await drain(t, appHandlers(venue.ports));
  const won = await t.db
    .selectFrom("marketplace.order")
    .select(["buyer_id", "status"])
    .where("listing_id", "=", auction.id)
    .orderBy("id")
    .execute();
  expect(won).toEqual([
    { buyer_id: leader.id, status: "cancelled" },
    { buyer_id: next.id, status: "pending_payment" },
  ]);
});

test("a box that sends trips is refused with its owner", async () => {
  const owner = await aUser(t, { role: "ev_owner" });
  const vehicle = await aVehicle(t, owner);
  const { token } = await venue.doing(owner).vehicles.createPushToken({ id: vehicle.id, label: "Box" });
  const box = testContext(t, null, { headers: new Headers({ "x-vehicle-token": token }) });
  const push = () =>
    refusalCode(
      createCaller(venue.router)(box).vehicles.push({
        content: trips() as ReadableStream<Uint8Array>,
        contentType: "text/csv",
      }),
    );
  expect(await push()).toBe("none");
  await shutOut(owner.id);
  expect(await push()).toBe("push_token_invalid");
});

test("an open stream ends within a second once its person may not see it any more", async () => {
  let may = true;
  const live = createLive({ db: t.db, log: silentLog, beatMs: 10 });
  const source = { name: "test", versions: async () => new Map([["one", "1"]]) };
  const stream = liveWhile(live, async () => may).watch(source, "one");
  expect((await stream.next()).value).toBe("1");
  const end = stream.next();
  const began = performance.now();
  may = false;
  expect(await Promise.race([end, Bun.sleep(10_000)])).toMatchObject({ done: true });
  expect(performance.now() - began).toBeLessThan(1_000);
  live.stop();
});
