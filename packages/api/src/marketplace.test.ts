import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { aUser } from "@evx/identity/testing";
import { newId } from "@evx/kernel";
import { expectBooksBalance } from "@evx/ledger/testing";
import { type Actor, createCallerFactory, refusalOf } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { setRule } from "@evx/rules";
import * as v from "valibot";
import { marketDepth } from "./depth.ts";
import { bidPlaced, outbid } from "./events.ts";
import { identityLimits } from "./policy.ts";
import { marketplaceRouter } from "./router.ts";
import type { LiveListing } from "./schema.ts";
import { aBid, aBuyer, aListing, anAuction, anOrder, aSeller } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const ports = { holdDays: 7, requireVerifiedEmail: false, requireKyc: false };
const router = marketplaceRouter(ports);
const strict = marketplaceRouter({ ...ports, requireVerifiedEmail: true });
const known = marketplaceRouter({ ...ports, requireKyc: true });
const as = (actor: Actor | null, of = router) => createCallerFactory(of)(testContext(t, actor));

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return "done";
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    return refusal.code;
  }
};

describe("over the wire", () => {
  test("listing, finding, ordering and bidding answer the shapes of the contract", async () => {
    const seller = await aSeller(t, 3_000_000n);
    const buyer = await aBuyer(t);
    const { listing } = await as(seller).listings.create({
      creditsAmount: "0.5",
      pricePerCredit: "12.50",
      listingType: "fixed",
    });
    expect(listing).toMatchObject({
      sellerId: seller.id,
      listingType: "fixed",
      creditsAmount: "0.500000",
      creditsRemaining: "0.500000",
      pricePerCredit: "12.50",
      currency: "USD",
      status: "active",
      vintage: 2025,
      country: "VN",
      auctionEndTime: null,
      currentBid: null,
      bidCount: 0,
    });
    const page = await as(null).listings.search({ seller: seller.id, minPrice: "12", limit: "10" as never });
    expect(page).toMatchObject({ items: [{ id: listing.id }], nextCursor: null });
    const detail = await as(null).listings.byId({ id: listing.id });
    expect(detail.provenance[0]).toMatchObject({ credits: "0.500000", country: "VN" });
    expect(detail.listing.id).toBe(listing.id);

    const { order } = await as(buyer).orders.place({ listingId: listing.id, creditsAmount: "0.2" });
    expect(order).toMatchObject({
      listingId: listing.id,
      buyerId: buyer.id,
      creditsAmount: "0.200000",
      totalPrice: "2.50",
      currency: "USD",
      status: "pending_payment",
      expiresAt: "2026-03-01T00:30:00.000Z",
    });
    const rest = await as(buyer).orders.place({ listingId: listing.id });
    expect(rest.order.creditsAmount).toBe("0.300000");
    expect((await as(buyer).orders.of({ userId: buyer.id })).items).toHaveLength(2);
    expect((await as(seller).orders.of({ userId: seller.id })).items).toHaveLength(2);
    await as(buyer).orders.cancel({ id: order.id });

    const now = (await t.pool.query<{ now: Date }>("select clock_timestamp() as now")).rows[0]?.now as Date;
    t.clock.set(now);
    const { listing: lot } = await as(seller).listings.create({
      creditsAmount: 1,
      pricePerCredit: "10",
      listingType: "auction",
      auctionEndTime: new Date(now.getTime() + 7_200_000).toISOString(),
      reservePrice: "15.00",
    });
    const answer = await as(buyer).bids.place({ listingId: lot.id, bidAmount: "12.00" });
    expect(answer.bid).toMatchObject({ listingId: lot.id, bidAmount: "12.00", status: "leading" });
    expect(answer.listing).toMatchObject({ currentBid: "10.00", bidCount: 1 });
    expect((await as(null).listings.byId({ id: lot.id })).auction).toMatchObject({
      reserveMet: false,
      minimumBid: "10.10",
    });
    expect((await as(buyer).bids.mine({})).items).toHaveLength(1);
    expect((await as(buyer).bids.on({ listingId: lot.id })).bid).toMatchObject({
      maximum: "12.00",
      status: "leading",
    });
    expect((await as(null).bids.log({ id: lot.id })).items).toHaveLength(1);
    expect((await as(null).bids.latest({ id: lot.id })).items).toMatchObject([{ seq: 1, price: "10.00" }]);
    expect(await as(null).listings.facets()).toEqual({
      countries: ["VN"],
      vintages: [2025],
      methods: ["flat-v1"],
    });
    expect(await marketDepth(t.db)).toMatchObject({
      auctions: 1,
      orders: 1,
      demand: 1_300_000n,
      supply: 1_200_000n,
    });
    expect((await as(seller).listings.mine({})).items.find((item) => item.id === lot.id)).toMatchObject({
      reservePrice: "15.00",
      reserved: "0.000000",
    });
    await expectBooksBalance(t.db);
  });

  test("what a seller would receive is told before listing, with the day", async () => {
    const answer = await as(null).listings.netInHand({ creditsAmount: "0.1", pricePerCredit: "15.25" });
    expect(answer).toMatchObject({
      total: "1.52",
      platformFee: "0.04",
      cvaFee: "0.02",
      net: "1.46",
      platformFeePercent: 2.5,
    });
    expect(await as(null).listings.terms()).toEqual({
      currency: "USD",
      platformFeePercent: 2.5,
      cvaFeePercent: 1,
      paymentWindowMinutes: 30,
      winnerWindowHours: 48,
      auctionShortestMinutes: 1,
      auctionLongestDays: 30,
      auctionExtensionMinutes: 5,
    });
    expect(Date.parse(answer.payoutDate) - t.clock.now().getTime()).toBe(7 * 86_400_000);
  });

  test("roles and other people's objects are refused or hidden", async () => {
    const lot = await aListing(t);
    const order = await anOrder(t, lot.id);
    const [buyer, seller, cva] = [await aBuyer(t), await aSeller(t), await aUser(t, { role: "cva" })];
    const wish = { creditsAmount: "0.1", pricePerCredit: "1", listingType: "fixed" as const };
    expect(await codeOf(as(null).listings.create(wish))).toBe("sign_in_required");
    expect(await codeOf(as(buyer).listings.create(wish))).toBe("role_required");
    expect(await codeOf(as(seller).orders.place({ listingId: lot.id }))).toBe("role_required");
    expect(await codeOf(as(cva).bids.place({ listingId: lot.id, bidAmount: "1" }))).toBe("role_required");
    expect(await codeOf(as(buyer).orders.of({ userId: order.buyer_id }))).toBe("not_found");
    expect(await codeOf(as(buyer).orders.byId({ id: order.id }))).toBe("order_not_found");
    expect(await codeOf(as(seller).listings.cancel({ id: lot.id }))).toBe("listing_not_found");
    expect(await codeOf(as(buyer).orders.all({}))).toBe("role_required");
    expect((await as(await aUser(t, { role: "admin" })).orders.all({ limit: 1 })).items).toHaveLength(1);
  });

  test("where verified addresses are required, nobody lists, buys or bids without one", async () => {
    const [lot, auction] = [await aListing(t), await anAuction(t)];
    const buyer = await aUser(t, { role: "buyer", emailVerified: false });
    const seller = { ...(await aSeller(t)), emailVerified: false };
    const wish = { creditsAmount: "0.1", pricePerCredit: "12.50", listingType: "fixed" } as const;
    const bid = { listingId: auction.id, bidAmount: "9999.00" };
    const tries = (of: typeof router) => [
      as(seller, of).listings.create(wish),
      as(buyer, of).orders.place({ listingId: lot.id }),
      as(buyer, of).bids.place(bid),
    ];
    for (const attempt of tries(strict)) expect(await codeOf(attempt)).toBe("trade_needs_email");
    for (const attempt of tries(router)) expect(await codeOf(attempt)).toBe("done");
  });

  test("where identities are required, nobody lists more than the limit in 30 days without one, not even at once", async () => {
    await t.transact((tx) =>
      setRule(tx, identityLimits, { value: { listingAbove_g: "500000" }, reason: "test", setBy: null }),
    );
    const seller = { ...(await aSeller(t, 5_000_000n)), kycStatus: "none" as const };
    const list = (actor: Actor, creditsAmount: string) =>
      as(actor, known).listings.create({ creditsAmount, pricePerCredit: "12.50", listingType: "fixed" });
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => codeOf(list(seller, "0.2"))));
    const refused = "listing_needs_identity";
    expect(outcomes.toSorted()).toEqual(["done", "done", refused, refused]);
    const { listing } = await list(seller, "0.1");
    expect(await codeOf(list(seller, "0.01"))).toBe(refused);
    await as(seller, known).listings.cancel({ id: listing.id as never });
    expect(await codeOf(list(seller, "0.1"))).toBe("done");
    expect(await codeOf(list({ ...seller, kycStatus: "verified" }, "2"))).toBe("done");
    expect(
      await codeOf(
        as(seller).listings.create({ creditsAmount: "1", pricePerCredit: "1", listingType: "fixed" }),
      ),
    ).toBe("done");
  });

  test("bad input is refused with the name of its field", async () => {
    const buyer = await aBuyer(t);
    const lot = await aListing(t);
    for (const creditsAmount of ["0", "-1", "0.1234567", "1e3", "abc", "9".repeat(40)]) {
      expect(await codeOf(as(buyer).orders.place({ listingId: lot.id, creditsAmount }))).toBe(
        "input_invalid",
      );
    }
    expect(await codeOf(as(buyer).orders.place({ listingId: "lst_1" }))).toBe("input_invalid");
    expect(await codeOf(as(null).listings.search({ sort: "cheap" as never }))).toBe("input_invalid");
    expect(await codeOf(as(null).listings.search({ minPrice: "1.234" }))).toBe("input_invalid");
    expect(await codeOf(as(null).listings.byId({ id: newId("listing") }))).toBe("listing_not_found");
  });
});

describe("live", () => {
  test("a watcher sees the state at once and each bid without asking, and no identities or maxima", async () => {
    const lot = await anAuction(t);
    const seen: LiveListing[] = [];
    const stop = new AbortController();
    const context = testContext(t, null);
    const states = await createCallerFactory(router)(context, { signal: stop.signal }).listings.watch({
      listingId: lot.id,
    });
    const watching = (async () => {
      for await (const state of states) seen.push(state);
    })();
    const until = async (bidCount: number) => {
      for (let tries = 0; tries < 200 && seen.at(-1)?.auction?.bidCount !== bidCount; tries++)
        await Bun.sleep(10);
      expect(seen.at(-1)?.auction?.bidCount).toBe(bidCount);
    };
    await until(0);
    const first = await aBuyer(t);
    await aBid(t, lot.id, "20.00", first);
    await until(1);
    await aBid(t, lot.id, "15.00");
    await until(2);
    expect(seen.at(-1)?.auction).toMatchObject({
      currentBid: "15.15",
      minimumBid: "15.31",
      leader: seen.at(-2)?.auction?.leader ?? "",
    });
    expect(JSON.stringify(seen)).not.toContain(first.id);
    expect(JSON.stringify(seen)).not.toContain("20.00");
    stop.abort();
    await watching;
    context.live.stop();
  });

  test("the events of a bid are what their listeners expect", async () => {
    const lot = await anAuction(t);
    const first = await aBuyer(t);
    await aBid(t, lot.id, "11.00", first);
    await aBid(t, lot.id, "12.00");
    const rows = await t.admin.selectFrom("jobs.outbox").select(["name", "payload"]).execute();
    const ours = rows.filter((row) => JSON.stringify(row.payload).includes(lot.id));
    const placed = ours
      .filter((row) => row.name === bidPlaced.name)
      .map((row) => v.parse(bidPlaced.schema, row.payload));
    expect(placed.map((event) => [event.seq, event.leads, event.outbidId])).toEqual([
      [1, true, null],
      [2, true, first.id],
    ]);
    const [lost] = ours
      .filter((row) => row.name === outbid.name)
      .map((row) => v.parse(outbid.schema, row.payload));
    expect(lost).toMatchObject({ bidderId: first.id, priceMinor: "1111", listingId: lot.id });
  });
});
