import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { outbid } from "@evx/auctions/events";
import { aBid, anAuction } from "@evx/auctions/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { expectBooksBalance } from "@evx/ledger/testing";
import { identityLimits } from "@evx/listings";
import type { LiveListing } from "@evx/listings/schema";
import { aListing, aSeller } from "@evx/listings/testing";
import { aBuyer, anOrder } from "@evx/orders/testing";
import { marketDepth } from "@evx/pricing";
import { type Actor, createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { setRule } from "@evx/rules";
import * as v from "valibot";
import { marketplaceRouter } from "./marketplace.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const settings = { holdDays: 7, requireVerifiedEmail: false, requireKyc: false };
const router = marketplaceRouter(settings);
const strict = marketplaceRouter({ ...settings, requireVerifiedEmail: true });
const known = marketplaceRouter({ ...settings, requireKyc: true });
const as = (actor: Actor | null, of = router) => createCallerFactory(of)(testContext(t, actor));

/** An auction with a reserve and one bid, whose answers have the contract's shapes. */
const anAuctionWithABid = async (seller: Actor, buyer: Actor) => {
  const now = (await t.pool.query<{ now: Date }>("select clock_timestamp() as now")).rows[0]?.now as Date;
  t.clock.set(now);
  const { listing: listed } = await as(seller).listings.create({
    creditsAmount: 1,
    pricePerCredit: "10",
    listingType: "auction",
    auctionEndTime: new Date(now.getTime() + 7_200_000).toISOString(),
    reservePrice: "15.00",
  });
  const answer = await as(buyer).bids.place({ listingId: listed.id, bidAmount: "12.00" });
  expect(answer.bid).toMatchObject({ listingId: listed.id, bidAmount: "12.00", status: "leading" });
  expect(answer.listing).toMatchObject({ currentBid: "10.00", bidCount: 1 });
  expect((await as(null).listings.byId({ id: listed.id })).auction).toMatchObject({
    deposit: null,
    reserveMet: false,
    minimumBid: "10.10",
  });
  expect((await as(buyer).bids.mine({})).items).toHaveLength(1);
  expect((await as(buyer).bids.on({ listingId: listed.id })).bid).toMatchObject({
    maximum: "12.00",
    status: "leading",
  });
  expect((await as(null).bids.log({ id: listed.id })).items).toHaveLength(1);
  expect((await as(null).bids.latest({ id: listed.id })).items).toMatchObject([{ seq: 1, price: "10.00" }]);
  return listed;
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

    const listed = await anAuctionWithABid(seller, buyer);
    expect(await as(null).listings.facets()).toEqual({
      currency: "USD",
      countries: ["VN"],
      vintages: [2025],
      methods: ["flat-v1"],
      // The minute's job has not counted yet.
      counts: { countries: {}, vintages: {}, methods: {}, types: {}, qualities: {}, prices: [] },
    });
    expect(await marketDepth(t.db)).toEqual({
      demand: 1_300_000n,
      supply: 1_200_000n,
    });
    expect((await as(seller).listings.mine({})).items.find((item) => item.id === listed.id)).toMatchObject({
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
    const listed = await aListing(t);
    const order = await anOrder(t, listed.id);
    const [buyer, seller, cva] = [await aBuyer(t), await aSeller(t), await aUser(t, { role: "cva" })];
    const input = { creditsAmount: "0.1", pricePerCredit: "1", listingType: "fixed" as const };
    expect(await refusalCode(as(null).listings.create(input))).toBe("sign_in_required");
    expect(await refusalCode(as(buyer).listings.create(input))).toBe("role_required");
    expect(await refusalCode(as(seller).orders.place({ listingId: listed.id }))).toBe("role_required");
    expect(await refusalCode(as(cva).bids.place({ listingId: listed.id, bidAmount: "1" }))).toBe(
      "role_required",
    );
    expect(await refusalCode(as(buyer).orders.of({ userId: order.buyer_id }))).toBe("not_found");
    expect(await refusalCode(as(buyer).orders.byId({ id: order.id }))).toBe("order_not_found");
    expect(await refusalCode(as(seller).listings.cancel({ id: listed.id }))).toBe("listing_not_found");
    expect(await refusalCode(as(buyer).orders.all({}))).toBe("role_required");
    expect((await as(await aUser(t, { role: "admin" })).orders.all({ limit: 1 })).items).toHaveLength(1);
  });

  test("where verified addresses are required, nobody lists, buys or bids without one", async () => {
    const [listed, auction] = [await aListing(t), await anAuction(t)];
    const buyer = await aUser(t, { role: "buyer", emailVerified: false });
    const seller = { ...(await aSeller(t)), emailVerified: false };
    const input = { creditsAmount: "0.1", pricePerCredit: "12.50", listingType: "fixed" } as const;
    const bid = { listingId: auction.id, bidAmount: "9999.00" };
    const tries = (of: typeof router) => [
      as(seller, of).listings.create(input),
      as(buyer, of).orders.place({ listingId: listed.id }),
      as(buyer, of).bids.place(bid),
    ];
    for (const attempt of tries(strict)) expect(await refusalCode(attempt)).toBe("trade_needs_email");
    for (const attempt of tries(router)) expect(await refusalCode(attempt)).toBe("none");
  });

  test("where identities are required, nobody lists more than the limit in 30 days without one, not even at once", async () => {
    await t.transact((tx) =>
      setRule(tx, identityLimits, { value: { listingAbove_g: "500000" }, reason: "test", setBy: null }),
    );
    const seller = { ...(await aSeller(t, 5_000_000n)), kycStatus: "none" as const };
    const list = (actor: Actor, creditsAmount: string) =>
      as(actor, known).listings.create({ creditsAmount, pricePerCredit: "12.50", listingType: "fixed" });
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => refusalCode(list(seller, "0.2"))));
    const refused = "listing_needs_identity";
    expect(outcomes.toSorted()).toEqual([refused, refused, "none", "none"]);
    const { listing } = await list(seller, "0.1");
    expect(await refusalCode(list(seller, "0.05"))).toBe(refused);
    await as(seller, known).listings.cancel({ id: listing.id as never });
    expect(await refusalCode(list(seller, "0.1"))).toBe("none");
    expect(await refusalCode(list({ ...seller, kycStatus: "verified" }, "2"))).toBe("none");
    expect(
      await refusalCode(
        as(seller).listings.create({ creditsAmount: "1", pricePerCredit: "1", listingType: "fixed" }),
      ),
    ).toBe("none");
  });

  test("bad input is refused with the name of its field", async () => {
    const buyer = await aBuyer(t);
    const listed = await aListing(t);
    for (const creditsAmount of ["0", "-1", "0.1234567", "1e3", "abc", "9".repeat(40)]) {
      expect(await refusalCode(as(buyer).orders.place({ listingId: listed.id, creditsAmount }))).toBe(
        "input_invalid",
      );
    }
    expect(await refusalCode(as(buyer).orders.place({ listingId: "lst_1" }))).toBe("input_invalid");
    expect(await refusalCode(as(null).listings.search({ sort: "cheap" as never }))).toBe("input_invalid");
    expect(await refusalCode(as(null).listings.search({ minPrice: "1.234" }))).toBe("input_invalid");
    expect(await refusalCode(as(null).listings.byId({ id: newId("listing") }))).toBe("listing_not_found");
  });
});

test("an amount in another currency than the venue's is refused by name, and nothing is placed", async () => {
  const [owner, buyer] = [await aSeller(t, 2_000_000n), await aBuyer(t)];
  const [priced, price] = [{ creditsAmount: "1", pricePerCredit: "12.00" }, { maxPrice: "12.00" }];
  const sale = (currency?: "USD" | "VND") =>
    as(owner).listings.create({ ...priced, listingType: "fixed", currency });
  const { id } = (await sale("USD")).listing;
  const floor = { on: true, floor: "12.00" };
  for (const asked of [
    sale("VND"),
    as(owner).listings.changePrice({ id, pricePerCredit: "13.00", currency: "VND" }),
    as(owner).wanted.setAutoSale({ ...floor, currency: "VND" }),
    as(buyer).orders.quote({ creditsAmount: "1", ...price, currency: "EUR" }),
    as(buyer).wanted.place({ creditsAmount: "1", ...price, currency: "JPY" }),
  ])
    expect(await refusalCode(asked)).toBe("currency_wrong");
  const { items } = await as(owner).listings.mine({});
  expect(items.map((one) => [one.id, one.pricePerCredit])).toEqual([[id, "12.00"]]);
  await as(buyer).orders.quote({ creditsAmount: "1", ...price, currency: "USD" });
  expect(
    (await as(buyer).wanted.place({ creditsAmount: "1", ...price, currency: "USD" })).wanted.currency,
  ).toBe("USD");
  await as(owner).wanted.setAutoSale({ ...floor, currency: "USD" });
});

describe("live", () => {
  test("a watcher sees the state at once and each bid without asking, and no identities or maxima", async () => {
    const listed = await anAuction(t);
    const seen: LiveListing[] = [];
    const stop = new AbortController();
    const context = testContext(t, null);
    const states = await createCallerFactory(router)(context, { signal: stop.signal }).listings.watch({
      listingId: listed.id,
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
    await aBid(t, listed.id, "20.00", first);
    await until(1);
    await aBid(t, listed.id, "15.00");
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

  test("a bid tells of itself only to the one who lost the lead", async () => {
    const listed = await anAuction(t);
    const first = await aBuyer(t);
    await aBid(t, listed.id, "11.00", first);
    await aBid(t, listed.id, "12.00");
    const rows = await t.admin
      .selectFrom("jobs.outbox")
      .select(["name", "payload"])
      .orderBy("name")
      .execute();
    const ours = rows.filter((row) => JSON.stringify(row.payload).includes(listed.id));
    expect(ours.map(({ name }) => name)).toEqual([
      "marketplace.close_auction",
      "marketplace.listing_created",
      outbid.name,
    ]);
    const [lost] = ours
      .filter((row) => row.name === outbid.name)
      .map((row) => v.parse(outbid.schema, row.payload));
    expect(lost).toMatchObject({ bidderId: first.id, priceMinor: "1111", listingId: listed.id });
  });
});
