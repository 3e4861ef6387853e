import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain } from "@evx/jobs/testing";
import { type Id, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { balanceOf, cash, listingAccount, wallet } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { cancelListing as cancel, createListing, listingRow } from "@evx/listings";
import { aListing, aSeller, noAuctions } from "@evx/listings/testing";
import { setRule } from "@evx/rules";
import { netInHand } from "./fees.ts";
import { ordersJobs } from "./jobs.ts";
import { cancelOrder as cancelOrderOf, orderFor, placeOrder } from "./orders.ts";
import { orderLimits, saleFees } from "./policy.ts";
import { orderRow } from "./queries/orders.ts";
import { aBuyer, anOrder, noWinners, payOrder } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase({ max: 64 });
});
afterAll(() => t.close());

const jobs = ordersJobs(noWinners);

type Tx = Parameters<typeof cancel>[0];
const cancelListing = (tx: Tx, seller: { id: Id<"user"> }, id: Id<"listing">) =>
  cancel(tx, noAuctions, seller, id);
const cancelOrder = (tx: Tx, buyer: { id: Id<"user"> }, id: Id<"order">) =>
  cancelOrderOf(tx, noWinners, buyer, id);
const afterWindow = (minutes = 31) => t.clock.advance(minutes * 60_000);

describe("what is refused moves nothing", () => {
  const untouched = async (listing: { id: Id<"listing">; amount_g: bigint }) => {
    expect(await balanceOf(t.db, listingAccount(listing.id))).toMatchObject({
      balance: listing.amount_g,
      held: 0n,
    });
    expect((await listingRow(t.db, listing.id))?.remaining_g).toBe(listing.amount_g);
    await expectBooksBalance(t.db);
  };
  const buy = (listingId: Id<"listing">, buyer: { id: Id<"user"> }, creditsAmount?: bigint) =>
    refusalCode(t.transact((tx) => placeOrder(tx, buyer, { id: newId("order"), listingId, creditsAmount })));

  test("more than remains is refused and says how much does", async () => {
    const listing = await aListing(t);
    const buyer = await aBuyer(t);
    const work = t.transact((tx) =>
      placeOrder(tx, buyer, { id: newId("order"), listingId: listing.id, creditsAmount: 1_000_001n }),
    );
    await expect(work).rejects.toMatchObject({
      code: "listing_exceeded",
      details: { remaining: "1.000000" },
    });
    await untouched(listing);
  });

  test("one's own listing is refused", async () => {
    const listing = await aListing(t);
    expect(await buy(listing.id, listing.seller)).toBe("listing_is_own");
    await untouched(listing);
  });

  test("a listing that does not exist is not found", async () => {
    expect(await buy(newId("listing"), await aBuyer(t))).toBe("listing_not_found");
  });

  test("a cancelled and a sold listing say so", async () => {
    const cancelled = await aListing(t);
    await t.transact((tx) => cancelListing(tx, cancelled.seller, cancelled.id));
    expect(await buy(cancelled.id, await aBuyer(t))).toBe("listing_ended");
    const sold = await aListing(t);
    await payOrder(t, await anOrder(t, sold.id));
    expect(await buy(sold.id, await aBuyer(t))).toBe("listing_sold");
    await expectBooksBalance(t.db);
  });

  test("so little that it costs nothing is refused", async () => {
    const listing = await aListing(t);
    expect(await buy(listing.id, await aBuyer(t), 1n)).toBe("order_too_small");
    await untouched(listing);
  });

  test("an order id with another content is refused, the first order stands", async () => {
    const listing = await aListing(t);
    const buyer = await aBuyer(t);
    const order = await anOrder(t, listing.id, { buyer, creditsAmount: 100_000n });
    const again = (creditsAmount: bigint, who = buyer) =>
      refusalCode(
        t.transact((tx) => placeOrder(tx, who, { id: order.id, listingId: listing.id, creditsAmount })),
      );
    expect(await again(200_000n)).toBe("order_id_reused");
    expect(await again(100_000n, await aBuyer(t))).toBe("order_id_reused");
    expect(await again(100_000n)).toBe("none");
    expect((await listingRow(t.db, listing.id))?.remaining_g).toBe(900_000n);
    await expectBooksBalance(t.db);
  });

  test("a buyer cannot tie up the market with unpaid orders", async () => {
    await t.transact((tx) =>
      setRule(tx, orderLimits, {
        value: { ...orderLimits.initial, openOrdersPerBuyer: 2 },
        reason: "test",
        setBy: null,
      }),
    );
    const listing = await aListing(t);
    const buyer = await aBuyer(t);
    for (const code of ["none", "none", "order_limit_reached"])
      expect(await buy(listing.id, buyer, 50_000n)).toBe(code);
    await t.transact((tx) =>
      setRule(tx, orderLimits, { value: orderLimits.initial, reason: "test", setBy: null }),
    );
    await expectBooksBalance(t.db);
  });
});

describe("an order that is not paid", () => {
  test("expires after its window, frees its grams once, and not before", async () => {
    const listing = await aListing(t);
    const order = await anOrder(t, listing.id, { creditsAmount: 300_000n });
    expect(order.expires_at.getTime() - order.created_at.getTime()).toBe(30 * 60_000);
    await drain(t, jobs);
    expect((await orderRow(t.db, order.id))?.status).toBe("pending_payment");
    afterWindow();
    await drain(t, jobs, { twice: true });
    expect((await orderRow(t.db, order.id))?.status).toBe("expired");
    expect((await listingRow(t.db, listing.id))?.remaining_g).toBe(1_000_000n);
    expect((await balanceOf(t.db, listingAccount(listing.id))).held).toBe(0n);
    await expectBooksBalance(t.db);
  });

  test("can be cancelled by its buyer alone, once, and its grams are free again", async () => {
    const listing = await aListing(t);
    const order = await anOrder(t, listing.id);
    expect(await refusalCode(t.transact(async (tx) => cancelOrder(tx, await aBuyer(t), order.id)))).toBe(
      "order_not_found",
    );
    for (let time = 0; time < 2; time++) await t.transact((tx) => cancelOrder(tx, order.buyer, order.id));
    expect((await listingRow(t.db, listing.id))?.remaining_g).toBe(1_000_000n);
    await expectBooksBalance(t.db);
  });

  test("of a listing cancelled meanwhile gives its grams back to the seller", async () => {
    const listing = await aListing(t);
    const order = await anOrder(t, listing.id, { creditsAmount: 400_000n });
    await t.transact((tx) => cancelListing(tx, listing.seller, listing.id));
    expect((await balanceOf(t.db, wallet(listing.seller.id))).balance).toBe(600_000n);
    afterWindow();
    await drain(t, jobs, { twice: true });
    expect((await orderRow(t.db, order.id))?.status).toBe("expired");
    expect((await balanceOf(t.db, wallet(listing.seller.id))).balance).toBe(1_000_000n);
    await expectBooksBalance(t.db);
  });

  test("whose money arrives late is refunded, and the grams stay free", async () => {
    const listing = await aListing(t);
    const order = await anOrder(t, listing.id);
    afterWindow();
    await drain(t, jobs);
    await payOrder(t, order);
    await drain(t, jobs, { twice: true });
    expect((await orderRow(t.db, order.id))?.status).toBe("expired");
    expect((await listingRow(t.db, listing.id))?.remaining_g).toBe(1_000_000n);
    expect((await balanceOf(t.db, cash("USD", listing.seller.id))).balance).toBe(0n);
    const refunds = await t.admin
      .selectFrom("payments.refund")
      .selectAll()
      .where("payment_id", "=", order.payment_id)
      .execute();
    expect(refunds).toHaveLength(1);
    await expectBooksBalance(t.db);
  });
});

describe("orders", () => {
  test("are seen by their buyer, their seller and operators, and by nobody else", async () => {
    const listing = await aListing(t);
    const order = await anOrder(t, listing.id);
    const admin = await aUser(t, { role: "admin" });
    for (const actor of [order.buyer, listing.seller, admin]) {
      const seen = orderFor(t.db, { role: "buyer", ...actor }, order.id);
      expect((await seen).id).toBe(order.id);
    }
    expect(await refusalCode(orderFor(t.db, await aBuyer(t), order.id))).toBe("order_not_found");
  });

  test("keep the fees under which they were placed when the rule changes", async () => {
    const listing = await aListing(t, { pricePerCredit: "100.00" });
    const before = await anOrder(t, listing.id, { creditsAmount: 500_000n });
    const preview = await netInHand(t.db, {
      currency: "USD",
      holdDays: 7,
      now: t.clock.now(),
      creditsAmount: 500_000n,
      pricePerCredit: "100.00",
    });
    expect(preview).toMatchObject({ total: "50.00", platformFee: "1.25", cvaFee: "0.50", net: "48.25" });
    expect(preview.payoutDate.getTime() - t.clock.now().getTime()).toBe(7 * 86_400_000);
    await t.transact((tx) =>
      setRule(tx, saleFees, { value: { platformFeeBps: 500, cvaFeeBps: 200 }, reason: "test", setBy: null }),
    );
    const after = await anOrder(t, listing.id, { creditsAmount: 500_000n });
    expect([before.platform_fee_minor, before.cva_fee_minor, before.net_minor]).toEqual([125n, 50n, 4_825n]);
    expect([after.platform_fee_minor, after.cva_fee_minor, after.net_minor]).toEqual([250n, 100n, 4_650n]);
    expect(after.fees_version).toBe(before.fees_version + 1);
    await t.transact((tx) => setRule(tx, saleFees, { value: saleFees.initial, reason: "test", setBy: null }));
    await expectBooksBalance(t.db);
  });

  test("the same listing created twice at once lists its credits once", async () => {
    const seller = await aSeller(t, 2_000_000n);
    const input = {
      id: newId("listing"),
      currency: "USD" as const,
      creditsAmount: 1_000_000n,
      pricePerCredit: "5.00",
      listingType: "fixed" as const,
    };
    await Promise.all(
      Array.from({ length: 8 }, () => t.transact((tx) => createListing(tx, noAuctions, seller, input))),
    );
    expect((await balanceOf(t.db, wallet(seller.id))).balance).toBe(1_000_000n);
    expect(
      await refusalCode(
        t.transact((tx) => createListing(tx, noAuctions, seller, { ...input, pricePerCredit: "6.00" })),
      ),
    ).toBe("listing_id_reused");
    await expectBooksBalance(t.db);
  });
});
