import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { type Id, newId, Refusal } from "@evx/kernel";
import { balanceOf, listingAccount, wallet } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import * as v from "valibot";
import { cancelListing, createListing, listingDetail, listingsOf } from "./listings.ts";
import { Search } from "./schema.ts";
import { searchListings } from "./search.ts";
import { aBid, aListing, anAuction, anOrder, aSeller, givenBatch, payOrder } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
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

type Query = v.InferInput<typeof Search>;
const search = (query: Query = {}) => searchListings(t.db, "USD", v.parse(Search, query));
const found = async (query: Query) => (await search(query)).items.map((item) => item.id);

describe("a new listing", () => {
  test("takes the credits out of the wallet into an account of its own, and says where they came from", async () => {
    const seller = await aSeller(t, 300_000n, { vintage: 2023 });
    await givenBatch(t, seller.id, 700_000n, { vintage: 2024, country: "DE", method: "metered-v1" });
    const lot = await aListing(t, { seller, creditsAmount: 900_000n });
    expect((await balanceOf(t.db, wallet(seller.id))).balance).toBe(100_000n);
    expect((await balanceOf(t.db, listingAccount(lot.id))).balance).toBe(900_000n);
    // Most grams are of 2024, so that is what it is found by; both batches are named.
    expect(lot).toMatchObject({
      vintage_year: 2024,
      country_code: "DE",
      method_code: "metered-v1",
      mixed: true,
    });
    const { provenance, listing } = await listingDetail(t.db, lot.id, t.clock.now());
    expect(provenance.map((origin) => [origin.vintage, origin.credits]).toSorted()).toEqual([
      [2023, 300_000n],
      [2024, 600_000n],
    ]);
    expect(provenance.every((origin) => origin.serial.startsWith("EVX-"))).toBe(true);
    expect(listing.provenance).toEqual(provenance);
    await expectBooksBalance(t.db);
  });

  test("still says where its credits came from when they are all sold", async () => {
    const lot = await aListing(t);
    await payOrder(t, await anOrder(t, lot.id));
    expect((await listingDetail(t.db, lot.id, t.clock.now())).provenance).toHaveLength(1);
  });

  test("is refused with a clear code, and nothing moves, when anything about it is wrong", async () => {
    const seller = await aSeller(t, 1_000_000n);
    const now = t.clock.now().getTime();
    const wish = (more: object) =>
      codeOf(
        t.transact((tx) =>
          createListing(tx, seller, "USD", {
            id: newId("listing"),
            creditsAmount: 500_000n,
            pricePerCredit: "10.00",
            listingType: "fixed",
            ...more,
          }),
        ),
      );
    const auction = { listingType: "auction", auctionEndTime: new Date(now + 3_600_000) };
    const refused: [object, string][] = [
      [{ creditsAmount: 1_000_001n }, "balance_insufficient"],
      [{ pricePerCredit: "0" }, "input_invalid"],
      [{ pricePerCredit: "10.001" }, "input_invalid"],
      [{ pricePerCredit: "999999999999" }, "input_invalid"],
      [{ creditsAmount: 10n ** 17n, pricePerCredit: "900000000" }, "listing_too_large"],
      [{ creditsAmount: 1n, pricePerCredit: "0.01" }, "listing_too_small"],
      [{ auctionEndTime: new Date(now + 3_600_000) }, "auction_fields_on_fixed"],
      [{ reservePrice: "12.00" }, "auction_fields_on_fixed"],
      [{ listingType: "auction" }, "auction_end_required"],
      [{ ...auction, auctionEndTime: new Date(now - 1) }, "auction_end_out_of_range"],
      [{ ...auction, auctionEndTime: new Date(now + 40 * 86_400_000) }, "auction_end_out_of_range"],
      [{ ...auction, reservePrice: "9.99" }, "auction_reserve_too_low"],
    ];
    for (const [more, code] of refused) expect([more, await wish(more)]).toEqual([more, code]);
    expect((await balanceOf(t.db, wallet(seller.id))).balance).toBe(1_000_000n);
    await expectBooksBalance(t.db);
  });
});

describe("cancelling", () => {
  test("returns what nobody has ordered, once; another's listing is not found", async () => {
    const lot = await aListing(t);
    const stranger = await aSeller(t);
    expect(await codeOf(t.transact((tx) => cancelListing(tx, stranger, lot.id)))).toBe("listing_not_found");
    await payOrder(t, await anOrder(t, lot.id, { creditsAmount: 250_000n }));
    for (let time = 0; time < 2; time++) await t.transact((tx) => cancelListing(tx, lot.seller, lot.id));
    expect((await balanceOf(t.db, wallet(lot.seller.id))).balance).toBe(750_000n);
    expect((await balanceOf(t.db, listingAccount(lot.id))).balance).toBe(0n);
    await expectBooksBalance(t.db);
  });

  test("a sold listing stays sold", async () => {
    const lot = await aListing(t);
    await payOrder(t, await anOrder(t, lot.id));
    expect(await codeOf(t.transact((tx) => cancelListing(tx, lot.seller, lot.id)))).toBe("listing_sold");
  });
});

describe("search", () => {
  /** Twelve listings of one seller, so that other tests' do not get in the way. */
  const market = async () => {
    const seller = await aSeller(t, 1n, { vintage: 2020, country: "DE", method: "metered-v1" });
    const ids: Id<"listing">[] = [];
    for (let n = 0; n < 12; n++) {
      const origin = {
        vintage: 2020 + (n % 3),
        country: n % 2 ? "VN" : "DE",
        method: n % 4 ? "flat-v1" : "metered-v1",
      };
      // A wallet gives its oldest grams first, so each listing takes exactly the batch that was just added.
      if (n > 0) await givenBatch(t, seller.id, 1_000_000n, origin);
      else await givenBatch(t, seller.id, 999_999n, origin);
      t.clock.advance(1_000);
      const lot = await aListing(t, { seller, pricePerCredit: `${10 + (n % 5)}.00` });
      ids.push(lot.id);
    }
    return { seller: seller.id, ids };
  };

  test("pages through every listing exactly once in each order, ties included", async () => {
    const { seller, ids } = await market();
    for (const sort of ["price", "-price", "newest"] as const) {
      const seen: string[] = [];
      const prices: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await search({ seller, sort, limit: 5, ...(cursor ? { cursor } : {}) });
        seen.push(...page.items.map((item) => item.id));
        prices.push(...page.items.map((item) => Number(item.pricePerCredit)));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      expect(seen.toSorted()).toEqual(ids.toSorted());
      if (sort === "price") expect(prices).toEqual(prices.toSorted((a, b) => a - b));
      if (sort === "-price") expect(prices).toEqual(prices.toSorted((a, b) => b - a));
      if (sort === "newest") expect(seen).toEqual(ids.toReversed());
    }
  });

  test("filters by type, price, size, vintage, country, method, seller and words, alone and together", async () => {
    const { seller, ids } = await market();
    const at = (...places: number[]) => places.map((place) => ids[place] as Id<"listing">).toSorted();
    const of = async (query: Query) => (await found({ seller, ...query })).toSorted();
    expect(await of({ vintage: 2021 })).toEqual(at(1, 4, 7, 10));
    expect(await of({ country: "de" })).toEqual(at(0, 2, 4, 6, 8, 10));
    expect(await of({ method: "metered-v1" })).toEqual(at(0, 4, 8));
    expect(await of({ minPrice: "13", maxPrice: "13.50" })).toEqual(at(3, 8));
    expect(await of({ minCredits: "1.000001" })).toEqual([]);
    expect(await of({ minCredits: "1" })).toHaveLength(12);
    expect(await of({ type: "auction" })).toEqual([]);
    expect(await of({ type: "fixed", country: "VN", vintage: "2021", sort: "price" })).toEqual(at(1, 7));
    expect(await of({ q: "Đức metered" })).toEqual(at(0, 4, 8));
    expect(await of({ q: "Việt Nam" })).toHaveLength(6);
    expect(await of({ q: "100%" })).toEqual([]);
    expect(await found({ seller: newId("user") })).toEqual([]);
  });

  test("shows what can be bought: not what is sold, cancelled, ended or wholly reserved", async () => {
    const seller = await aSeller(t, 4_000_000n);
    const lots = [];
    for (let n = 0; n < 4; n++) lots.push(await aListing(t, { seller }));
    const [open, sold, cancelled, reserved] = lots as [
      (typeof lots)[0],
      (typeof lots)[0],
      (typeof lots)[0],
      (typeof lots)[0],
    ];
    await payOrder(t, await anOrder(t, sold.id));
    await t.transact((tx) => cancelListing(tx, seller, cancelled.id));
    await anOrder(t, reserved.id);
    expect(await found({ seller: seller.id })).toEqual([open.id]);
    const mine = await listingsOf(t.db, seller.id, { limit: 10 });
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

  test("takes any cursor and any words without failing", async () => {
    const cursors = [
      "",
      "x",
      "%%%",
      btoa("[1,2]"),
      btoa('["1e9","x"]'),
      btoa('[1e300,"x"]'),
      btoa('["99999999999999999999","x"]'),
    ];
    for (const cursor of cursors) {
      for (const sort of ["price", "newest", "ending"] as const) {
        if (!v.is(Search, { cursor, sort })) continue;
        expect((await search({ cursor, sort, limit: 1 })).items.length).toBeLessThanOrEqual(1);
      }
    }
    for (const none of ["x", "%%%"]) expect(v.is(Search, { cursor: none })).toBe(false);
    for (const q of ["'", "%", "\\", "_", "   ", "💥", "a".repeat(100), "select * from"]) {
      expect((await search({ q })).items.length).toBeLessThanOrEqual(50);
    }
  });
});
