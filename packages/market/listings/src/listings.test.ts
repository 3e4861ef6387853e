import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { publicNames } from "@evx/accounts";
import { aUser } from "@evx/accounts/testing";
import { insertTree } from "@evx/certificates";
import { batchNumber } from "@evx/credits";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { type Id, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { balanceOf, listingAccount, wallet } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import * as v from "valibot";
import { createListing, listingDetail } from "./listings.ts";
import { askDepth, changeListing } from "./queries/listings.ts";
import { Search } from "./schema.ts";
import { searchListings } from "./search.ts";
import { aListing, aSeller, givenBatch, noAuctions } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

type Query = v.InferInput<typeof Search>;
const search = (query: Query = {}) =>
  searchListings(t.db, noAuctions, { ...v.parse(Search, query), currency: "USD" });
const found = async (query: Query) => (await search(query)).items.map((item) => item.id);

describe("a new listing", () => {
  test("takes the credits out of the wallet into an account of its own, and says where they came from", async () => {
    const seller = await aSeller(t, 300_000n, { vintage: 2023 });
    await givenBatch(t, seller.id, 700_000n, { vintage: 2024, country: "DE", method: "metered-v1" });
    const listing = await aListing(t, { seller, creditsAmount: 900_000n });
    expect((await balanceOf(t.db, wallet(seller.id))).balance).toBe(100_000n);
    expect((await balanceOf(t.db, listingAccount(listing.id))).balance).toBe(900_000n);
    // Most grams are of 2024, so that is what it is found by; both batches are named.
    expect(listing).toMatchObject({
      vintage_year: 2024,
      country_code: "DE",
      method_code: "metered-v1",
      mixed: true,
    });
    const { provenance, listing: shown } = await listingDetail(t.db, noAuctions, {
      id: listing.id,
      now: t.clock.now(),
    });
    expect(provenance.map((origin) => [origin.vintage, origin.credits]).toSorted()).toEqual([
      [2023, 300_000n],
      [2024, 600_000n],
    ]);
    expect(provenance.every((origin) => origin.serial.startsWith("EVX-"))).toBe(true);
    expect(shown.provenance).toEqual(provenance);
    await expectBooksBalance(t.db);
  });

  test("is refused with a clear code, and nothing moves, when anything about it is wrong", async () => {
    const seller = await aSeller(t, 1_000_000n);
    const now = t.clock.now().getTime();
    const input = (more: object) =>
      refusalCode(
        t.transact((tx) =>
          createListing(tx, noAuctions, seller, {
            currency: "USD",
            id: newId("listing"),
            creditsAmount: 500_000n,
            pricePerCredit: "10.00",
            listingType: "fixed",
            ...more,
          }),
        ),
      );
    const refused: [object, string][] = [
      [{ creditsAmount: 1_000_001n }, "balance_insufficient"],
      [{ pricePerCredit: "0" }, "input_invalid"],
      [{ pricePerCredit: "10.001" }, "input_invalid"],
      [{ pricePerCredit: "999999999999" }, "input_invalid"],
      [{ creditsAmount: 10n ** 17n, pricePerCredit: "900000000" }, "listing_too_large"],
      [{ creditsAmount: 1n, pricePerCredit: "0.01" }, "listing_too_small"],
      [{ auctionEndTime: new Date(now + 3_600_000) }, "auction_fields_on_fixed"],
      [{ reservePrice: "12.00" }, "auction_fields_on_fixed"],
    ];
    for (const [more, code] of refused) expect([more, await input(more)]).toEqual([more, code]);
    expect((await balanceOf(t.db, wallet(seller.id))).balance).toBe(1_000_000n);
    await expectBooksBalance(t.db);
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
      const listing = await aListing(t, { seller, pricePerCredit: `${10 + (n % 5)}.00` });
      ids.push(listing.id);
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

  test("refuses another list's cursor with a code of its own, and takes any words", async () => {
    const page = await search({ sort: "newest", limit: 1 });
    for (const cursor of [page.nextCursor ?? "", btoa("[1,2]"), btoa('["1e9","x"]'), btoa('["99","x"]')])
      expect(await refusalCode(search({ cursor, sort: "price" }))).toBe("cursor_unknown");
    for (const cursor of [btoa('[1e300,"x"]'), btoa('["99999999999999999999","x"]'), btoa("[7]")])
      expect(await refusalCode(search({ cursor, sort: "newest" }))).toBe("cursor_unknown");
    for (const none of ["x", "%%%"]) expect(v.is(Search, { cursor: none })).toBe(false);
    for (const q of ["'", "%", "\\", "_", "   ", "💥", "a".repeat(100), "select * from"]) {
      expect((await search({ q })).items.length).toBeLessThanOrEqual(50);
    }
  });
});

test("a row names the seller as they chose to be shown, and who verified it by name, as the registry does", async () => {
  const auditor = await aUser(t, { role: "cva", fullName: "Nguyễn Ánh Dương" });
  const seller = await aSeller(t, 500_000n, { cvaId: auditor.id });
  const { id } = await aListing(t, { seller, creditsAmount: 500_000n });
  const row = (await search({})).items.find((item) => item.id === id);
  expect(row?.auditor).toBe("Nguyễn Ánh Dương");
  expect(row?.seller).toBe((await publicNames(t.db, [seller.id])).get(seller.id));
});

test("a row names the batch that most of it comes from, with the root that its seal is drawn from", async () => {
  const seller = await aSeller(t, 200_000n, {});
  const batchId = newId("batch");
  await givenBatch(t, seller.id, 300_000n, { batchId });
  const { id } = await aListing(t, { seller, creditsAmount: 500_000n });
  const shown = async () => (await search({})).items.find((item) => item.id === id);
  const { number } = await t.db
    .selectFrom("credits.batch")
    .select("number")
    .where("id", "=", batchId)
    .executeTakeFirstOrThrow();
  expect((await shown())?.batch).toEqual({ number: batchNumber(number), root: null });

  const root = "5e".repeat(32);
  const leaf = { secret: new Uint8Array(32), leaves: new Uint8Array(32), sums: new Uint8Array(8) };
  await t.transact((tx) =>
    insertTree(tx, { batchId, requestId: newId("request"), root, ...leaf, grams: 300_000n }),
  );
  expect((await shown())?.batch).toEqual({ number: batchNumber(number), root });
});

test("the rest of a listing that is too small to be paid for is not offered while the order for the other grams is open", async () => {
  const { id, seller } = await aListing(t, { creditsAmount: 1_000_000n, pricePerCredit: "10.00" });
  const shown = async () => (await found({ seller: seller.id })).includes(id);
  const asked = async () => (await askDepth(t.db, { currency: "USD", limit: 1_000 })).map((row) => row.grams);
  const order = (free: bigint) => t.transact((tx) => changeListing(tx, id, { free }));
  // $0.50 is the least that can be paid: at $10.00 a credit that is 50,000 g.
  await order(-950_000n);
  expect(await shown()).toBe(true);
  await order(-1n);
  expect(await shown()).toBe(true); // $0.49999 is half a dollar once it is rounded
  await order(-49_998n);
  expect(await shown()).toBe(false);
  expect(await asked()).not.toContain("1");
  // The order is not paid: all of it is for sale again.
  await order(999_999n);
  expect(await shown()).toBe(true);
});
