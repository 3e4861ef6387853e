import { afterAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { emulatorWithEndpoint, payAtPage } from "@evx/gateways/testing";
import { fixedClock, newId, systemClock } from "@evx/kernel";
import { sharedData } from "@evx/kernel/testing";
import { type CheckoutOrder, ForgedWebhook, GatewayFault, type PayoutOrder } from "../gateway.ts";
import { stripeGateway } from "./stripe.ts";

const world = emulatorWithEndpoint();
afterAll(() => world.stop());

const gatewayAt = (
  apiBase: string,
  more: { secretKey?: string; timeout_ms?: number; retries?: number } = {},
) =>
  stripeGateway({
    secretKey: "sk_test_key_of_tests",
    webhookSecrets: ["whsec_old", "whsec_of_tests"],
    apiBase,
    retries: 0,
    ...more,
  });

const gateway = gatewayAt(world.url);

const minutesFromNow = (minutes: number) => new Date(systemClock.now().getTime() + minutes * 60_000);

const order = (more: Partial<CheckoutOrder> = {}): CheckoutOrder => {
  const paymentId = newId("payment");
  return {
    key: paymentId,
    paymentId,
    orderId: newId("order"),
    amount: 1234n,
    currency: "USD",
    description: "0.100000 credits",
    openedAt: systemClock.now(),
    expiresAt: minutesFromNow(40),
    locale: "en",
    successUrl: "http://localhost:1/done",
    cancelUrl: "http://localhost:1/back",
    ...more,
  };
};

const faultOf = async (call: Promise<unknown>): Promise<GatewayFault> => {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof GatewayFault) return error;
  throw new Error(`Expected a gateway's fault, not ${error}`);
};

const paid = async (card = "4242424242424242", more: Partial<CheckoutOrder> = {}) => {
  const opened = await gateway.createCheckout(order(more));
  await payAtPage(opened.redirectUrl ?? "", card);
  return gateway.retrieveCheckout(opened.ref);
};

describe("checkout", () => {
  test("two openings of one attempt are one page, and another order under its key is a fault", async () => {
    const asked = order();
    const [first, second] = await Promise.all([gateway.createCheckout(asked), gateway.createCheckout(asked)]);
    expect(second.ref).toBe(first.ref);
    expect(first.status).toBe("open");
    expect((await faultOf(gateway.createCheckout({ ...asked, amount: 1n }))).kind).toBe("key_reused");
  });

  test("a paid page says what was received, in the currency's own minor unit", async () => {
    const asked = order({ amount: 1_200_000n, currency: "VND" });
    const state = await paid("4242424242424242", asked);
    expect(state).toMatchObject({
      status: "paid",
      amount: 1_200_000n,
      currency: "VND",
      paymentId: asked.paymentId,
    });
    expect(state.chargeRef).toStartWith("pi_");
    expect(await gateway.paymentOfCharge(state.chargeRef ?? "")).toBe(asked.paymentId);
  });

  test("a declined card leaves the page open and says why", async () => {
    const state = await paid("4000000000000002");
    expect(state).toMatchObject({ status: "declined", failure: "generic_decline" });
    expect(state.redirectUrl).not.toBeNull();
  });

  test("closing a page that was just paid answers that it is paid", async () => {
    const state = await paid();
    expect((await gateway.expireCheckout(state.ref)).status).toBe("paid");
    const open = await gateway.createCheckout(order());
    expect((await gateway.expireCheckout(open.ref)).status).toBe("expired");
  });

  test("an answer that is lost on the way is asked for again under the same key: one page", async () => {
    let lost = 0;
    const relay = Bun.serve({
      port: 0,
      async fetch(request) {
        const target = new URL(request.url);
        const { host: _, ...headers } = Object.fromEntries(request.headers);
        const answer = await fetch(`${world.url}${target.pathname}`, {
          method: request.method,
          headers,
          body: await request.text(),
        });
        const body = await answer.text();
        lost += 1;
        if (lost === 1) return new Response("{}", { status: 502 });
        return new Response(body, { status: answer.status });
      },
    });
    try {
      const asked = order();
      const state = await gatewayAt(`http://localhost:${relay.port}`, { retries: 2 }).createCheckout(asked);
      expect(lost).toBe(2);
      expect((await gateway.createCheckout(asked)).ref).toBe(state.ref);
    } finally {
      await relay.stop(true);
    }
  });
});

describe("failures have a kind", () => {
  test("silence, a dead address and a 500 are unavailable; a wrong key is misconfigured; nonsense is refused", async () => {
    const silent = Bun.serve({ port: 0, fetch: () => new Promise<Response>(() => {}) });
    const broken = Bun.serve({
      port: 0,
      fetch: () => Response.json({ error: { type: "api_error" } }, { status: 500 }),
    });
    try {
      const slow = gatewayAt(`http://localhost:${silent.port}`, { timeout_ms: 50 });
      expect((await faultOf(slow.createCheckout(order()))).kind).toBe("unavailable");
      expect((await faultOf(gatewayAt(`http://localhost:${broken.port}`).createCheckout(order()))).kind).toBe(
        "unavailable",
      );
    } finally {
      await silent.stop(true);
      await broken.stop(true);
    }
    expect((await faultOf(gatewayAt("http://localhost:1").createCheckout(order()))).kind).toBe("unavailable");
    const wrongKey = await faultOf(
      gatewayAt(world.url, { secretKey: "sk_test_other" }).createCheckout(order()),
    );
    expect(wrongKey.kind).toBe("misconfigured");
    expect((await faultOf(gateway.retrieveCheckout("cs_test_none"))).kind).toBe("refused");
    expect((await faultOf(gateway.createCheckout(order({ amount: 2n ** 60n })))).code).toBe(
      "amount_out_of_range",
    );
  });
});

const whole = { currency: "USD", charged: 1234n, before: 0n, askedAt: systemClock.now() } as const;

describe("refunds", () => {
  test("a refund asked for twice is one refund, and another one of what is gone is refused", async () => {
    const state = await paid();
    const key = newId("refund");
    const asked = { key, chargeRef: state.chargeRef ?? "", amount: 1234n, ...whole };
    const first = await gateway.refund(asked);
    expect(first.status).toBe("succeeded");
    expect((await gateway.refund(asked)).ref).toBe(first.ref);
    expect((await gateway.retrieveCheckout(state.ref)).refunded).toBe(1234n);
    const other = await faultOf(gateway.refund({ ...asked, key: newId("refund") }));
    expect(other.kind).toBe("refused");
  });

  test("a refund asked for again after its key was forgotten is still one refund", async () => {
    const clock = fixedClock(systemClock.now());
    const own = emulatorWithEndpoint({ clock });
    try {
      const ours = gatewayAt(own.url);
      const opened = await ours.createCheckout(order());
      await payAtPage(opened.redirectUrl ?? "", "4242424242424242");
      const state = await ours.retrieveCheckout(opened.ref);
      const asked = { key: newId("refund"), chargeRef: state.chargeRef ?? "", amount: 1234n, ...whole };
      const first = await ours.refund(asked);
      clock.advance(25 * 60 * 60_000);
      expect((await ours.refund(asked)).ref).toBe(first.ref);
    } finally {
      await own.stop();
    }
  });

  test("a refund that the bank returns is failed", async () => {
    const state = await paid("4000000000005126");
    const refund = await gateway.refund({
      key: newId("refund"),
      chargeRef: state.chargeRef ?? "",
      amount: 1234n,
      ...whole,
    });
    await world.arrived("refund.failed");
    expect((await gateway.retrieveRefund(refund.ref)).status).toBe("failed");
  });

  test("a dispute shows in the state of the page", async () => {
    const state = await paid("4000000000000259");
    await world.arrived("charge.dispute.created");
    expect((await gateway.retrieveCheckout(state.ref)).dispute).toBe("open");
  });
});

describe("payouts", () => {
  const recipientRef = () =>
    gateway.openRecipient({
      userId: newId("user"),
      country: "VN",
      currency: "USD",
      acceptedAt: minutesFromNow(0),
      acceptedFrom: "203.0.113.7",
    });

  const payoutOrder = async (number: string): Promise<PayoutOrder> => ({
    key: newId("withdrawal"),
    recipientRef: await recipientRef(),
    amount: 500n,
    currency: "USD",
    bank: { holder: "Nguyễn Văn A", bankName: "VCB", bankCode: "BFTVVNVX", number, country: "VN" },
  });

  test("a payout asked for twice at once is sent once, and is paid", async () => {
    const asked = await payoutOrder("000123456789");
    const [first, second] = await Promise.all([gateway.payout(asked), gateway.payout(asked)]);
    expect(second.ref).toBe(first.ref);
    await world.arrived("payout.paid");
    expect((await gateway.retrievePayout(first.ref ?? "")).status).toBe("paid");
  });

  test("a failed payout is recalled once, however often it is asked", async () => {
    const sent = await gateway.payout(await payoutOrder("000111111116"));
    await world.arrived("payout.failed");
    expect(await gateway.retrievePayout(sent.ref ?? "")).toMatchObject({
      status: "failed",
      failure: "no_account",
    });
    await gateway.recallPayout(sent.ref ?? "");
    await gateway.recallPayout(sent.ref ?? "");
  });

  test("a bank account that the gateway cannot read is refused before money moves", async () => {
    const asked = await payoutOrder("000123456789");
    const fault = await faultOf(gateway.payout({ ...asked, bank: { ...asked.bank, number: "??" } }));
    expect(fault).toMatchObject({ kind: "refused", code: "account_number_invalid" });
    expect(JSON.stringify(fault)).not.toContain("??");
  });
});

describe("webhooks", () => {
  test("an event is known by the id of what it is about, with an old or a new secret", async () => {
    const asked = order();
    await paid("4242424242424242", asked);
    const [mine] = await world.arrived("checkout.session.completed", 1, asked.paymentId);
    const headers = new Headers({ "stripe-signature": mine?.signature ?? "" });
    const notice = await gateway.verifyWebhook(
      { rawBody: mine?.body ?? "", query: "", headers },
      systemClock.now(),
    );
    expect(notice.subject).toMatchObject({ kind: "payment", paymentId: asked.paymentId });
    expect(notice.id).toBe(mine?.id ?? "");
  });

  test("no signature, another's signature and a changed body are forged", async () => {
    const verify = (body: string, header?: string) =>
      gateway.verifyWebhook(
        { rawBody: body, query: "", headers: new Headers(header ? { "stripe-signature": header } : {}) },
        systemClock.now(),
      );
    const now = Math.floor(systemClock.now().getTime() / 1000);
    expect(verify("{}")).rejects.toBeInstanceOf(ForgedWebhook);
    expect(verify("{}", `t=${now},v1=${"0".repeat(64)}`)).rejects.toBeInstanceOf(ForgedWebhook);
    expect(verify("{}", "nonsense")).rejects.toBeInstanceOf(ForgedWebhook);
  });
});

const vectors = sharedData("stripe/webhook-vectors.json");
describe.if(existsSync(vectors))("the published webhook vectors", () => {
  test("are accepted and refused as they say, and the future one is refused too", async () => {
    const vector = await Bun.file(vectors).json();
    const own = stripeGateway({ secretKey: "sk_test", webhookSecrets: [vector.secret] });
    const verdicts: Record<string, string> = {};
    for (const one of vector.cases) {
      const body = one.name.includes("plus one space") ? `${vector.raw_body} ` : vector.raw_body;
      const headers = new Headers({ "stripe-signature": one.header ?? vector.header });
      verdicts[one.name] = await own
        .verifyWebhook({ rawBody: body, query: "", headers }, new Date(one.now * 1000))
        .then(
          () => "ok",
          (error: unknown) => (error instanceof ForgedWebhook ? "forged" : "broken"),
        );
    }
    expect(verdicts).toEqual({
      valid: "ok",
      late: "forged",
      "future timestamp": "forged",
      "body plus one space": "forged",
      "two v1 (secret rotation), second good": "ok",
    });
  });
});
