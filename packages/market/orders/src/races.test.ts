import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { sql } from "@evx/db";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain } from "@evx/jobs/testing";
import { type Id, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { balanceOf, listingAccount, wallet } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { cancelListing as cancel, listingRow } from "@evx/listings";
import { aListing, noAuctions } from "@evx/listings/testing";
import { capturePayment } from "@evx/payments/testing";
import { ordersJobs } from "./jobs.ts";
import { cancelOrder as cancelOrderOf, expireOrder as expireOrderOf, placeOrder } from "./orders.ts";
import { orderRow } from "./queries/orders.ts";
import { takePayment } from "./settlement.ts";
import { aBuyer, anOrder, noWinners } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase({ max: 64 });
});
afterAll(() => t.close());

const jobs = ordersJobs(noWinners);

type Tx = Parameters<typeof cancel>[0];
const cancelListing = (tx: Tx, seller: { id: Id<"user"> }, id: Id<"listing">) =>
  cancel(tx, noAuctions, seller, id);
const _cancelOrder = (tx: Tx, buyer: { id: Id<"user"> }, id: Id<"order">) =>
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
      const capture = () => t.transact((tx) => takePayment(tx, noWinners, captured));
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
