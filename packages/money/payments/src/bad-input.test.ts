import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type GatewayName, gatewayNames, type RawWebhook } from "@evx/adapters";
import { day_ms, minute_ms, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { checkout } from "./checkout.ts";
import { attemptRows, type NewPayment } from "./queries/payments.ts";
import { type RealGateway, realGateway } from "./testing/real-gateways.ts";
import { aPayment } from "./testing.ts";
import { receiveWebhook } from "./webhooks.ts";

/** What nobody should send, by gateway: each with the gateway's own answer, and without a trace where it is not signed. */
setDefaultTimeout(60_000);

const answers = {
  forged: { other: { status: 400, code: "webhook_forged" }, vnpay: "97" },
  good: { other: { status: 200, code: undefined }, vnpay: "00" },
  again: { other: { status: 200, code: undefined }, vnpay: "02" },
  unknown: { other: { status: 200, code: undefined }, vnpay: "01" },
} as const;

for (const name of gatewayNames)
  describe(name, () => {
    let side: RealGateway;
    const heard: RawWebhook[] = [];
    const ear = Bun.serve({
      port: 0,
      async fetch(request) {
        const rawBody = await request.text();
        heard.push({ rawBody, query: new URL(request.url).search.slice(1), headers: request.headers });
        return Response.json({ RspCode: "00" });
      },
    });
    beforeAll(async () => {
      side = await realGateway(name, { hook: `http://127.0.0.1:${ear.port}` });
    });
    afterAll(async () => {
      await side.stop();
      await ear.stop(true);
    });

    /** Pays on a page, with a webhook; answers that. */
    const pays = async (url: string): Promise<RawWebhook> => {
      heard.length = 0;
      const body = new URLSearchParams(
        name === "stripe" ? { card: "4242424242424242" } : { outcome: "success" },
      );
      await fetch(url, { method: "POST", body, redirect: "manual" });
      for (let tries = 0; tries < 500; tries++) {
        const told = heard.find(
          ({ rawBody }) => name !== "stripe" || rawBody.includes("checkout.session.completed"),
        );
        if (told) return told;
        await Bun.sleep(10);
      }
      throw new Error("no webhook came");
    };
    const paid = async (payment: NewPayment) => pays((await side.page(payment)) ?? "");
    const rows = () => side.t.admin.selectFrom("payments.webhook_event").selectAll().execute();
    const send = async (webhook: RawWebhook, ports = side.ports) => {
      const { status, body } = await receiveWebhook(side.ctx, ports, { gateway: name, ...webhook });
      if ("RspCode" in body) return body.RspCode;
      return {
        status,
        code: "error" in body && typeof body.error === "object" ? body.error.code : undefined,
      };
    };
    const wanted = (what: keyof typeof answers) =>
      name === "vnpay" ? answers[what].vnpay : answers[what].other;
    const without = (headers: Headers, ...names: string[]) => {
      const rest = new Headers(headers);
      for (const one of names) rest.delete(one);
      return rest;
    };

    test("unsigned, cut, changed, swollen, late or early: refused, and nothing is recorded", async () => {
      const webhook = await paid(await side.begin());
      const { rawBody, query, headers } = webhook;
      const bad: RawWebhook[] =
        name === "vnpay"
          ? [
              { ...webhook, query: query.replace(/&vnp_SecureHash=\w+/, "") },
              { ...webhook, query: query.slice(0, -12) },
              { ...webhook, query: query.replace(/vnp_Amount=(\d)/, "vnp_Amount=9$1") },
              { ...webhook, query: `${query}&vnp_Amount=100` },
              { ...webhook, query: `${query}&vnp_Filling=${"x".repeat(500_000)}` },
              { ...webhook, query: query.replace(/vnp_TmnCode=\w+/, "vnp_TmnCode=ANOTHER1") },
            ]
          : [
              { ...webhook, headers: without(headers, "stripe-signature", "paypal-transmission-sig") },
              { ...webhook, rawBody: rawBody.slice(0, -10) },
              { ...webhook, rawBody: rawBody.replace("1234", "9234").replace("12.34", "92.34") },
              { ...webhook, rawBody: rawBody + " ".repeat(500_000) },
              { ...webhook, rawBody: "" },
              { ...webhook, headers: new Headers() },
            ];
      for (const one of bad) expect(await send(one)).toEqual(wanted("forged"));
      // VNPay signs no moment: whatever comes late is known already, by what it says.
      if (name !== "vnpay")
        for (const off of [5 * day_ms, -10 * minute_ms]) {
          side.t.clock.advance(off);
          expect(await send(webhook)).toEqual(wanted("forged"));
          side.t.clock.advance(-off);
        }
      expect(await rows()).toEqual([]);
      expect(await send(webhook)).toEqual(wanted("good"));
      expect(await rows()).toHaveLength(1);
      await side.work();
      expect(await send(webhook)).toEqual(wanted("again"));
      expect(await rows()).toHaveLength(1);
    });

    test("signed, and about an order that is none of ours: the gateway's own answer, and no payment is touched", async () => {
      const before = (await rows()).length;
      const order = {
        key: `${newId("payment")}.1`,
        paymentId: newId("payment"),
        orderId: newId("order"),
        amount: side.amount,
        currency: side.currency,
        description: "another shop's",
        openedAt: side.t.clock.now(),
        expiresAt: new Date(side.t.clock.now().getTime() + 60 * minute_ms),
        locale: "en",
        successUrl: "http://web/paid",
        cancelUrl: "http://web/left",
      } as const;
      const { redirectUrl } = await side.gateway.createCheckout(order);
      const webhook = await pays(redirectUrl ?? "");
      expect(await send(webhook)).toEqual(wanted("unknown"));
      await side.work();
      // VNPay hears that we know of no such order, and it is not kept; the others' are kept as none of ours.
      const kept = await rows();
      expect(kept.length - before).toBe(name === "vnpay" ? 0 : 1);
      if (name !== "vnpay") expect(kept.map(({ outcome }) => outcome)).toContain("ignored");
    });

    test("an order that is another's, over or paid, and a charge that was not shown: refused by name, and no page is opened", async () => {
      const { t, ctx, ports, amount, currency } = side;
      const ask = (payment: NewPayment, more: object = {}) =>
        refusalCode(
          checkout(ctx, ports, {
            ...{
              orderId: payment.orderId,
              buyerId: payment.buyerId,
              method: name as GatewayName,
              locale: "en",
            },
            ...more,
          }),
        );
      const fresh = await aPayment(t, { amount_minor: amount, currency });
      expect(await ask(fresh, { buyerId: newId("user") })).toBe("payment_unknown");
      expect(await ask(fresh, { orderId: newId("order") })).toBe("payment_unknown");
      for (const shown of ["12.340", "12.345", "1e3", "", "-12.34", "313436.5"])
        expect(await ask(fresh, { shown: { amount: shown, currency: "EUR" } })).toBe(
          "payment_charge_changed",
        );
      expect(await ask(fresh, { shown: { amount: "12.345", currency } })).toBe("payment_charge_changed");
      expect(await attemptRows(t.db, fresh.id)).toEqual([]);
      t.clock.advance(31 * minute_ms);
      expect(await ask(fresh)).toBe("payment_expired");
      const done = await side.begin();
      await side.choose(done, "success");
      await side.look(done);
      expect(await ask(done)).toBe("payment_already_paid");
      expect(await attemptRows(t.db, done.id)).toHaveLength(1);
    });
  });
