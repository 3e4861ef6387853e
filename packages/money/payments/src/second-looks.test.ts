import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { GatewayFault } from "@evx/adapters";
import { sql } from "@evx/db";
import { day_ms, hour_ms, minute_ms } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { expectBooksBalance } from "@evx/ledger/testing";
import { checkout } from "./checkout.ts";
import { cancelPayment } from "./payments.ts";
import { nextLook } from "./policy.ts";
import { closeStalePages } from "./polling.ts";
import { attemptRows, changeAttempt, insertAttempt, type NewPayment } from "./queries/payments.ts";
import { reconcile } from "./reconcile.ts";
import { refundPayment } from "./refunds.ts";
import { type RealGateway, realGateway } from "./testing/real-gateways.ts";
import { aPayment } from "./testing.ts";

// Generous, because tests share their machine.
setDefaultTimeout(60_000);

describe("money that no webhook tells of", () => {
  let side: RealGateway;
  beforeAll(async () => {
    side = await realGateway("paypal");
  });
  afterAll(async () => {
    await expectBooksBalance(side.t.db);
    await side.stop();
  });

  const pageOf = async (payment: NewPayment) => {
    const [page] = await attemptRows(side.t.db, payment.id);
    if (!page?.ref) throw new Error("a page was opened");
    return { ...page, ref: page.ref };
  };
  const round = async () => {
    side.t.clock.advance(1.5 * minute_ms);
    await reconcile(side.ctx, side.ports);
    await side.work();
  };
  const takeAt = (ref: string) => side.ports.gateways.paypal?.retrieveCheckout(ref);

  test("a capture that was under way while its page was closed, and whose answer nobody heard: found by the next round, given back", async () => {
    const payment = await side.begin();
    await side.choose(payment, "success");
    await side.t.transact((tx) => cancelPayment(tx, { paymentId: payment.id }));
    await side.work();
    const page = await pageOf(payment);
    expect(page.status).toBe("closed");
    // The worker that had begun it was killed before it heard.
    await takeAt(page.ref);
    await round();
    expect((await pageOf(payment)).status).toBe("paid");
    expect((await side.booked(payment)).there).toBe(side.amount);
    // The room that sells gives back what comes for an order that is over.
    await side.t.transact((tx) => refundPayment(tx, { paymentId: payment.id, reason: "order_cancelled" }));
    await side.work();
    await round();
    expect((await side.rowOf(payment)).status).toBe("refunded");
    expect([(await side.booked(payment)).there, await side.leftThere(payment)]).toEqual([0n, 0n]);
  });

  test("a closed page is asked about less and less, for four days, and a gateway that was away costs it no look", async () => {
    const payment = await side.begin();
    await side.choose(payment, "success");
    await side.t.transact((tx) => cancelPayment(tx, { paymentId: payment.id }));
    await side.work();
    const { ref } = await pageOf(payment);
    const paypal = side.ports.gateways.paypal;
    if (!paypal) throw new Error("PayPal is set up");
    const away = {
      ...paypal,
      expireCheckout: async () => {
        throw new GatewayFault("paypal", "unavailable", "no_answer");
      },
    };
    for (let hours = 0; hours < 5; hours++) {
      side.t.clock.advance(hour_ms);
      await reconcile(side.ctx, { ...side.ports, gateways: { paypal: away } });
    }
    await takeAt(ref);
    await round();
    expect((await pageOf(payment)).status).toBe("paid");

    const closed = new Date(0);
    const looks: number[] = [];
    for (let at = nextLook(closed, closed); at; at = nextLook(closed, at)) looks.push(at.getTime());
    expect(looks.length).toBeLessThan(10);
    expect(looks[0]).toBeLessThan(minute_ms);
    expect(looks.at(-1)).toBeGreaterThan(day_ms);
  });

  test("a hundred pages of a gateway that does not answer, and one of our own that cannot be read, keep no other from its turn", async () => {
    const deaf = { asked: 0 };
    const vnpay = side.ports.gateways.vnpay;
    if (!vnpay) throw new Error("VNPay is set up");
    const ports = {
      ...side.ports,
      gateways: {
        ...side.ports.gateways,
        vnpay: {
          ...vnpay,
          retrieveCheckout: async () => {
            deaf.asked++;
            throw new GatewayFault("vnpay", "unavailable", "no_answer");
          },
        },
      },
    };
    for (let place = 0; place < 101; place++) {
      const payment = await aPayment(side.t);
      await side.t.transact(async (tx) => {
        const page = { paymentId: payment.id, number: 1, gateway: "vnpay", locale: "en" } as const;
        await insertAttempt(tx, { ...page, expiresAt: payment.expiresAt });
        await changeAttempt(tx, payment.id, 1, { status: "open", ref: `x${place}.1.2` });
      });
    }
    const mixed = await side.begin();
    await side.t.transact(async (tx) => {
      const page = { paymentId: mixed.id, number: 1, gateway: "vnpay", locale: "en" } as const;
      await insertAttempt(tx, { ...page, expiresAt: mixed.expiresAt });
      await changeAttempt(tx, mixed.id, 1, { status: "open", ref: "x.1.2" });
    });
    side.t.clock.advance(1_000);
    await side.choose(mixed, "success");
    side.t.clock.advance(minute_ms);
    await reconcile(side.ctx, ports);
    const pages = await attemptRows(side.t.db, mixed.id);
    expect(pages.map(({ status }) => status)).toEqual(["open", "paid"]);
    // And nobody waits for each of its pages.
    expect(deaf.asked).toBeLessThan(10);
    const before = deaf.asked;
    side.t.clock.advance(minute_ms);
    await reconcile(side.ctx, ports);
    expect(deaf.asked).toBeGreaterThan(before);
  });

  test("a payment that cannot be ended keeps no other, and no gateway, from its turn", async () => {
    const stuck = await aPayment(side.t);
    side.t.clock.advance(1_000);
    const over = await aPayment(side.t);
    side.t.clock.advance(25 * hour_ms);
    const waits = await side.begin();
    await side.choose(waits, "success");
    await side.t.admin.transaction().execute(async (tx) => {
      await sql`create function payments.stick() returns trigger language plpgsql as $$
        begin raise exception 'stuck'; end $$`.execute(tx);
      await sql`create trigger stick before update of status on payments.payment for each row
        when (old.id = ${sql.lit(stuck.id)} and new.status is distinct from old.status) execute function payments.stick()`.execute(
        tx,
      );
    });
    // A round ends a hundred, and those of the tests before come first.
    for (let rounds = 0; rounds < 3; rounds++) {
      side.t.clock.advance(minute_ms);
      await reconcile(side.ctx, side.ports).catch(() => {});
    }
    await sql`drop trigger stick on payments.payment; drop function payments.stick()`.execute(side.t.admin);
    expect((await side.rowOf(stuck)).status).toBe("created");
    expect((await side.rowOf(over)).status).toBe("expired");
    expect((await side.rowOf(waits)).status).toBe("captured");
  });

  test("a page that was given up while it was opened sends nobody there, and is asked about all the same", async () => {
    const payment = await side.begin();
    const paypal = side.ports.gateways.paypal;
    if (!paypal) throw new Error("PayPal is set up");
    const slow = {
      ...paypal,
      createCheckout: async (order: Parameters<typeof paypal.createCheckout>[0]) => {
        const state = await paypal.createCheckout(order);
        side.t.clock.advance(20 * minute_ms);
        await side.t.transact((tx) => cancelPayment(tx, { paymentId: payment.id }));
        await closeStalePages(side.ctx, side.ports, payment.id);
        return state;
      },
    };
    const ports = { ...side.ports, gateways: { ...side.ports.gateways, paypal: slow } };
    const asked = {
      orderId: payment.orderId,
      buyerId: payment.buyerId,
      method: "paypal",
      locale: "en",
    } as const;
    expect(await refusalCode(checkout(side.ctx, ports, asked))).toBe("payment_gateway_unavailable");
    const page = await pageOf(payment);
    expect(page.status).toBe("closed");
    expect(page.look_again_at).not.toBeNull();
  });
});
