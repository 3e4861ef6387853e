import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { type Id, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { balanceOf, clearing, escrow, lossAccount } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import type { NewPayment } from "./queries/payments.ts";
import { paymentRow } from "./queries/payments.ts";
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

const opened = async (): Promise<NewPayment> => {
  const payment = await aPayment(t);
  await pay(payment);
  return payment;
};

const look = async (payment: NewPayment) => {
  await deliver(about(payment));
  await work(true);
};

const refund = (payment: NewPayment) =>
  t.transact((tx) => refundPayment(tx, { paymentId: payment.id, reason: "operator" }));

const standing = async (payment: NewPayment, currency: "USD" | "VND" = "USD") => ({
  escrow: (await balanceOf(t.db, escrow(currency, payment.orderId))).balance,
  gateway: (await balanceOf(t.db, clearing(currency, "stripe"))).balance,
});

describe("money that went back at the gateway before we first looked", () => {
  test("whole: nobody is told that it came, it cannot be settled, and the payment says refunded", async () => {
    const payment = await opened();
    const before = await standing(payment);
    world.fake.pay(payment.id, { refunded: 1234n });
    await deliver(about(payment));
    const told = await work(true);
    expect(told).not.toContain("payments.payment_captured");
    expect(told).toContain("payments.payment_refunded");
    expect(await paymentRow(t.db, payment.id)).toMatchObject({
      status: "refunded",
      flag: "refunded_outside",
    });
    expect(await t.transact((tx) => settleSale(tx, payment.id))).toBe(false);
    expect(await standing(payment)).toEqual(before);
  });

  test("in part: the rest goes back too, and nothing is delivered", async () => {
    const payment = await opened();
    const before = await standing(payment);
    world.fake.pay(payment.id, { refunded: 234n });
    await deliver(about(payment));
    const told = await work(true);
    expect(told).not.toContain("payments.payment_captured");
    const row = await paymentRow(t.db, payment.id);
    expect(row).toMatchObject({ status: "refunded", refunded_minor: 1234n });
    expect(await standing(payment)).toEqual(before);
  });

  test("an operator who has cleared the flag is not called again by the next event", async () => {
    const payment = await opened();
    world.fake.pay(payment.id, { refunded: 1234n });
    await look(payment);
    await t.admin.updateTable("payments.payment").set({ flag: null }).where("id", "=", payment.id).execute();
    await deliver(about(payment));
    expect(await work(true)).toEqual([]);
    expect((await paymentRow(t.db, payment.id))?.flag).toBeNull();
  });
});

describe("money of a wrong amount or currency", () => {
  for (const wrong of [
    { amount: 1233n, currency: "USD" as const },
    { amount: 5_000n, currency: "USD" as const },
    { amount: 30_000n, currency: "VND" as const },
  ])
    test(`${wrong.amount} ${wrong.currency} is booked as it came and given back`, async () => {
      const payment = await opened();
      const before = await standing(payment, wrong.currency);
      world.fake.refundsWill("pending");
      world.fake.pay(payment.id, wrong);
      await look(payment);
      const lying = await standing(payment, wrong.currency);
      expect(lying).toEqual({
        escrow: before.escrow + wrong.amount,
        gateway: before.gateway - wrong.amount,
      });
      const { refundId } = await refund(payment);
      expect(await refundRow(t.db, refundId)).toMatchObject({ amount_minor: wrong.amount, status: "sent" });
      world.fake.endRefund(refundId, "succeeded");
      await deliver(world.fake.webhook({ kind: "refund", refundId }));
      await work(true);
      expect(await standing(payment, wrong.currency)).toEqual(before);
      expect(await now(payment)).toMatchObject({ status: "failed", failure: "amount_mismatch" });
    });

  test("a currency that the books do not know is flagged and nothing is booked", async () => {
    const payment = await opened();
    const before = await standing(payment);
    world.fake.pay(payment.id, { currency: "XAU" });
    await look(payment);
    expect(await standing(payment)).toEqual(before);
    expect((await paymentRow(t.db, payment.id))?.flag).toBe("amount_mismatch");
    expect(await refusalCode(refund(payment))).toBe("payment_not_captured");
  });
});

describe("a refund that failed can be tried again", () => {
  const failing = async (how: "at once" | "days later"): Promise<[NewPayment, Id<"refund">]> => {
    const payment = await opened();
    world.fake.pay(payment.id);
    await look(payment);
    if (how === "at once") world.fake.refundsWill("failed");
    const { refundId } = await refund(payment);
    await work(true);
    if (how === "days later") {
      world.fake.endRefund(refundId, "failed", "expired_or_canceled_card");
      await deliver(world.fake.webhook({ kind: "refund", refundId }));
      await work(true);
    }
    expect((await refundRow(t.db, refundId))?.status).toBe("failed");
    return [payment, refundId];
  };

  for (const how of ["at once", "days later"] as const)
    test(`failed ${how}: a new refund under a new id, once, and the money leaves escrow once`, async () => {
      const [payment, failed] = await failing(how);
      const before = await standing(payment);
      world.fake.refundsWill("succeeded");
      const answers = await Promise.all([refund(payment), refund(payment), refund(payment)]);
      const ids = new Set(answers.map(({ refundId }) => refundId));
      expect(ids.size).toBe(1);
      expect(ids).not.toContain(failed);
      await work(true);
      expect(await standing(payment)).toEqual({
        escrow: before.escrow - 1234n,
        gateway: before.gateway + 1234n,
      });
      expect((await now(payment))?.status).toBe("refunded");
    });

  test("a second failure leaves a third try", async () => {
    const [payment, first] = await failing("at once");
    const { refundId: second } = await refund(payment);
    await work(true);
    expect((await refundRow(t.db, second))?.status).toBe("failed");
    world.fake.refundsWill("succeeded");
    const { refundId: third } = await refund(payment);
    await work(true);
    expect(new Set([first, second, third]).size).toBe(3);
    expect((await now(payment))?.status).toBe("refunded");
  });

  test("not once the card's bank has taken the money itself", async () => {
    const [payment] = await failing("days later");
    const before = await standing(payment);
    world.fake.change(payment.id, { dispute: "lost", refunded: 0n });
    await look(payment);
    expect((await standing(payment)).escrow - before.escrow).toBe(-1234n);
    expect(await refusalCode(refund(payment))).toBe("payment_not_captured");
  });
});

describe("a lost dispute", () => {
  test("is booked once though the operator clears its flag, and the flag stays cleared", async () => {
    const payment = await opened();
    world.fake.pay(payment.id, { dispute: "lost" });
    await look(payment);
    const before = await standing(payment);
    await t.admin.updateTable("payments.payment").set({ flag: null }).where("id", "=", payment.id).execute();
    await deliver(about(payment, newId("event")));
    expect(await work(true)).not.toContain("payments.payment_disputed");
    expect(await standing(payment)).toEqual(before);
    expect((await paymentRow(t.db, payment.id))?.flag).toBeNull();
  });

  test("while a refund is underway costs the venue only what the refund took: nothing, when that fails", async () => {
    const payment = await opened();
    const before = await standing(payment);
    const lossBefore = (await balanceOf(t.db, lossAccount("USD"))).balance;
    world.fake.pay(payment.id);
    await look(payment);
    world.fake.refundsWill("pending");
    const { refundId } = await refund(payment);
    await work(true);
    world.fake.change(payment.id, { dispute: "lost" });
    await look(payment);
    expect((await balanceOf(t.db, lossAccount("USD"))).balance - lossBefore).toBe(-1234n);
    world.fake.endRefund(refundId, "failed", "charge_disputed");
    await deliver(world.fake.webhook({ kind: "refund", refundId }));
    await work(true);
    expect(await standing(payment)).toEqual(before);
    expect(await balanceOf(t.db, lossAccount("USD"))).toMatchObject({ balance: lossBefore });
  });
});
