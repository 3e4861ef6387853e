import { afterAll, beforeAll, expect, test } from "bun:test";
import { walletOf } from "@evx/credits";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain, tick } from "@evx/jobs/testing";
import { day_ms, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { balanceOf, wallet } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { cancelListing, changePrice, listingRow } from "@evx/listings";
import { listingsJobs } from "@evx/listings/jobs";
import { aListing, aSeller, noAuctions } from "@evx/listings/testing";
import { ordersJobs } from "./jobs.ts";
import { placeOrder } from "./orders.ts";
import { makeQuote } from "./quotes.ts";
import { aBuyer, anOrder, noWinners, payOrder } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase({ max: 64 });
});
afterAll(() => t.close());

const jobs = [...ordersJobs(noWinners), ...listingsJobs(noAuctions)];
const remaining = async (id: Parameters<typeof listingRow>[1]) => (await listingRow(t.db, id))?.remaining_g;

test("what no gateway can charge is refused before anything is reserved: slices of a cent and millions alike", async () => {
  const slices = await aListing(t, { creditsAmount: 1_000_000n, pricePerCredit: "12.00" });
  expect(await refusalCode(anOrder(t, slices.id, { creditsAmount: 1_249n }))).toBe("amount_below_minimum");
  expect(await refusalCode(anOrder(t, slices.id, { creditsAmount: 41_000n }))).toBe("amount_below_minimum");
  expect(await refusalCode(anOrder(t, slices.id, { creditsAmount: 41_667n }))).toBe("none");
  const dear = await aListing(t, { creditsAmount: 1_000_000n, pricePerCredit: "10000000.00" });
  expect(await refusalCode(anOrder(t, dear.id))).toBe("amount_above_maximum");
  expect(await remaining(dear.id)).toBe(1_000_000n);
});

test("a rest too small to be paid for goes back to its seller, and the listing is sold", async () => {
  const listing = await aListing(t, { creditsAmount: 100_000n, pricePerCredit: "12.00" });
  await payOrder(t, await anOrder(t, listing.id, { creditsAmount: 99_999n }), jobs);
  expect(await listingRow(t.db, listing.id)).toMatchObject({
    status: "sold",
    remaining_g: 0n,
    returned_g: 1n,
  });
  expect(await walletOf(t.db, listing.seller.id)).toMatchObject({ balance: 1n, reserved: 0n });
  await expectBooksBalance(t.db);
});

test("a seller's smallest order holds, but for whoever takes all that is left", async () => {
  const listing = await aListing(t, { creditsAmount: 1_000_000n, minCredits: 600_000n });
  expect(await refusalCode(anOrder(t, listing.id, { creditsAmount: 500_000n }))).toBe("order_below_least");
  await anOrder(t, listing.id, { creditsAmount: 600_000n });
  expect(await refusalCode(anOrder(t, listing.id, { creditsAmount: 400_000n }))).toBe("none");
  expect(await refusalCode(aListing(t, { creditsAmount: 1_000n, minCredits: 1_001n }))).toBe(
    "listing_terms_wrong",
  );
});

test("a listing with an end of its own goes back by itself", async () => {
  const expiresAt = new Date(t.clock.now().getTime() + 3_600_000);
  const listing = await aListing(t, { creditsAmount: 1_000_000n, expiresAt });
  await tick(t, jobs, "marketplace.expire_listings");
  expect(await remaining(listing.id)).toBe(1_000_000n);
  t.clock.set(expiresAt);
  await tick(t, jobs, "marketplace.expire_listings");
  expect((await listingRow(t.db, listing.id))?.status).toBe("expired");
  expect(await walletOf(t.db, listing.seller.id)).toMatchObject({ balance: 1_000_000n });
});

test("a price changes while nothing is ordered, and an order keeps the price that it was placed at", async () => {
  const listing = await aListing(t);
  const change = (pricePerCredit: string) =>
    refusalCode(t.transact((tx) => changePrice(tx, listing.seller, { id: listing.id, pricePerCredit })));
  expect(await change("11.00")).toBe("none");
  const order = await anOrder(t, listing.id, { creditsAmount: 500_000n });
  expect(order.price_minor).toBe(1_100n);
  expect(await change("9.00")).toBe("listing_in_trade");
  expect(
    await refusalCode(
      t.transact((tx) => changePrice(tx, order.buyer, { id: listing.id, pricePerCredit: "1" })),
    ),
  ).toBe("listing_not_found");
});

test("sixty orders at once by one buyer: no more stay open than are allowed", async () => {
  const listing = await aListing(t, { creditsAmount: 100_000_000n });
  const buyer = await aBuyer(t);
  const codes = await Promise.all(
    Array.from({ length: 60 }, () =>
      refusalCode(
        t.transact((tx) =>
          placeOrder(tx, buyer, { id: newId("order"), listingId: listing.id, creditsAmount: 100_000n }),
        ),
      ),
    ),
  );
  expect(codes.filter((code) => code === "none")).toHaveLength(20);
  expect(codes.filter((code) => code === "order_limit_reached")).toHaveLength(40);
});

test("a venue in dong works from listing to payout's balance, without a minor unit", async () => {
  const listing = await aListing(t, { currency: "VND", pricePerCredit: "300000", creditsAmount: 1_000_000n });
  expect(await refusalCode(anOrder(t, listing.id, { creditsAmount: 30_000n }))).toBe("amount_below_minimum");
  const order = await anOrder(t, listing.id, { creditsAmount: 333_333n });
  expect(order).toMatchObject({
    currency: "VND",
    total_minor: 100_000n,
    platform_fee_minor: 2_500n,
    cva_fee_minor: 1_000n,
  });
  await payOrder(t, order, jobs);
  await drain(t, jobs);
  const { balance } = await t.db
    .selectFrom("ledger.account")
    .select("balance")
    .where("id", "=", `VND/cash/${listing.seller.id}`)
    .executeTakeFirstOrThrow();
  expect(balance).toBe(96_500n);
  await expectBooksBalance(t.db);
});

test("a listing that begins later is found, quoted and bought by nobody before, and then counts from its beginning", async () => {
  const seller = await aSeller(t, 1_000_000n, { country: "XS" });
  const startsAt = new Date(t.clock.now().getTime() + day_ms);
  const listing = await aListing(t, { seller, creditsAmount: 500_000n, startsAt });
  const ask = { creditsAmount: 500_000n, country: "XS", currency: "USD" as const };
  const quote = () => refusalCode(t.transact((tx) => makeQuote(tx, null, ask)));
  expect(await refusalCode(anOrder(t, listing.id))).toBe("listing_not_started");
  expect(await quote()).toBe("quote_short");
  await tick(t, jobs, "marketplace.begin_listings");
  expect(await quote()).toBe("quote_short");
  t.clock.advance(day_ms);
  for (let time = 0; time < 2; time++) await tick(t, jobs, "marketplace.begin_listings");
  expect(await listingRow(t.db, listing.id)).toMatchObject({ starts_at: null, created_at: t.clock.now() });
  expect(await quote()).toBe("none");
  expect((await anOrder(t, listing.id)).amount_g).toBe(500_000n);
  const starts = (startsAt: Date, expiresAt?: Date) =>
    refusalCode(aListing(t, { seller, creditsAmount: 100_000n, startsAt, expiresAt }));
  expect(await starts(t.clock.now())).toBe("listing_start_wrong");
  expect(await starts(new Date(t.clock.now().getTime() + 91 * day_ms))).toBe("listing_start_wrong");
  const later = new Date(t.clock.now().getTime() + day_ms);
  expect(await starts(later, later)).toBe("listing_terms_wrong");
});

test("a listing that has not begun can be taken down, and all of it comes back", async () => {
  const seller = await aSeller(t, 1_000_000n);
  const startsAt = new Date(t.clock.now().getTime() + day_ms);
  const { id } = await aListing(t, { seller, creditsAmount: 1_000_000n, startsAt });
  await t.transact((tx) => cancelListing(tx, noAuctions, seller, id));
  expect((await balanceOf(t.db, wallet(seller.id))).balance).toBe(1_000_000n);
  t.clock.advance(day_ms);
  await tick(t, jobs, "marketplace.begin_listings");
  expect((await listingRow(t.db, id))?.status).toBe("cancelled");
});
