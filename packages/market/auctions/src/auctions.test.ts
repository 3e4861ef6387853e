import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain } from "@evx/jobs/testing";
import { type Id, newId, Refusal, textFromMinor } from "@evx/kernel";
import { balanceOf, listingAccount, wallet } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { setRule } from "@evx/rules";
import fc from "fast-check";
import { bidsOf, placeBid, termsOf } from "./auctions.ts";
import { bidLog, proveAuction, wholeBidLog } from "./bid-log.ts";
import { commitment, replay } from "./chain.ts";
import { closeAuction } from "./closing.ts";
import { marketplaceJobs } from "./jobs.ts";
import { cancelListing } from "./listings.ts";
import { applyBid, auctionRules, isSold, type Standing } from "./policy.ts";
import { auctionRow, bidRows } from "./queries/auctions.ts";
import { listingRow } from "./queries/listings.ts";
import { auctionOrderRows } from "./queries/orders.ts";
import { aBid, aBuyer, anAuction, databaseNow, endNow, payOrder } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase({ max: 64 });
});
afterAll(() => t.close());

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return "done";
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
};

const asked = () => ({ at: t.clock.now(), cause: "test" });

const bidAs = (id: Id<"user">, listingId: Id<"listing">, bidAmount: string) =>
  placeBid(t.db, asked(), { id }, "USD", { id: newId("bid"), listingId, bidAmount });

describe("bids at the same moment", () => {
  test("two simultaneous bids at the same price: exactly one leads", async () => {
    for (let round = 0; round < 10; round++) {
      const lot = await anAuction(t);
      await aBid(t, lot.id, "10.00");
      const [a, b] = [newId("user"), newId("user")];
      await Promise.all([a, b].map((id) => codeOf(bidAs(id, lot.id, "15.00"))));
      const auction = await auctionRow(t.db, lot.id);
      const first = (await bidRows(t.db, lot.id, 0n, 10)).find(
        (bid) => bid.bidder_id === a || bid.bidder_id === b,
      );
      expect(auction?.leader_id).toBe(first?.bidder_id as Id<"user">);
      expect(auction?.price_minor).toBe(1_500n);
      expect([a, b]).toContain(auction?.leader_id as Id<"user">);
    }
    await expectBooksBalance(t.db);
  });

  test("300 bids by 60 people at once: numbers without a gap, one unbroken chain, the highest first maximum leads", async () => {
    const lot = await anAuction(t, { pricePerCredit: "1.00" });
    const people = Array.from({ length: 60 }, () => newId("user"));
    const bids = Array.from({ length: 300 }, (_, n) => ({
      who: people[n % 60] as Id<"user">,
      amount: textFromMinor(100n + BigInt((n * 7_919) % 5_000), "USD"),
    }));
    await Promise.all(bids.map(({ who, amount }) => codeOf(bidAs(who, lot.id, amount))));
    const rows = await bidRows(t.db, lot.id, 0n, 1_000);
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => BigInt(index + 1)));
    const auction = await auctionRow(t.db, lot.id);
    const [highest = 0n] = rows.map((row) => row.max_minor).toSorted((a, b) => Number(b - a));
    expect(auction?.leader_max_minor).toBe(highest);
    expect(auction?.leader_id).toBe(rows.find((row) => row.max_minor === highest)?.bidder_id as Id<"user">);
    await endNow(t, lot.id);
    await t.transact((tx) => closeAuction(tx, lot.id));
    // The end was moved by hand, so only the chain itself is whole: everything but the terms' end.
    const proof = await replay(await wholeBidLog(t.db, lot.id));
    expect(
      proof.violations.filter((what) => !/terms|after the end|the end should|follow the link/.test(what)),
    ).toEqual([]);
    await expectBooksBalance(t.db);
  }, 30_000);

  test("the same bid sent ten times at once is one bid", async () => {
    const lot = await anAuction(t);
    const buyer = await aBuyer(t);
    const wish = { id: newId("bid"), listingId: lot.id, bidAmount: "12.00" };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => placeBid(t.db, asked(), buyer, "USD", wish)),
    );
    expect(new Set(answers.map((answer) => answer.listing.bidCount))).toEqual(new Set([1]));
    expect(await bidRows(t.db, lot.id, 0n, 10)).toHaveLength(1);
    expect(await codeOf(placeBid(t.db, asked(), buyer, "USD", { ...wish, bidAmount: "13.00" }))).toBe(
      "bid_id_reused",
    );
  });

  test("a bid and a cancellation at once: the seller keeps the lot or the bid stands, never both", async () => {
    for (let round = 0; round < 8; round++) {
      const lot = await anAuction(t);
      const [bid, cancelled] = await Promise.all([
        codeOf(aBid(t, lot.id, "10.00", { id: newId("user") })),
        codeOf(t.transact((tx) => cancelListing(tx, lot.seller, lot.id))),
      ]);
      expect([
        ["done", "listing_has_bids"],
        ["auction_ended", "done"],
      ]).toContainEqual([bid, cancelled]);
    }
    await expectBooksBalance(t.db);
  });
});

describe("the rule in the database", () => {
  test("is the rule in the code, for any bids: same refusals, prices, leaders and ends", async () => {
    const bidArb = fc.record({
      who: fc.integer({ min: 0, max: 3 }),
      cents: fc.integer({ min: 900, max: 3_000 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(bidArb, { minLength: 1, maxLength: 15 }),
        fc.option(fc.integer({ min: 1_000, max: 2_500 }), { nil: undefined }),
        fc.boolean(),
        async (bids, reserve, closing) => {
          const lot = await anAuction(t, {
            lasts_s: closing ? 120 : 3_600,
            ...(reserve ? { reservePrice: textFromMinor(BigInt(reserve), "USD") } : {}),
          });
          const auction = await auctionRow(t.db, lot.id);
          if (!auction) throw new Error("no auction");
          const people = Array.from({ length: 4 }, () => newId("user"));
          let standing: Standing = {
            leader: null,
            leaderMax: null,
            secondMax: null,
            price: null,
            endsAt: auction.ends_at,
          };
          for (const { who, cents } of bids) {
            const bidder = people[who] as Id<"user">;
            const max = BigInt(cents);
            const code = await codeOf(bidAs(bidder, lot.id, textFromMinor(max, "USD")));
            const at = (await bidRows(t.db, lot.id, 0n, 100)).at(-1)?.at ?? new Date(0);
            const next = applyBid(termsOf(auction), standing, { bidder, max, at });
            expect(code).toBe(next ? "done" : "bid_too_low");
            standing = next ?? standing;
            const now = await auctionRow(t.db, lot.id);
            expect([now?.leader_id ?? null, now?.price_minor ?? null, now?.leader_max_minor ?? null]).toEqual(
              [standing.leader as Id<"user"> | null, standing.price, standing.leaderMax],
            );
            expect(now?.ends_at).toEqual(standing.endsAt);
          }
        },
      ),
      { numRuns: 15 },
    );
  }, 60_000);

  test("only an accepted bid in the last minutes moves the end, in the auction and in the listing alike", async () => {
    const lot = await anAuction(t, { lasts_s: 100 });
    const before = (await auctionRow(t.db, lot.id))?.ends_at as Date;
    expect(await codeOf(aBid(t, lot.id, "9.99"))).toBe("bid_too_low");
    expect((await auctionRow(t.db, lot.id))?.ends_at).toEqual(before);
    const { listing } = await aBid(t, lot.id, "10.00");
    const now = await databaseNow(t);
    expect(Math.abs(listing.auctionEndTime.getTime() - now.getTime() - 300_000)).toBeLessThan(2_000);
    expect((await listingRow(t.db, lot.id))?.ends_at).toEqual(listing.auctionEndTime);
  });
});

describe("what is refused", () => {
  test("sellers, late, low and misplaced bids are refused and leave no trace", async () => {
    const lot = await anAuction(t);
    expect(await codeOf(bidAs(lot.seller.id, lot.id, "20.00"))).toBe("listing_is_own");
    expect(await codeOf(aBid(t, lot.id, "9.00"))).toBe("bid_too_low");
    expect(await codeOf(aBid(t, newId("listing"), "20.00"))).toBe("listing_not_found");
    await endNow(t, lot.id);
    expect(await codeOf(aBid(t, lot.id, "20.00"))).toBe("auction_ended");
    expect(await bidRows(t.db, lot.id, 0n, 10)).toEqual([]);
    await expectBooksBalance(t.db);
  });

  test("a bid below the next increment says what would do", async () => {
    const lot = await anAuction(t);
    await aBid(t, lot.id, "10.00");
    await expect(aBid(t, lot.id, "10.09")).rejects.toMatchObject({
      code: "bid_too_low",
      details: { minimum: "10.10" },
    });
    expect((await aBid(t, lot.id, "10.10")).bid.status).toBe("leading");
  });

  test("an auction with bids cannot be cancelled; one without can, and the credits come back", async () => {
    const lot = await anAuction(t);
    await aBid(t, lot.id, "10.00");
    expect(await codeOf(t.transact((tx) => cancelListing(tx, lot.seller, lot.id)))).toBe("listing_has_bids");
    const free = await anAuction(t);
    for (let time = 0; time < 2; time++) await t.transact((tx) => cancelListing(tx, free.seller, free.id));
    expect((await balanceOf(t.db, wallet(free.seller.id))).balance).toBe(1_000_000n);
    await expectBooksBalance(t.db);
  });
});

describe("the close", () => {
  test("gives the winner an order at the proxy price with 48 hours to pay, once, however often it runs", async () => {
    const lot = await anAuction(t);
    const [a, b] = [await aBuyer(t), await aBuyer(t)];
    await aBid(t, lot.id, "20.00", a);
    await aBid(t, lot.id, "15.00", b);
    await endNow(t, lot.id);
    await drain(t, marketplaceJobs, { twice: true });
    const orders = await auctionOrderRows(t.db, lot.id);
    expect(orders).toHaveLength(1);
    expect(orders[0]).toMatchObject({
      buyer_id: a.id,
      kind: "auction_win",
      price_minor: 1_515n,
      amount_g: 1_000_000n,
    });
    const [order] = orders;
    if (!order) throw new Error("no order");
    expect(order.expires_at.getTime() - order.created_at.getTime()).toBe(48 * 3_600_000);
    expect((await bidsOf(t.db, a.id, { limit: 10 })).items[0]).toMatchObject({
      status: "won",
      orderId: order.id,
    });
    expect((await bidsOf(t.db, b.id, { limit: 10 })).items[0]).toMatchObject({
      status: "lost",
      orderId: null,
    });
    await payOrder(t, order);
    expect((await balanceOf(t.db, wallet(a.id))).balance).toBe(1_000_000n);
    expect((await listingRow(t.db, lot.id))?.status).toBe("sold");
    await expectBooksBalance(t.db);
  });

  test("waits for an end that was moved: the job asks again then", async () => {
    const lot = await anAuction(t, { lasts_s: 3_600 });
    await t.transact((tx) => closeAuction(tx, lot.id));
    expect((await auctionRow(t.db, lot.id))?.status).toBe("live");
    const waiting = await t.admin
      .selectFrom("jobs.outbox")
      .select(["payload", "run_at"])
      .where("name", "=", "marketplace.close_auction")
      .execute();
    expect(
      waiting.filter((row) => JSON.stringify(row.payload).includes(lot.id)).length,
    ).toBeGreaterThanOrEqual(2);
  });

  test("without bids, or with none at the reserve price, returns the credits", async () => {
    for (const reservePrice of [undefined, "50.00"]) {
      const lot = await anAuction(t, reservePrice ? { reservePrice } : {});
      if (reservePrice) await aBid(t, lot.id, "49.99");
      await endNow(t, lot.id);
      await t.transact((tx) => closeAuction(tx, lot.id));
      expect((await auctionRow(t.db, lot.id))?.status).toBe("closed_unsold");
      expect(await listingRow(t.db, lot.id)).toMatchObject({
        status: "expired",
        remaining_g: 0n,
        returned_g: 1_000_000n,
      });
      expect((await balanceOf(t.db, wallet(lot.seller.id))).balance).toBe(1_000_000n);
    }
    await expectBooksBalance(t.db);
  });

  test("a winner who does not pay loses the lot to the next bidder, at what it would have cost without them", async () => {
    const lot = await anAuction(t);
    const [a, b, c] = [await aBuyer(t), await aBuyer(t), await aBuyer(t)];
    await aBid(t, lot.id, "11.00", c);
    await aBid(t, lot.id, "14.00", b);
    await aBid(t, lot.id, "30.00", a);
    await endNow(t, lot.id);
    await drain(t, marketplaceJobs);
    t.clock.advance(49 * 3_600_000);
    await drain(t, marketplaceJobs, { twice: true });
    const orders = await auctionOrderRows(t.db, lot.id);
    expect(orders.map((order) => [order.kind, order.buyer_id, order.status, order.price_minor])).toEqual([
      ["auction_win", a.id, "expired", 1_414n],
      ["second_chance", b.id, "pending_payment", 1_111n],
    ]);
    // The offer lapses too: the rule allows one, so the credits go home.
    t.clock.advance(49 * 3_600_000);
    await drain(t, marketplaceJobs, { twice: true });
    expect((await auctionRow(t.db, lot.id))?.status).toBe("closed_unsold");
    expect((await balanceOf(t.db, wallet(lot.seller.id))).balance).toBe(1_000_000n);
    expect(await balanceOf(t.db, listingAccount(lot.id))).toMatchObject({ balance: 0n, held: 0n });
    await expectBooksBalance(t.db);
  });

  test("a second chance that is paid completes the sale", async () => {
    const lot = await anAuction(t);
    const [a, b] = [await aBuyer(t), await aBuyer(t)];
    await aBid(t, lot.id, "14.00", b);
    await aBid(t, lot.id, "30.00", a);
    await endNow(t, lot.id);
    await drain(t, marketplaceJobs);
    t.clock.advance(49 * 3_600_000);
    await drain(t, marketplaceJobs);
    const offer = (await auctionOrderRows(t.db, lot.id)).at(-1);
    if (!offer) throw new Error("no offer");
    await payOrder(t, offer);
    expect((await balanceOf(t.db, wallet(b.id))).balance).toBe(1_000_000n);
    await expectBooksBalance(t.db);
  });
});

describe("the public log", () => {
  /** A closed auction whose end was really reached: its end lies where its terms say. */
  const closedAuction = async () => {
    t.clock.set(await databaseNow(t));
    await t.transact((tx) =>
      setRule(tx, auctionRules, {
        value: { ...auctionRules.initial, shortest_s: 1, window_s: 1 },
        reason: "test",
        setBy: null,
      }),
    );
    const lot = await anAuction(t, { lasts_s: 1.5, reservePrice: "12.00" });
    await t.transact((tx) =>
      setRule(tx, auctionRules, { value: auctionRules.initial, reason: "test", setBy: null }),
    );
    const [a, b] = [await aBuyer(t), await aBuyer(t)];
    await aBid(t, lot.id, "11.00", a);
    await aBid(t, lot.id, "20.00", b);
    await aBid(t, lot.id, "15.00", a);
    const live = await bidLog(t.db, lot.id, { limit: 10 });
    const end = (await auctionRow(t.db, lot.id))?.ends_at as Date;
    while ((await databaseNow(t)) <= end) await Bun.sleep(50);
    await t.transact((tx) => closeAuction(tx, lot.id));
    return { lot, live, a, b };
  };

  test("hides bidders and maxima while the auction runs, and proves winner and price when it has closed", async () => {
    const { lot, live, a, b } = await closedAuction();
    const text = JSON.stringify(live);
    expect(text).not.toContain(a.id);
    expect(text).not.toContain(b.id);
    expect(live.items.map((bid) => [bid.max, bid.salt])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
    expect([live.terms.reserve, live.terms.reserveSalt]).toEqual([null, null]);
    const proof = await proveAuction(t.db, lot.id);
    expect(proof).toMatchObject({ valid: true, violations: [], bidCount: 3, sold: true, price: "15.15" });
    const log = await wholeBidLog(t.db, lot.id);
    expect(proof.winner).toBe(log.items[1]?.bidder ?? "");
    expect(
      isSold(
        { reserve: 1_200n },
        { leader: "x", leaderMax: 2_000n, secondMax: null, price: 1n, endsAt: new Date(0) },
      ),
    ).toBe(true);
    await expectBooksBalance(t.db);
  }, 20_000);

  test("any change of it is noticed", async () => {
    const { lot } = await closedAuction();
    const log = await wholeBidLog(t.db, lot.id);
    expect((await replay(log)).valid).toBe(true);
    const [first, second, third] = log.items;
    if (!first || !second || !third) throw new Error("three bids");
    const forged = [
      { ...log, items: [first, third] },
      { ...log, items: [second, first, third] },
      { ...log, items: [first, { ...second, max: "1600" }, third] },
      {
        ...log,
        items: [
          first,
          { ...second, max: "1600", maxHash: await commitment(second.salt ?? "", "1600") },
          third,
        ],
      },
      { ...log, items: [first, second, { ...third, price: "1400" }] },
      { ...log, items: [{ ...first, bidder: "00000000" }, second, third] },
      { ...log, terms: { ...log.terms, reserve: "1100" } },
      { ...log, terms: { ...log.terms, start: "900" } },
    ];
    for (const changed of forged) expect((await replay(changed)).valid).toBe(false);
  }, 20_000);

  test("cannot be asked for a proof before the close", async () => {
    const lot = await anAuction(t);
    expect(await codeOf(proveAuction(t.db, lot.id))).toBe("auction_still_live");
  });

  test("refuses to be rewritten: the app's role cannot change or delete a bid", async () => {
    const lot = await anAuction(t);
    await aBid(t, lot.id, "10.00");
    await expect(t.pool.query("update marketplace.bid set max_minor = 1")).rejects.toThrow(
      /permission denied/,
    );
    await expect(t.admin.deleteFrom("marketplace.bid").execute()).rejects.toThrow(/append-only/);
  });
});
