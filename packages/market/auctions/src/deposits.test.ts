import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain, tick } from "@evx/jobs/testing";
import { hour_ms, type Id, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { balanceOf, cash } from "@evx/ledger";
import { expectBooksBalance, givenCash } from "@evx/ledger/testing";
import { listingDetail } from "@evx/listings";
import { auctionOrderRows } from "@evx/orders";
import { aBuyer } from "@evx/orders/testing";
import { setRule } from "@evx/rules";
import { auctionPorts } from "./auction-ports.ts";
import { cancelAuction, withdrawAuction } from "./auctions.ts";
import { wholeBidLog } from "./bid-log.ts";
import { placeBid } from "./bids.ts";
import { replay } from "./chain.ts";
import { closeAuction } from "./closing.ts";
import { auctionRules } from "./policy.ts";
import { aBid, anAuction, endNow, letEnd, marketJobs, payOrder } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase({ max: 16 });
});
afterAll(() => t.close());

/** A buyer with so many cents on their balance. */
const rich = async (money = 5_000n) => {
  const buyer = await aBuyer(t);
  await t.transact((tx) => givenCash(tx, buyer.id, "USD", money));
  return buyer;
};
const moneyOf = async (userId: Id<"user">) => {
  const { balance, held } = await balanceOf(t.db, cash("USD", userId));
  return { balance, held };
};
const end = async (id: Id<"listing">) => {
  await endNow(t, id);
  await t.transact((tx) => closeAuction(tx, id));
  await drain(t, marketJobs);
};

describe("a deposit", () => {
  test("is shown before the bid, set aside with the first one alone, and returned to who lost", async () => {
    const { id } = await anAuction(t, { depositAmount: "4.00" });
    const detail = await listingDetail(t.db, auctionPorts, { id, now: t.clock.now() });
    expect(detail.auction).toMatchObject({ deposit: "4.00" });
    const [poor, loser, winner] = [await aBuyer(t), await rich(), await rich()];
    expect(await refusalCode(aBid(t, id, "11.00", poor))).toBe("deposit_not_covered");
    await aBid(t, id, "11.00", loser);
    await aBid(t, id, "12.00", loser);
    await aBid(t, id, "20.00", winner);
    expect(await moneyOf(loser.id)).toEqual({ balance: 5_000n, held: 400n });
    expect(await moneyOf(winner.id)).toEqual({ balance: 5_000n, held: 400n });
    // Refused bids set nothing aside and leave no bid.
    const late = await rich();
    expect(await refusalCode(aBid(t, id, "10.00", late))).toBe("bid_too_low");
    expect(await moneyOf(late.id)).toEqual({ balance: 5_000n, held: 0n });
    expect((await wholeBidLog(t.db, id)).items).toHaveLength(3);
    await end(id);
    expect(await moneyOf(loser.id)).toEqual({ balance: 5_000n, held: 0n });
    expect(await moneyOf(winner.id)).toEqual({ balance: 5_000n, held: 400n });
    const [order] = await auctionOrderRows(t.db, id);
    if (!order) throw new Error("Nobody won");
    await payOrder(t, order);
    await drain(t, marketJobs, { twice: true });
    expect(await moneyOf(winner.id)).toEqual({ balance: 5_000n, held: 0n });
    await expectBooksBalance(t.db);
  });

  test("of a winner who does not pay goes to the seller, once", async () => {
    const { id, seller } = await anAuction(t, { depositAmount: "4.00" });
    const [next, winner] = [await rich(), await rich()];
    await aBid(t, id, "11.00", next);
    await aBid(t, id, "20.00", winner);
    await end(id);
    t.clock.advance(49 * hour_ms);
    await tick(t, marketJobs, "marketplace.sweep");
    await drain(t, marketJobs, { twice: true });
    await tick(t, marketJobs, "marketplace.sweep_auctions");
    expect(await moneyOf(winner.id)).toEqual({ balance: 4_600n, held: 0n });
    expect((await moneyOf(seller.id)).balance).toBe(400n);
    // The second chance has none: it was not asked for, and may be declined.
    expect(await moneyOf(next.id)).toEqual({ balance: 5_000n, held: 0n });
    await expectBooksBalance(t.db);
  });

  test("comes back when the auction is cancelled, withdrawn or unsold, by the sweep where the event was missed", async () => {
    const bidders = [await rich(), await rich(), await rich()] as const;
    const unsold = await anAuction(t, { depositAmount: "4.00", reservePrice: "90.00" });
    await aBid(t, unsold.id, "11.00", bidders[0]);
    await end(unsold.id);
    const withdrawn = await anAuction(t, { depositAmount: "4.00" });
    await aBid(t, withdrawn.id, "11.00", bidders[1]);
    await t.transact((tx) => withdrawAuction(tx, withdrawn.id));
    const cancelled = await anAuction(t, { depositAmount: "4.00" });
    await aBid(t, cancelled.id, "11.00", bidders[2]);
    await t.transact((tx) => cancelAuction(tx, cancelled.seller, cancelled.id, { withBids: true }));
    await tick(t, marketJobs, "marketplace.sweep_auctions");
    for (const { id } of bidders) expect(await moneyOf(id)).toEqual({ balance: 5_000n, held: 0n });
    await drain(t, marketJobs, { twice: true });
    await expectBooksBalance(t.db);
  });

  test("is one however many bids come at once, and two auctions need two", async () => {
    const [one, two] = [
      await anAuction(t, { depositAmount: "4.00" }),
      await anAuction(t, { depositAmount: "4.00" }),
    ];
    const bidder = await rich(700n);
    const codes = await Promise.all(
      Array.from({ length: 10 }, (_, place) =>
        refusalCode(aBid(t, [one.id, two.id][place % 2] as Id<"listing">, `${11 + place}.00`, bidder)),
      ),
    );
    expect(codes).toContain("none");
    expect(codes).toContain("deposit_not_covered");
    expect(await moneyOf(bidder.id)).toEqual({ balance: 700n, held: 400n });
    const other = await rich();
    const id = newId("bid");
    const again = () =>
      placeBid(t, other, {
        id,
        listingId: one.id,
        bidAmount: "40.00",
        currency: "USD",
        holdDays: 0,
        at: t.clock.now(),
        cause: "test",
      });
    await Promise.all([again(), again(), again()]);
    expect(await moneyOf(other.id)).toEqual({ balance: 5_000n, held: 400n });
  });

  test("is no more than the lot's price at the start, and of auctions alone", async () => {
    expect(await refusalCode(anAuction(t, { depositAmount: "10.01" }))).toBe("auction_deposit_too_high");
    expect(await refusalCode(anAuction(t, { depositAmount: "10.00" }))).toBe("none");
    expect(
      await refusalCode(
        anAuction(t, { depositAmount: "1.00", listingType: "fixed", auctionEndTime: undefined }),
      ),
    ).toBe("auction_fields_on_fixed");
  });
});

test("the venue's rule asks for a share, a running auction keeps its terms, and the log proves bands and deposit", async () => {
  const before = await anAuction(t);
  await t.transact((tx) =>
    setRule(tx, auctionRules, {
      value: {
        ...auctionRules.initial,
        depositBps: 1_000,
        stepBps: 0,
        stepMinor: 5,
        bands: [
          { fromMinor: 2_000, stepMinor: 500 },
          { fromMinor: 1_100, stepMinor: 100 },
        ],
      },
      reason: "test",
      setBy: null,
    }),
  );
  t.clock.advance(1);
  const { id } = await anAuction(t);
  const state = async (of: Id<"listing">) =>
    (await listingDetail(t.db, auctionPorts, { id: of, now: t.clock.now() })).auction;
  expect(await state(before.id)).toMatchObject({ deposit: null });
  expect(await state(id)).toMatchObject({ deposit: "1.00" });
  const [ann, ben] = [await rich(), await rich()];
  await aBid(t, id, "10.00", ann);
  expect(await state(id)).toMatchObject({ minimumBid: "10.05" });
  await aBid(t, id, "11.20", ben);
  await aBid(t, id, "11.10", ann);
  // A step of the band above 11.00, and then of the one above 20.00.
  expect(await state(id)).toMatchObject({ currentBid: "11.20", minimumBid: "12.20" });
  await aBid(t, id, "40.00", ann);
  await aBid(t, id, "25.00", ben);
  expect(await state(id)).toMatchObject({ currentBid: "30.00", minimumBid: "35.00" });
  expect(await refusalCode(aBid(t, id, "34.99", ben))).toBe("bid_too_low");
  await letEnd(t, id);
  await t.transact((tx) => closeAuction(tx, id));
  const log = await wholeBidLog(t.db, id);
  expect(await replay(log)).toMatchObject({ valid: true, sold: true, price: "30.00" });
  const cheaper = { ...log, terms: { ...log.terms, deposit: null } };
  expect((await replay(cheaper)).valid).toBe(false);
  const flatter = { ...log, terms: { ...log.terms, bands: null } };
  expect((await replay(flatter)).violations).toContain("bid 5: the price should be 2505");
});
