import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { refusalCode } from "@evx/kernel/testing";
import { expectBooksBalance } from "@evx/ledger/testing";
import { aBuyer } from "@evx/orders/testing";
import { bidLog, proveAuction, wholeBidLog } from "./bid-log.ts";
import { commitment, replay } from "./chain.ts";
import { closeAuction } from "./closing.ts";
import { aBid, anAuction, letEnd } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

describe("the public log", () => {
  /** An auction with three bids that was closed at the end which its terms say, and its log while it ran. */
  const closedAuction = async () => {
    const listing = await anAuction(t, { lasts_s: 3_600, reservePrice: "12.00" });
    const [a, b] = [await aBuyer(t), await aBuyer(t)];
    await aBid(t, listing.id, "11.00", a);
    await aBid(t, listing.id, "20.00", b);
    await aBid(t, listing.id, "15.00", a);
    const live = await bidLog(t.db, listing.id, { limit: 10 });
    await letEnd(t, listing.id);
    await t.transact((tx) => closeAuction(tx, listing.id));
    return { listing, live, a, b };
  };

  test("hides bidders and maxima while the auction runs, and proves winner and price when it has closed", async () => {
    const { listing, live, a, b } = await closedAuction();
    const text = JSON.stringify(live);
    expect(text).not.toContain(a.id);
    expect(text).not.toContain(b.id);
    expect(live.items.map((bid) => [bid.max, bid.salt])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
    expect([live.terms.reserve, live.terms.reserveSalt]).toEqual([null, null]);
    const proof = await proveAuction(t.db, listing.id);
    expect(proof).toMatchObject({ valid: true, violations: [], bidCount: 3, sold: true, price: "15.15" });
    const log = await wholeBidLog(t.db, listing.id);
    expect(proof.winner).toBe(log.items[1]?.bidder ?? "");
    await expectBooksBalance(t.db);
  });

  test("any change of it is noticed", async () => {
    const { listing } = await closedAuction();
    const log = await wholeBidLog(t.db, listing.id);
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
  });

  test("cannot be asked for a proof before the close", async () => {
    const listing = await anAuction(t);
    expect(await refusalCode(proveAuction(t.db, listing.id))).toBe("auction_still_live");
  });

  test("refuses to be rewritten: the app's role cannot change or delete a bid", async () => {
    const listing = await anAuction(t);
    await aBid(t, listing.id, "10.00");
    await expect(t.pool.query("update marketplace.bid set max_minor = 1")).rejects.toThrow(
      /permission denied/,
    );
    await expect(t.admin.deleteFrom("marketplace.bid").execute()).rejects.toThrow(/append-only/);
  });
});
