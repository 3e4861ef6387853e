import { afterAll, beforeAll, expect, test } from "bun:test";
import { walletOf } from "@evx/credits";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain, tick } from "@evx/jobs/testing";
import { type Currency, hour_ms, type Id, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { balanceOf, cash } from "@evx/ledger";
import { expectBooksBalance, givenCash } from "@evx/ledger/testing";
import { listingDetail } from "@evx/listings";
import { auctionOrderRows, orderDetail } from "@evx/orders";
import { aBuyer } from "@evx/orders/testing";
import { auctionPorts } from "./auction-ports.ts";
import { wholeBidLog } from "./bid-log.ts";
import { placeBid } from "./bids.ts";
import { replay } from "./chain.ts";
import { closeAuction } from "./closing.ts";
import { anAuction, letEnd, marketJobs, payOrder } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const bid = (
  bidder: { id: Id<"user"> },
  listingId: Id<"listing">,
  bidAmount: string,
  currency: Currency = "VND",
) =>
  placeBid(t, bidder, {
    id: newId("bid"),
    listingId,
    bidAmount,
    currency,
    holdDays: 0,
    at: t.clock.now(),
    cause: "test",
  });
const moneyOf = async (userId: Id<"user">) => (await balanceOf(t.db, cash("VND", userId))).balance;
const rich = async () => {
  const buyer = await aBuyer(t);
  await t.transact((tx) => givenCash(tx, buyer.id, "VND", 1_000_000n));
  return buyer;
};

test("an auction in dong, which has no minor unit, from its start to a winner who does not pay, a second chance and its settlement", async () => {
  const auction = await anAuction(t, {
    currency: "VND",
    pricePerCredit: "250000",
    reservePrice: "300000",
    depositAmount: "50000",
    creditsAmount: 1_333_333n,
  });
  const state = async () =>
    (await listingDetail(t.db, auctionPorts, { id: auction.id, now: t.clock.now() })).auction;
  expect(await state()).toMatchObject({ minimumBid: "250000", deposit: "50000", reserveMet: false });
  const [ann, ben] = [await rich(), await rich()];
  // Dong have no hundredths, and another currency is refused by its name.
  expect(await refusalCode(bid(ann, auction.id, "300000.50"))).toBe("input_invalid");
  expect(await refusalCode(bid(ann, auction.id, "300000", "USD"))).toBe("bid_wrong_currency");
  await bid(ann, auction.id, "310000");
  expect(await state()).toMatchObject({ currentBid: "300000", reserveMet: true, minimumBid: "303000" });
  expect(await refusalCode(bid(ben, auction.id, "302999"))).toBe("bid_too_low");
  await bid(ben, auction.id, "400001");
  expect(await state()).toMatchObject({ currentBid: "313100" });

  await letEnd(t, auction.id);
  await t.transact((tx) => closeAuction(tx, auction.id));
  await drain(t, marketJobs);
  expect(await replay(await wholeBidLog(t.db, auction.id))).toMatchObject({
    valid: true,
    currency: "VND",
    price: "313100",
  });
  const [won] = await auctionOrderRows(t.db, auction.id);
  if (!won) throw new Error("Nobody won");
  // 1.333333 credits at 313,100: whole dong, rounded once.
  expect(won).toMatchObject({ buyer_id: ben.id, total_minor: 417_467n, currency: "VND" });

  t.clock.advance(49 * hour_ms);
  await tick(t, marketJobs, "marketplace.sweep");
  await drain(t, marketJobs, { twice: true });
  expect(await moneyOf(ben.id)).toBe(950_000n);
  expect(await moneyOf(auction.seller.id)).toBe(50_000n);
  const second = (await auctionOrderRows(t.db, auction.id)).find(({ kind }) => kind === "second_chance");
  if (!second) throw new Error("Nobody was offered it");
  // Without who did not pay the next would have had it at the reserve.
  expect(second).toMatchObject({ buyer_id: ann.id, price_minor: 300_000n, total_minor: 400_000n });
  await payOrder(t, second);
  await drain(t, marketJobs, { twice: true });
  expect(await orderDetail(t.db, ann, second.id)).toMatchObject({
    status: "completed",
    totalPrice: "400000",
    currency: "VND",
  });
  expect((await walletOf(t.db, ann.id)).balance).toBe(1_333_333n);
  // 2.5 % and 1 % of it are the venue's and the auditors'.
  expect(await moneyOf(auction.seller.id)).toBe(50_000n + 386_000n);
  expect(await moneyOf(ann.id)).toBe(1_000_000n);
  await expectBooksBalance(t.db);
});
