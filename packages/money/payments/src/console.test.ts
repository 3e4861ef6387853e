import { afterAll, beforeEach, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { newId } from "@evx/kernel";
import { fileText, refusalCode } from "@evx/kernel/testing";
import { bookOf, paymentDetail, paymentsFile, retryWebhook, webhookEvents } from "./console.ts";
import { writeOff } from "./debts.ts";
import { operatorPayments } from "./lists.ts";
import { refundPayment } from "./refunds.ts";
import { paymentsWorld } from "./testing/world.ts";
import { aPayment, settleSale } from "./testing.ts";

const world = await paymentsWorld();
const { t, ctx, work, pay, about, deliver } = world;
beforeEach(() => world.fresh());
afterAll(() => t.close());
const operator = await aUser(t, { role: "admin" });

test("a payment is found by any whole name of it, paged, exported, and seen with all that became of it", async () => {
  const payment = await aPayment(t);
  // Nothing has come in, so nothing can go back.
  expect((await paymentDetail(ctx, world.ports, payment.id)).payment.refundable).toBe("0.00");
  for (let more = 0; more < 3; more++) await aPayment(t);
  await pay(payment);
  world.fake.pay(payment.id);
  await deliver(about(payment));
  await work();
  await t.transact((tx) => settleSale(tx, payment.id));
  await t.transact((tx) =>
    refundPayment(tx, { paymentId: payment.id, reason: "operator", amount: 34n, refundId: newId("refund") }),
  );
  await work();
  const detail = await paymentDetail(ctx, world.ports, payment.id);
  expect(detail.payment).toMatchObject({ refunded: "0.34", refundable: "12.00" });
  expect(detail.timeline.map(({ kind }) => kind)).toEqual([
    "asked",
    "page_opened",
    "captured",
    "settled",
    "refund_requested",
    "refunded",
  ]);
  const charge = detail.pages[0]?.chargeRef ?? "";
  const find = (q: string) => operatorPayments(t.db, { limit: 5, show: "all", q }, t.clock.now());
  for (const q of [payment.id, payment.orderId, charge])
    expect((await find(q)).items.map(({ id }) => id)).toEqual([payment.id]);
  expect((await find("pay_none")).items).toEqual([]);
  const first = await operatorPayments(t.db, { limit: 2, show: "all" }, t.clock.now());
  const rest = await operatorPayments(
    t.db,
    { limit: 2, show: "all", cursor: first.nextCursor ?? "" },
    t.clock.now(),
  );
  expect(new Set([...first.items, ...rest.items].map(({ id }) => id)).size).toBe(4);
  expect(await fileText(await paymentsFile(t.db, "all", t.clock.now()))).toContain(payment.id);
});

test("an event that was laid aside is tried again from the console, once it is asked for", async () => {
  await t.admin
    .insertInto("payments.webhook_event")
    .values({
      gateway: "stripe",
      id: "evt_parked",
      type: "odd",
      subject: JSON.stringify({ kind: "other" }),
      raw_body: "{}",
      happened_at: t.clock.now(),
      received_at: t.clock.now(),
      tries: 8,
      parked_at: t.clock.now(),
      problem: "no answer",
    })
    .execute();
  const parked = () => webhookEvents(t.db, { limit: 10, show: "parked" });
  expect((await parked()).items.map(({ id }) => id)).toEqual(["evt_parked"]);
  const retry = (eventId: string) =>
    t.transact((tx) => retryWebhook(tx, operator, { gateway: "stripe", eventId }));
  await retry("evt_parked");
  await work();
  expect((await parked()).items).toEqual([]);
  expect(await refusalCode(retry("evt_parked"))).toBe("webhook_unknown");
});

test("the books sum to nothing, name who owes, and a debt is written off whole or in part with a trace", async () => {
  const seller = await aUser(t, { role: "ev_owner" });
  const payment = await aPayment(t, { sellerId: seller.id });
  await pay(payment);
  world.fake.pay(payment.id);
  await deliver(about(payment));
  await work();
  await t.transact((tx) => settleSale(tx, payment.id));
  await t.transact((tx) => refundPayment(tx, { paymentId: payment.id, reason: "operator" }));
  const book = await bookOf(t.db, "USD");
  expect(book.sum).toBe("0.00");
  expect(book.debts).toMatchObject([{ userId: seller.id, amount: "12.34" }]);
  const wish = { userId: seller.id, currency: "USD" as const, reason: "small" };
  const give = (amount?: string) => t.transact((tx) => writeOff(tx, operator, { ...wish, amount }));
  expect(await refusalCode(give("12.35"))).toBe("debt_exceeded");
  expect(await give("2.34")).toMatchObject({ left: "10.00" });
  expect(await give()).toMatchObject({ left: "0.00" });
  expect(await refusalCode(give())).toBe("debt_unknown");
});
