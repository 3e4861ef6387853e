import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain, tick } from "@evx/jobs/testing";
import { type Id, newId } from "@evx/kernel";
import { balanceOf, cash, debt, escrow, post, wallet } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { listingRow } from "@evx/listings";
import { aListing } from "@evx/listings/testing";
import { refundPayment } from "@evx/payments";
import { capturePayment, finishRefund, seePayment } from "@evx/payments/testing";
import { ordersJobs } from "./jobs.ts";
import { type OrderWithFacts, orderRow } from "./queries/orders.ts";
import { anOrder, noWinners } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase({ max: 16 });
});
afterAll(async () => {
  await expectBooksBalance(t.db);
  await t.close();
});

const jobs = ordersJobs(noWinners);

const ordered = async () => {
  const listing = await aListing(t);
  return { order: await anOrder(t, listing.id) };
};

const work = () => drain(t, jobs, { twice: true });
const statusOf = async (order: { id: Id<"order"> }) => (await orderRow(t.db, order.id))?.status;

/** Nobody got anything: the buyer no grams, the seller no money, and all of the listing is for sale again. */
const expectNothingHandedOver = async (order: OrderWithFacts) => {
  expect((await balanceOf(t.db, wallet(order.buyer_id))).balance).toBe(0n);
  expect((await balanceOf(t.db, cash("USD", order.seller_id))).balance).toBe(0n);
  expect((await listingRow(t.db, order.listing_id))?.remaining_g).toBe(1_000_000n);
};

/** Handles the waiting events in this order, each with all that it leads to. */
const handle = async (names: readonly string[]) => {
  for (const name of names) {
    const rows = await t.admin.deleteFrom("jobs.outbox").where("name", "<>", name).returningAll().execute();
    await work();
    for (const { id: _, payload, ...row } of rows)
      await t.admin
        .insertInto("jobs.outbox")
        .values({ ...row, payload: JSON.stringify(payload) })
        .execute();
  }
};

describe("an order whose money went back before it was settled", () => {
  test("paid and refunded at the gateway before our first look: never delivered, and the grams are free", async () => {
    const { order } = await ordered();
    await capturePayment(t, order.payment_id, { refunded: order.total_minor });
    await work();
    expect(await statusOf(order)).toBe("refunded");
    await expectNothingHandedOver(order);
  });

  test("refunded by an operator while the worker was down: the order is refunded and the grams are free", async () => {
    const { order } = await ordered();
    await capturePayment(t, order.payment_id);
    const { refundId } = await t.transact((tx) =>
      refundPayment(tx, { paymentId: order.payment_id, reason: "operator" }),
    );
    await work();
    expect(await statusOf(order)).toBe("paid");
    await finishRefund(t, refundId);
    await work();
    expect(await statusOf(order)).toBe("refunded");
    await expectNothingHandedOver(order);
    expect((await balanceOf(t.db, escrow("USD", order.id))).balance).toBe(0n);
  });

  test("whose refund event was lost is ended by the sweep", async () => {
    const { order } = await ordered();
    await capturePayment(t, order.payment_id);
    const { refundId } = await t.transact((tx) =>
      refundPayment(tx, { paymentId: order.payment_id, reason: "operator" }),
    );
    await work();
    await finishRefund(t, refundId);
    await t.admin.deleteFrom("jobs.outbox").execute();
    t.clock.advance(61_000);
    await tick(t, jobs, "marketplace.sweep");
    expect(await statusOf(order)).toBe("refunded");
    await expectNothingHandedOver(order);
  });
});

describe("a dispute", () => {
  for (const names of [
    ["payments.payment_captured", "payments.payment_disputed"],
    ["payments.payment_disputed", "payments.payment_captured"],
  ])
    test(`${names[0]} handled before ${names[1]}: it waits, and once lost the grams are free`, async () => {
      const { order } = await ordered();
      await capturePayment(t, order.payment_id, { dispute: "open" });
      await handle(names);
      expect(await statusOf(order)).toBe("disputed");
      await seePayment(t, order.payment_id, { dispute: "lost" });
      await work();
      expect(await statusOf(order)).toBe("cancelled");
      await expectNothingHandedOver(order);
    });

  test("that is known to be lost before the capture is handled ends the order", async () => {
    const { order } = await ordered();
    await capturePayment(t, order.payment_id);
    await seePayment(t, order.payment_id, { dispute: "lost" });
    await handle(["payments.payment_disputed", "payments.payment_captured"]);
    expect(await statusOf(order)).toBe("cancelled");
    await expectNothingHandedOver(order);
  });

  test("that is won is paid again and settles", async () => {
    const { order } = await ordered();
    await capturePayment(t, order.payment_id, { dispute: "open" });
    await work();
    expect(await statusOf(order)).toBe("disputed");
    await seePayment(t, order.payment_id, { dispute: "won" });
    await work();
    expect(await statusOf(order)).toBe("completed");
    expect((await balanceOf(t.db, wallet(order.buyer_id))).balance).toBe(1_000_000n);
  });
});

describe("money that went back after the sale", () => {
  const settled = async () => {
    const { order } = await ordered();
    await capturePayment(t, order.payment_id);
    await work();
    expect(await statusOf(order)).toBe("completed");
    return order;
  };
  const gramsOf = async (order: OrderWithFacts) => ({
    buyer: (await balanceOf(t.db, wallet(order.buyer_id))).balance,
    seller: (await balanceOf(t.db, wallet(order.seller_id))).balance,
  });

  test("whole: the credits that are still there go to the seller, who gave the money back; the order stays", async () => {
    const order = await settled();
    const { refundId } = await t.transact((tx) =>
      refundPayment(tx, { paymentId: order.payment_id, reason: "operator" }),
    );
    await work();
    expect(await gramsOf(order)).toEqual({ buyer: 1_000_000n, seller: 0n });
    await finishRefund(t, refundId);
    await work();
    expect(await gramsOf(order)).toEqual({ buyer: 0n, seller: 1_000_000n });
    expect(await statusOf(order)).toBe("completed");
    expect((await balanceOf(t.db, debt("USD", order.seller_id))).balance).toBeLessThan(0n);
  });

  test("in part: the buyer keeps the credits", async () => {
    const order = await settled();
    const { refundId } = await t.transact((tx) =>
      refundPayment(tx, { paymentId: order.payment_id, reason: "operator", amount: 1n }),
    );
    await finishRefund(t, refundId);
    await work();
    expect(await gramsOf(order)).toEqual({ buyer: 1_000_000n, seller: 0n });
  });

  test("to the buyer's bank, and won after all: the credits follow both ways, what was sold on stays", async () => {
    const order = await settled();
    await t.transact((tx) =>
      post(tx, {
        id: newId("transfer"),
        kind: "transfer",
        legs: [
          { account: wallet(order.buyer_id), amount: -300_000n },
          { account: wallet(newId("user")), amount: 300_000n },
        ],
      }),
    );
    await seePayment(t, order.payment_id, { dispute: "lost" });
    await work();
    expect(await gramsOf(order)).toEqual({ buyer: 0n, seller: 700_000n });
    await seePayment(t, order.payment_id, { dispute: "won" });
    await work();
    expect(await gramsOf(order)).toEqual({ buyer: 700_000n, seller: 0n });
  });
});
