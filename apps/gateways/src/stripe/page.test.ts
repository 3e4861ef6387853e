import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Stripe from "stripe";
import { emulatorWithEndpoint, payAtPage } from "../testing.ts";

const world = emulatorWithEndpoint();
afterAll(() => world.stop());

const sessionAt = async (url: string, more: Partial<Stripe.Checkout.SessionCreateParams> = {}) => {
  const client = new Stripe("sk_test_key_of_tests", {
    host: "localhost",
    port: new URL(url).port,
    protocol: "http",
  });
  const session = await client.checkout.sessions.create({
    mode: "payment",
    success_url: "http://shop.example/done?session={CHECKOUT_SESSION_ID}",
    cancel_url: "http://shop.example/cancelled",
    line_items: [
      {
        price_data: { currency: "vnd", unit_amount: 1_200_000, product_data: { name: "0,1 <b>tín chỉ</b>" } },
      },
    ],
    ...more,
  });
  return { id: session.id, page: session.url ?? "", client };
};

test("a good card pays, redirects back and delivers the signed event", async () => {
  const { id, page, client } = await sessionAt(world.url);
  const answer = await payAtPage(page, "4242 4242 4242 4242");
  expect(answer.status).toBe(303);
  expect(answer.headers.get("location")).toBe(`http://shop.example/done?session=${id}`);
  const events = await world.arrived("checkout.session.completed");
  const mine = events.find((event) => event.body.includes(id));
  const event = await client.webhooks.constructEventAsync(
    mine?.body ?? "",
    mine?.signature ?? "",
    "whsec_of_tests",
  );
  expect(event.type).toBe("checkout.session.completed");
});

test("a declined card charges nothing, says so, and another card can be tried on the same page", async () => {
  const { id, page, client } = await sessionAt(world.url);
  const declined = await payAtPage(page, "4000000000000002");
  expect(declined.status).toBe(200);
  expect(await declined.text()).toContain("Your card was declined");
  await world.arrived("payment_intent.payment_failed");
  expect((await client.checkout.sessions.retrieve(id)).payment_status).toBe("unpaid");
  expect((await payAtPage(page, "4242424242424242")).status).toBe(303);
  expect((await client.checkout.sessions.retrieve(id)).payment_status).toBe("paid");
});

test("two people who press pay at once make one charge", async () => {
  const { id, page, client } = await sessionAt(world.url);
  const answers = await Promise.all(Array.from({ length: 5 }, () => payAtPage(page, "4242424242424242")));
  expect(answers.map((answer) => answer.status)).toEqual([303, 303, 303, 303, 303]);
  const events = await client.events.list({ type: "checkout.session.completed", limit: 100 });
  const mine = events.data.filter((event) => "id" in event.data.object && event.data.object.id === id);
  expect(mine.length).toBe(1);
});

test("a page speaks the reader's language, escapes what the shop wrote and allows no script", async () => {
  const { page } = await sessionAt(world.url);
  const answer = await fetch(page, { headers: { "accept-language": "vi-VN,vi;q=0.9" } });
  const text = await answer.text();
  expect(text).toContain('<html lang="vi">');
  expect(text).toContain("1.200.000");
  expect(text).toContain("&lt;b&gt;");
  const policy = answer.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("form-action 'self' http://shop.example");
  expect(policy).not.toContain("unsafe");
});

test("an unknown page, a mistyped card and an empty form are answered plainly", async () => {
  expect((await fetch(`${world.url}/c/pay/cs_test_none`)).status).toBe(404);
  expect((await payAtPage(`${world.url}/c/pay/cs_test_none`, "4242424242424242")).status).toBe(404);
  const { page } = await sessionAt(world.url);
  expect(await (await payAtPage(page, "4242424242424241")).text()).toContain("The card number is wrong");
  expect((await fetch(page, { method: "POST" })).status).toBe(200);
});

test("duplicate, delay and drop are done to the webhooks of that payment", async () => {
  const own = emulatorWithEndpoint();
  try {
    const thrice = await sessionAt(own.url);
    await payAtPage(thrice.page, "4242424242424242", "?duplicate=3");
    const copies = await own.arrived("checkout.session.completed", 3);
    expect(new Set(copies.map((event) => event.id)).size).toBe(1);

    const dropped = await sessionAt(own.url);
    await payAtPage(dropped.page, "4242424242424242", "?drop=1");
    const late = await sessionAt(own.url);
    const start = performance.now();
    await payAtPage(late.page, "4242424242424242", "?delay_ms=300");
    await own.arrived("checkout.session.completed", 4);
    expect(performance.now() - start).toBeGreaterThanOrEqual(290);
    expect(own.delivered.some((event) => event.body.includes(dropped.id))).toBe(false);
    expect((await dropped.client.checkout.sessions.retrieve(dropped.id)).payment_status).toBe("paid");
  } finally {
    await own.stop();
  }
});

test("an event is delivered again until it is accepted", async () => {
  const own = emulatorWithEndpoint({}, [500, 404, 302]);
  try {
    const { page } = await sessionAt(own.url);
    await payAtPage(page, "4242424242424242");
    for (let tries = 0; tries < 300 && own.delivered.length < 6; tries++) await Bun.sleep(10);
    expect(own.delivered.length).toBe(6);
    expect(new Set(own.delivered.map((event) => event.id)).size).toBe(3);
  } finally {
    await own.stop();
  }
});

test("a restart forgets no session, no key and no undelivered event", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gateways-"));
  const own = emulatorWithEndpoint({ dataFile: join(folder, "state.sqlite") });
  try {
    const { id, page } = await sessionAt(own.url);
    const path = new URL(page).pathname;
    await payAtPage(page, "4242424242424242", "?delay_ms=200");
    await own.restart();
    await own.arrived("checkout.session.completed");
    expect((await fetch(`${own.url}${path}`)).status).toBe(200);
    expect(own.delivered.filter((event) => event.body.includes(id)).length).toBeGreaterThan(0);
  } finally {
    await own.stop();
    rmSync(folder, { recursive: true });
  }
});

test("the emulator's own address says what it is and what to type, in the reader's language", async () => {
  const answer = await fetch(world.url, { headers: { "accept-language": "vi" } });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain("Cổng thanh toán thử nghiệm");
  expect((await fetch(`${world.url}/health`)).status).toBe(200);
});
