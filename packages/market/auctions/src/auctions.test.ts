import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { sql } from "@evx/db";
import { type TestDatabase, testDatabase, watchStatements } from "@evx/db/testing";
import { drain } from "@evx/jobs/testing";
import { type Id, newId, textFromMinor } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { balanceOf, listingAccount, wallet } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { cancelListing as cancel, listingRow } from "@evx/listings";
import { auctionOrderRows } from "@evx/orders";
import { aBuyer } from "@evx/orders/testing";
import fc from "@evx/tooling/properties";
import { auctionPorts } from "./auction-ports.ts";
import { termsOf } from "./auctions.ts";
import { wholeBidLog } from "./bid-log.ts";
import { bidsOf, placeBid } from "./bids.ts";
import { checkChain } from "./chain.ts";
import { closeAuction } from "./closing.ts";
import { applyBid, type Standing } from "./policy.ts";
import { auctionRow, bidRows } from "./queries/auctions.ts";
import { aBid, anAuction, databaseNow, endNow, marketJobs, payOrder } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase({ max: 64 });
});
afterAll(() => t.close());

const asked = () => ({ currency: "USD" as const, holdDays: 0, at: t.clock.now(), cause: "test" });

const bidAs = (id: Id<"user">, listingId: Id<"listing">, bidAmount: string) =>
  placeBid(t, { id }, { id: newId("bid"), listingId, bidAmount, ...asked() });

const cancelListing = (
  ...[tx, seller, id]: [Parameters<typeof cancel>[0], { id: Id<"user"> }, Id<"listing">]
) => cancel(tx, auctionPorts, seller, id);

/** What does not fit in an auction's chain of bids. */
const brokenLinks = async (listingId: Id<"listing">): Promise<string[]> => {
  const broken: string[] = [];
  await checkChain(await wholeBidLog(t.db, listingId), (fits, what) => {
    if (!fits) broken.push(what);
  });
  return broken;
};

describe("bids at the same moment", () => {
  test("two simultaneous bids at the same price: exactly one leads", async () => {
    for (let round = 0; round < 10; round++) {
      const listing = await anAuction(t);
      await aBid(t, listing.id, "10.00");
      const [a, b] = [newId("user"), newId("user")];
      await Promise.all([a, b].map((id) => refusalCode(bidAs(id, listing.id, "15.00"))));
      const auction = await auctionRow(t.db, listing.id);
      const first = (await bidRows(t.db, listing.id, { afterSeq: 0n, limit: 10 })).find(
        (bid) => bid.bidder_id === a || bid.bidder_id === b,
      );
      expect(auction?.leader_id).toBe(first?.bidder_id as Id<"user">);
      expect(auction?.price_minor).toBe(1_500n);
      expect([a, b]).toContain(auction?.leader_id as Id<"user">);
    }
    await expectBooksBalance(t.db);
  });

  test("300 bids by 60 people at once: numbers without a gap, one unbroken chain, the highest first maximum leads", async () => {
    const listing = await anAuction(t, { pricePerCredit: "1.00" });
    const people = Array.from({ length: 60 }, () => newId("user"));
    const bids = Array.from({ length: 300 }, (_, n) => ({
      who: people[n % 60] as Id<"user">,
      amount: textFromMinor(100n + BigInt((n * 7_919) % 5_000), "USD"),
    }));
    await Promise.all(bids.map(({ who, amount }) => refusalCode(bidAs(who, listing.id, amount))));
    const rows = await bidRows(t.db, listing.id, { afterSeq: 0n, limit: 1_000 });
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => BigInt(index + 1)));
    const auction = await auctionRow(t.db, listing.id);
    const [highest = 0n] = rows.map((row) => row.max_minor).toSorted((a, b) => Number(b - a));
    expect(auction?.leader_max_minor).toBe(highest);
    expect(auction?.leader_id).toBe(rows.find((row) => row.max_minor === highest)?.bidder_id as Id<"user">);
    expect(await brokenLinks(listing.id)).toEqual([]);
    await expectBooksBalance(t.db);
  }, 30_000);

  test("a bid that was changed, moved or taken out breaks the chain where it stood", async () => {
    const listing = await anAuction(t);
    for (const amount of ["10.00", "12.00", "14.00", "16.00"]) await aBid(t, listing.id, amount);
    expect(await brokenLinks(listing.id)).toEqual([]);
    // A superuser at the database's shell: what no role of ours may do.
    const tampered = async (statement: string) => {
      await t.admin.transaction().execute(async (tx) => {
        await sql`set local session_replication_role = replica`.execute(tx);
        await sql.raw(statement).execute(tx);
      });
      return brokenLinks(listing.id);
    };
    const third = `where listing_id = '${listing.id}' and seq = 3`;
    expect(await tampered(`update marketplace.bid set price_minor = price_minor + 1 ${third}`)).toEqual([
      "bid 3: its hash is of something else",
    ]);
    await tampered(`update marketplace.bid set price_minor = price_minor - 1 ${third}`);
    expect(await tampered(`update marketplace.bid set prev = sha256('x'::bytea) ${third}`)).toEqual([
      "bid 3: does not follow the link before it",
      "bid 3: its hash is of something else",
    ]);
    expect(await tampered(`delete from marketplace.bid ${third}`)).toEqual([
      "bid 4: expected number 3",
      "bid 4: does not follow the link before it",
    ]);
  });

  test("the same bid sent ten times at once is one bid", async () => {
    const listing = await anAuction(t);
    const buyer = await aBuyer(t);
    const input = { id: newId("bid"), listingId: listing.id, bidAmount: "12.00" };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => placeBid(t, buyer, { ...input, ...asked() })),
    );
    expect(new Set(answers.map((answer) => answer.listing.bidCount))).toEqual(new Set([1]));
    expect(await bidRows(t.db, listing.id, { afterSeq: 0n, limit: 10 })).toHaveLength(1);
    expect(await refusalCode(placeBid(t, buyer, { ...input, bidAmount: "13.00", ...asked() }))).toBe(
      "bid_id_reused",
    );
  });

  test("a bid is one statement, refused or not, and no transaction of several round trips", async () => {
    const listing = await anAuction(t);
    const bidder = newId("user");
    await bidAs(bidder, listing.id, "12.00");
    const asked: string[] = [];
    const unwatch = watchStatements((text) => asked.push(text));
    await bidAs(newId("user"), listing.id, "14.00");
    expect(await refusalCode(bidAs(bidder, listing.id, "11.00"))).toBe("bid_too_low");
    unwatch();
    expect(asked.map((text) => /from (\S+)\(/.exec(text)?.[1])).toEqual([
      "marketplace.place_bid",
      "marketplace.place_bid",
    ]);
  });

  test("a bid and a cancellation at once: the seller keeps the listing or the bid stands, never both", async () => {
    for (let round = 0; round < 8; round++) {
      const listing = await anAuction(t);
      const [bid, cancelled] = await Promise.all([
        refusalCode(aBid(t, listing.id, "10.00", { id: newId("user") })),
        refusalCode(t.transact((tx) => cancelListing(tx, listing.seller, listing.id))),
      ]);
      expect([
        ["none", "listing_has_bids"],
        ["auction_ended", "none"],
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
          const listing = await anAuction(t, {
            lasts_s: closing ? 120 : 3_600,
            ...(reserve ? { reservePrice: textFromMinor(BigInt(reserve), "USD") } : {}),
          });
          const auction = await auctionRow(t.db, listing.id);
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
            const code = await refusalCode(bidAs(bidder, listing.id, textFromMinor(max, "USD")));
            const at =
              (await bidRows(t.db, listing.id, { afterSeq: 0n, limit: 100 })).at(-1)?.at ?? new Date(0);
            const next = applyBid(termsOf(auction), standing, { bidder, max, at });
            expect(code).toBe(next ? "none" : "bid_too_low");
            standing = next ?? standing;
            const now = await auctionRow(t.db, listing.id);
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
    const listing = await anAuction(t, { lasts_s: 100 });
    const before = (await auctionRow(t.db, listing.id))?.ends_at as Date;
    expect(await refusalCode(aBid(t, listing.id, "9.99"))).toBe("bid_too_low");
    expect((await auctionRow(t.db, listing.id))?.ends_at).toEqual(before);
    const { listing: after } = await aBid(t, listing.id, "10.00");
    const now = await databaseNow(t);
    expect(Math.abs(after.auctionEndTime.getTime() - now.getTime() - 300_000)).toBeLessThan(2_000);
    expect((await listingRow(t.db, listing.id))?.ends_at).toEqual(after.auctionEndTime);
  });
});

describe("what is refused", () => {
  test("sellers, late, low and misplaced bids are refused and leave no trace", async () => {
    const listing = await anAuction(t);
    expect(await refusalCode(bidAs(listing.seller.id, listing.id, "20.00"))).toBe("listing_is_own");
    expect(await refusalCode(aBid(t, listing.id, "9.00"))).toBe("bid_too_low");
    expect(await refusalCode(aBid(t, newId("listing"), "20.00"))).toBe("listing_not_found");
    await endNow(t, listing.id);
    expect(await refusalCode(aBid(t, listing.id, "20.00"))).toBe("auction_ended");
    expect(await bidRows(t.db, listing.id, { afterSeq: 0n, limit: 10 })).toEqual([]);
    await expectBooksBalance(t.db);
  });

  test("a bid below the next increment says what would do", async () => {
    const listing = await anAuction(t);
    await aBid(t, listing.id, "10.00");
    await expect(aBid(t, listing.id, "10.09")).rejects.toMatchObject({
      code: "bid_too_low",
      details: { minimum: "10.10" },
    });
    expect((await aBid(t, listing.id, "10.10")).bid.status).toBe("leading");
  });

  test("an auction with bids cannot be cancelled; one without can, and the credits come back", async () => {
    const listing = await anAuction(t);
    await aBid(t, listing.id, "10.00");
    expect(await refusalCode(t.transact((tx) => cancelListing(tx, listing.seller, listing.id)))).toBe(
      "listing_has_bids",
    );
    const free = await anAuction(t);
    for (let time = 0; time < 2; time++) await t.transact((tx) => cancelListing(tx, free.seller, free.id));
    expect((await balanceOf(t.db, wallet(free.seller.id))).balance).toBe(1_000_000n);
    await expectBooksBalance(t.db);
  });
});

describe("the close", () => {
  test("gives the winner an order at the proxy price with 48 hours to pay, once, however often it runs", async () => {
    const listing = await anAuction(t);
    const [a, b] = [await aBuyer(t), await aBuyer(t)];
    await aBid(t, listing.id, "20.00", a);
    await aBid(t, listing.id, "15.00", b);
    await endNow(t, listing.id);
    await drain(t, marketJobs, { twice: true });
    const orders = await auctionOrderRows(t.db, listing.id);
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
    expect((await bidsOf(t.db, a, { limit: 10 })).items[0]).toMatchObject({
      status: "won",
      orderId: order.id,
    });
    expect((await bidsOf(t.db, b, { limit: 10 })).items[0]).toMatchObject({
      status: "lost",
      orderId: null,
    });
    await payOrder(t, order);
    expect((await balanceOf(t.db, wallet(a.id))).balance).toBe(1_000_000n);
    expect((await listingRow(t.db, listing.id))?.status).toBe("sold");
    await expectBooksBalance(t.db);
  });

  test("waits for an end that was moved: the job asks again then", async () => {
    const listing = await anAuction(t, { lasts_s: 3_600 });
    await t.transact((tx) => closeAuction(tx, listing.id));
    expect((await auctionRow(t.db, listing.id))?.status).toBe("live");
    const waiting = await t.admin
      .selectFrom("jobs.outbox")
      .select(["payload", "run_at"])
      .where("name", "=", "marketplace.close_auction")
      .execute();
    expect(
      waiting.filter((row) => JSON.stringify(row.payload).includes(listing.id)).length,
    ).toBeGreaterThanOrEqual(2);
  });

  test("without bids, or with none at the reserve price, returns the credits", async () => {
    for (const reservePrice of [undefined, "50.00"]) {
      const listing = await anAuction(t, reservePrice ? { reservePrice } : {});
      if (reservePrice) await aBid(t, listing.id, "49.99");
      await endNow(t, listing.id);
      await t.transact((tx) => closeAuction(tx, listing.id));
      expect((await auctionRow(t.db, listing.id))?.status).toBe("closed_unsold");
      expect(await listingRow(t.db, listing.id)).toMatchObject({
        status: "expired",
        remaining_g: 0n,
        returned_g: 1_000_000n,
      });
      expect((await balanceOf(t.db, wallet(listing.seller.id))).balance).toBe(1_000_000n);
    }
    await expectBooksBalance(t.db);
  });

  test("a winner who does not pay loses the listing to the next bidder, at what it would have cost without them", async () => {
    const listing = await anAuction(t);
    const [a, b, c] = [await aBuyer(t), await aBuyer(t), await aBuyer(t)];
    await aBid(t, listing.id, "11.00", c);
    await aBid(t, listing.id, "14.00", b);
    await aBid(t, listing.id, "30.00", a);
    await endNow(t, listing.id);
    await drain(t, marketJobs);
    t.clock.advance(49 * 3_600_000);
    await drain(t, marketJobs, { twice: true });
    const orders = await auctionOrderRows(t.db, listing.id);
    expect(orders.map((order) => [order.kind, order.buyer_id, order.status, order.price_minor])).toEqual([
      ["auction_win", a.id, "expired", 1_414n],
      ["second_chance", b.id, "pending_payment", 1_111n],
    ]);
    // The offer lapses too: the rule allows one, so the credits go home.
    t.clock.advance(49 * 3_600_000);
    await drain(t, marketJobs, { twice: true });
    expect((await auctionRow(t.db, listing.id))?.status).toBe("closed_unsold");
    expect((await balanceOf(t.db, wallet(listing.seller.id))).balance).toBe(1_000_000n);
    expect(await balanceOf(t.db, listingAccount(listing.id))).toMatchObject({ balance: 0n, held: 0n });
    await expectBooksBalance(t.db);
  });

  test("a second chance that is paid completes the sale", async () => {
    const listing = await anAuction(t);
    const [a, b] = [await aBuyer(t), await aBuyer(t)];
    await aBid(t, listing.id, "14.00", b);
    await aBid(t, listing.id, "30.00", a);
    await endNow(t, listing.id);
    await drain(t, marketJobs);
    t.clock.advance(49 * 3_600_000);
    await drain(t, marketJobs);
    const offer = (await auctionOrderRows(t.db, listing.id)).at(-1);
    if (!offer) throw new Error("no offer");
    await payOrder(t, offer);
    expect((await balanceOf(t.db, wallet(b.id))).balance).toBe(1_000_000n);
    await expectBooksBalance(t.db);
  });
});
