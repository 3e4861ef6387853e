import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { sql } from "@evx/db";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { aUser } from "@evx/identity/testing";
import { drain } from "@evx/jobs/testing";
import { type Id, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { balanceOf, cash, listingAccount, wallet } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { cancelListing as cancel, createListing, listingRow } from "@evx/listings";
import { aListing, aSeller, noAuctions } from "@evx/listings/testing";
import { capturePayment } from "@evx/payments/testing";
import { setRule } from "@evx/rules";
import { netInHand } from "./fees.ts";
import { ordersJobs } from "./jobs.ts";
import {
  cancelOrder as cancelOrderOf,
  expireOrder as expireOrderOf,
  orderFor,
  placeOrder,
} from "./orders.ts";
import { orderLimits, saleFees } from "./policy.ts";
import { orderRow } from "./queries/orders.ts";
import { takePayment } from "./settlement.ts";
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
const expireOrder = (tx: Tx, id: Id<"order">) => expireOrderOf(tx, noWinners, id);

const counted = (codes: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
};

const afterWindow = (minutes = 31) => t.clock.advance(minutes * 60_000);

describe("races", () => {
  test("1,000 buyers of 100 listings: exactly 100 get one, nobody else is charged or holds anything", async () => {
    const listing = await aListing(t, { creditsAmount: 10_000_000n });
    const buyers = await Promise.all(Array.from({ length: 1_000 }, () => newId("user")));
    const codes = await Promise.all(
      buyers.map((id) =>
        refusalCode(
          t.transact((tx) =>
            placeOrder(tx, { id }, { id: newId("order"), listingId: listing.id, creditsAmount: 100_000n }),
          ),
        ),
      ),
    );
    expect(counted(codes)).toEqual({ none: 100, listing_reserved: 900 });
    expect(await balanceOf(t.db, listingAccount(listing.id))).toMatchObject({
      balance: 10_000_000n,
      held: 10_000_000n,
    });
    expect((await listingRow(t.db, listing.id))?.remaining_g).toBe(0n);
    await expectBooksBalance(t.db);
  }, 60_000);

  test("orders for more than remains together: what is handed out never exceeds the listing", async () => {
    const listing = await aListing(t, { creditsAmount: 1_000_000n });
    const codes = await Promise.all(
      [600_000n, 500_000n, 400_000n, 700_000n].map((creditsAmount) =>
        refusalCode(
          t.transact((tx) =>
            placeOrder(
              tx,
              { id: newId("user") },
              { id: newId("order"), listingId: listing.id, creditsAmount },
            ),
          ),
        ),
      ),
    );
    const { held } = await balanceOf(t.db, listingAccount(listing.id));
    expect(held <= 1_000_000n && codes.includes("none")).toBe(true);
    expect((await listingRow(t.db, listing.id))?.remaining_g).toBe(1_000_000n - held);
    await expectBooksBalance(t.db);
  });

  test("the same order sent twenty times at once is one order with one payment", async () => {
    const listing = await aListing(t);
    const buyer = await aBuyer(t);
    const input = { id: newId("order"), listingId: listing.id, creditsAmount: 250_000n };
    const orders = await Promise.all(
      Array.from({ length: 20 }, () => t.transact((tx) => placeOrder(tx, buyer, input))),
    );
    expect(new Set(orders.map((order) => order.payment_id)).size).toBe(1);
    expect((await listingRow(t.db, listing.id))?.remaining_g).toBe(750_000n);
    await expectBooksBalance(t.db);
  });

  test("one order id used for two listings at once buys exactly one", async () => {
    const [a, b] = [await aListing(t), await aListing(t)];
    const buyer = await aBuyer(t);
    const id = newId("order");
    const codes = await Promise.all(
      [a, b].map((listing) =>
        refusalCode(t.transact((tx) => placeOrder(tx, buyer, { id, listingId: listing.id }))),
      ),
    );
    expect(codes.toSorted()).toEqual(["none", "order_id_reused"]);
    await expectBooksBalance(t.db);
  });

  /**
   * Lets two transactions race for an order whose window has closed: both reach the order's row while it is locked, in the
   * order in which they are given, and are let go together.
   */
  const raceFor = async (id: Id<"order">, runners: readonly (() => Promise<unknown>)[]) => {
    const gate = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const holder = t.admin.transaction().execute(async (tx) => {
      await tx.selectFrom("marketplace.order").select("id").where("id", "=", id).forUpdate().execute();
      locked.resolve();
      await gate.promise;
    });
    await locked.promise;
    const running: Promise<unknown>[] = [];
    for (const runner of runners) {
      running.push(runner());
      await waiting(running.length);
    }
    gate.resolve();
    await holder;
    return Promise.all(running);
  };

  /** Waits until so many statements of this database wait for a lock. */
  const waiting = async (count: number) => {
    for (let tries = 0; tries < 500; tries++) {
      const { rows } = await sql<{ count: number }>`
        select count(*)::int as count from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(t.admin);
      if (rows[0]?.count === count) return;
      await Bun.sleep(10);
    }
    throw new Error(`${count} transactions never waited for the order`);
  };

  test("a capture and an expiry that reach the order together: the first one wins, and wins alone, whichever it is", async () => {
    const outcomes: string[] = [];
    for (const first of ["capture", "expiry", "capture", "expiry"] as const) {
      const listing = await aListing(t, { creditsAmount: 100_000n });
      const order = await anOrder(t, listing.id);
      await capturePayment(t, order.payment_id);
      afterWindow();
      const captured = {
        orderId: order.id,
        paymentId: order.payment_id,
        amountMinor: String(order.total_minor),
        currency: "USD",
      };
      const capture = () => t.transact((tx) => takePayment(tx, captured));
      const expiry = () => t.transact((tx) => expireOrder(tx, order.id));
      const answers = await raceFor(order.id, first === "capture" ? [capture, expiry] : [expiry, capture]);
      expect(answers).toEqual(first === "capture" ? ["paid", false] : [true, "late"]);
      await drain(t, jobs, { twice: true });
      const now = await orderRow(t.db, order.id);
      const bought = (await balanceOf(t.db, wallet(order.buyer_id))).balance;
      const free = (await listingRow(t.db, listing.id))?.remaining_g;
      if (first === "capture") expect([now?.status, bought, free]).toEqual(["completed", 100_000n, 0n]);
      else expect([now?.status, bought, free]).toEqual(["expired", 0n, 100_000n]);
      outcomes.push(now?.status ?? "lost");
    }
    expect(counted(outcomes)).toEqual({ completed: 2, expired: 2 });
    await expectBooksBalance(t.db);
  }, 30_000);

  test("a seller cancels while buyers order: each gram is ordered or returned, never both", async () => {
    const listing = await aListing(t, { creditsAmount: 1_000_000n });
    const work = Array.from({ length: 30 }, (_, index) =>
      index === 15
        ? refusalCode(t.transact((tx) => cancelListing(tx, listing.seller, listing.id)))
        : refusalCode(
            t.transact((tx) =>
              placeOrder(
                tx,
                { id: newId("user") },
                { id: newId("order"), listingId: listing.id, creditsAmount: 50_000n },
              ),
            ),
          ),
    );
    const codes = counted(await Promise.all(work));
    const { balance, held } = await balanceOf(t.db, listingAccount(listing.id));
    const back = (await balanceOf(t.db, wallet(listing.seller.id))).balance;
    expect(balance).toBe(held);
    expect(balance + back).toBe(1_000_000n);
    expect(held).toBe(BigInt((codes.none ?? 0) - 1) * 50_000n);
    await expectBooksBalance(t.db);
  });
});

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
      expect(await buy(listing.id, buyer, 10_000n)).toBe(code);
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
