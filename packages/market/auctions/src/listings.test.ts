import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { balanceOf, listingAccount, wallet } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import {
  cancelListing as cancel,
  createListing,
  listingDetail,
  listingsOf,
  searchListings,
} from "@evx/listings";
import { Search } from "@evx/listings/schema";
import { aListing, aSeller } from "@evx/listings/testing";
import { placeOrder } from "@evx/orders";
import { aBuyer, anOrder } from "@evx/orders/testing";
import * as v from "valibot";
import { auctionPorts } from "./auction-ports.ts";
import { aBid, anAuction, payOrder } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

type Query = v.InferInput<typeof Search>;
const search = (query: Query = {}) =>
  searchListings(t.db, auctionPorts, { ...v.parse(Search, query), currency: "USD" });
const found = async (query: Query) => (await search(query)).items.map((item) => item.id);
const cancelListing = (
  ...[tx, seller, id]: [
    Parameters<typeof cancel>[0],
    Parameters<typeof cancel>[2],
    Parameters<typeof cancel>[3],
  ]
) => cancel(tx, auctionPorts, seller, id);

describe("a listing that is sold by auction", () => {
  test("is refused with a clear code, and nothing moves, when its end or reserve price is wrong", async () => {
    const seller = await aSeller(t, 1_000_000n);
    const now = t.clock.now().getTime();
    const auction = { listingType: "auction", auctionEndTime: new Date(now + 3_600_000) };
    const refused: [object, string][] = [
      [{ listingType: "auction" }, "auction_end_required"],
      [{ ...auction, auctionEndTime: new Date(now - 1) }, "auction_end_out_of_range"],
      [{ ...auction, auctionEndTime: new Date(now + 40 * 86_400_000) }, "auction_end_out_of_range"],
      [{ ...auction, reservePrice: "9.99" }, "auction_reserve_too_low"],
    ];
    for (const [more, code] of refused) {
      const work = t.transact((tx) =>
        createListing(tx, auctionPorts, seller, {
          id: newId("listing"),
          currency: "USD",
          creditsAmount: 500_000n,
          pricePerCredit: "10.00",
          listingType: "fixed",
          ...more,
        }),
      );
      expect([more, await refusalCode(work)]).toEqual([more, code]);
    }
    expect((await balanceOf(t.db, wallet(seller.id))).balance).toBe(1_000_000n);
    await expectBooksBalance(t.db);
  });

  test("is not bought outright", async () => {
    const listing = await anAuction(t);
    const buyer = await aBuyer(t);
    const work = t.transact((tx) => placeOrder(tx, buyer, { id: newId("order"), listingId: listing.id }));
    expect(await refusalCode(work)).toBe("listing_is_auction");
    expect(await balanceOf(t.db, listingAccount(listing.id))).toMatchObject({
      balance: listing.amount_g,
      held: 0n,
    });
    await expectBooksBalance(t.db);
  });
});

describe("a sold listing", () => {
  test("still says where its credits came from when they are all sold", async () => {
    const listing = await aListing(t);
    await payOrder(t, await anOrder(t, listing.id));
    expect(
      (await listingDetail(t.db, auctionPorts, { id: listing.id, now: t.clock.now() })).provenance,
    ).toHaveLength(1);
  });
});

describe("cancelling", () => {
  test("returns what nobody has ordered, once; another's listing is not found", async () => {
    const listing = await aListing(t);
    const stranger = await aSeller(t);
    expect(await refusalCode(t.transact((tx) => cancelListing(tx, stranger, listing.id)))).toBe(
      "listing_not_found",
    );
    await payOrder(t, await anOrder(t, listing.id, { creditsAmount: 250_000n }));
    for (let time = 0; time < 2; time++)
      await t.transact((tx) => cancelListing(tx, listing.seller, listing.id));
    expect((await balanceOf(t.db, wallet(listing.seller.id))).balance).toBe(750_000n);
    expect((await balanceOf(t.db, listingAccount(listing.id))).balance).toBe(0n);
    await expectBooksBalance(t.db);
  });

  test("a sold listing stays sold", async () => {
    const listing = await aListing(t);
    await payOrder(t, await anOrder(t, listing.id));
    expect(await refusalCode(t.transact((tx) => cancelListing(tx, listing.seller, listing.id)))).toBe(
      "listing_sold",
    );
  });
});

describe("search", () => {
  test("shows what can be bought: not what is sold, cancelled, ended or wholly reserved", async () => {
    const seller = await aSeller(t, 4_000_000n);
    const listings = [];
    for (let n = 0; n < 4; n++) listings.push(await aListing(t, { seller }));
    const [open, sold, cancelled, reserved] = listings as [
      (typeof listings)[0],
      (typeof listings)[0],
      (typeof listings)[0],
      (typeof listings)[0],
    ];
    await payOrder(t, await anOrder(t, sold.id));
    await t.transact((tx) => cancelListing(tx, seller, cancelled.id));
    await anOrder(t, reserved.id);
    expect(await found({ seller: seller.id })).toEqual([open.id]);
    const mine = await listingsOf(t.db, auctionPorts, seller, { limit: 10 });
    expect(mine.items.map((item) => item.status).toSorted()).toEqual([
      "active",
      "active",
      "cancelled",
      "sold",
    ]);
    await expectBooksBalance(t.db);
  });

  test("orders auctions by their end, and moves one that was extended", async () => {
    const seller = await aSeller(t, 2_000_000n);
    const soon = await anAuction(t, { seller, lasts_s: 60 });
    const later = await anAuction(t, { seller, lasts_s: 120 });
    expect(await found({ seller: seller.id, sort: "ending" })).toEqual([soon.id, later.id]);
    await aBid(t, soon.id, "11.00");
    expect(await found({ seller: seller.id, sort: "ending" })).toEqual([later.id, soon.id]);
    const [, shown] = (await search({ seller: seller.id, sort: "ending" })).items;
    expect(shown).toMatchObject({ id: soon.id, currentBid: "10.00", bidCount: 1, listingType: "auction" });
  });
});
