import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { on } from "@evx/jobs";
import { drain, tick } from "@evx/jobs/testing";
import { hour_ms, type Id, minute_ms, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { watchedPriceChanged } from "./events.ts";
import { listingsJobs } from "./jobs.ts";
import { changePrice } from "./listings.ts";
import { countFacets } from "./queries/facets.ts";
import { searchRows } from "./queries/listings.ts";
import { forgetSearch, savedSearches, saveSearch } from "./saved-searches.ts";
import { filterOf, marketFacets, similarListings } from "./search.ts";
import { aListing, aSeller, noAuctions } from "./testing.ts";
import { watch, watchedOf, watchOf } from "./watching.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const jobs = listingsJobs(noAuctions);

/** What was told to somebody under an event's name, the oldest first. */
const told = async (name: string, userId: Id<"user">) => {
  const rows = await t.admin
    .selectFrom("jobs.outbox")
    .select("payload")
    .where("name", "=", name)
    .orderBy("id")
    .execute();
  return rows.map(({ payload }) => payload as Record<string, unknown>).filter((one) => one.userId === userId);
};

describe("a watched listing", () => {
  test("is listed for its watcher until they let go, and watching it twice is watching it", async () => {
    const [someone, listing] = [await aUser(t), await aListing(t)];
    const set = (on: boolean) => t.transact((tx) => watch(tx, someone, { listingId: listing.id, on }));
    await set(true);
    await set(true);
    expect((await watchedOf(t.db, noAuctions, someone, { limit: 10 })).items).toHaveLength(1);
    expect((await similarListings(t.db, noAuctions, listing.id)).watchers).toBe(1);
    expect(await watchOf(t.db, someone, listing.id)).toEqual({ on: true });
    await set(false);
    expect((await watchedOf(t.db, noAuctions, someone, { limit: 10 })).items).toEqual([]);
    const unknown = t.transact((tx) => watch(tx, someone, { listingId: newId("listing"), on: true }));
    expect(await refusalCode(unknown)).toBe("listing_not_found");
  });

  test("tells its watchers of another price, and of its end once, but not its seller", async () => {
    const [someone, seller] = [await aUser(t), await aSeller(t)];
    const expiresAt = new Date(t.clock.now().getTime() + 90 * minute_ms);
    const listing = await aListing(t, { seller, pricePerCredit: "20.00", expiresAt });
    for (const who of [someone, seller])
      await t.transact((tx) => watch(tx, who, { listingId: listing.id, on: true }));
    await t.transact((tx) => changePrice(tx, seller, { id: listing.id, pricePerCredit: "18.00" }));
    const heard: { userId: string; pricePerCreditMinor: string }[] = [];
    const ear = on(watchedPriceChanged, "test.ear", async (_, change) => void heard.push(change));
    await drain(t, [...jobs, ear]);
    expect(heard).toMatchObject([{ userId: someone.id, pricePerCreditMinor: "1800" }]);
    await tick(t, jobs, "marketplace.tell_of_ends");
    expect(await told("marketplace.watched_ending", someone.id)).toEqual([]);
    t.clock.advance(hour_ms);
    for (let time = 0; time < 2; time++) await tick(t, jobs, "marketplace.tell_of_ends");
    expect(await told("marketplace.watched_ending", someone.id)).toMatchObject([{ listingId: listing.id }]);
    expect(await told("marketplace.watched_ending", seller.id)).toEqual([]);
  });
});

describe("a saved search", () => {
  const save = (who: { id: Id<"user"> }, filter: Record<string, string>, alerts = true) =>
    t.transact((tx) =>
      saveSearch(tx, who, { id: newId("search"), name: "Mine", filter, alerts, currency: "USD" }),
    );
  const look = async () => {
    t.clock.advance(2 * minute_ms);
    for (let time = 0; time < 2; time++) await tick(t, jobs, "marketplace.tell_of_new");
  };

  test("tells once of all that is new and found, and not of one's own, the old or what does not fit", async () => {
    const seller = await aSeller(t, 1_000_000n, { country: "DE" });
    const some = { seller, creditsAmount: 100_000n };
    await aListing(t, { ...some, pricePerCredit: "9.00" });
    t.clock.advance(minute_ms);
    const [someone, silent] = [await aUser(t), await aUser(t)];
    await save(someone, { country: "DE", maxPrice: "10.00", q: "đức" });
    await save(silent, { country: "DE" }, false);
    await save(seller, { country: "DE" });
    await look();
    expect(await told("marketplace.search_matched", someone.id)).toEqual([]);
    t.clock.advance(minute_ms);
    await aListing(t, { ...some, pricePerCredit: "9.00" });
    await aListing(t, { ...some, pricePerCredit: "10.00" });
    await aListing(t, { ...some, pricePerCredit: "11.00" });
    await look();
    await look();
    const found = await told("marketplace.search_matched", someone.id);
    expect(found).toMatchObject([{ name: "Mine", listings: 2 }]);
    expect(new URLSearchParams(String(found[0]?.query)).get("q")).toBe("đức");
    for (const who of [silent, seller]) expect(await told("marketplace.search_matched", who.id)).toEqual([]);
  });

  test("is its owner's alone, and there are twenty at most", async () => {
    const [someone, other] = [await aUser(t), await aUser(t)];
    for (let n = 0; n < 20; n++) await save(someone, { vintage: "2025" });
    expect(await refusalCode(save(someone, { vintage: "2025" }))).toBe("search_limit_reached");
    const [first] = await savedSearches(t.db, someone);
    if (!first) throw new Error("saved");
    const forget = (who: { id: Id<"user"> }) => t.transact((tx) => forgetSearch(tx, who, first.id));
    expect(await refusalCode(forget(other))).toBe("search_not_found");
    await forget(someone);
    expect(await savedSearches(t.db, someone)).toHaveLength(19);
  });
});

describe("what stands beside a listing", () => {
  test("the numbers by which the market is filtered are those of what is for sale", async () => {
    const seller = await aSeller(t, 1_000_000n, { country: "NL", vintage: 2019 });
    for (let n = 0; n < 3; n++) await aListing(t, { seller, creditsAmount: 100_000n });
    await t.transact(countFacets);
    const { counts, countries } = await marketFacets(t.db, "USD");
    expect(countries).toContain("NL");
    expect(counts.countries.NL).toBe(3);
    expect(counts.vintages["2019"]).toBe(3);
    const all = Object.values(counts.types).reduce((sum, count) => sum + count, 0);
    expect(counts.prices.reduce((sum, span) => sum + span.listings, 0)).toBe(all);
    expect(counts.prices.every(({ from, to }) => Number(from) <= Number(to))).toBe(true);
    const [tier = ""] = Object.keys(counts.qualities);
    const found = await searchRows(t.db, {
      filter: filterOf({ quality: tier as "manual" }, "USD"),
      sort: "price",
      after: null,
      limit: 100,
    });
    expect(found).toHaveLength(counts.qualities[tier] ?? 0);
    expect(found.every(({ tiers }) => tiers.includes(tier as "manual"))).toBe(true);
    // A rest that nobody can pay for is not found, and not counted either.
    const [rest] = await t.admin
      .updateTable("marketplace.listing")
      .set({ remaining_g: 1n, sold_g: 99_999n })
      .where("seller_id", "=", seller.id)
      .where("id", "=", (eb) =>
        eb
          .selectFrom("marketplace.listing")
          .select((sub) => sub.fn.min("id").as("id"))
          .where("seller_id", "=", seller.id),
      )
      .returning("id")
      .execute();
    expect(rest).toBeDefined();
    await t.transact(countFacets);
    expect((await marketFacets(t.db, "USD")).counts.countries.NL).toBe(2);
    await t.admin
      .updateTable("marketplace.listing")
      .set({ status: "cancelled" })
      .where("seller_id", "=", seller.id)
      .execute();
    await t.transact(countFacets);
    expect((await marketFacets(t.db, "USD")).counts.countries.NL).toBeUndefined();
  });

  test("alike listings come cheapest first without itself, and its former prices with their ends", async () => {
    const seller = await aSeller(t, 1_000_000n, { country: "FR" });
    const some = { seller, creditsAmount: 100_000n };
    const listing = await aListing(t, { ...some, pricePerCredit: "20.00" });
    const dear = await aListing(t, { ...some, pricePerCredit: "22.00" });
    const cheap = await aListing(t, { ...some, pricePerCredit: "18.00" });
    await t.transact((tx) => changePrice(tx, seller, { id: listing.id, pricePerCredit: "19.00" }));
    const similar = await similarListings(t.db, noAuctions, listing.id);
    expect(similar.items.map(({ id }) => id)).toEqual([cheap.id, dear.id]);
    expect(similar.watchers).toBe(0);
    expect(similar.formerPrices).toEqual([{ pricePerCredit: "20.00", until: t.clock.now() }]);
  });
});
