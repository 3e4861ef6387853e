import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { type GatewayName, gatewayNames } from "@evx/adapters";
import { drain } from "@evx/jobs/testing";
import { day_ms, hour_ms, newId, second_ms } from "@evx/kernel";
import { balanceOf, lossAccount, payoutClearing } from "@evx/ledger";
import { expectBooksBalance, givenCash } from "@evx/ledger/testing";
import { refundPayment } from "@evx/payments";
import { type RealGateway, realGateway } from "@evx/payments/testing/wires";
import { payoutsJobs } from "@evx/payouts/jobs";
import { testPorts, testSettings, withdraw } from "@evx/payouts/testing";
import { reconcileDay } from "./days.ts";
import { daysCompared } from "./lists.ts";
import { finishedDays } from "./policy.ts";

// Generous, because tests share their machine.
setDefaultTimeout(60_000);

/** A gateway's own next midnight. */
const midnightOf = (side: RealGateway): Date => {
  const ahead = side.gateway.midnight_ms;
  const day = Math.floor((side.t.clock.now().getTime() + ahead) / day_ms) + 1;
  return new Date(day * day_ms - ahead);
};

/** Compares the newest days that are over; answers what differs, by day. */
const compared = async (side: RealGateway, midnight: Date, days: number) => {
  side.t.clock.set(new Date(midnight.getTime() + day_ms + 3 * hour_ms));
  const found: Record<string, string[]> = {};
  for (const day of finishedDays(side.t.clock.now(), side.gateway.midnight_ms, days)) {
    const differences = await reconcileDay(side.ctx, side.gateway, day);
    found[day.day] = differences.map(({ kind, what }) => `${what} ${kind}`);
  }
  return found;
};

const dayNames = (side: RealGateway, midnight: Date): [string, string] => {
  const at = midnight.getTime() + side.gateway.midnight_ms;
  const name = (time: number) => new Date(time).toISOString().slice(0, 10);
  return [name(at - day_ms), name(at)];
};

describe("money on both sides of a gateway's own midnight, by what it says itself", () => {
  for (const name of gatewayNames)
    test(name, async () => {
      const side = await realGateway(name);
      const midnight = midnightOf(side);
      const at = (offset_s: number) => side.t.clock.set(new Date(midnight.getTime() + offset_s * second_ms));
      const pay = async (paidAt: number, seenAt = paidAt) => {
        at(paidAt);
        const payment = await side.begin();
        await side.choose(payment, "success");
        // PayPal's money is taken when we look.
        at(seenAt);
        await side.look(payment);
        return payment;
      };
      const before = await pay(-40);
      const between = await pay(-5, 5);
      await pay(40);
      // What was paid on one day goes back on the next.
      at(60);
      await side.t.transact((tx) => refundPayment(tx, { paymentId: before.id, reason: "order_cancelled" }));
      await side.work();
      await side.hand(before, "refund_done");
      await side.look(before);
      expect((await side.rowOf(before)).status).toBe("refunded");
      expect((await side.rowOf(between)).status).toBe("captured");

      const [day, next] = dayNames(side, midnight);
      expect(await compared(side, midnight, 2)).toEqual({ [day]: [], [next]: [] });
      const counts = (await daysCompared(side.t.db, { limit: 2 })).items.map(({ day, sums }) => [
        day,
        sums.find(({ what }) => what === "payment")?.count,
      ]);
      // Stripe had the money before midnight though we saw it after; PayPal and VNPay are asked, and say it when we look.
      const early = name === "stripe" ? 2 : 1;
      expect(counts).toEqual([
        [next, 3 - early],
        [day, early],
      ]);
      await expectBooksBalance(side.t.db);
      await side.stop();
    });

  test("no two of them begin their day at one moment of ours by chance: VNPay's is Vietnam's, the others' UTC", async () => {
    const midnights: Partial<Record<GatewayName, number>> = {};
    for (const name of gatewayNames) {
      const side = await realGateway(name);
      midnights[name] = side.gateway.midnight_ms;
      await side.stop();
    }
    expect(midnights).toEqual({ stripe: 0, paypal: 0, vnpay: 7 * hour_ms });
  });
});

describe("a withdrawal to somebody's PayPal account", () => {
  test("is sent there once, agrees with PayPal's list, and what PayPal kept is the venue's loss, once", async () => {
    const side = await realGateway("paypal");
    const { t } = side;
    const ports = testPorts({ gateways: side.ports.gateways });
    const settings = testSettings({ paypal: true });
    const jobs = payoutsJobs(ports, settings);
    const owner = await aUser(t);
    await t.transact((tx) => givenCash(tx, owner.id, "USD", 10_000n));
    const midnight = midnightOf(side);
    t.clock.set(new Date(midnight.getTime() - 2 * hour_ms));
    const order = {
      id: newId("withdrawal"),
      amount: "60.00",
      bankAccount: "PayPal: An@Mail.example",
      currency: "USD",
      holder: "An",
      ip: "203.0.113.7",
    } as const;
    const asked = await t.transact((tx) => withdraw(tx, ports, settings, owner, order));
    expect(asked).toMatchObject({ gateway: "paypal", bank_masked: "a****@mail.example" });
    const state = async () =>
      (
        await t.admin
          .selectFrom("payments.withdrawal")
          .select(["status", "fee_minor"])
          .where("id", "=", order.id)
          .execute()
      )[0];
    for (let tries = 0; tries < 100 && (await state())?.status !== "completed"; tries++) {
      await drain(t, jobs, { twice: true });
      await t.admin
        .updateTable("payments.withdrawal")
        .set({ looked_at: new Date(0) })
        .execute();
      await Bun.sleep(20);
      await jobs.find(({ queue }) => queue === "payouts.reconcile")?.run(side.ctx, {});
    }
    expect((await state())?.status).toBe("completed");
    const kept = async () => ({
      there: (await balanceOf(t.db, payoutClearing("USD", "paypal"))).balance,
      lost: (await balanceOf(t.db, lossAccount("USD"))).balance,
    });
    expect(await kept()).toEqual({ there: 6_000n, lost: 0n });
    const [day] = dayNames(side, midnight);
    for (let times = 0; times < 2; times++)
      expect(await compared(side, midnight, 2)).toMatchObject({ [day]: [] });
    expect(await kept()).toEqual({ there: 6_025n, lost: -25n });
    expect((await state())?.fee_minor).toBe(25n);
    await expectBooksBalance(t.db);
    await side.stop();
  });
});
