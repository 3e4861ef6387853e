import { afterAll, beforeAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { closeAuction, proveAuction, wholeBidLog } from "@evx/auctions";
import { aBid, anAuction, databaseNow, letEnd } from "@evx/auctions/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { refusalCode } from "@evx/kernel/testing";
import { aListing } from "@evx/listings/testing";
import { aBuyer, anOrder } from "@evx/orders/testing";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { closedNow } from "@evx/venue";
import { venueRouter } from "@evx/venue/router";
import { venuePorts } from "./venue.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const calls = createCallerFactory(venueRouter(venuePorts));
const asAdmin = async () => calls(testContext(t, await aUser(t, { role: "admin" })));
const minutes = (count: number) => new Date(t.clock.now().getTime() + count * 60_000);

test("an operator closes and opens the venue; who, when and why is kept", async () => {
  const venue = await asAdmin();
  expect(await venue.standing()).toMatchObject({ mode: "open", closedSince: null });
  expect(await refusalCode(venue.set({ mode: "open", reason: "again" }))).toBe("standing_same");
  const past = minutes(-1).toISOString();
  expect(await refusalCode(venue.set({ mode: "read_only", until: past, reason: "late" }))).toBe("until_past");
  await venue.set({ mode: "read_only", until: minutes(30).toISOString(), reason: "A gateway is away" });
  expect(await closedNow(t.db, t.clock.now())).toEqual({ minutes: 30 });
  const { closedSince } = await venue.standing();
  t.clock.set(minutes(10));
  await venue.set({ mode: "maintenance", reason: "The database moves" });
  expect(await venue.standing()).toMatchObject({ mode: "maintenance", closedSince, until: null });
  await venue.set({ mode: "open", reason: "Done" });
  expect(await closedNow(t.db, t.clock.now())).toBeNull();
  const { items } = await venue.history();
  expect(items.map(({ mode, reason }) => [mode, reason])).toEqual([
    ["open", "Done"],
    ["maintenance", "The database moves"],
    ["read_only", "A gateway is away"],
  ]);
  expect(items.every(({ setByName }) => setByName)).toBe(true);
  const buyer = calls(testContext(t, await aBuyer(t)));
  expect(await refusalCode(buyer.set({ mode: "open", reason: "mine" }))).toBe("role_required");
});

test("the time that nobody could bid or pay is given back when the venue opens, and the auction's log still proves itself", async () => {
  const venue = await asAdmin();
  const auction = await anAuction(t, { lasts_s: 600 });
  await aBid(t, auction.id, "11.00");
  const fixed = await aListing(t, {});
  const order = await anOrder(t, fixed.id);
  const ends = async () => {
    const sold = await t.db
      .selectFrom("marketplace.auction")
      .select("ends_at")
      .where("listing_id", "=", auction.id)
      .executeTakeFirstOrThrow();
    const waiting = await t.db
      .selectFrom("marketplace.order")
      .select("expires_at")
      .where("id", "=", order.id)
      .executeTakeFirstOrThrow();
    return [sold.ends_at.getTime(), waiting.expires_at.getTime()] as const;
  };
  t.clock.set(await databaseNow(t));
  const before = await ends();
  await venue.set({ mode: "read_only", reason: "A gateway is away" });
  t.clock.set(minutes(60));
  const { givenBack } = await venue.set({ mode: "open", reason: "It is back" });
  expect(givenBack.auctions).toBeGreaterThanOrEqual(1);
  expect(givenBack.orders).toBeGreaterThanOrEqual(1);
  const after = await ends();
  expect(after.map((end, place) => end - (before[place] ?? 0))).toEqual([3_600_000, 3_600_000]);
  const shown = await t.db
    .selectFrom("marketplace.listing")
    .select("ends_at")
    .where("id", "=", auction.id)
    .executeTakeFirstOrThrow();
  expect(shown.ends_at?.getTime()).toBe(after[0]);

  await aBid(t, auction.id, "20.00");
  await letEnd(t, auction.id);
  await t.transact((tx) => closeAuction(tx, auction.id));
  const log = await wholeBidLog(t.db, auction.id);
  expect(log.terms.extensions).toMatchObject([{ afterSeq: 1 }]);
  expect(await proveAuction(t.db, auction.id)).toMatchObject({ valid: true, violations: [], bidCount: 2 });
});

test("an announcement is shown from its moment until its end, the most pressing first, and can be taken down", async () => {
  const venue = await asAdmin();
  const announce = (level: "info" | "urgent", from: number, until: number) =>
    venue.announce({
      level,
      en: `In ${from} minutes`,
      vi: `Sau ${from} phút`,
      from: minutes(from).toISOString(),
      until: minutes(until).toISOString(),
    });
  expect(await refusalCode(announce("info", 10, 5))).toBe("input_invalid");
  expect(await refusalCode(announce("info", 10, 10))).toBe("announcement_period");
  expect(await refusalCode(announce("info", 0, 91 * 24 * 60))).toBe("announcement_period");
  await announce("info", 0, 60);
  const { announcement } = await announce("urgent", 10, 30);
  const nobody = calls(testContext(t, null));
  const shown = async () => (await nobody.standing()).announcements.map(({ text }) => text.vi);
  expect(await shown()).toEqual(["Sau 0 phút"]);
  t.clock.set(minutes(15));
  expect(await shown()).toEqual(["Sau 10 phút", "Sau 0 phút"]);
  await venue.endAnnouncement({ id: announcement.id });
  expect(await shown()).toEqual(["Sau 0 phút"]);
  expect(await refusalCode(venue.endAnnouncement({ id: announcement.id }))).toBe("announcement_not_found");
  t.clock.set(minutes(60));
  expect(await shown()).toEqual([]);
  const first = await venue.announcements({ limit: 1 });
  const second = await venue.announcements({ limit: 1, cursor: first.nextCursor ?? "" });
  expect([first, second].map(({ items }) => items[0]?.text.en)).toEqual(["In 10 minutes", "In 0 minutes"]);
  expect(await refusalCode(nobody.announcements({}))).toBe("sign_in_required");
});
