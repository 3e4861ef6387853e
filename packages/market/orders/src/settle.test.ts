import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { creditsSold } from "@evx/credits/events";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain, tick } from "@evx/jobs/testing";
import { type Id, newId } from "@evx/kernel";
import {
  balanceOf,
  balancesOf,
  cash,
  cvaPool,
  escrow,
  listingAccount,
  movesOf,
  platformFee,
  wallet,
} from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { listingRow } from "@evx/listings";
import { aListing, aSeller, givenBatch } from "@evx/listings/testing";
import { capturePayment } from "@evx/payments/testing";
import * as v from "valibot";
import { orderCompleted } from "./events.ts";
import { ordersJobs } from "./jobs.ts";
import { type OrderWithFacts, orderRow, settleOrder } from "./queries/orders.ts";
import { takePayment } from "./settlement.ts";
import { anOrder, noWinners, payOrder } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase({ max: 32 });
});
afterAll(() => t.close());

const jobs = ordersJobs(noWinners);

const settle = (order: { id: Id<"order"> }) =>
  settleOrder(t.db, { orderId: order.id, at: t.clock.now(), cause: "test" });

/** What a settled sale left in each account that it touches. */
const standing = async (order: OrderWithFacts) => {
  const accounts = {
    escrow: escrow("USD", order.id),
    seller: cash("USD", order.seller_id),
    listing: listingAccount(order.listing_id),
    buyer: wallet(order.buyer_id),
  };
  const found = await balancesOf(t.db, Object.values(accounts));
  return Object.fromEntries(Object.entries(accounts).map(([name, id]) => [name, found.get(id)?.balance]));
};

const events = async (name: string, orderId: Id<"order">) => {
  const rows = await t.admin
    .selectFrom("jobs.outbox")
    .select(["name", "payload"])
    .where("name", "=", name)
    .execute();
  return rows.filter((row) => JSON.stringify(row.payload).includes(orderId));
};

describe("a paid order", () => {
  test("hands over credits and money in one posting, with fees that sum to the total exactly", async () => {
    const listing = await aListing(t, { pricePerCredit: "33.33" });
    const order = await anOrder(t, listing.id, { creditsAmount: 333_333n });
    await capturePayment(t, order.payment_id);
    expect(await standing(order)).toEqual({ escrow: 1_111n, seller: 0n, listing: 1_000_000n, buyer: 0n });
    const pools = [platformFee("USD", order.transfer_id), cvaPool("USD", order.transfer_id)];
    const before = await balancesOf(t.db, pools);
    await t.transact((tx) =>
      takePayment(tx, noWinners, {
        orderId: order.id,
        paymentId: order.payment_id,
        amountMinor: "1111",
        currency: "USD",
      }),
    );
    await settle(order);
    // 2.5 % of 1111 is 27.775, 1 % is 11.11: 28 + 11 + 1072 = 1111.
    expect(await standing(order)).toEqual({ escrow: 0n, seller: 1_072n, listing: 666_667n, buyer: 333_333n });
    const after = await balancesOf(t.db, pools);
    const gained = pools.map((pool) => (after.get(pool)?.balance ?? 0n) - (before.get(pool)?.balance ?? 0n));
    expect(gained).toEqual([28n, 11n]);
    expect(await orderRow(t.db, order.id)).toMatchObject({ status: "completed" });
    const [completed] = await events(orderCompleted.name, order.id);
    expect(v.parse(orderCompleted.schema, completed?.payload)).toMatchObject({
      totalMinor: "1111",
      platformFeeMinor: "28",
      cvaFeeMinor: "11",
      netMinor: "1072",
      vintage: 2025,
      at: t.clock.now().toISOString(),
    });
    const [sold] = await events(creditsSold.name, order.id);
    expect(v.parse(creditsSold.schema, sold?.payload)).toMatchObject({
      grams: "333333",
      buyerId: order.buyer_id,
    });
    await drain(t, jobs);
    await expectBooksBalance(t.db);
  });

  test("is settled once, however often and however simultaneously its capture is told", async () => {
    const listing = await aListing(t);
    const order = await anOrder(t, listing.id, { creditsAmount: 400_000n });
    await capturePayment(t, order.payment_id);
    const captured = {
      orderId: order.id,
      paymentId: order.payment_id,
      amountMinor: String(order.total_minor),
      currency: "USD",
    };
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        expect(await t.transact((tx) => takePayment(tx, noWinners, captured))).toBe("paid");
        await settle(order);
      }),
    );
    await drain(t, jobs, { twice: true });
    expect(await standing(order)).toMatchObject({ escrow: 0n, seller: order.net_minor, buyer: 400_000n });
    expect(await movesOf(t.db, order.transfer_id)).toHaveLength(1);
    await expectBooksBalance(t.db);
  });

  test("that takes the last grams makes the listing sold; one that does not leaves it active", async () => {
    const listing = await aListing(t);
    const [first, second] = [
      await anOrder(t, listing.id, { creditsAmount: 600_000n }),
      await anOrder(t, listing.id, { creditsAmount: 400_000n }),
    ];
    await payOrder(t, first);
    expect(await listingRow(t.db, listing.id)).toMatchObject({
      status: "active",
      remaining_g: 0n,
      sold_g: 600_000n,
    });
    await payOrder(t, second);
    expect(await listingRow(t.db, listing.id)).toMatchObject({
      status: "sold",
      remaining_g: 0n,
      sold_g: 1_000_000n,
    });
    await expectBooksBalance(t.db);
  });

  test("does not settle before the money is there, and does not post when the state has moved on", async () => {
    const listing = await aListing(t);
    const order = await anOrder(t, listing.id);
    expect(await settle(order)).toBe(false);
    await t.admin
      .updateTable("marketplace.order")
      .set({ status: "paid" })
      .where("id", "=", order.id)
      .execute();
    await expect(settle(order)).rejects.toMatchObject({
      code: "order_money_withheld",
    });
    await t.admin
      .updateTable("marketplace.order")
      .set({ status: "pending_payment" })
      .where("id", "=", order.id)
      .execute();
    expect(await standing(order)).toEqual({ escrow: 0n, seller: 0n, listing: 1_000_000n, buyer: 0n });
    await expectBooksBalance(t.db);
  });

  test("many orders of one listing settle at once without a deadlock, and sum up", async () => {
    const listing = await aListing(t, { creditsAmount: 2_000_000n });
    const orders = [];
    for (let n = 0; n < 20; n++) orders.push(await anOrder(t, listing.id, { creditsAmount: 100_000n }));
    for (const order of orders) await capturePayment(t, order.payment_id);
    const others = Array.from({ length: 4 }, () => drain(t, jobs, { twice: true }));
    await Promise.all(others);
    await drain(t, jobs, { twice: true });
    expect(await listingRow(t.db, listing.id)).toMatchObject({ status: "sold", sold_g: 2_000_000n });
    await expectBooksBalance(t.db);
  }, 30_000);
});

describe("the CVA fee", () => {
  test("goes to those who verified the grams that were sold, by their grams, to the last cent, once", async () => {
    const [first, second] = [newId("user"), newId("user")];
    const seller = await aSeller(t, 300_000n, { cvaId: first });
    await givenBatch(t, seller.id, 700_000n, { cvaId: second });
    const listing = await aListing(t, { seller, pricePerCredit: "1000.05" });
    const order = await anOrder(t, listing.id);
    await payOrder(t, order);
    await drain(t, jobs, { twice: true });
    const fee = order.cva_fee_minor;
    const paid = [
      (await balanceOf(t.db, cash("USD", first))).balance,
      (await balanceOf(t.db, cash("USD", second))).balance,
    ] as const;
    expect(fee).toBe(1_000n);
    expect(paid).toEqual([300n, 700n]);
    await expectBooksBalance(t.db);
  });
});

describe("a CVA fee whose event was missed", () => {
  test("is shared by the sweep, once, and not before its event had its time", async () => {
    const cvaId = newId("user");
    const listing = await aListing(t, {
      seller: await aSeller(t, 1_000_000n, { cvaId }),
      pricePerCredit: "1000.00",
    });
    const order = await anOrder(t, listing.id);
    const deaf = jobs.filter(({ queue }) => queue !== "marketplace.share_cva_fee");
    await payOrder(t, order, deaf);
    const share = async () => (await balanceOf(t.db, cash("USD", cvaId))).balance;
    await tick(t, jobs, "marketplace.sweep_cva_fees");
    expect(await share()).toBe(0n);
    t.clock.advance(61_000);
    for (let time = 0; time < 2; time++) await tick(t, jobs, "marketplace.sweep_cva_fees");
    expect(await share()).toBe(order.cva_fee_minor);
    await expectBooksBalance(t.db);
  });
});
