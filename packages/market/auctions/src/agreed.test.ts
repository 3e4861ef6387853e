/** What seller and bidders went by when an auction was opened, whatever an operator sets while it runs. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain, tick } from "@evx/jobs/testing";
import { hour_ms, type Id, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { expectBooksBalance } from "@evx/ledger/testing";
import { auctionOrderRows, orderLimits, saleFees } from "@evx/orders";
import { aBuyer } from "@evx/orders/testing";
import { setRule } from "@evx/rules";
import { buyNow } from "./buy-now.ts";
import { closeAuction } from "./closing.ts";
import { auctionRules } from "./policy.ts";
import { aBid, anAuction, endNow, marketJobs, payOrder } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

/** Harder on everybody, and then milder again, as after a mistake that was rolled back. */
const harder = () => {
  t.clock.advance(1);
  return t.transact(async (tx) => {
    const why = { reason: "trial", setBy: null };
    await setRule(tx, saleFees, { value: { platformFeeBps: 2_000, cvaFeeBps: 1_000 }, ...why });
    await setRule(tx, orderLimits, {
      value: { paymentWindow_min: 30, winnerWindow_h: 1, openOrdersPerBuyer: 20 },
      ...why,
    });
    await setRule(tx, auctionRules, {
      value: { ...auctionRules.initial, secondChances: 0, strikes: 1, stepMinor: 500, window_s: 7_200 },
      ...why,
    });
  });
};

const ended = async (id: Id<"listing">) => {
  await endNow(t, id);
  await t.transact((tx) => closeAuction(tx, id));
  return lastOrder(id);
};
const lastOrder = async (id: Id<"listing">) => {
  const orders = await auctionOrderRows(t.db, id);
  const last = orders.at(-1);
  if (!last) throw new Error("Nobody won");
  return { ...last, count: orders.length };
};

test("a running auction keeps fees, windows, second chances and strikes; one that is opened later has the new ones", async () => {
  const [heron, crane] = [await aBuyer(t), await aBuyer(t)];
  const before = await anAuction(t, { creditsAmount: 1_000_000n });
  await aBid(t, before.id, "12.00", crane);
  await harder();
  // Increments: a cent is enough, as it was.
  await aBid(t, before.id, "20.00", heron);
  const won = await ended(before.id);
  expect(won.platform_fee_minor).toBe((won.total_minor * 250n + 5_000n) / 10_000n);
  expect(won.expires_at.getTime() - won.created_at.getTime()).toBe(48 * hour_ms);

  t.clock.set(new Date(won.expires_at.getTime() + 1));
  await tick(t, marketJobs, "marketplace.sweep");
  await drain(t, marketJobs, { twice: true });
  const offered = await lastOrder(before.id);
  expect(offered).toMatchObject({ kind: "second_chance", buyer_id: crane.id, count: 2 });
  expect(offered.expires_at.getTime() - offered.created_at.getTime()).toBe(48 * hour_ms);
  await payOrder(t, offered);

  const after = await anAuction(t, { creditsAmount: 1_000_000n });
  // One strike pauses nobody under the rule that it was earned under.
  await aBid(t, after.id, "12.00", heron);
  const later = await ended(after.id);
  expect(later.platform_fee_minor).toBe((later.total_minor * 2_000n + 5_000n) / 10_000n);
  expect(later.expires_at.getTime() - later.created_at.getTime()).toBe(hour_ms);
  t.clock.set(new Date(later.expires_at.getTime() + 1));
  await tick(t, marketJobs, "marketplace.sweep");
  await drain(t, marketJobs, { twice: true });
  expect((await lastOrder(after.id)).count).toBe(1);
  const next = await anAuction(t);
  expect(await refusalCode(aBid(t, next.id, "12.00", heron))).toBe("bid_paused");
  await expectBooksBalance(t.db);
});

test("bought at once, the seller gets what the auction was opened with", async () => {
  const { id } = await anAuction(t, { buyNowPrice: "15.00", creditsAmount: 1_000_000n });
  t.clock.advance(1);
  await t.transact((tx) =>
    setRule(tx, saleFees, {
      value: { platformFeeBps: 100, cvaFeeBps: 100 },
      reason: "trial",
      setBy: null,
    }),
  );
  const buyer = await aBuyer(t);
  await t.transact((tx) => buyNow(tx, buyer, { id: newId("order"), listingId: id }));
  const bought = await lastOrder(id);
  expect(bought.platform_fee_minor).toBe((bought.total_minor * 2_000n + 5_000n) / 10_000n);
});
