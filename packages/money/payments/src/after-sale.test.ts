import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { tick } from "@evx/jobs/testing";
import { type Id, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { balanceOf, cash, clearing, debt, lossAccount, payoutClearing, post } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { type NewPayment, paymentRow } from "./queries/payments.ts";
import { refundRow } from "./queries/refunds.ts";
import { refundPayment } from "./refunds.ts";
import { paymentsWorld } from "./testing/world.ts";
import { aPayment, settleSale } from "./testing.ts";

const world = await paymentsWorld();
const { t, work, pay, about, deliver, now } = world;
beforeEach(() => world.fresh());
afterAll(async () => {
  await expectBooksBalance(t.db);
  await t.close();
});

/** A sale of 12.34: 11.91 for the seller, 0.31 for the venue, 0.12 for those who checked. */
const sold = async (more: Partial<NewPayment> = {}): Promise<NewPayment> => {
  const payment = await aPayment(t, more);
  await pay(payment);
  world.fake.pay(payment.id);
  await look(payment);
  expect(await t.transact((tx) => settleSale(tx, payment.id, { platform: 31n, cva: 12n }))).toBe(true);
  return payment;
};
const look = async (payment: NewPayment) => {
  await deliver(about(payment));
  await work(true);
};
const refund = (payment: NewPayment, amount?: bigint, refundId = newId("refund")) =>
  t.transact((tx) => refundPayment(tx, { paymentId: payment.id, reason: "operator", amount, refundId }));
const of = async (sellerId: Id<"user">) => ({
  cash: (await balanceOf(t.db, cash("USD", sellerId))).balance,
  debt: (await balanceOf(t.db, debt("USD", sellerId))).balance,
});
const venue = async () => ({
  gateway: (await balanceOf(t.db, clearing("USD", "stripe"))).balance,
  loss: (await balanceOf(t.db, lossAccount("USD"))).balance,
});
/** The seller takes everything out. */
const withdrawAll = async (sellerId: Id<"user">) => {
  const { balance } = await balanceOf(t.db, cash("USD", sellerId));
  await t.transact((tx) =>
    post(tx, {
      id: newId("transfer"),
      kind: "payout",
      legs: [
        { account: cash("USD", sellerId), amount: -balance },
        { account: payoutClearing("USD", "stripe"), amount: balance },
      ],
    }),
  );
};

describe("a refund after the sale", () => {
  test("whole: the seller gives back what they got, the venue its fee, and bears what was paid for checking", async () => {
    const before = await venue();
    const payment = await sold();
    const paid = await venue();
    expect(paid.gateway).toBe(before.gateway - 1234n);
    await refund(payment);
    expect(await work(true)).toContain("payments.payment_refunded");
    expect(await of(payment.sellerId)).toEqual({ cash: 0n, debt: 0n });
    expect(await venue()).toEqual({ gateway: before.gateway, loss: before.loss - 12n });
    expect(await now(payment)).toMatchObject({ status: "refunded" });
    expect(await refusalCode(refund(payment))).toBe("payment_not_captured");
  });

  test("in parts: they sum to the whole for each who bears it, and no more can go back", async () => {
    const before = await venue();
    const payment = await sold();
    for (const part of [1n, 333n, 400n]) await refund(payment, part);
    await work(true);
    expect(await now(payment)).toMatchObject({ status: "completed" });
    expect((await paymentRow(t.db, payment.id))?.refunded_minor).toBe(734n);
    expect(await refusalCode(refund(payment, 501n))).toBe("payment_refund_exceeds");
    const last = newId("refund");
    const answers = await Promise.all([refund(payment, 500n, last), refund(payment, 500n, last)]);
    expect(answers.map(({ refundId }) => refundId)).toEqual([last, last]);
    await work(true);
    expect(await of(payment.sellerId)).toEqual({ cash: 0n, debt: 0n });
    expect(await venue()).toEqual({ gateway: before.gateway, loss: before.loss - 12n });
    expect(await now(payment)).toMatchObject({ status: "refunded" });
  });

  test("from a seller who took the money out: they owe it, and it is set off against what they sell next", async () => {
    const payment = await sold();
    const { sellerId } = payment;
    await withdrawAll(sellerId);
    await refund(payment);
    await work(true);
    expect(await of(sellerId)).toEqual({ cash: 0n, debt: -1191n });
    await sold({ sellerId, amount_minor: 543n });
    await tick(t, world.jobs, "payments.set_off_debts");
    expect(await of(sellerId)).toEqual({ cash: 0n, debt: -691n });
    await sold({ sellerId });
    await tick(t, world.jobs, "payments.set_off_debts");
    expect(await of(sellerId)).toEqual({ cash: 500n, debt: 0n });
  });

  test("that the bank returns lies aside, and tried again takes nothing twice from anybody", async () => {
    const before = await venue();
    const payment = await sold();
    const { refundId } = await refund(payment, 600n);
    await work(true);
    world.fake.endRefund(refundId, "failed", "expired_or_canceled_card");
    world.fake.change(payment.id, { refunded: 0n });
    await deliver(world.fake.webhook({ kind: "refund", refundId }));
    await work(true);
    expect(await now(payment)).toMatchObject({ status: "completed" });
    expect(await paymentRow(t.db, payment.id)).toMatchObject({ flag: "refund_failed", refunded_minor: 0n });
    await refund(payment);
    await work(true);
    expect(await refundRow(t.db, refundId)).toMatchObject({ status: "failed" });
    expect(await of(payment.sellerId)).toEqual({ cash: 0n, debt: 0n });
    expect(await venue()).toEqual({ gateway: before.gateway, loss: before.loss - 12n });
  });

  test("of a part before the sale is refused, and so is one while the bank decides", async () => {
    const payment = await aPayment(t);
    await pay(payment);
    world.fake.pay(payment.id);
    await look(payment);
    expect(await refusalCode(refund(payment, 1n))).toBe("payment_not_settled");
    const other = await sold();
    world.fake.change(other.id, { dispute: "open" });
    await look(other);
    expect(await refusalCode(refund(other))).toBe("payment_disputed");
  });
});

describe("a dispute after the sale", () => {
  test("that is lost is borne by those who were given the money; its fee by the venue, once", async () => {
    const before = await venue();
    const payment = await sold();
    world.fake.change(payment.id, { dispute: "open", disputeFee: 1500n });
    await look(payment);
    world.fake.change(payment.id, { dispute: "lost", disputeFee: 1500n });
    await look(payment);
    await look(payment);
    expect(await of(payment.sellerId)).toEqual({ cash: 0n, debt: 0n });
    expect(await venue()).toEqual({
      gateway: before.gateway + 1500n,
      loss: before.loss - 12n - 1500n,
    });
  });

  test("that was lost and is won after all gives everybody their part back, and can be lost again", async () => {
    const payment = await sold();
    const start = { ...(await venue()), ...(await of(payment.sellerId)) };
    for (let round = 0; round < 2; round++) {
      world.fake.change(payment.id, { dispute: "lost" });
      await look(payment);
      expect(await of(payment.sellerId)).toEqual({ cash: 0n, debt: 0n });
      world.fake.change(payment.id, { dispute: "won" });
      expect(await look(payment).then(() => work())).toEqual([]);
      await look(payment);
      expect({ ...(await venue()), ...(await of(payment.sellerId)) }).toEqual(start);
      expect(await paymentRow(t.db, payment.id)).toMatchObject({ status: "captured", charged_back_at: null });
    }
  });

  test("lost after a part went back takes only the rest, from whoever still has it", async () => {
    const before = await venue();
    const payment = await sold();
    await refund(payment, 700n);
    await work(true);
    world.fake.change(payment.id, { dispute: "lost" });
    await look(payment);
    expect(await of(payment.sellerId)).toEqual({ cash: 0n, debt: 0n });
    expect(await venue()).toEqual({ gateway: before.gateway, loss: before.loss - 12n });
  });

  test("lost while a refund is underway costs the venue that part, and nothing once the refund failed", async () => {
    const before = await venue();
    const payment = await sold();
    world.fake.refundsWill("pending");
    const { refundId } = await refund(payment, 700n);
    await work(true);
    world.fake.change(payment.id, { dispute: "lost" });
    await look(payment);
    expect((await venue()).loss).toBeLessThan(before.loss - 600n);
    world.fake.endRefund(refundId, "failed", "charge_disputed");
    await deliver(world.fake.webhook({ kind: "refund", refundId }));
    await work(true);
    expect(await venue()).toEqual({ gateway: before.gateway, loss: before.loss - 12n });
    world.fake.change(payment.id, { dispute: "won", refunded: 0n });
    await look(payment);
    expect(await of(payment.sellerId)).toEqual({ cash: 1191n, debt: 0n });
  });

  test("lost before the sale and won after all: the order is gone, so the market can give the money back", async () => {
    const payment = await aPayment(t);
    await pay(payment);
    world.fake.pay(payment.id, { dispute: "lost" });
    await look(payment);
    world.fake.change(payment.id, { dispute: "won" });
    await deliver(about(payment));
    expect(await work(true)).toContain("payments.payment_captured");
    await refund(payment);
    await work(true);
    expect(await now(payment)).toMatchObject({ status: "refunded" });
  });
});
