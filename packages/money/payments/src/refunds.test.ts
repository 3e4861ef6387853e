import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { drain, tick } from "@evx/jobs/testing";
import { refusalCode } from "@evx/kernel/testing";
import { balanceOf, clearing } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { refundPayment } from "./refunds.ts";
import { paymentsWorld } from "./testing/world.ts";
import { aPayment, capturePayment, settleSale } from "./testing.ts";

const world = await paymentsWorld();
const { t, work, pay, about, deliver, now, escrowOf } = world;
beforeEach(() => world.fresh());
afterAll(async () => {
  await expectBooksBalance(t.db);
  await t.close();
});

describe("settling and refunding", () => {
  test("a payment is settled once, and then it says completed", async () => {
    const payment = await aPayment(t);
    await capturePayment(t, payment.id);
    expect(await t.transact((tx) => settleSale(tx, payment.id))).toBe(true);
    expect(await t.transact((tx) => settleSale(tx, payment.id))).toBe(false);
    expect((await now(payment))?.status).toBe("completed");
    expect(
      await refusalCode(t.transact((tx) => refundPayment(tx, { paymentId: payment.id, reason: "sold_out" }))),
    ).toBe("payment_settled");
  });

  test("settling and refunding at the same moment: exactly one happens", async () => {
    for (let round = 0; round < 5; round++) {
      const payment = await aPayment(t);
      await capturePayment(t, payment.id);
      const outcomes = await Promise.all([
        t.transact((tx) => settleSale(tx, payment.id)).then((done) => (done ? "none" : "withheld")),
        refusalCode(
          t.transact((tx) => refundPayment(tx, { paymentId: payment.id, reason: "order_expired" })),
        ),
      ]);
      expect(outcomes.filter((outcome) => outcome === "none").length).toBe(1);
    }
    await work();
  });

  const captured = async () => {
    const payment = await aPayment(t);
    await pay(payment);
    world.fake.pay(payment.id);
    await deliver(about(payment));
    await work();
    return payment;
  };

  test("a refund asked for twice, whose job runs twice and whose answer is lost, is one refund", async () => {
    const payment = await captured();
    const before = await escrowOf(payment);
    const gatewayBefore = (await balanceOf(t.db, clearing("USD", "stripe"))).balance;
    const ask = () =>
      t.transact((tx) => refundPayment(tx, { paymentId: payment.id, reason: "order_expired" }));
    const [first, second] = [await ask(), await ask()];
    expect(second.refundId).toBe(first.refundId);
    world.fake.beSilent(1, "after");
    await expect(drain(t, world.jobs)).rejects.toThrow("silence");
    t.clock.advance(60_000);
    await tick(t, world.jobs, "payments.reconcile");
    await tick(t, world.jobs, "payments.reconcile");
    expect(world.fake.refunds.size).toBe(1);
    expect((await now(payment))?.status).toBe("refunded");
    expect((await escrowOf(payment)) - before).toBe(-1234n);
    expect((await balanceOf(t.db, clearing("USD", "stripe"))).balance - gatewayBefore).toBe(1234n);
    await work();
  });

  test("a refund that the bank returns later is flagged, and its money is back in escrow, set aside", async () => {
    const payment = await captured();
    const { refundId } = await t.transact((tx) =>
      refundPayment(tx, { paymentId: payment.id, reason: "order_expired" }),
    );
    await work();
    expect((await now(payment))?.status).toBe("refunded");
    const before = await escrowOf(payment);
    world.fake.endRefund(refundId, "failed", "expired_or_canceled_card");
    await deliver(world.fake.webhook({ kind: "refund", refundId }));
    await work(true);
    expect((await escrowOf(payment)) - before).toBe(1234n);
    const row = await t.db
      .selectFrom("payments.payment")
      .select("flag")
      .where("id", "=", payment.id)
      .executeTakeFirst();
    expect(row?.flag).toBe("refund_failed");
    expect(await t.transact((tx) => settleSale(tx, payment.id))).toBe(false);
  });

  test("a refund made at the gateway behind our back is flagged", async () => {
    const payment = await captured();
    world.fake.change(payment.id, { refunded: 500n });
    await deliver(about(payment));
    await work();
    const row = await t.db
      .selectFrom("payments.payment")
      .select("flag")
      .where("id", "=", payment.id)
      .executeTakeFirst();
    expect(row?.flag).toBe("refunded_outside");
  });

  test("a disputed payment cannot be settled, one that is won can, one that is lost leaves escrow", async () => {
    const [won, lost] = [await captured(), await captured()];
    for (const payment of [won, lost]) {
      world.fake.change(payment.id, { dispute: "open" });
      await deliver(about(payment));
      await work(true);
      expect(await now(payment)).toMatchObject({ disputed: true, status: "pending" });
      expect(await t.transact((tx) => settleSale(tx, payment.id))).toBe(false);
    }
    world.fake.change(won.id, { dispute: "won" });
    world.fake.change(lost.id, { dispute: "lost" });
    const before = await escrowOf(lost);
    await deliver(about(won));
    await deliver(about(lost));
    await work(true);
    // Both may share one of escrow's shards, so the loss is counted before the other's sale leaves it.
    expect((await escrowOf(lost)) - before).toBe(-1234n);
    expect(await t.transact((tx) => settleSale(tx, won.id))).toBe(true);
  });

  test("a dispute lost after the seller was paid is the venue's loss", async () => {
    const payment = await captured();
    await t.transact((tx) => settleSale(tx, payment.id));
    const before = await escrowOf(payment);
    world.fake.change(payment.id, { dispute: "lost" });
    await deliver(about(payment));
    await work(true);
    expect(await escrowOf(payment)).toBe(before);
  });
});
