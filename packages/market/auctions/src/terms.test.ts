import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain, tick } from "@evx/jobs/testing";
import { hour_ms, type Id, minute_ms, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { expectBooksBalance } from "@evx/ledger/testing";
import { listingDetail, listingRow } from "@evx/listings";
import { auctionOrderRows, cancelOrder } from "@evx/orders";
import { aBuyer } from "@evx/orders/testing";
import type { Actor } from "@evx/rpc";
import { auctionPorts, wonOrderPorts } from "./auction-ports.ts";
import { latestBids, wholeBidLog } from "./bid-log.ts";
import { buyNow } from "./buy-now.ts";
import { replay } from "./chain.ts";
import { closeAuction } from "./closing.ts";
import { aBid, anAuction, databaseNow, endNow, letEnd, marketJobs, payOrder } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const stateOf = async (id: Id<"listing">) =>
  (await listingDetail(t.db, auctionPorts, { id, now: t.clock.now() })).auction;
const buy = (listingId: Id<"listing">, buyer: Pick<Actor, "id">, id = newId("order")) =>
  t.transact((tx) => buyNow(tx, buyer, { id, listingId }));
const soon = async (ms: number) => new Date((await databaseNow(t)).getTime() + ms);
const won = async (listingId: Id<"listing">) => {
  const [order] = await auctionOrderRows(t.db, listingId);
  if (!order) throw new Error("Nobody won");
  return order;
};

describe("an auction that begins later", () => {
  test("takes no bid before, says when it begins, and its log proves that nobody bid earlier", async () => {
    const startsAt = await soon(1_500);
    const { id } = await anAuction(t, { startsAt });
    expect(await stateOf(id)).toMatchObject({ status: "scheduled" });
    expect(await aBid(t, id, "11.00").catch((error) => error)).toMatchObject({
      code: "auction_not_started",
      details: { startsAt: startsAt.toISOString() },
    });
    await Bun.sleep(1_600);
    expect(await stateOf(id)).toMatchObject({ status: "live" });
    await aBid(t, id, "11.00");
    await letEnd(t, id);
    await t.transact((tx) => closeAuction(tx, id));
    const log = await wholeBidLog(t.db, id);
    expect(await replay(log)).toMatchObject({ valid: true, sold: true, price: "10.00" });
    const later = { ...log.terms, startsAt: new Date(Date.parse(log.items[0]?.at ?? "") + 1).toISOString() };
    expect((await replay({ ...log, terms: later })).violations).toContain("bid 1: before the start");
  });

  test("is refused in the past, and too far ahead", async () => {
    const starts = async (ms: number) =>
      refusalCode(anAuction(t, { startsAt: await soon(ms), lasts_s: 60 * 86_400 }));
    expect(await starts(-minute_ms)).toBe("auction_start_out_of_range");
    expect(await starts(31 * 24 * hour_ms)).toBe("auction_start_out_of_range");
  });
});

describe("a buy-now price", () => {
  test("sells the whole lot at once until somebody bids", async () => {
    const { id } = await anAuction(t, { buyNowPrice: "15.00" });
    expect(await stateOf(id)).toMatchObject({ buyNowPrice: "15.00" });
    const [buyer, order] = [await aBuyer(t), newId("order")];
    await buy(id, buyer, order);
    await buy(id, buyer, order);
    expect(await refusalCode(aBid(t, id, "20.00"))).toBe("auction_ended");
    expect(await refusalCode(buy(id, await aBuyer(t)))).toBe("auction_ended");
    expect(await won(id)).toMatchObject({ total_minor: 1_500n, buyer_id: buyer.id });
    await payOrder(t, await won(id));
    expect((await listingRow(t.db, id))?.status).toBe("sold");
    await expectBooksBalance(t.db);
  });

  test("is gone with the first bid, and never below start or reserve", async () => {
    const { id } = await anAuction(t, { buyNowPrice: "15.00" });
    await aBid(t, id, "11.00");
    expect(await stateOf(id)).toMatchObject({ buyNowPrice: null });
    expect(await refusalCode(buy(id, await aBuyer(t)))).toBe("buy_now_gone");
    const { id: without, seller } = await anAuction(t);
    expect(await refusalCode(buy(without, await aBuyer(t)))).toBe("listing_is_auction");
    expect(await refusalCode(anAuction(t, { seller, buyNowPrice: "9.99" }))).toBe("auction_buy_now_too_low");
    const reserved = { reservePrice: "14.00", buyNowPrice: "12.00" };
    expect(await refusalCode(anAuction(t, { seller, ...reserved }))).toBe("auction_buy_now_too_low");
  });

  test("that is not paid for lets the bidding go on", async () => {
    const { id } = await anAuction(t, { buyNowPrice: "15.00", lasts_s: 7_200 });
    await buy(id, await aBuyer(t));
    t.clock.advance(31 * minute_ms);
    await tick(t, marketJobs, "marketplace.sweep");
    expect(await stateOf(id)).toMatchObject({ status: "live", bidCount: 0 });
    await aBid(t, id, "11.00");
    await expectBooksBalance(t.db);
  });
});

describe("a winner who does not pay", () => {
  const lose = async (winner: Actor<"buyer">) => {
    const { id } = await anAuction(t);
    await aBid(t, id, "12.00", winner);
    await endNow(t, id);
    await t.transact((tx) => closeAuction(tx, id));
    const order = await won(id);
    const leave = t.transact((tx) => cancelOrder(tx, wonOrderPorts, winner, order.id));
    expect(await refusalCode(leave)).toBe("order_won_binding");
    t.clock.set(new Date(order.expires_at.getTime() + 1));
    await tick(t, marketJobs, "marketplace.sweep");
    await drain(t, marketJobs, { twice: true });
  };

  test("cannot walk away at once, and with the second strike cannot bid for a while", async () => {
    const winner = await aBuyer(t);
    await lose(winner);
    const { id } = await anAuction(t);
    await aBid(t, id, "12.00", winner);
    await lose(winner);
    const refused = await aBid(t, id, "14.00", winner).catch((error) => error);
    expect(refused.code).toBe("bid_paused");
    const { rows } = await t.pool.query("select until from marketplace.bid_pause where user_id = $1", [
      winner.id,
    ]);
    expect(refused.details).toEqual({ until: rows[0]?.until.toISOString() });
    await aBid(t, id, "14.00");
  });
});

test("the bids that people are shown: a losing one as itself, a leader's raised maximum not at all", async () => {
  const [heron, crane] = [await aBuyer(t), await aBuyer(t)];
  const { id } = await anAuction(t);
  await aBid(t, id, "20.00", heron);
  await aBid(t, id, "30.00", heron);
  await aBid(t, id, "15.00", crane);
  const { items } = await latestBids(t.db, { listingId: id, limit: 20 });
  expect(items.map(({ seq, bid, price }) => ({ seq, bid, price }))).toEqual([
    { seq: 3, bid: "15.00", price: "15.15" },
    { seq: 1, bid: null, price: "10.00" },
  ]);
  expect(items[0]?.leader).toBe(items[1]?.bidder ?? "");
});

test("what no gateway can charge is neither auctioned nor bid: too little in all, or more than one payment carries", async () => {
  const start = (pricePerCredit: string, creditsAmount = 1_000n) =>
    refusalCode(anAuction(t, { pricePerCredit, creditsAmount }));
  expect(await start("494.00")).toBe("amount_below_minimum");
  expect(await start("500.00")).toBe("none");
  expect(await start("1000001.00", 1_000_000n)).toBe("amount_above_maximum");
  const { id } = await anAuction(t, { pricePerCredit: "10.00", creditsAmount: 2_000_000n });
  expect(await refusalCode(aBid(t, id, "500000.00"))).toBe("amount_above_maximum");
  expect(await stateOf(id)).toMatchObject({ bidCount: 0 });
  expect(await refusalCode(aBid(t, id, "499999.99"))).toBe("none");
});
