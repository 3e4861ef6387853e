import { afterAll, afterEach, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { registryBatch, retire, revokeBatch } from "@evx/credits";
import { creditsJobs } from "@evx/credits/jobs";
import { cutOff, testDatabase } from "@evx/db/testing";
import { drain, tick } from "@evx/jobs/testing";
import { newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { balanceOf, batchesOf, cash, debt, wallet } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { aListing } from "@evx/listings/testing";
import { finishRefund } from "@evx/payments/testing";
import { refundRevokedSale, revokedSales } from "./compensation.ts";
import { ordersJobs } from "./jobs.ts";
import { anOrder, noWinners, payOrder } from "./testing.ts";

const t = await testDatabase({ max: 16 });
afterEach(() => expectBooksBalance(t.db));
afterAll(() => t.close());

const jobs = ordersJobs(noWinners);
const operator = await aUser(t, { role: "admin" });

/** 0.4 of a credit were sold of a batch that is revoked now. */
const sold = async () => {
  const listing = await aListing(t, { pricePerCredit: "12.50" });
  const order = await anOrder(t, listing.id, { creditsAmount: 400_000n });
  await payOrder(t, order, jobs);
  const [{ batchId } = { batchId: newId("batch") }] = await batchesOf(t.db, wallet(order.buyer_id));
  await t.transact((tx) => revokeBatch(tx, { batchId, reason: "Invented trips." }));
  const { number } = await t.admin
    .selectFrom("credits.batch")
    .select("number")
    .where("id", "=", batchId)
    .executeTakeFirstOrThrow();
  return { order, number };
};
const refunding = (orderId: (typeof newOrder)["id"], number: bigint) =>
  t.transact((tx) => refundRevokedSale(tx, operator, { orderId, number, note: "Batch revoked." }));
const newOrder = { id: newId("order") };
const shortfallOf = async (number: bigint) => (await registryBatch(t.db, number)).revocation?.shortfall;

test("a buyer of revoked credits has the money back, the credits are taken out, and nothing is owed for them any more", async () => {
  const { order, number } = await sold();
  expect(await revokedSales(t.db, number)).toMatchObject({
    items: [{ orderId: order.id, buyer: { id: order.buyer_id }, ofBatch: 400_000n, totalPrice: "5.00" }],
  });
  const before = await shortfallOf(number);
  await cutOff(t, (tx) => refundRevokedSale(tx, operator, { orderId: order.id, number, note: "Killed." }));
  const both = await Promise.all([refunding(order.id, number), refunding(order.id, number)]);
  expect(both[0]).toEqual(both[1]);
  await finishRefund(t, both[0].refundId);
  await drain(t, jobs, { twice: true });
  expect((await balanceOf(t.db, wallet(order.buyer_id))).balance).toBe(0n);
  await tick(t, creditsJobs, "credits.collect_revoked");
  expect((await balanceOf(t.db, wallet(order.seller_id))).balance).toBe(0n);
  // What the seller had is owed, and set off against it.
  const [has, owes] = [cash("USD", order.seller_id), debt("USD", order.seller_id)];
  expect((await balanceOf(t.db, has)).balance + (await balanceOf(t.db, owes)).balance).toBe(0n);
  expect((before ?? 0n) - ((await shortfallOf(number)) ?? 0n)).toBe(400_000n);
  expect(await revokedSales(t.db, number)).toEqual({ items: [] });
});

test("what was retired, another batch's sale and a sound batch are not refunded so", async () => {
  const { order, number } = await sold();
  const other = await sold();
  expect(await refusalCode(refunding(other.order.id, number))).toBe("revoked_sale_not_found");
  expect(await refusalCode(refunding(newOrder.id, number))).toBe("revoked_sale_not_found");
  expect(await refusalCode(revokedSales(t.db, 9_999n))).toBe("revoked_batch_not_found");
  await t.transact((tx) =>
    retire(
      tx,
      { id: order.buyer_id },
      {
        id: newId("retirement"),
        amount: 400_000n,
        beneficiaryName: "Hoa Sen",
        reason: "event",
      },
    ),
  );
  expect(await refusalCode(refunding(order.id, number))).toBe("revoked_sale_not_found");
  expect((await revokedSales(t.db, number)).items).toEqual([]);
});
