import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { gatewayNames } from "@evx/adapters";
import { hour_ms, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { expectBooksBalance } from "@evx/ledger/testing";
import { standOf } from "./lifecycle.ts";
import { noteFromGateway } from "./operator.ts";
import { closeStalePages } from "./polling.ts";
import type { NewPayment } from "./queries/payments.ts";
import { refundsOfPayment } from "./queries/refunds.ts";
import { refundPayment } from "./refunds.ts";
import { operator, type RealGateway, realGateway } from "./testing/real-gateways.ts";
import { settleSale } from "./testing.ts";
import { receiveWebhook } from "./webhooks.ts";

// Generous, because tests share their machine.
setDefaultTimeout(60_000);

describe("VNPay, which says little", () => {
  let side: RealGateway;
  beforeAll(async () => {
    side = await realGateway("vnpay");
  });
  afterAll(async () => {
    await expectBooksBalance(side.t.db);
    await side.stop();
  });

  const paid = async (): Promise<NewPayment> => {
    const payment = await side.begin();
    await side.choose(payment, "success");
    await side.look(payment);
    return payment;
  };
  const refund = (payment: NewPayment, amount?: bigint) =>
    side.t.transact((tx) => refundPayment(tx, { paymentId: payment.id, reason: "operator", amount }));
  const statuses = async (payment: NewPayment) =>
    (await refundsOfPayment(side.t.db, payment.id)).map(({ status, failure }) => failure ?? status).sort();
  const stand = async (payment: NewPayment) => standOf(await side.rowOf(payment));

  test("a refund answered 99 that was done is found by asking", async () => {
    const payment = await paid();
    await side.hand(payment, "unknown_refunds");
    await refund(payment);
    await side.work();
    expect(await statuses(payment)).toEqual(["sent"]);
    await side.hand(payment, "refund_done");
    await side.look(payment);
    expect(await stand(payment)).toBe("refunded");
    expect((await side.booked(payment)).there).toBe(0n);
  });

  test("a refund answered 99 that was not done fails after a day, and another try gives the money back once", async () => {
    const payment = await paid();
    await side.hand(payment, "lose_refunds");
    await refund(payment);
    await side.work();
    side.t.clock.advance(23 * hour_ms);
    await side.look(payment);
    expect(await statuses(payment)).toEqual(["sent"]);
    side.t.clock.advance(2 * hour_ms);
    await side.look(payment);
    expect(await statuses(payment)).toEqual(["unknown_at_gateway"]);
    await side.hand(payment, "pass_refunds");
    await refund(payment);
    await side.work();
    await side.hand(payment, "refund_done");
    await side.look(payment);
    expect(await stand(payment)).toBe("refunded");
    expect([(await side.booked(payment)).there, await side.leftThere(payment)]).toEqual([0n, 0n]);
  });

  test("two parts go one after the other, and an earlier one does not speak for a later one", async () => {
    const payment = await paid();
    await side.t.transact((tx) => settleSale(tx, payment.id));
    await side.hand(payment, "hold_refunds");
    await refund(payment, 100_000n);
    // Of two at one instant either may be the first.
    side.t.clock.advance(1_000);
    await refund(payment, 50_000n);
    await side.work();
    expect(await statuses(payment)).toEqual(["requested", "sent"]);
    await side.hand(payment, "refund_done");
    await side.look(payment);
    expect(await statuses(payment)).toEqual(["requested", "succeeded"]);
    expect(await side.leftThere(payment)).toBe(side.amount - 100_000n);
  });

  test("a part that went back in its dashboard before we looked: nothing is sold until an operator has noted it", async () => {
    const payment = await paid();
    await side.hand(payment, "refund");
    await side.look(payment);
    expect(await stand(payment)).toBe("refunded");
    const other = await side.begin();
    await side.choose(other, "success");
    await side.look(other);
    const half = side.amount / 2n;
    await side.giveBackThere(other, half);
    expect(await side.t.transact((tx) => settleSale(tx, other.id))).toBe(false);
    await side.work();
    await side.hand(other, "refund_done");
    await side.look(other);
    expect(await stand(other)).toBe("refunded");
  });

  test("money that comes on a page that was closed is booked", async () => {
    const payment = await side.begin();
    const url = await side.page(payment);
    side.t.clock.advance(3 * hour_ms);
    await closeStalePages(side.ctx, side.ports, payment.id);
    side.t.clock.advance(-3 * hour_ms);
    const body = new URLSearchParams({ outcome: "success" });
    await fetch(`${url}?drop=1`, { method: "POST", body, redirect: "manual" });
    await side.look(payment);
    expect((await side.booked(payment)).there).toBe(side.amount);
  });
});

test("an operator's note is refused where the gateway tells itself, of what nobody paid, and of more than was charged", async () => {
  const side = await realGateway("stripe");
  const payment = await side.begin();
  const note = (said: object) =>
    refusalCode(
      side.t.transact((tx) => noteFromGateway(tx, side.ports, operator, { paymentId: payment.id, ...said })),
    );
  expect(await note({ dispute: "open" })).toBe("payment_not_captured");
  await side.choose(payment, "success");
  await side.look(payment);
  expect(await note({ dispute: "open" })).toBe("gateway_tells_itself");
  await side.stop();
  const silent = await realGateway("vnpay");
  const dong = await silent.begin();
  await silent.choose(dong, "success");
  await silent.look(dong);
  const more = { paymentId: dong.id, refunded: "313437" };
  expect(
    await refusalCode(silent.t.transact((tx) => noteFromGateway(tx, silent.ports, operator, more))),
  ).toBe("payment_refund_exceeds");
  await silent.stop();
});

test("PayPal: an open dispute holds the money, its fee is a line of the list, and stays when it is won", async () => {
  const side = await realGateway("paypal");
  const payment = await side.begin();
  await side.choose(payment, "success");
  await side.look(payment);
  const from = new Date(side.t.clock.now().getTime() - hour_ms);
  const ofDispute = async () => {
    const until = new Date(side.t.clock.now().getTime() + hour_ms);
    const all = (await side.ports.gateways.paypal?.movements?.(from, until)) ?? [];
    return all
      .filter(({ kind }) => kind === "dispute")
      .reduce((sum, { gross, fee }) => ({ gross: sum.gross + gross, fee: sum.fee + fee }), {
        gross: 0n,
        fee: 0n,
      });
  };
  await side.dispute(payment, "dispute");
  expect(await ofDispute()).toEqual({ gross: -1234n, fee: 1500n });
  await side.dispute(payment, "lose");
  expect(await ofDispute()).toEqual({ gross: -1234n, fee: 1500n });
  await side.dispute(payment, "win");
  expect(await ofDispute()).toEqual({ gross: 0n, fee: 1500n });
  await side.stop();
});

describe("what is not signed by its gateway leaves no trace", () => {
  for (const name of gatewayNames)
    test(name, async () => {
      const side = await realGateway(name);
      const bodies = ["", "{", JSON.stringify({ id: newId("event") }), "x".repeat(300_000), "\u0000"];
      const signatures: Record<string, string>[] = [
        {},
        { "stripe-signature": "t=1,v1=00" },
        { "stripe-signature": `t=${Math.floor(side.t.clock.now().getTime() / 1000) + 900},v1=00` },
        { "paypal-transmission-id": "x", "paypal-cert-url": "http://169.254.169.254/latest" },
      ];
      for (const rawBody of bodies)
        for (const headers of signatures) {
          const query = `vnp_TxnRef=1&vnp_Amount=100&vnp_SecureHash=${"0".repeat(127)}`;
          const webhook = { gateway: name, rawBody, query, headers: new Headers(headers) };
          const { status, body } = await receiveWebhook(side.ctx, side.ports, webhook);
          expect(name === "vnpay" ? body : status).toEqual(
            name === "vnpay" ? { RspCode: "97", Message: "Invalid signature" } : 400,
          );
        }
      const rows = await side.t.admin.selectFrom("payments.webhook_event").selectAll().execute();
      expect(rows).toEqual([]);
      await side.stop();
    });
});
