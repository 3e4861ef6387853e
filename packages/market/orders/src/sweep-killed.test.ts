import { afterAll, beforeAll, expect, test } from "bun:test";
import { walletOf } from "@evx/credits";
import { type Db, sql } from "@evx/db";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { drain } from "@evx/jobs/testing";
import { type Id, newId } from "@evx/kernel";
import { balanceOf, cash, escrow, listingAccount, wallet } from "@evx/ledger";
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

const take = ({ sweep }: Pick<Placed, "sweep">) =>
  t.transact((tx) =>
    takePayment(tx, noWinners, {
      orderId: sweep.id,
      paymentId: sweep.payment_id,
      amountMinor: String(sweep.total_minor),
      currency: sweep.currency,
    }),
  );

const settle = ({ sweep }: Pick<Placed, "sweep">) =>
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

/** How many server processes of this database wait for a lock, and which of them wait for this transaction. */
const waiters = async (tx: Db): Promise<{ all: number; mine: number[] }> => {
  // Within a transaction the server would show what it showed first.
  await sql`select pg_stat_clear_snapshot()`.execute(tx);
  const { rows } = await sql<{ pid: number; mine: boolean }>`
    select pid, pg_backend_pid() = any (pg_blocking_pids(pid)) as mine from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and pid <> pg_backend_pid()`.execute(tx);
  return { all: rows.length, mine: rows.filter(({ mine }) => mine).map(({ pid }) => pid) };
};

const waitingFor = async (tx: Db, count: number): Promise<number[]> => {
  for (let tries = 0; tries < 3_000; tries++) {
    const { all, mine } = await waiters(tx);
    if (all >= count) return mine;
    await Bun.sleep(5);
  }
  throw new Error(`Less than ${count} wait`);
};

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
    for (const pid of await waitingFor(tx, 1))
      await sql`select pg_terminate_backend(${pid}::int)`.execute(tx);
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

/** Two orders that share a lot and its seller: the first takes two cheaper ones and half of it, the second the rest. */
const sharing = async (country: string) => {
  const sellers: Id<"user">[] = [];
  for (const pricePerCredit of ["10.00", "11.00", "12.00", "13.00", "14.00"]) {
    const seller = await aSeller(t, 2_000_000n, { country });
    await aListing(t, { seller, creditsAmount: 2_000_000n, pricePerCredit });
    sellers.push(seller.id);
  }
  const sweeps: SweepRow[] = [];
  for (let n = 0; n < 2; n++) {
    const buyer = await aBuyer(t);
    const wanted = { creditsAmount: 5_000_000n, country, currency: "USD" } as const;
    const quote = await t.transact((tx) => makeQuote(tx, null, wanted));
    const sweep = await t.transact((tx) => placeSweep(tx, buyer, { id: newId("order"), quoteId: quote.id }));
    await capturePayment(t, sweep.payment_id);
    expect(await take({ sweep })).toBe("paid");
    sweeps.push(sweep);
  }
  const [first, second] = sweeps as [SweepRow, SweepRow];
  return { first, second, sellers };
};

/** A process that settles orders all at once, and says which of them it settled. */
const worker = (...ids: Id<"order">[]) =>
  Bun.spawn(
    [
      "bun",
      "-e",
      `
    import { createDb, createPool } from "@evx/db";
    import { settleOrder } from "./queries/orders.ts";
    const db = createDb(createPool(process.env.URL, { max: 4 }));
    const ids = ${JSON.stringify(ids)};
    const at = new Date(${t.clock.now().getTime()});
    console.log(JSON.stringify(await Promise.all(ids.map((orderId) => settleOrder(db, { orderId, at, cause: "worker" })))));
    process.exit(0);`,
    ],
    { cwd: import.meta.dir, env: { ...process.env, URL: t.url }, stdout: "pipe", stderr: "inherit" },
  );

const expectOnce = async (sweeps: readonly SweepRow[], sellers: readonly Id<"user">[]) => {
  const lines = await lineRows(
    t.db,
    sweeps.map(({ id }) => id),
  );
  expect(lines.length).toBe(6);
  const { rows: told } = await sql<{ id: string; times: bigint }>`
    select payload ->> 'orderId' as id, count(*) as times from jobs.outbox
    where name = 'marketplace.order_completed' group by 1`.execute(t.admin);
  for (const { id, status } of lines)
    expect([id, status, told.find((one) => one.id === id)?.times]).toEqual([id, "completed", 1n]);
  for (const { id, buyer_id, transfer_id } of sweeps) {
    expect((await walletOf(t.db, buyer_id)).balance).toBe(5_000_000n);
    expect((await balanceOf(t.db, escrow("USD", id))).balance).toBe(0n);
    const entries = await t.admin
      .selectFrom("ledger.entry")
      .select("amount")
      .where("transfer_id", "=", transfer_id)
      .where("account_id", "=", wallet(buyer_id))
      .execute();
    expect(entries).toEqual([{ amount: 5_000_000n }]);
  }
  for (const seller of sellers) {
    const net = lines.reduce((sum, line) => (line.seller_id === seller ? sum + line.net_minor : sum), 0n);
    expect((await balanceOf(t.db, cash("USD", seller))).balance).toBe(net);
  }
  await expectBooksBalance(t.db);
};

test.each([
  ["its server process with it", "KC", true, [true, true]],
  ["its server process not, which goes on to the end", "KD", false, [false, true]],
] as const)(
  "two workers settle two orders at once and one is killed half-way, %s: each is settled once",
  async (_, country, both, expected) => {
    const { first, second, sellers } = await sharing(country);
    const [line] = (await lineRows(t.db, [first.id])).toSorted((a, b) =>
      a.listing_id < b.listing_id ? 1 : -1,
    );
    const halfWay = listingAccount(line?.listing_id as Id<"listing">);
    const killed = worker(first.id);
    const other = await t.admin.transaction().execute(async (tx) => {
      await sql`select from ledger.account where id = ${halfWay} for update`.execute(tx);
      await waitingFor(tx, 1);
      const started = worker(first.id, second.id);
      const [server] = await waitingFor(tx, 3);
      killed.kill("SIGKILL");
      await killed.exited;
      if (both) await sql`select pg_terminate_backend(${server}::int)`.execute(tx);
      return started;
    });
    expect(JSON.parse(await new Response(other.stdout).text())).toEqual(expected);
    await expectOnce([first, second], sellers);
    expect([await settle({ sweep: first }), await settle({ sweep: second })]).toEqual([false, false]);
    await drain(t, ordersJobs(noWinners), { twice: true });
    await expectBooksBalance(t.db);
  },
  60_000,
);
