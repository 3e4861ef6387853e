import { afterAll, beforeAll, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain, tick } from "@evx/jobs/testing";
import type { Id } from "@evx/kernel";
import { balanceOf, escrow, listingAccount } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { capturePayment } from "@evx/payments/testing";
import { marketplaceJobs } from "./jobs.ts";
import { listingRow } from "./queries/listings.ts";
import { orderRowsOf } from "./queries/orders.ts";
import { aListing, anOrder, aSeller } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

/** A process that buys one small lot after the other, eight at a time, and says each order that it was promised. */
const buyer = (listingId: string) =>
  Bun.spawn(
    [
      "bun",
      "-e",
      `
    import { createDb, createPool, transact } from "@evx/db";
    import { newId, systemClock } from "@evx/kernel";
    import { placeOrder } from "@evx/marketplace";
    const db = createDb(createPool(process.env.URL, { max: 8 }));
    await Promise.all(Array.from({ length: 8 }, async () => {
      for (;;) {
        const order = await transact(db, systemClock, (tx) =>
          placeOrder(tx, { id: newId("user") }, { id: newId("order"), listingId: "${listingId}", creditsAmount: 1000n }));
        console.log(order.id);
      }
    }));`,
    ],
    {
      cwd: import.meta.dir,
      env: { ...process.env, URL: t.url },
      stdout: "pipe",
      stderr: "ignore",
    },
  );

test("a buyer's server killed half-way through its orders: every promised order stands whole, no other trace is left", async () => {
  const seller = await aSeller(t, 100_000_000n);
  const lot = await aListing(t, { seller, creditsAmount: 100_000_000n });
  const promised: string[] = [];
  for (let round = 0; round < 3; round++) {
    const child = buyer(lot.id);
    let text = "";
    const reading = (async () => {
      for await (const chunk of child.stdout) text += new TextDecoder().decode(chunk);
    })();
    while (text.length < 1_000) await Bun.sleep(10);
    child.kill("SIGKILL");
    await child.exited;
    await reading;
    promised.push(...text.split("\n").filter((line) => /^ord_.{26}$/.test(line)));
  }
  // The killed clients' transactions end when the server notices that nobody is there.
  await t.admin
    .transaction()
    .execute((tx) =>
      tx.selectFrom("marketplace.listing").selectAll().where("id", "=", lot.id).forUpdate().execute(),
    );

  const orders = await orderRowsOf(t.db, seller.id, "sold", undefined, null, 100_000);
  const known = new Set<string>(orders.map((order) => order.id));
  expect(promised.filter((id) => !known.has(id))).toEqual([]);
  expect(promised.length).toBeGreaterThan(60);
  const held = BigInt(orders.length) * 1_000n;
  expect(await balanceOf(t.db, listingAccount(lot.id))).toMatchObject({ balance: 100_000_000n, held });
  expect((await listingRow(t.db, lot.id))?.remaining_g).toBe(100_000_000n - held);
  const payments = await t.admin
    .selectFrom("payments.payment")
    .select("order_id")
    .where("seller_id", "=", seller.id)
    .execute();
  expect(payments.map((row) => row.order_id).toSorted()).toEqual([...known].toSorted() as Id<"order">[]);
  await expectBooksBalance(t.db);
}, 60_000);

test("a worker killed between the capture and the settlement: the sweep settles what is paid", async () => {
  const lot = await aListing(t);
  const placed = await anOrder(t, lot.id);
  await capturePayment(t, placed.payment_id);
  // As if the process had ended right after the first of the two transactions, and its job were lost.
  await t.admin
    .updateTable("marketplace.order")
    .set({ status: "paid", paid_at: t.clock.now() })
    .where("id", "=", placed.id)
    .execute();
  await t.admin.deleteFrom("jobs.outbox").execute();
  t.clock.advance(61_000);
  const sweep = marketplaceJobs.filter(({ queue }) => queue === "marketplace.sweep");
  for (let time = 0; time < 2; time++) await tick(t, sweep, "marketplace.sweep");
  await drain(t, marketplaceJobs, { twice: true });
  expect((await balanceOf(t.db, escrow("USD", placed.id))).balance).toBe(0n);
  expect((await listingRow(t.db, lot.id))?.status).toBe("sold");
  await expectBooksBalance(t.db);
});
