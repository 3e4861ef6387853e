import { afterAll, describe, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { stripeGateway } from "@evx/adapters";
import { testDatabase } from "@evx/db/testing";
import { startEmulator } from "@evx/gateways";
import { payAtPage } from "@evx/gateways/testing";
import { drain } from "@evx/jobs/testing";
import { systemClock } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { expectBooksBalance } from "@evx/ledger/testing";
import { type Actor, createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { paymentsJobs } from "./jobs.ts";
import { paymentsRouter } from "./router.ts";
import { aPayment, settleSale, testPorts } from "./testing.ts";
import { receiveWebhook } from "./webhooks.ts";

/** The whole way with the real adapter, over HTTP, against the emulator: its webhooks come to this endpoint. */
const t = await testDatabase();
const world = { ...t, clock: systemClock };
const answers: number[] = [];
const endpoint = Bun.serve({
  port: 0,
  async fetch(request) {
    const webhook = {
      gateway: "stripe" as const,
      rawBody: await request.text(),
      query: "",
      headers: request.headers,
    };
    const answer = await receiveWebhook(testContext(world, null), ports, webhook);
    answers.push(answer.status);
    return Response.json(answer.body, { status: answer.status });
  },
});
const emulator = startEmulator({
  port: 0,
  webhookUrl: `http://localhost:${endpoint.port}`,
  secretKey: "sk_test_router",
  webhookSecret: "whsec_router",
  pace: { payout_ms: 10, refund_ms: 10, dispute_ms: 10, retry_ms: 10 },
});
const ports = testPorts({
  gateways: {
    stripe: stripeGateway({
      secretKey: "sk_test_router",
      webhookSecrets: ["whsec_router"],
      apiBase: emulator.url,
      retries: 0,
    }),
  },
});
const jobs = paymentsJobs(ports);
afterAll(async () => {
  await emulator.stop();
  await endpoint.stop(true);
  await expectBooksBalance(t.db);
  await t.close();
});

const call = createCallerFactory(paymentsRouter(ports));
const as = (actor: Actor | null, locale: "en" | "vi" = "en") => call(testContext(world, actor, { locale }));

/** Does jobs as they come until something holds; fails after five seconds. */
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 250; tries++) {
    await drain(world, jobs);
    if (await holds()) return;
    await Bun.sleep(20);
  }
  throw new Error("It did not come to hold in time.");
};

const anOrder = async () => {
  const [buyer, seller] = [await aUser(t, { role: "buyer" }), await aUser(t)];
  const expiresAt = new Date(systemClock.now().getTime() + 30 * 60_000);
  const payment = await aPayment(t, { buyerId: buyer.id, sellerId: seller.id, expiresAt });
  return { buyer, seller, payment };
};

describe("paying by card, end to end", () => {
  test("a card pays through duplicated webhooks, and the payment completes once it is settled", async () => {
    const { buyer, seller, payment } = await anOrder();
    const opened = await as(buyer).checkout({ orderId: payment.orderId, method: "stripe" });
    expect(opened.payment).toMatchObject({
      status: "pending",
      method: "stripe",
      amount: "12.34",
      currency: "USD",
    });
    const paid = await payAtPage(opened.redirectUrl, "4242424242424242", "?duplicate=3");
    expect(paid.headers.get("location")).toBe(`http://web/pay/${payment.orderId}?back=paid`);
    await until(async () => (await as(buyer).ofOrder({ orderId: payment.orderId })).payment.captured);
    await t.transact((tx) => settleSale(tx, payment.id));
    for (const actor of [buyer, seller, await aUser(t, { role: "admin" })]) {
      const seen = await as(actor).ofOrder({ orderId: payment.orderId });
      expect(seen.payment).toMatchObject({ status: "completed", failure: null, payable: false });
    }
    expect(new Set(answers)).toEqual(new Set([200]));
  });

  test("a declined card says failed and payable; another card on the same page pays", async () => {
    const { buyer, payment } = await anOrder();
    const { redirectUrl } = await as(buyer).checkout({ orderId: payment.orderId, method: "stripe" });
    await payAtPage(redirectUrl, "4000000000000002");
    const seen = async () => (await as(buyer).ofOrder({ orderId: payment.orderId })).payment;
    await until(async () => (await seen()).status === "failed");
    expect(await seen()).toMatchObject({ payable: true, failure: "generic_decline" });
    expect((await as(buyer).checkout({ orderId: payment.orderId, method: "stripe" })).redirectUrl).toBe(
      redirectUrl,
    );
    await payAtPage(redirectUrl, "4242424242424242");
    await until(async () => (await seen()).captured);
  });

  test("a buyer who is back need not wait for a webhook that was dropped", async () => {
    const { buyer, payment } = await anOrder();
    const { redirectUrl } = await as(buyer).checkout({ orderId: payment.orderId, method: "stripe" });
    await payAtPage(redirectUrl, "4242424242424242", "?drop=1");
    await as(buyer).check({ orderId: payment.orderId });
    await until(async () => (await as(buyer).ofOrder({ orderId: payment.orderId })).payment.captured);
  });

  test("the watching page hears of the capture", async () => {
    const { buyer, payment } = await anOrder();
    const { redirectUrl } = await as(buyer).checkout({ orderId: payment.orderId, method: "stripe" });
    const stream = (await as(buyer).watch({ orderId: payment.orderId }))[Symbol.asyncIterator]();
    expect((await stream.next()).value?.payment.captured).toBe(false);
    await payAtPage(redirectUrl, "4242424242424242");
    let heard = false;
    const listening = (async () => {
      for (let news = await stream.next(); !news.done; news = await stream.next()) {
        heard = news.value.payment.captured;
        if (heard) return;
      }
    })();
    await until(async () => heard);
    await listening;
    await stream.return?.();
  });

  test("a disputed card is known to be disputed", async () => {
    const { buyer, payment } = await anOrder();
    const { redirectUrl } = await as(buyer).checkout({ orderId: payment.orderId, method: "stripe" });
    await payAtPage(redirectUrl, "4000000000000259");
    await until(async () => (await as(buyer).ofOrder({ orderId: payment.orderId })).payment.disputed);
  });

  test("nobody else learns of a payment, and the way to pay must exist", async () => {
    const { buyer, payment } = await anOrder();
    const stranger = await aUser(t, { role: "buyer" });
    const { orderId } = payment;
    expect(await refusalCode(as(stranger).checkout({ orderId, method: "stripe" }))).toBe("payment_unknown");
    expect(await refusalCode(as(stranger).ofOrder({ orderId }))).toBe("payment_unknown");
    expect(await refusalCode(as(stranger).check({ orderId }))).toBe("payment_unknown");
    expect(await refusalCode(as(null).ofOrder({ orderId }))).toBe("sign_in_required");
    expect(await refusalCode(as(buyer).checkout({ orderId, method: "vnpay" }))).toBe(
      "payment_method_unavailable",
    );
    expect((await as(buyer).mine({})).items.map((item) => item.orderId)).toEqual([orderId]);
    expect((await as(stranger).mine({})).items).toEqual([]);
  });
});

describe("operators", () => {
  test("refund a captured payment, see what is flagged and clear it, and each leaves a trace", async () => {
    const { buyer, payment } = await anOrder();
    const operator = await aUser(t, { role: "admin" });
    const { redirectUrl } = await as(buyer).checkout({ orderId: payment.orderId, method: "stripe" });
    await payAtPage(redirectUrl, "4000000000005126");
    await until(async () => (await as(buyer).ofOrder({ orderId: payment.orderId })).payment.captured);
    expect(await refusalCode(as(buyer).refund({ paymentId: payment.id, reason: "x" }))).toBe("role_required");
    await as(operator).refund({ paymentId: payment.id, reason: "asked by the buyer" });
    const flagged = async () => (await as(operator).all({ show: "flagged" })).items.map((item) => item.id);
    await until(async () => (await flagged()).includes(payment.id));
    await as(operator).clearFlag({ paymentId: payment.id });
    expect(await flagged()).not.toContain(payment.id);
    expect(await refusalCode(as(operator).clearFlag({ paymentId: payment.id }))).toBe("payment_not_flagged");
    const trail = await t.admin
      .selectFrom("identity.audit")
      .select("action")
      .where("object", "=", payment.id)
      .execute();
    expect(trail.map((row) => row.action).toSorted()).toEqual(["payment.clear_flag", "payment.refund"]);
    for (const show of ["all", "unpaid", "paid", "refunded", "disputed"] as const) {
      expect((await as(operator).all({ show, limit: 1 })).items.length).toBeLessThanOrEqual(1);
    }
  });
});
