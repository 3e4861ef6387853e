import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { accountGroups } from "@evx/accounts";
import { aUser, oneBank, oneBrowser, oneDocument } from "@evx/accounts/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { tick } from "@evx/jobs/testing";
import { type Id, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { aListing, aSeller } from "@evx/listings/testing";
import { capturePayment } from "@evx/payments/testing";
import type { Actor } from "@evx/rpc";
import { ordersJobs } from "./jobs.ts";
import { clearSelfDealing, selfDealings, selfDealtIds } from "./self-dealing.ts";
import { aBuyer, anOrder, noWinners, payOrder } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const jobs = ordersJobs(noWinners);

/** Each of them has paid an order with one card. */
const oneCard = async (...buyers: Actor<"buyer">[]) => {
  const payer = newId("token");
  for (const buyer of buyers) {
    const order = await anOrder(t, (await aListing(t)).id, { buyer, creditsAmount: 50_000n });
    await capturePayment(t, order.payment_id, { payer });
  }
};

/** A completed sale between two people. */
const aSale = async (seller: Actor<"ev_owner">, buyer: Actor<"buyer">) => {
  const listing = await aListing(t, { seller });
  const order = await anOrder(t, listing.id, { buyer });
  await payOrder(t, order, jobs);
  return order.id;
};

const flagOf = async (orderId: Id<"order">) =>
  (await selfDealings(t.db, { limit: 100 })).items.find((item) => item.orderId === orderId);

describe("a sale of one person to themselves", () => {
  test.each([
    ["bank", (a: Actor, b: Actor) => oneBank(t, a.id, b.id)],
    ["identity", (a: Actor, b: Actor) => oneDocument(t, a.id, b.id)],
    ["device", (a: Actor, b: Actor) => oneBrowser(t, a.id, b.id)],
  ] as const)("is seen by what both accounts share: %s", async (mark, share) => {
    const [seller, buyer] = [await aSeller(t), await aBuyer(t)];
    await share(seller, buyer);
    const orderId = await aSale(seller, buyer);
    expect(await flagOf(orderId)).toMatchObject({
      marks: [mark],
      buyer: { id: buyer.id },
      seller: { id: seller.id },
      clearedAt: null,
    });
    expect(await selfDealtIds(t.db, [orderId])).toEqual(new Set([orderId]));
  });

  test("is seen over an account in between: one card, then one browser", async () => {
    const [seller, front, buyer] = [await aSeller(t), await aBuyer(t), await aBuyer(t)];
    await oneCard(front, buyer);
    await oneBrowser(t, seller.id, front.id);
    const orderId = await aSale(seller, buyer);
    expect((await flagOf(orderId))?.marks).toEqual(["device", "card"]);
    const groups = await accountGroups(t.db, [buyer.id]);
    expect(groups.get(buyer.id)?.members).toEqual(new Set([seller.id, front.id, buyer.id]));
  });

  test("is found later, when the seller withdraws to the buyer's bank account, and once", async () => {
    const [seller, buyer] = [await aSeller(t), await aBuyer(t)];
    const orderId = await aSale(seller, buyer);
    expect(await flagOf(orderId)).toBeUndefined();
    await oneBank(t, seller.id, buyer.id);
    for (let time = 0; time < 2; time++) await tick(t, jobs, "marketplace.sweep_self_dealing");
    expect((await flagOf(orderId))?.marks).toEqual(["bank"]);
    const told = await t.admin
      .selectFrom("jobs.outbox")
      .select("payload")
      .where("name", "=", "marketplace.self_dealing_found")
      .execute();
    expect(told.filter(({ payload }) => JSON.stringify(payload).includes(orderId))).toHaveLength(1);
  });

  test("two people who share nothing with each other are let be, also where each shares with others", async () => {
    const [seller, buyer] = [await aSeller(t), await aBuyer(t)];
    await oneBank(t, seller.id, (await aUser(t)).id);
    await oneBrowser(t, buyer.id, (await aUser(t)).id);
    expect(await flagOf(await aSale(seller, buyer))).toBeUndefined();
  });

  test("an operator clears it with a reason; then it stays cleared, and what is not flagged cannot be", async () => {
    const [seller, buyer, operator] = [await aSeller(t), await aBuyer(t), await aUser(t, { role: "admin" })];
    await oneBrowser(t, seller.id, buyer.id);
    const orderId = await aSale(seller, buyer);
    for (const note of ["a library's computer", "again"])
      await t.transact((tx) => clearSelfDealing(tx, operator, { orderId, note }));
    await tick(t, jobs, "marketplace.sweep_self_dealing");
    expect(await flagOf(orderId)).toMatchObject({ note: "a library's computer" });
    expect(await selfDealtIds(t.db, [orderId])).toEqual(new Set());
    const unknown = clearUnknown(operator);
    expect(await refusalCode(unknown)).toBe("self_dealing_not_found");
  });
});

const clearUnknown = (operator: Actor) =>
  t.transact((tx) => clearSelfDealing(tx, operator, { orderId: newId("order"), note: "none" }));
