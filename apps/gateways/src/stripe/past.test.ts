import { afterAll, expect, test } from "bun:test";
import Stripe from "stripe";
import { emulatorWithEndpoint } from "../testing.ts";

const past = {
  session: "cs_fake_1",
  intent: "pi_fake_1",
  paymentId: "pay_1",
  orderId: "ord_1",
  amount: 5_000,
  currency: "USD",
  description: "0.3 credits",
  paid_at: 1_790_000_000,
};
const world = emulatorWithEndpoint({ past: [past] });
afterAll(() => world.stop());

const stripe = new Stripe("sk_test_key_of_tests", {
  host: "localhost",
  port: new URL(world.url).port,
  protocol: "http",
  maxNetworkRetries: 0,
});

test("a payment of before it ran is listed on its own day, is given back once, and nobody is told of it", async () => {
  const session = await stripe.checkout.sessions.retrieve(past.session, {
    expand: ["payment_intent.latest_charge"],
  });
  expect(session).toMatchObject({
    payment_status: "paid",
    amount_total: 5_000,
    metadata: { payment_id: "pay_1" },
  });
  const day = { gte: past.paid_at - 1, lt: past.paid_at + 1 };
  const { data } = await stripe.balanceTransactions.list({ created: day, expand: ["data.source"] });
  expect(
    data.map(({ id, amount, fee, source }) => [id, amount, fee, (source as Stripe.Charge).payment_intent]),
  ).toEqual([["txn_pi_fake_1", 5_000, 175, "pi_fake_1"]]);
  expect(world.delivered).toEqual([]);
  const refund = await stripe.refunds.create({ payment_intent: past.intent });
  expect(refund).toMatchObject({ amount: 5_000, status: "succeeded" });
  expect(await stripe.refunds.create({ payment_intent: past.intent }).catch(({ code }) => code)).toBe(
    "charge_already_refunded",
  );
});
