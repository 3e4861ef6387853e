import { afterAll, beforeAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain } from "@evx/jobs/testing";
import { type Id, newId, textFromMinor } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { balanceOf, cash } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { listingsJobs } from "@evx/listings/jobs";
import { aListing, aSeller, noAuctions } from "@evx/listings/testing";
import { capturePayment } from "@evx/payments/testing";
import { addMessage, disputeDetail, disputesOf, openDispute, resolveDispute } from "./disputes.ts";
import { ordersJobs } from "./jobs.ts";
import { sweepRow } from "./queries/sweeps.ts";
import { makeQuote } from "./quotes.ts";
import { placeSweep } from "./sweeps.ts";
import { aBuyer, anOrder, noWinners, payOrder } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const sold = async () => {
  const listing = await aListing(t);
  const order = await anOrder(t, listing.id);
  await payOrder(t, order);
  return { order, buyer: { id: order.buyer.id, role: "buyer" as const }, seller: listing.seller };
};
const dispute = (buyer: { id: Id<"user"> }, orderId: Id<"order">) =>
  t.transact((tx) => openDispute(tx, buyer, { id: newId("dispute"), orderId, reason: "Not what was shown" }));
const refundsOf = (paymentId: Id<"payment">) =>
  t.db.selectFrom("payments.refund").select("amount_minor").where("payment_id", "=", paymentId).execute();

test("a buyer objects, both sides and an operator speak, nobody else sees it, and a part goes back once", async () => {
  const { order, buyer, seller } = await sold();
  const operator = await aUser(t, { role: "admin" });
  const id = await dispute(buyer, order.id);
  expect(await dispute(buyer, order.id)).toBe(id);
  const say = (who: typeof buyer | typeof seller | typeof operator, message: string) =>
    t.transact((tx) => addMessage(tx, who, { id, message }));
  await say(seller, "It is");
  await say(buyer, "It is not");
  await say(operator, "We look into it");
  const stranger = await aUser(t, { role: "buyer" });
  expect(await refusalCode(say(stranger as never, "Hello"))).toBe("dispute_not_found");
  expect(await refusalCode(disputeDetail(t.db, stranger, id))).toBe("dispute_not_found");
  expect((await disputeDetail(t.db, buyer, id)).messages.map(({ author }) => author)).toEqual([
    "seller",
    "buyer",
    "operator",
  ]);

  const decide = (outcome: "refund" | "partial_refund" | "release", amount?: string) =>
    t.transact((tx) => resolveDispute(tx, operator, { id, outcome, ...(amount ? { amount } : {}) }));
  expect(await refusalCode(decide("partial_refund"))).toBe("dispute_amount_wrong");
  expect(await refusalCode(decide("refund", "1.00"))).toBe("dispute_amount_wrong");
  expect(await refusalCode(decide("partial_refund", "99.00"))).toBe("payment_refund_exceeds");
  await decide("partial_refund", "2.34");
  await decide("partial_refund", "2.34");
  expect(await refusalCode(decide("release"))).toBe("dispute_resolved");
  expect(await refusalCode(say(buyer, "Thanks"))).toBe("dispute_resolved");
  expect(await refundsOf(order.payment_id)).toEqual([{ amount_minor: 234n }]);
  expect(await disputeDetail(t.db, buyer, id)).toMatchObject({ outcome: "partial_refund", amount: "2.34" });
  expect((await disputesOf(t.db, buyer, { limit: 10 })).items).toHaveLength(1);
  await expectBooksBalance(t.db);
});

test("all of it goes back, or the sale stands; then the buyer may object again", async () => {
  const [one, two] = [await sold(), await sold()];
  const operator = await aUser(t, { role: "admin" });
  const first = await dispute(one.buyer, one.order.id);
  await t.transact((tx) => resolveDispute(tx, operator, { id: first, outcome: "refund" }));
  expect(await refundsOf(one.order.payment_id)).toEqual([{ amount_minor: one.order.total_minor }]);
  const second = await dispute(two.buyer, two.order.id);
  await t.transact((tx) => resolveDispute(tx, operator, { id: second, outcome: "release" }));
  expect(await refundsOf(two.order.payment_id)).toEqual([]);
  expect((await balanceOf(t.db, cash("USD", two.seller.id))).balance).toBe(two.order.net_minor);
  expect(await dispute(two.buyer, two.order.id)).not.toBe(second);
  await expectBooksBalance(t.db);
});

test("everybody on a side reads what is at stake; only an operator reads where the money is", async () => {
  const { order, buyer, seller } = await sold();
  const operator = await aUser(t, { role: "admin" });
  const id = await dispute(buyer, order.id);
  const total = textFromMinor(order.total_minor, "USD");
  for (const who of [buyer, seller])
    expect(await disputeDetail(t.db, who, id)).toMatchObject({ total, paymentId: null });
  expect(await disputeDetail(t.db, operator, id)).toMatchObject({ total, paymentId: order.payment_id });
  const { items } = await disputesOf(t.db, operator, { limit: 50 });
  expect(items.find((one) => one.id === id)).toMatchObject({ total, paymentId: order.payment_id });
  expect(items.every((one) => Number(one.total) > 0)).toBe(true);
});

test("a seller of one of many listings reads what is bought of them, not of the others", async () => {
  const listings = [];
  for (const pricePerCredit of ["10.00", "12.00"]) {
    const seller = await aSeller(t, 1_000_000n, { country: "ZZ" });
    listings.push(await aListing(t, { seller, creditsAmount: 1_000_000n, pricePerCredit }));
  }
  const buyer = await aBuyer(t);
  const { id: quoteId } = await t.transact((tx) =>
    makeQuote(tx, buyer, { currency: "USD", creditsAmount: 2_000_000n, country: "ZZ" }),
  );
  const orderId = newId("order");
  await t.transact((tx) => placeSweep(tx, buyer, { id: orderId, quoteId }));
  await capturePayment(t, (await sweepRow(t.db, orderId))?.payment_id as Id<"payment">);
  await drain(t, [...ordersJobs(noWinners), ...listingsJobs(noAuctions)]);
  const id = await dispute(buyer, orderId);
  const read = [];
  for (const { seller } of listings) read.push((await disputeDetail(t.db, seller, id)).total);
  expect(read).toEqual(["10.00", "12.00"]);
  expect((await disputeDetail(t.db, buyer, id)).total).toBe("22.00");
});

test("what was not paid, or is another's, is not disputed", async () => {
  const waiting = await anOrder(t, (await aListing(t)).id);
  expect(await refusalCode(dispute(waiting.buyer, waiting.id))).toBe("dispute_not_possible");
  const { order } = await sold();
  expect(await refusalCode(dispute(waiting.buyer, order.id))).toBe("order_not_found");
});
