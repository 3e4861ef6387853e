import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { revokeBatch, walletOf } from "@evx/credits";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain, tick } from "@evx/jobs/testing";
import { day_ms, type Id, minute_ms, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { expectBooksBalance } from "@evx/ledger/testing";
import { listingRow } from "@evx/listings";
import { listingsJobs } from "@evx/listings/jobs";
import { aListing, aSeller, givenBatch, noAuctions } from "@evx/listings/testing";
import { orderDetail } from "@evx/orders";
import { payOrder } from "@evx/orders/testing";
import { setAutoSale } from "./auto-sale.ts";
import { orderBook } from "./book.ts";
import { bestForOwner, fillWanted } from "./selling.ts";
import { aWanted, wantedMarketJobs } from "./testing.ts";
import { cancelWanted, placeWanted, wantedDetail } from "./wanted.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const jobs = [...wantedMarketJobs, ...listingsJobs(noAuctions)];
const run = () => drain(t, jobs);
const orderOf = async (id: Id<"wanted">, place = 0) => {
  const order = (await wantedDetail(t.db, id)).orders[place]?.id;
  if (!order) throw new Error("It led to no order");
  return order;
};

describe("a wanted order", () => {
  test("is filled by a new listing that asks no more, at the listing's price, the highest and oldest first", async () => {
    const low = await aWanted(t, { country: "AA", maxPrice: "15.00" });
    const high = await aWanted(t, { country: "AA", maxPrice: "16.00", creditsAmount: 400_000n });
    const seller = await aSeller(t, 1_000_000n, { country: "AA" });
    const listing = await aListing(t, { seller, pricePerCredit: "14.00" });
    await run();
    expect(await wantedDetail(t.db, high.id)).toMatchObject({ status: "filled", creditsRemaining: 0n });
    expect(await wantedDetail(t.db, low.id)).toMatchObject({ status: "open", creditsRemaining: 400_000n });
    expect(await orderDetail(t.db, low.buyer, await orderOf(low.id))).toMatchObject({
      creditsAmount: 600_000n,
      pricePerCredit: "14.00",
      totalPrice: "8.40",
      status: "pending_payment",
    });
    expect((await listingRow(t.db, listing.id))?.remaining_g).toBe(0n);
  });

  test("orders at once what is for sale within its limit, and waits for the rest", async () => {
    const seller = await aSeller(t, 700_000n, { country: "AB" });
    await aListing(t, { seller, creditsAmount: 300_000n, pricePerCredit: "12.00" });
    await aListing(t, { seller, creditsAmount: 400_000n, pricePerCredit: "13.00" });
    const wanted = await aWanted(t, { country: "AB", maxPrice: "13.00" });
    expect(await wantedDetail(t.db, wanted.id)).toMatchObject({ creditsRemaining: 300_000n, status: "open" });
    const order = await orderDetail(t.db, wanted.buyer, await orderOf(wanted.id));
    expect(order).toMatchObject({ kind: "sweep", totalPrice: "8.80" });
    expect(order.lines).toHaveLength(2);
  });

  test("takes only what it asks for, and none of one's own", async () => {
    const wanted = await aWanted(t, { country: "AC", vintageFrom: 2026, quality: "export" });
    const old = await aSeller(t, 1_000_000n, { country: "AC", vintage: 2025 });
    await aListing(t, { seller: old, pricePerCredit: "10.00" });
    await run();
    expect((await wantedDetail(t.db, wanted.id)).orders).toEqual([]);
    const fresh = await aSeller(t, 1_000_000n, { country: "AC", vintage: 2026 });
    await aListing(t, { seller: fresh, pricePerCredit: "10.00" });
    await run();
    expect(await wantedDetail(t.db, wanted.id)).toMatchObject({ status: "filled" });
  });

  test("that is not paid for ends, and its credits go to the next who wants them", async () => {
    const first = await aWanted(t, { country: "AD", maxPrice: "16.00", creditsAmount: 2_000_000n });
    const next = await aWanted(t, { country: "AD", maxPrice: "15.00" });
    const seller = await aSeller(t, 1_000_000n, { country: "AD" });
    await aListing(t, { seller, pricePerCredit: "14.00" });
    await run();
    t.clock.advance(241 * minute_ms);
    await tick(t, jobs, "marketplace.sweep");
    await run();
    expect(await wantedDetail(t.db, first.id)).toMatchObject({ status: "cancelled" });
    await tick(t, jobs, "marketplace.sweep_wanted");
    await run();
    expect(await wantedDetail(t.db, next.id)).toMatchObject({ status: "filled" });
  });

  test("whose credits are revoked before they were paid for wants them again", async () => {
    const wanted = await aWanted(t, { country: "AE" });
    const seller = await aUser(t, { role: "ev_owner" });
    const { batch } = await givenBatch(t, seller.id, 1_000_000n, { country: "AE" });
    await aListing(t, { seller, pricePerCredit: "10.00" });
    await run();
    expect(await wantedDetail(t.db, wanted.id)).toMatchObject({ status: "filled" });
    await t.transact((tx) => revokeBatch(tx, { batchId: batch.id, reason: "wrong" }));
    await drain(t, jobs, { twice: true });
    expect(await wantedDetail(t.db, wanted.id)).toMatchObject({
      status: "open",
      creditsRemaining: 1_000_000n,
    });
  });

  test("whose order over many listings loses all its credits to a revocation wants them again", async () => {
    const seller = await aUser(t, { role: "ev_owner" });
    const { batch } = await givenBatch(t, seller.id, 1_000_000n, { country: "AG" });
    await aListing(t, { seller, creditsAmount: 300_000n, pricePerCredit: "10.00" });
    await aListing(t, { seller, creditsAmount: 700_000n, pricePerCredit: "11.00" });
    const wanted = await aWanted(t, { country: "AG" });
    expect((await orderDetail(t.db, wanted.buyer, await orderOf(wanted.id))).kind).toBe("sweep");
    await t.transact((tx) => revokeBatch(tx, { batchId: batch.id, reason: "wrong" }));
    await drain(t, jobs, { twice: true });
    expect(await wantedDetail(t.db, wanted.id)).toMatchObject({
      status: "open",
      creditsRemaining: 1_000_000n,
    });
  });

  test("whose order over many listings loses some credits to a revocation wants those again, once", async () => {
    const [sound, revoked] = [await aUser(t), await aUser(t)];
    await givenBatch(t, sound.id, 700_000n, { country: "AH" });
    const { batch } = await givenBatch(t, revoked.id, 300_000n, { country: "AH" });
    await aListing(t, { seller: revoked, creditsAmount: 300_000n, pricePerCredit: "10.00" });
    await aListing(t, { seller: sound, creditsAmount: 700_000n, pricePerCredit: "11.00" });
    const wanted = await aWanted(t, { country: "AH" });
    const orderId = await orderOf(wanted.id);
    expect(await wantedDetail(t.db, wanted.id)).toMatchObject({ status: "filled", creditsRemaining: 0n });
    await t.transact((tx) => revokeBatch(tx, { batchId: batch.id, reason: "wrong" }));
    await drain(t, jobs, { twice: true });
    expect(await wantedDetail(t.db, wanted.id)).toMatchObject({
      status: "open",
      creditsRemaining: 300_000n,
      orders: [{ id: orderId, creditsAmount: 700_000n }],
    });
    const order = await orderDetail(t.db, wanted.buyer, orderId);
    expect(order).toMatchObject({ status: "pending_payment", creditsAmount: 700_000n });
    const late = await aUser(t);
    await givenBatch(t, late.id, 300_000n, { country: "AH" });
    await aListing(t, { seller: late, creditsAmount: 300_000n, pricePerCredit: "12.00" });
    await run();
    expect(await wantedDetail(t.db, wanted.id)).toMatchObject({ status: "filled", creditsRemaining: 0n });
  });

  test("ends by time and by its buyer, once; another's is not found", async () => {
    const one = await aWanted(t, { country: "AF", expiresAt: new Date(t.clock.now().getTime() + day_ms) });
    const two = await aWanted(t, { country: "AF" });
    expect(await refusalCode(t.transact((tx) => cancelWanted(tx, one.buyer, two.id)))).toBe(
      "wanted_not_found",
    );
    await t.transact((tx) => cancelWanted(tx, two.buyer, two.id));
    await t.transact((tx) => cancelWanted(tx, two.buyer, two.id));
    t.clock.advance(day_ms + 1);
    await tick(t, jobs, "marketplace.sweep_wanted");
    expect(await wantedDetail(t.db, one.id)).toMatchObject({ status: "expired" });
    expect(await refusalCode(t.transact((tx) => cancelWanted(tx, one.buyer, one.id)))).toBe("wanted_ended");
    const late = {
      id: newId("wanted"),
      creditsAmount: 1_000_000n,
      maxPrice: "10.00",
      currency: "USD" as const,
      holdDays: 0,
    };
    const ends = (expiresAt: Date) =>
      refusalCode(t.transact((tx) => placeWanted(tx, one.buyer, { ...late, expiresAt })));
    expect(await ends(t.clock.now())).toBe("wanted_end_wrong");
    expect(await ends(new Date(t.clock.now().getTime() + 366 * day_ms))).toBe("wanted_end_wrong");
    const cheap = { ...late, creditsAmount: 10_000n };
    expect(await refusalCode(t.transact((tx) => placeWanted(tx, one.buyer, cheap)))).toBe(
      "amount_below_minimum",
    );
  });
});

describe("an owner", () => {
  test("sells to a wanted order in one press, and gets back what was not paid for", async () => {
    const wanted = await aWanted(t, { country: "BA", creditsAmount: 600_000n });
    const seller = await aSeller(t, 1_000_000n, { country: "BA" });
    expect(await bestForOwner(t.db, seller, { currency: "USD", now: t.clock.now() })).toMatchObject({
      wantedId: wanted.id,
      price: "16.20",
      creditsAmount: 600_000n,
      total: "9.72",
      net: "9.38",
    });
    const sell = (creditsAmount: bigint, listingId = newId("listing")) =>
      t.transact((tx) =>
        fillWanted(tx, noAuctions, seller, { wantedId: wanted.id, creditsAmount, listingId }),
      );
    expect(await refusalCode(sell(700_000n))).toBe("wanted_exceeded");
    const name = newId("listing");
    const order = await sell(200_000n, name);
    expect(await sell(200_000n, name)).toBe(order);
    await payOrder(t, { payment_id: (await orderDetail(t.db, wanted.buyer, order)).paymentId }, jobs);
    expect((await walletOf(t.db, wanted.buyer.id)).balance).toBe(200_000n);
    await sell(400_000n);
    expect(await wantedDetail(t.db, wanted.id)).toMatchObject({ status: "filled" });
    t.clock.advance(241 * minute_ms);
    await tick(t, jobs, "marketplace.sweep");
    await tick(t, jobs, "marketplace.expire_listings");
    await run();
    expect((await walletOf(t.db, seller.id)).balance).toBe(800_000n);
    await expectBooksBalance(t.db);
  });

  test("whose oldest credits are others than wanted sells nothing", async () => {
    const wanted = await aWanted(t, { country: "BB", vintageFrom: 2026 });
    const seller = await aSeller(t, 1_000_000n, { country: "BB", vintage: 2024 });
    const sell = t.transact((tx) =>
      fillWanted(tx, noAuctions, seller, {
        wantedId: wanted.id,
        creditsAmount: 1_000_000n,
        listingId: newId("listing"),
      }),
    );
    expect(await refusalCode(sell)).toBe("wanted_other_credits");
    expect((await walletOf(t.db, seller.id)).balance).toBe(1_000_000n);
  });

  test("who asked for it has new credits sold: to buyers above the floor first, the rest at the market", async () => {
    const wanted = await aWanted(t, { country: "BC", maxPrice: "18.00", creditsAmount: 300_000n });
    const owner = await aUser(t, { role: "ev_owner" });
    await t.transact((tx) => setAutoSale(tx, owner, { on: true, floor: "17.00", currency: "USD" }));
    await givenBatch(t, owner.id, 1_000_000n, { country: "BC" });
    await drain(t, jobs, { twice: true });
    expect(await wantedDetail(t.db, wanted.id)).toMatchObject({ status: "filled" });
    const mine = await t.db
      .selectFrom("marketplace.listing")
      .select(["price_minor", "amount_g"])
      .where("seller_id", "=", owner.id)
      .orderBy("amount_g")
      .execute();
    expect(mine).toEqual([
      { price_minor: 1_800n, amount_g: 300_000n },
      { price_minor: 1_700n, amount_g: 700_000n },
    ]);
  });
});

test("the book has depth by price on both sides, and the spread", async () => {
  const other = await testDatabase();
  try {
    const seller = await aSeller(other, 3_000_000n);
    await aListing(other, { seller, pricePerCredit: "17.00" });
    await aListing(other, { seller, pricePerCredit: "17.00" });
    await aListing(other, { seller, pricePerCredit: "19.50" });
    await aWanted(other, { maxPrice: "16.20" });
    await aWanted(other, { maxPrice: "15.00", creditsAmount: 500_000n });
    const book = await orderBook(other.db, { currency: "USD", now: other.clock.now() });
    expect(book).toMatchObject({
      asks: [
        { price: "17.00", creditsAmount: 2_000_000n, count: 2 },
        { price: "19.50", creditsAmount: 1_000_000n, count: 1 },
      ],
      bids: [
        { price: "16.20", creditsAmount: 1_000_000n, count: 1 },
        { price: "15.00", creditsAmount: 500_000n, count: 1 },
      ],
      spread: "0.80",
      lastPrice: null,
    });
  } finally {
    await other.close();
  }
});
