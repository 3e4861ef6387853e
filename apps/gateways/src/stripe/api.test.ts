import { afterAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { fixedClock } from "@evx/kernel";
import { sharedData } from "@evx/kernel/testing";
import Stripe from "stripe";
import { emulatorWithEndpoint, payAtPage } from "../testing.ts";
import { signatureOf } from "./events.ts";

const world = emulatorWithEndpoint();
afterAll(() => world.stop());

const clientOf = (url: string, key = "sk_test_key_of_tests") =>
  new Stripe(key, { host: "localhost", port: new URL(url).port, protocol: "http", maxNetworkRetries: 0 });

const stripe = clientOf(world.url);

const order = (
  more: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Stripe.Checkout.SessionCreateParams => ({
  mode: "payment",
  success_url: "http://localhost:1/done?session={CHECKOUT_SESSION_ID}",
  cancel_url: "http://localhost:1/cancelled",
  client_reference_id: "pay_1",
  line_items: [
    {
      quantity: 1,
      price_data: { currency: "usd", unit_amount: 1234, product_data: { name: "0.1 credits & more" } },
    },
  ],
  payment_intent_data: { metadata: { payment_id: "pay_1" } },
  ...more,
});

/** The error that a call answers with. */
const faultOf = async (call: Promise<unknown>): Promise<Stripe.errors.StripeError> => {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Stripe.errors.StripeError) return error;
  throw new Error(`Expected Stripe's error, not ${error}`);
};

describe("the API", () => {
  test("a session made by the official SDK comes back as it was asked for", async () => {
    const made = await stripe.checkout.sessions.create(order({ metadata: { note: "Tấn CO₂" } }));
    expect(made.id).toStartWith("cs_test_");
    expect(made.amount_total).toBe(1234);
    expect(made.currency).toBe("usd");
    expect(made.metadata).toEqual({ note: "Tấn CO₂" });
    expect(made.status).toBe("open");
    expect(made.lastResponse.requestId).toStartWith("req_");
    const again = await stripe.checkout.sessions.retrieve(made.id);
    expect(again.url).toBe(made.url);
    expect(Object.keys(again).filter((name) => name.startsWith("_"))).toEqual([]);
  });

  test("the same idempotency key and parameters give the same session, other parameters an idempotency error", async () => {
    const options = { idempotencyKey: "pay_key_1" };
    const [first, second] = await Promise.all([
      stripe.checkout.sessions.create(order(), options),
      stripe.checkout.sessions.create(order(), options),
    ]);
    expect(second.id).toBe(first.id);
    const fault = await faultOf(
      stripe.checkout.sessions.create(order({ client_reference_id: "other" }), options),
    );
    expect(fault).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    expect(fault.statusCode).toBe(400);
  });

  test("an idempotency key of a request whose parameters were wrong can be used again", async () => {
    const options = { idempotencyKey: "pay_key_2" };
    const fault = await faultOf(stripe.checkout.sessions.create({ ...order(), line_items: [] }, options));
    expect(fault.code).toBe("parameter_missing");
    expect((await stripe.checkout.sessions.create(order(), options)).status).toBe("open");
  });

  test("a wrong key, an unknown parameter, an unknown id and an unknown address are refused in Stripe's shape", async () => {
    const wrongKey = await faultOf(
      clientOf(world.url, "sk_test_wrong_key").checkout.sessions.create(order()),
    );
    expect(wrongKey).toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
    expect(wrongKey.message).not.toContain("sk_test_wrong_key");
    const unknown = await faultOf(stripe.checkout.sessions.create(order({ discounts: [{ coupon: "x" }] })));
    expect(unknown.code).toBe("parameter_unknown");
    expect(unknown.param).toBe("discounts");
    expect((await faultOf(stripe.checkout.sessions.retrieve("cs_test_none"))).code).toBe("resource_missing");
    expect((await faultOf(stripe.customers.list())).statusCode).toBe(404);
  });

  test("sessions live from thirty minutes to a day, as at Stripe", async () => {
    const soon = Math.floor(performance.timeOrigin / 1000) + 60;
    expect((await faultOf(stripe.checkout.sessions.create(order({ expires_at: soon })))).param).toBe(
      "expires_at",
    );
    const late = soon + 3 * 24 * 60 * 60;
    expect((await faultOf(stripe.checkout.sessions.create(order({ expires_at: late })))).param).toBe(
      "expires_at",
    );
  });

  test("an open session can be expired once", async () => {
    const made = await stripe.checkout.sessions.create(order());
    const closed = await stripe.checkout.sessions.expire(made.id);
    expect(closed.status).toBe("expired");
    expect(closed.url).toBeNull();
    expect((await faultOf(stripe.checkout.sessions.expire(made.id))).statusCode).toBe(400);
    expect((await payAtPage(made.url ?? "", "4242424242424242")).status).toBe(410);
  });

  test("an open session closes by itself when its time is over", async () => {
    const clock = fixedClock("2026-03-01T08:00:00Z");
    const own = emulatorWithEndpoint({ clock });
    try {
      const client = clientOf(own.url);
      const made = await client.checkout.sessions.create(
        order({ expires_at: Date.parse("2026-03-01T08:31:00Z") / 1000 }),
      );
      clock.advance(31 * 60_000);
      await own.arrived("checkout.session.expired");
      expect((await client.checkout.sessions.retrieve(made.id)).status).toBe("expired");
    } finally {
      await own.stop();
    }
  });
});

describe("refunds", () => {
  const paid = async (card: string) => {
    const made = await stripe.checkout.sessions.create(order());
    await payAtPage(made.url ?? "", card);
    const session = await stripe.checkout.sessions.retrieve(made.id, {
      expand: ["payment_intent.latest_charge"],
    });
    if (!session.payment_intent || typeof session.payment_intent === "string")
      throw new Error("not expanded");
    return session.payment_intent;
  };

  test("a charge is refunded in parts but never beyond what was paid", async () => {
    const intent = await paid("4242424242424242");
    expect(typeof intent.latest_charge).toBe("object");
    const first = await stripe.refunds.create({ payment_intent: intent.id, amount: 1000 });
    expect(first.status).toBe("succeeded");
    expect((await faultOf(stripe.refunds.create({ payment_intent: intent.id, amount: 1000 }))).param).toBe(
      "amount",
    );
    await stripe.refunds.create({ payment_intent: intent.id });
    expect((await faultOf(stripe.refunds.create({ payment_intent: intent.id }))).code).toBe(
      "charge_already_refunded",
    );
    expect((await stripe.refunds.list({ payment_intent: intent.id })).data.length).toBe(2);
  });

  test("a refund can fail later, and the charge counts as not refunded again", async () => {
    const intent = await paid("4000000000005126");
    const refund = await stripe.refunds.create({ payment_intent: intent.id });
    await world.arrived("refund.failed");
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe("failed");
    const charge = await stripe.charges.retrieve(String(refund.charge));
    expect(charge.amount_refunded).toBe(0);
  });

  test("a disputed charge cannot be refunded, and evidence decides the dispute", async () => {
    const intent = await paid("4000000000000259");
    await world.arrived("charge.dispute.created");
    expect((await faultOf(stripe.refunds.create({ payment_intent: intent.id }))).code).toBe(
      "charge_disputed",
    );
    const [dispute] = (await stripe.disputes.list()).data;
    const won = await stripe.disputes.update(dispute?.id ?? "", {
      evidence: { uncategorized_text: "winning_evidence" },
    });
    expect(won.status).toBe("won");
    await world.arrived("charge.dispute.closed");
  });
});

describe("payouts to a recipient's bank", () => {
  const recipient = async (account_number: string) => {
    const account = await stripe.accounts.create({
      country: "VN",
      capabilities: { transfers: { requested: true } },
      controller: { requirement_collection: "application", stripe_dashboard: { type: "none" } },
    });
    const bank = await stripe.accounts.createExternalAccount(account.id, {
      external_account: { object: "bank_account", country: "VN", currency: "usd", account_number },
    });
    return { account: account.id, bank: bank.id };
  };

  const pay = async (account_number: string) => {
    const { account, bank } = await recipient(account_number);
    const transfer = await stripe.transfers.create({ amount: 500, currency: "usd", destination: account });
    const payout = await stripe.payouts.create(
      { amount: 500, currency: "usd", destination: bank, metadata: { withdrawal_id: "wdr_1" } },
      { stripeAccount: account },
    );
    return { account, transfer: transfer.id, payout: payout.id };
  };

  test("money that was transferred is paid out, and an event of that account says so", async () => {
    const sent = await pay("000123456789");
    const [event] = await world.arrived("payout.paid");
    expect(JSON.parse(event?.body ?? "").account).toBe(sent.account);
    const payout = await stripe.payouts.retrieve(sent.payout, {}, { stripeAccount: sent.account });
    expect(payout.status).toBe("paid");
  });

  test("a recipient cannot be paid more than was transferred to them", async () => {
    const { account, bank } = await recipient("000123456789");
    const fault = await faultOf(
      stripe.payouts.create({ amount: 1, currency: "usd", destination: bank }, { stripeAccount: account }),
    );
    expect(fault.code).toBe("balance_insufficient");
  });

  test("a failed payout leaves the money with the recipient, from where it can be taken back once", async () => {
    const sent = await pay("000111111116");
    await world.arrived("payout.failed");
    const payout = await stripe.payouts.retrieve(sent.payout, {}, { stripeAccount: sent.account });
    expect(payout.failure_code).toBe("no_account");
    await stripe.transfers.createReversal(sent.transfer);
    expect((await stripe.transfers.retrieve(sent.transfer)).reversed).toBe(true);
    expect((await faultOf(stripe.transfers.createReversal(sent.transfer))).code).toBe(
      "transfer_already_reversed",
    );
  });

  test("a payout can be returned after it was paid", async () => {
    const before = world.delivered.length;
    const sent = await pay("000555555559");
    for (let tries = 0; tries < 300; tries++) {
      const types = world.delivered.slice(before).map((event) => event.type);
      if (types.includes("payout.paid") && types.includes("payout.failed")) break;
      await Bun.sleep(10);
    }
    const payout = await stripe.payouts.retrieve(sent.payout, {}, { stripeAccount: sent.account });
    expect(payout.status).toBe("failed");
  });
});

const vectors = sharedData("stripe/webhook-vectors.json");
test.if(existsSync(vectors))("the signature is the one of the published vector", async () => {
  const vector = await Bun.file(vectors).json();
  expect(signatureOf(vector.raw_body, vector.secret, vector.timestamp)).toBe(vector.header);
});
