import { afterAll, beforeAll, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain, tick } from "@evx/jobs/testing";
import type { Id } from "@evx/kernel";
import { balanceOf, escrow, listingAccount } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { listingRow } from "@evx/listings";
import { aListing, aSeller } from "@evx/listings/testing";
import { paymentCaptured } from "@evx/payments/events";
import { capturePayment } from "@evx/payments/testing";
import { ordersJobs } from "./jobs.ts";
import { orderRow, orderRowsOf } from "./queries/orders.ts";
import { anOrder, noWinners } from "./testing.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const jobs = ordersJobs(noWinners);

/** A process that buys one small listing after the other, eight at a time, and says each order that it was promised. */
const buyer = (listingId: string) =>
  Bun.spawn(
    [
      "bun",
      "-e",
      `
    import { createDb, createPool, transact } from "@evx/db";
    import { newId, systemClock } from "@evx/kernel";
    import { placeOrder } from "@evx/orders";
    const db = createDb(createPool(process.env.URL, { max: 8 }));
    await Promise.all(Array.from({ length: 8 }, async () => {
      for (;;) {
        const order = await transact(db, systemClock, (tx) =>
          placeOrder(tx, { id: newId("user") }, { id: newId("order"), listingId: "${listingId}", creditsAmount: 100000n }));
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
  const seller = await aSeller(t, 10_000_000_000n);
  const listing = await aListing(t, { seller, creditsAmount: 10_000_000_000n });
  const promised: string[] = [];
  for (let round = 0; round < 3; round++) {
    const child = buyer(listing.id);
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
      tx.selectFrom("marketplace.listing").selectAll().where("id", "=", listing.id).forUpdate().execute(),
    );

  const orders = await orderRowsOf(t.db, {
    userId: seller.id,
    sides: "sold",
    status: undefined,
    after: null,
    limit: 100_000,
  });
  const known = new Set<string>(orders.map((order) => order.id));
  expect(promised.filter((id) => !known.has(id))).toEqual([]);
  expect(promised.length).toBeGreaterThan(60);
  const held = BigInt(orders.length) * 100_000n;
  expect(await balanceOf(t.db, listingAccount(listing.id))).toMatchObject({ balance: 10_000_000_000n, held });
  expect((await listingRow(t.db, listing.id))?.remaining_g).toBe(10_000_000_000n - held);
  const payments = await t.admin
    .selectFrom("payments.payment")
    .select("order_id")
    .where("seller_id", "=", seller.id)
    .execute();
  expect(payments.map((row) => row.order_id).toSorted()).toEqual([...known].toSorted() as Id<"order">[]);
  await expectBooksBalance(t.db);
}, 60_000);

/** A process that does an order's capture as the worker does, and hangs where the settlement would begin. */
const worker = (captured: object) =>
  Bun.spawn(
    [
      "bun",
      "-e",
      `
    import { createDb, createPool, transact } from "@evx/db";
    import { systemClock } from "@evx/kernel";
    import { ordersJobs } from "@evx/orders/jobs";
    const db = createDb(createPool(process.env.URL, { max: 2 }));
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const job = {
      db, log, requestId: "killed",
      // Asked for the time once outside a transaction: where the settlement begins.
      clock: { now: () => { console.log("settling"); Bun.sleepSync(60_000); } },
      transact: (work) => transact(db, systemClock, work),
    };
    const settle = ordersJobs({ offerToNext() {} }).find(({ queue }) => queue === "marketplace.settle");
    await settle.run(job, ${JSON.stringify(captured)});`,
    ],
    { cwd: import.meta.dir, env: { ...process.env, URL: t.url }, stdout: "pipe", stderr: "inherit" },
  );

test("a worker killed between the capture and the settlement: the order is paid, and the sweep settles it", async () => {
  const listing = await aListing(t);
  const placed = await anOrder(t, listing.id);
  await capturePayment(t, placed.payment_id);
  const { payload } = await t.admin
    .selectFrom("jobs.outbox")
    .select("payload")
    .where("name", "=", paymentCaptured.name)
    .executeTakeFirstOrThrow();
  // The killed worker had taken the event: nobody is told of it again.
  await t.admin.deleteFrom("jobs.outbox").execute();
  const child = worker(payload as object);
  const reader = child.stdout.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toContain("settling");
  child.kill("SIGKILL");
  await child.exited;

  const order = await orderRow(t.db, placed.id);
  expect(order?.status).toBe("paid");
  expect((await balanceOf(t.db, escrow("USD", placed.id))).balance).toBe(placed.total_minor);
  t.clock.set(new Date((order?.paid_at?.getTime() ?? Number.NaN) + 61_000));
  for (let time = 0; time < 2; time++) await tick(t, jobs, "marketplace.sweep");
  await drain(t, jobs, { twice: true });
  expect((await orderRow(t.db, placed.id))?.status).toBe("completed");
  expect((await balanceOf(t.db, escrow("USD", placed.id))).balance).toBe(0n);
  expect((await listingRow(t.db, listing.id))?.status).toBe("sold");
  await expectBooksBalance(t.db);
}, 30_000);
