import { afterAll, beforeAll, expect, test } from "bun:test";
import { walletOf } from "@evx/credits";
import { sql } from "@evx/db";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain } from "@evx/jobs/testing";
import { type Id, newId } from "@evx/kernel";
import { balanceOf, cash, escrow, listingAccount } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { listingRow } from "@evx/listings";
import { aListing, aSeller } from "@evx/listings/testing";
import { capturePayment } from "@evx/payments/testing";
import type { Actor } from "@evx/rpc";
import { ordersJobs } from "./jobs.ts";
import { settleOrder } from "./queries/orders.ts";
import { lineRows, type SweepRow, sweepRow } from "./queries/sweeps.ts";
import { makeQuote } from "./quotes.ts";
import { takePayment } from "./settlement.ts";
import { placeSweep } from "./sweeps.ts";
import { aBuyer, noWinners } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const LOTS = 4;

type Placed = { buyer: Actor<"buyer">; sweep: SweepRow; listings: Id<"listing">[]; sellers: Id<"user">[] };

/** A sweep over four lots whose money has arrived at the gateway and is not yet taken. */
const captured = async (country: string): Promise<Placed> => {
  const listings: Id<"listing">[] = [];
  const sellers: Id<"user">[] = [];
  for (let lot = 0; lot < LOTS; lot++) {
    const seller = await aSeller(t, 1_000_000n, { country });
    listings.push((await aListing(t, { seller, pricePerCredit: `${10 + lot}.00` })).id);
    sellers.push(seller.id);
  }
  const buyer = await aBuyer(t);
  const quote = await t.transact((tx) =>
    makeQuote(tx, null, { creditsAmount: BigInt(LOTS) * 1_000_000n, country, currency: "USD" }),
  );
  const sweep = await t.transact((tx) => placeSweep(tx, buyer, { id: newId("order"), quoteId: quote.id }));
  await capturePayment(t, sweep.payment_id);
  return { buyer, sweep, listings, sellers };
};

const take = ({ sweep }: Placed) =>
  t.transact((tx) =>
    takePayment(tx, noWinners, {
      orderId: sweep.id,
      paymentId: sweep.payment_id,
      amountMinor: String(sweep.total_minor),
      currency: sweep.currency,
    }),
  );

const settle = ({ sweep }: Placed) =>
  settleOrder(t.db, { orderId: sweep.id, at: t.clock.now(), cause: "killed" });

/** The rows that a settlement needs, in the order in which it takes them: between any two it can be killed. */
const steps = ({ sweep, listings }: Placed): readonly (readonly [string, string, string])[] => [
  ["marketplace.sweep", "id", sweep.id],
  ["payments.payment", "id", sweep.payment_id],
  ["marketplace.order", "sweep_id", sweep.id],
  ...listings.map((id) => ["marketplace.listing", "id", id] as const),
  ["ledger.account", "id", escrow("USD", sweep.id)],
  ...listings.toSorted().map((id) => ["ledger.account", "id", listingAccount(id)] as const),
];

/** Runs something that comes to wait for a row, and kills its server process there. */
const killedAt = async (
  [table, column, id]: readonly [string, string, string],
  run: () => Promise<unknown>,
) => {
  const [schema = "", name = ""] = table.split(".");
  let outcome = "went through";
  await t.admin.transaction().execute(async (tx) => {
    await sql`select from ${sql.table(`${schema}.${name}`)} where ${sql.ref(column)} = ${id} for update`.execute(
      tx,
    );
    const running = run().then(
      () => "went through",
      () => "killed",
    );
    for (let tries = 0; ; tries++) {
      const { rows } = await sql<{ gone: boolean }>`
        select pg_terminate_backend(pid) as gone from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and pid <> pg_backend_pid()`.execute(
        tx,
      );
      if (rows.length > 0) break;
      if (tries > 500) throw new Error(`Nothing waits for ${table} ${id}`);
      await Bun.sleep(5);
    }
    outcome = await running;
  });
  // The pool may still hand out the dead connection once.
  await sql`select`.execute(t.db).catch(() => undefined);
  return outcome;
};

const expectUntouched = async ({ buyer, sweep, listings, sellers }: Placed, status: string) => {
  expect((await sweepRow(t.db, sweep.id))?.status).toBe(status as SweepRow["status"]);
  const lines = await lineRows(t.db, [sweep.id]);
  expect(lines.map((line) => line.status)).toEqual(lines.map(() => status as SweepRow["status"]));
  expect((await balanceOf(t.db, escrow("USD", sweep.id))).balance).toBe(sweep.total_minor);
  expect((await walletOf(t.db, buyer.id)).balance).toBe(0n);
  for (const id of listings) expect((await listingRow(t.db, id))?.sold_g).toBe(0n);
  for (const id of sellers) expect((await balanceOf(t.db, cash("USD", id))).balance).toBe(0n);
};

const expectSettled = async ({ buyer, sweep, listings, sellers }: Placed) => {
  expect((await sweepRow(t.db, sweep.id))?.status).toBe("completed");
  expect((await balanceOf(t.db, escrow("USD", sweep.id))).balance).toBe(0n);
  expect((await walletOf(t.db, buyer.id)).balance).toBe(BigInt(LOTS) * 1_000_000n);
  for (const id of listings) expect((await listingRow(t.db, id))?.status).toBe("sold");
  for (const id of sellers) expect((await balanceOf(t.db, cash("USD", id))).balance).toBeGreaterThan(900n);
  await expectBooksBalance(t.db);
};

test("killed between any two steps of a settlement, nothing of an order over many listings has moved", async () => {
  const placed = await captured("KA");
  expect(await take(placed)).toBe("paid");
  for (const step of steps(placed)) {
    expect(await killedAt(step, () => settle(placed))).toBe("killed");
    await expectUntouched(placed, "paid");
  }
  expect(await settle(placed)).toBe(true);
  expect(await settle(placed)).toBe(false);
  await drain(t, ordersJobs(noWinners), { twice: true });
  await expectSettled(placed);
}, 60_000);

test("killed while its money is taken, it waits for it still, and the event that comes again settles it once", async () => {
  const placed = await captured("KB");
  for (const step of steps(placed).slice(0, 1)) {
    expect(await killedAt(step, () => take(placed))).toBe("killed");
    await expectUntouched(placed, "pending_payment");
  }
  // The worker had not confirmed the event, so it comes again: twice, to be sure.
  await drain(t, ordersJobs(noWinners), { twice: true });
  await expectSettled(placed);
}, 60_000);
