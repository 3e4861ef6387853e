import { afterAll, expect, test } from "bun:test";
import { vnpayGateway } from "@evx/adapters";
import { testDatabase } from "@evx/db/testing";
import { jobContext } from "@evx/jobs/testing";
import { newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { checkout } from "./checkout.ts";
import { methodsOf } from "./methods.ts";
import { FakeGateway } from "./testing/fake-gateway.ts";
import { aPayment, testPorts } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());
const ctx = jobContext(t);

const addresses = { payUrl: "http://vnpay/pay", apiUrl: "http://vnpay/api" };
const vnpayAt = (rate: number) =>
  vnpayGateway({ tmnCode: "EVXTEST1", hashSecret: "hash-secret", rate, ...addresses }, () => t.clock.now());
const portsAt = (rate: number) =>
  testPorts({ gateways: { stripe: new FakeGateway(), vnpay: vnpayAt(rate) } });

test("each configured way is offered with its own charge, and a rate that is frozen once its page is open", async () => {
  const payment = await aPayment(t);
  const buyer = { id: payment.buyerId, role: "buyer" as const };
  const ask = (rate: number) =>
    methodsOf(t.db, portsAt(rate), buyer, { orderId: payment.orderId, now: t.clock.now() });
  const card = { method: "stripe", amount: "12.34", currency: "USD", rate: null, frozen: false } as const;
  const dong = { method: "vnpay", amount: "313436", currency: "VND", rate: "25400", frozen: false } as const;
  expect((await ask(25_400)).items).toEqual([card, dong]);

  const asked = {
    orderId: payment.orderId,
    buyerId: payment.buyerId,
    method: "vnpay",
    locale: "en",
  } as const;
  const shown = { amount: "313436", currency: "VND" };
  expect(await refusalCode(checkout(ctx, portsAt(26_000), { ...asked, shown }))).toBe(
    "payment_charge_changed",
  );
  await checkout(ctx, portsAt(25_400), { ...asked, shown });
  expect((await ask(26_000)).items).toEqual([card, { ...dong, frozen: true }]);
  const again = await checkout(ctx, portsAt(26_000), { ...asked, shown });
  expect(new URL(again.redirectUrl).searchParams.get("vnp_Amount")).toBe("31343600");
});

test("a way that cannot charge the amount is not offered, and another's order has none to see", async () => {
  const small = await aPayment(t, { amount_minor: 1n });
  const now = t.clock.now();
  const buyer = { id: small.buyerId, role: "buyer" as const };
  const { items } = await methodsOf(t.db, portsAt(25_400), buyer, { orderId: small.orderId, now });
  expect(items.map(({ method }) => method)).toEqual(["stripe"]);
  const stranger = { id: newId("user"), role: "buyer" as const };
  const theirs = methodsOf(t.db, portsAt(25_400), stranger, { orderId: small.orderId, now });
  expect(await refusalCode(theirs)).toBe("payment_unknown");
});
