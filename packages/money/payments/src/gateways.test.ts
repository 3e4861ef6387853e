import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { paypalGateway, vnpayGateway } from "@evx/adapters";
import { testDatabase } from "@evx/db/testing";
import { startEmulator } from "@evx/gateways";
import { drain, jobContext } from "@evx/jobs/testing";
import { systemClock } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { checkout } from "./checkout.ts";
import { paymentsJobs } from "./jobs.ts";
import { paymentOfOrder } from "./payments.ts";
import type { PaymentsPorts } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { refundPayment } from "./refunds.ts";
import { aPayment } from "./testing.ts";
import { receiveWebhook } from "./webhooks.ts";

/** PayPal and VNPay the whole way: their adapters, HTTP, their webhooks and real rows; only the wire is the emulator's. */
const t = await testDatabase();
const world = { ...t, clock: systemClock, transact: t.transact };
const ctx = { ...jobContext(t), clock: systemClock };
/** What came in, as it was written: webhooks of an earlier test may still be under way. */
const heard: string[] = [];
let down = false;
const endpoint = Bun.serve({
  port: 0,
  async fetch(request) {
    if (down) return new Response(null, { status: 503 });
    const { pathname, search } = new URL(request.url);
    const gateway = pathname === "/vnpay" ? "vnpay" : "paypal";
    const webhook = {
      gateway,
      rawBody: await request.text(),
      query: search.slice(1),
      headers: request.headers,
    } as const;
    const answer = await receiveWebhook(ctx, ports, webhook);
    heard.push(webhook.rawBody + webhook.query);
    return Response.json(answer.body, { status: answer.status });
  },
});
const paypal = { clientId: "client", secret: "secret", webhookId: "hook" };
const vnpay = { tmnCode: "EVXTEST1", hashSecret: "hash-secret" };
const emulator = startEmulator({
  port: 0,
  webhookUrl: "http://localhost:1/",
  secretKey: "sk_test_x",
  webhookSecret: "whsec_x",
  pace: { payout_ms: 20, refund_ms: 20, dispute_ms: 20, retry_ms: 10 },
  paypal: { ...paypal, webhookUrl: `http://localhost:${endpoint.port}/paypal` },
  vnpay: { ...vnpay, ipnUrl: `http://localhost:${endpoint.port}/vnpay` },
});
const ports: PaymentsPorts = {
  webUrl: "http://web",
  gateways: {
    paypal: paypalGateway({ ...paypal, apiBase: emulator.url }),
    vnpay: vnpayGateway({
      ...vnpay,
      payUrl: `${emulator.url}/paymentv2/vpcpay.html`,
      apiUrl: `${emulator.url}/merchant_webapi/api/transaction`,
      rate: 25_400,
    }),
  },
};
const jobs = paymentsJobs(ports);
afterAll(async () => {
  await emulator.stop();
  await endpoint.stop(true);
  await t.close();
});
beforeEach(() => {
  heard.length = 0;
  down = false;
});

const opened = async (method: "paypal" | "vnpay") => {
  t.clock.set(systemClock.now());
  const payment = await aPayment(world);
  const asked = { orderId: payment.orderId, buyerId: payment.buyerId, method, locale: "vi" as const };
  const { redirectUrl } = await checkout(ctx, ports, asked);
  return { payment, asked, redirectUrl };
};
const choose = (page: string, outcome: string, query = "") =>
  fetch(`${page}${query}`, { method: "POST", body: new URLSearchParams({ outcome }), redirect: "manual" });

type Opened = Awaited<ReturnType<typeof opened>>;
/** Waits for webhooks and does their work until a payment is as expected, or five seconds are over. */
const becomes = async (
  { payment }: Opened,
  check: (view: Awaited<ReturnType<typeof paymentOfOrder>>) => boolean,
) => {
  for (let tries = 0; tries < 250; tries++) {
    await drain(t, jobs);
    const view = await paymentOfOrder(t.db, payment.orderId, systemClock.now());
    if (check(view)) return view;
    await Bun.sleep(20);
  }
  throw new Error(JSON.stringify(await paymentOfOrder(t.db, payment.orderId, systemClock.now())));
};
/** Whether a webhook named a payment: each gateway is told its id, one of them without the prefix. */
const heardOf = ({ payment }: Opened): boolean =>
  heard.some((text) => text.includes(payment.id.slice(payment.id.indexOf("_") + 1)));
/** How often a payment's money was booked. Escrow's accounts are shared by orders, so that their balance says nothing. */
const captures = async ({ payment }: Opened): Promise<number> => {
  const rows = await t.admin
    .selectFrom("ledger.transfer")
    .select("memo")
    .where("kind", "=", "capture")
    .execute();
  return rows.filter(({ memo }) => JSON.stringify(memo).includes(payment.id)).length;
};

for (const method of ["paypal", "vnpay"] as const) {
  describe(method, () => {
    test("is paid, captured once for any number of webhooks, and given back whole", async () => {
      const it = await opened(method);
      const answer = await choose(it.redirectUrl, "success", "?duplicate=5");
      expect(answer.status).toBe(303);
      expect(answer.headers.get("location")).toStartWith(`http://web/pay/${it.payment.orderId}?back=paid`);
      await becomes(it, (view) => view?.captured === true);
      expect(heardOf(it)).toBe(true);
      expect(await captures(it)).toBe(1);
      await Promise.all(Array.from({ length: 5 }, () => choose(it.redirectUrl, "success")));
      await t.transact((tx) => refundPayment(tx, { paymentId: it.payment.id, reason: "order_cancelled" }));
      for (let tries = 0; tries < 100; tries++) {
        await drain(t, jobs);
        const rows = await t.admin
          .selectFrom("payments.refund")
          .selectAll()
          .where("payment_id", "=", it.payment.id)
          .execute();
        if (rows[0]?.status === "succeeded") break;
        await t.admin
          .updateTable("payments.refund")
          .set({ looked_at: new Date(0) })
          .where("status", "=", "sent")
          .execute();
        await reconcile(ctx, ports);
        await Bun.sleep(20);
      }
      await becomes(it, (view) => view?.status === "refunded");
      expect(await captures(it)).toBe(1);
    });

    test("a dropped webhook is found by asking", async () => {
      const it = await opened(method);
      await choose(it.redirectUrl, "success", "?drop=1");
      await t.admin
        .updateTable("payments.attempt")
        .set({ looked_at: new Date(0) })
        .where("payment_id", "=", it.payment.id)
        .execute();
      await reconcile(ctx, ports);
      await becomes(it, (view) => view?.captured === true);
      expect(heardOf(it)).toBe(false);
    });

    test("a refused buyer may try again and is charged once", async () => {
      const it = await opened(method);
      await choose(it.redirectUrl, "fail");
      await becomes(it, (view) => view?.failure !== null && view?.payable === true);
      const again = await checkout(ctx, ports, it.asked);
      await choose(again.redirectUrl, "success");
      await becomes(it, (view) => view?.captured === true);
      expect(await captures(it)).toBe(1);
    });

    test("a webhook is sent again until it is taken", async () => {
      const it = await opened(method);
      down = true;
      await choose(it.redirectUrl, "success");
      await Bun.sleep(60);
      down = false;
      await becomes(it, (view) => view?.captured === true);
    });
  });
}

describe("VNPay's IPN", () => {
  const send = async (fields: Record<string, string>, secret = vnpay.hashSecret) => {
    const { canonicalQuery, signed } = await import("@evx/adapters/testing");
    const query = canonicalQuery(fields);
    const webhook = {
      gateway: "vnpay",
      rawBody: "",
      query: `${query}&vnp_SecureHash=${signed(query, secret)}`,
      headers: new Headers(),
    } as const;
    return (await receiveWebhook(ctx, ports, webhook)).body;
  };
  const about = (page: string, more: Record<string, string> = {}) => {
    const asked = new URL(page).searchParams;
    return {
      vnp_TmnCode: vnpay.tmnCode,
      vnp_TxnRef: asked.get("vnp_TxnRef") ?? "",
      vnp_Amount: asked.get("vnp_Amount") ?? "",
      vnp_TransactionNo: "1",
      vnp_ResponseCode: "00",
      vnp_TransactionStatus: "00",
      ...more,
    };
  };
  const events = async () =>
    Number(
      (
        await t.admin
          .selectFrom("payments.webhook_event")
          .select((eb) => eb.fn.countAll().as("n"))
          .executeTakeFirstOrThrow()
      ).n,
    );

  test("is answered 97, 01, 04, 02, 00 in that order; of a forged or unknown one nothing is recorded", async () => {
    const it = await opened("vnpay");
    const before = await events();
    const lie = { vnp_TxnRef: "unknown", vnp_Amount: "1" };
    expect(await send(about(it.redirectUrl, lie), "another")).toMatchObject({ RspCode: "97" });
    expect(await send(about(it.redirectUrl, lie))).toMatchObject({ RspCode: "01" });
    expect(await events()).toBe(before);
    expect(await send(about(it.redirectUrl, { vnp_Amount: "500000" }))).toMatchObject({ RspCode: "04" });
    await choose(it.redirectUrl, "success", "?drop=1");
    expect(await send(about(it.redirectUrl))).toMatchObject({ RspCode: "00" });
    await becomes(it, (view) => view?.captured === true);
    expect(await send(about(it.redirectUrl))).toMatchObject({ RspCode: "02" });
    expect(await send(about(it.redirectUrl, { vnp_TransactionNo: "2" }))).toMatchObject({ RspCode: "02" });
  });

  test("a signed IPN that claims success captures nothing that VNPay does not know", async () => {
    const it = await opened("vnpay");
    expect(await send(about(it.redirectUrl))).toMatchObject({ RspCode: "00" });
    await drain(t, jobs);
    expect((await paymentOfOrder(t.db, it.payment.orderId, systemClock.now()))?.captured).toBe(false);
  });

  test("the dong are frozen when the page is opened", async () => {
    const it = await opened("vnpay");
    expect(new URL(it.redirectUrl).searchParams.get("vnp_Amount")).toBe("31343600");
    const row = await t.admin
      .selectFrom("payments.attempt")
      .selectAll()
      .where("payment_id", "=", it.payment.id)
      .executeTakeFirstOrThrow();
    expect([row.charged_minor, row.charged_currency]).toEqual([313_436n, "VND"]);
  });
});

describe("money that waits at PayPal", () => {
  test("is no capture, takes no second payment, and is captured when it comes", async () => {
    const it = await opened("paypal");
    await choose(it.redirectUrl, "pending", "?drop=1");
    await t.admin
      .updateTable("payments.attempt")
      .set({ looked_at: new Date(0) })
      .where("payment_id", "=", it.payment.id)
      .execute();
    await reconcile(ctx, ports);
    const waiting = await becomes(it, (view) => view !== null);
    expect(waiting).toMatchObject({ status: "pending", captured: false, payable: false });
    expect(await refusalCode(checkout(ctx, ports, it.asked))).toBe("payment_pending");
    expect(await captures(it)).toBe(0);
    await Bun.sleep(300);
    await t.admin
      .updateTable("payments.attempt")
      .set({ looked_at: new Date(0) })
      .where("payment_id", "=", it.payment.id)
      .execute();
    await reconcile(ctx, ports);
    await becomes(it, (view) => view?.captured === true);
  });

  test("that is denied leaves an order that can be paid another way", async () => {
    const it = await opened("paypal");
    await choose(it.redirectUrl, "pending_denied");
    await becomes(it, (view) => view?.failure === "capture_declined");
    expect(await captures(it)).toBe(0);
    const again = await checkout(ctx, ports, { ...it.asked, method: "vnpay" });
    await choose(again.redirectUrl, "success");
    await becomes(it, (view) => view?.captured === true);
  });
});

test("dong are not offered at PayPal, and too few at VNPay", async () => {
  const dong = await aPayment(world, { currency: "VND", amount_minor: 4_000n });
  const asked = { orderId: dong.orderId, buyerId: dong.buyerId, locale: "en" as const };
  for (const method of ["paypal", "vnpay"] as const)
    expect(await refusalCode(checkout(ctx, ports, { ...asked, method }))).toBe("payment_amount_not_charged");
});
