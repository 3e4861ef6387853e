import { afterAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { sql } from "@evx/db";
import { jobContext, tick } from "@evx/jobs/testing";
import type { Id } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { balanceOf, cash } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import type { NewPayment } from "./queries/payments.ts";
import { refundPayment } from "./refunds.ts";
import { paymentsWorld } from "./testing/world.ts";
import { aPayment, settleSale } from "./testing.ts";
import { processEvent } from "./webhooks.ts";

// Generous, because tests share their machine.
setDefaultTimeout(60_000);

const world = await paymentsWorld();
const { t, work, pay, about, deliver } = world;
beforeEach(() => world.fresh());
afterAll(async () => {
  await expectBooksBalance(t.db);
  await t.close();
});

/** What escrow holds of everybody: its accounts are shared, so one payment's part shows only in the whole. */
const escrowed = async (): Promise<bigint> => {
  const { rows } = await sql<{ sum: bigint }>`
    select coalesce(sum(balance), 0)::int8 as sum from ledger.account where kind = 'escrow'`.execute(t.db);
  return rows[0]?.sum ?? 0n;
};

/** The gateway tells of a payment, and two workers act on it at once. */
const tellTwice = async (payment: NewPayment, eventId: string) => {
  await deliver(about(payment, eventId));
  const act = () => processEvent(jobContext(t), world.ports, { gateway: "stripe", eventId });
  await Promise.all([act(), act()]);
};

const settle = (payment: NewPayment) => t.transact((tx) => settleSale(tx, payment.id));
const refund = (payment: NewPayment) =>
  refusalCode(t.transact((tx) => refundPayment(tx, { paymentId: payment.id, reason: "order_cancelled" })));

/** Starts all at once, beginning with another one each time. */
const together = (round: number, all: readonly (() => Promise<unknown>)[]) =>
  Promise.all(all.map((_, place) => all[(place + round) % all.length]?.()));

const received = async (sellerId: Id<"user">) => (await balanceOf(t.db, cash("USD", sellerId))).balance;

test("capture, refund, dispute and settlement of one payment at once: its money goes one way, and only one", async () => {
  const ends = new Map<string, number>();
  for (let round = 0; round < 24; round++) {
    const payment = await aPayment(t);
    const before = await escrowed();
    await pay(payment);
    world.fake.pay(payment.id);
    const disputed = round % 3 > 0;
    // Now and then nobody sells meanwhile, so that the refund surely wins once.
    const sell = () => (round % 4 === 3 ? refund(payment) : settle(payment));
    await together(round, [
      () => tellTwice(payment, `evt_paid_${payment.id}`),
      sell,
      () => refund(payment),
      async () => {
        if (disputed) world.fake.change(payment.id, { dispute: "open" });
        await tellTwice(payment, `evt_dispute_${payment.id}`);
      },
      sell,
    ]);
    expect([before, before + 1234n]).toContain(await escrowed());
    if (disputed) world.fake.change(payment.id, { dispute: round % 3 === 1 ? "won" : "lost" });
    await together(round, [
      () => tellTwice(payment, `evt_decided_${payment.id}`),
      () => refund(payment),
      () => settle(payment),
      () => work(),
    ]);
    await work(true);
    t.clock.advance(60_000);
    await tick(t, world.jobs, "payments.reconcile");
    await work(true);
    // Whoever still may have the money takes it now; after that there is nothing more to take.
    await settle(payment);
    await refund(payment);
    await work(true);

    const paid = await received(payment.sellerId);
    const returned = [...world.fake.refunds.values()].length;
    world.fake.refunds.clear();
    expect([0n, 1234n]).toContain(paid);
    expect(returned).toBeLessThanOrEqual(1);
    expect(paid > 0n && returned > 0).toBe(false);
    const lost = disputed && round % 3 === 2;
    if (!lost) expect(paid > 0n || returned > 0).toBe(true);
    expect(await escrowed()).toBe(before);
    const end = paid > 0n ? "settled" : returned > 0 ? "refunded" : "lost";
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  expect([...ends.keys()].sort()).toEqual(["lost", "refunded", "settled"]);
});
