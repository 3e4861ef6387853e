import { afterAll, beforeAll, expect, test } from "bun:test";
import { registryBatch, retire, revokeBatch, transferCredits, walletOf } from "@evx/credits";
import { revokedHeld } from "@evx/credits/events";
import { creditsJobs } from "@evx/credits/jobs";
import { sql } from "@evx/db";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { on } from "@evx/jobs";
import { drain } from "@evx/jobs/testing";
import { type Id, newId } from "@evx/kernel";
import { balanceOf, cash } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { cancelListing, listingRow } from "@evx/listings";
import { aListing, aSeller, givenBatch } from "@evx/listings/testing";
import { auctionOrderRows, orderRow, takePayment } from "@evx/orders";
import { anOrder } from "@evx/orders/testing";
import { capturePayment } from "@evx/payments/testing";
import { auctionPorts, wonOrderPorts } from "./auction-ports.ts";
import { aBid, anAuction, endNow, marketJobs, payOrder } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const statusOf = async (id: Id<"listing">) => (await listingRow(t.db, id))?.status;

const statusOfOrder = async (id: Id<"order">) => (await orderRow(t.db, id))?.status;
const revoke = (batchId: Id<"batch">) =>
  t.transact((tx) => revokeBatch(tx, { batchId, reason: "Another car's trips" }));
const listed = async (grams = 100_000n) => {
  const seller = await aSeller(t, 1n);
  const { batch } = await givenBatch(t, seller.id, grams);
  // The first gram is sound, and the oldest: it is sold with the rest.
  const listing = await aListing(t, { seller, creditsAmount: grams + 1n, pricePerCredit: "20.00" });
  await drain(t, marketJobs);
  return { seller, batch, listing };
};
const free = async (id: Id<"user">) => (await walletOf(t.db, id)).balance;

test("a revoked batch leaves the market: what is listed, ordered or bid for never comes back to its seller", async () => {
  const seller = await aSeller(t, 1_000_000n);
  const sound = await aListing(t, { seller, creditsAmount: 1_000_000n });
  const { batch } = await givenBatch(t, seller.id, 1_000_000n);
  const wrong = await aListing(t, { seller, creditsAmount: 300_000n });
  const auction = await anAuction(t, { seller, creditsAmount: 200_000n });
  const quiet = await anAuction(t, { seller, creditsAmount: 100_000n });
  const order = await anOrder(t, wrong.id, { creditsAmount: 50_000n });
  await aBid(t, auction.id, "12.00");
  await drain(t, marketJobs);

  expect(await revoke(batch.id)).toEqual({
    owner_g: 400_000n,
    buffer_g: 0n,
    listed_g: 600_000n,
    missing_g: 0n,
  });
  expect(await registryBatch(t.db, batch.number)).toMatchObject({ revocation: { shortfall: 600_000n } });
  await drain(t, marketJobs, { twice: true });
  expect(await statusOf(sound.id)).toBe("active");
  for (const one of [wrong, quiet, auction]) expect(await statusOf(one.id)).toBe("cancelled");
  expect(await statusOfOrder(order.id)).toBe("cancelled");
  expect(await walletOf(t.db, seller.id)).toMatchObject({ balance: 0n, reserved: 1_000_000n });
  expect(await registryBatch(t.db, batch.number)).toMatchObject({
    cancelled: 1_000_000n,
    circulating: 0n,
    revocation: { reason: "Another car's trips", shortfall: 0n },
  });
  await expectBooksBalance(t.db);
  // Grams that left a listing were its owner's, as their cancellations say.
  const { rows } =
    await sql`select fault from verification.faults_of_moments() where fault like 'Cancel%'`.execute(t.db);
  expect(rows).toEqual([]);
});

test("a seller who cancels between the revocation and its jobs gets nothing of the batch back", async () => {
  const { seller, batch, listing } = await listed();
  await revoke(batch.id);
  await t.transact((tx) => cancelListing(tx, auctionPorts, seller, listing.id));
  expect(await free(seller.id)).toBe(1n);
  expect(await registryBatch(t.db, batch.number)).toMatchObject({ cancelled: 100_000n, circulating: 0n });
  await expectBooksBalance(t.db);
});

test("twenty cancels that race twenty revocations: no gram of a revoked batch is free afterwards", async () => {
  const all = [];
  for (let index = 0; index < 20; index++) all.push(await listed());
  await Promise.all(
    all.flatMap(({ seller, batch, listing }) => [
      revoke(batch.id),
      t.transact((tx) => cancelListing(tx, auctionPorts, seller, listing.id)),
    ]),
  );
  for (const { seller } of all) expect(await free(seller.id)).toBe(1n);
  await expectBooksBalance(t.db);
});

test("an order placed before the revocation and paid after it ends: the seller is not paid, the money goes back", async () => {
  const { seller, batch, listing } = await listed();
  const order = await anOrder(t, listing.id, { creditsAmount: 60_000n });
  await revoke(batch.id);
  // The payment's job comes before the revocation's.
  await capturePayment(t, order.payment_id);
  const captured = await t.db
    .selectFrom("payments.payment")
    .select(["amount_minor", "currency"])
    .where("id", "=", order.payment_id)
    .executeTakeFirstOrThrow();
  expect(
    await t.transact((tx) =>
      takePayment(tx, wonOrderPorts, {
        orderId: order.id,
        paymentId: order.payment_id,
        amountMinor: String(captured.amount_minor),
        currency: captured.currency,
      }),
    ),
  ).toBe("late");
  await drain(t, marketJobs);
  expect(await statusOfOrder(order.id)).toBe("cancelled");
  expect(
    await t.db
      .selectFrom("payments.refund")
      .select("reason")
      .where("payment_id", "=", order.payment_id)
      .execute(),
  ).toHaveLength(1);
  expect(await free(seller.id)).toBe(1n);
  expect(await balanceOf(t.db, cash("USD", seller.id))).toMatchObject({ balance: 0n });
  await expectBooksBalance(t.db);
});

test("an order that was paid goes on, its buyer is told and may retire; nobody orders or passes on such credits any more", async () => {
  const { seller, batch, listing } = await listed();
  const order = await anOrder(t, listing.id, { creditsAmount: 60_000n });
  await payOrder(t, order);
  expect(await statusOfOrder(order.id)).toBe("completed");
  await revoke(batch.id);
  await expect(anOrder(t, listing.id, { creditsAmount: 1_000n })).rejects.toMatchObject({
    code: "listing_ended",
  });
  const told: { userId: string; grams: string }[] = [];
  const hear = on(revokedHeld, "test.hear", async (_job, held) => {
    told.push(held);
  });
  await drain(t, [...marketJobs, ...creditsJobs, hear]);
  expect(told.filter(({ userId }) => userId === order.buyer.id)).toMatchObject([{ grams: "59999" }]);
  const [buyer, friend] = [order.buyer, await aSeller(t, 1n)];
  const move = { id: newId("transfer"), toUserId: friend.id, amount: 50_000n };
  await expect(t.transact((tx) => transferCredits(tx, buyer, move))).rejects.toMatchObject({
    code: "credits_revoked",
  });
  const inOwnName = {
    id: newId("retirement"),
    amount: 50_000n,
    beneficiaryName: "Binh",
    reason: "personal" as const,
  };
  await t.transact((tx) => retire(tx, buyer, inOwnName));
  expect(await registryBatch(t.db, batch.number)).toMatchObject({ revocation: { shortfall: 59_999n } });
  expect(await free(seller.id)).toBe(0n);
  await expectBooksBalance(t.db);
});

test("what was given away before the revocation can be neither listed, passed on nor retired, and what is listed of it leaves", async () => {
  const [owner, friend] = [await aSeller(t, 1n), await aSeller(t, 1n)];
  const { batch } = await givenBatch(t, owner.id, 100_000n);
  const give = { id: newId("transfer"), toUserId: friend.id, amount: 95_001n };
  await t.transact((tx) => transferCredits(tx, owner, give));
  const listing = await aListing(t, { seller: friend, creditsAmount: 50_000n });
  await revoke(batch.id);
  await drain(t, marketJobs);
  expect(await statusOf(listing.id)).toBe("cancelled");
  await expect(aListing(t, { seller: friend, creditsAmount: 45_000n })).rejects.toMatchObject({
    code: "credits_revoked",
  });
  const back = { id: newId("transfer"), toUserId: owner.id, amount: 10_000n };
  await expect(t.transact((tx) => transferCredits(tx, friend, back))).rejects.toMatchObject({
    code: "credits_revoked",
  });
  const retirement = {
    id: newId("retirement"),
    amount: 10_000n,
    beneficiaryName: "X",
    reason: "personal" as const,
  };
  await expect(t.transact((tx) => retire(tx, friend, retirement))).rejects.toMatchObject({
    code: "credits_revoked",
  });
  await expectBooksBalance(t.db);
});

test("of a winner's order over a revoked batch nobody gets a second chance", async () => {
  const seller = await aSeller(t, 1n);
  const { batch } = await givenBatch(t, seller.id, 100_000n);
  const auction = await anAuction(t, { seller, creditsAmount: 100_001n });
  await aBid(t, auction.id, "12.00");
  await aBid(t, auction.id, "15.00");
  await endNow(t, auction.id);
  await drain(t, marketJobs);
  const [won] = await auctionOrderRows(t.db, auction.id);
  expect(won).toMatchObject({ kind: "auction_win", status: "pending_payment" });
  await revoke(batch.id);
  await drain(t, marketJobs);
  const orders = await auctionOrderRows(t.db, auction.id);
  expect(orders.map(({ status }) => status)).toEqual(["cancelled"]);
  expect(await statusOf(auction.id)).toBe("cancelled");
  expect(await free(seller.id)).toBe(1n);
  await expectBooksBalance(t.db);
});
