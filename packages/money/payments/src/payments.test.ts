import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { drain, jobContext, tick } from "@evx/jobs/testing";
import { day_ms, hour_ms, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { expectBooksBalance } from "@evx/ledger/testing";
import { checkout } from "./checkout.ts";
import { cancelPayment, openPayment } from "./payments.ts";
import { paymentsWorld } from "./testing/world.ts";
import { aPayment, capturePayment, settleSale } from "./testing.ts";
import { processEvent, receiveWebhook } from "./webhooks.ts";

const world = await paymentsWorld();
const { t, ctx, work, pay, about, deliver, now, escrowOf, eventsOf } = world;
beforeEach(() => world.fresh());
afterAll(async () => {
  await expectBooksBalance(t.db);
  await t.close();
});

describe("opening a payment", () => {
  test("the same again changes nothing, another content under the id or order is refused", async () => {
    const payment = await aPayment(t);
    await t.transact((tx) => openPayment(tx, payment));
    expect(await refusalCode(t.transact((tx) => openPayment(tx, { ...payment, amount_minor: 1n })))).toBe(
      "payment_id_reused",
    );
    expect(await refusalCode(t.transact((tx) => openPayment(tx, { ...payment, id: newId("payment") })))).toBe(
      "payment_id_reused",
    );
    expect((await now(payment))?.status).toBe("pending");
  });
});

describe("checkout", () => {
  test("two at once are sent to one page, and so is one who comes back", async () => {
    const payment = await aPayment(t);
    const answers = await Promise.all([pay(payment), pay(payment), pay(payment)]);
    expect(new Set(answers.map((answer) => answer.redirectUrl)).size).toBe(1);
    expect(world.fake.pageCount).toBe(1);
    expect((await pay(payment)).redirectUrl).toBe(answers[0]?.redirectUrl ?? "");
    expect(answers[0]?.payment).toMatchObject({ status: "pending", method: "stripe", amount: "12.34" });
  });

  test("a process that dies after the gateway answered opens no second page", async () => {
    const payment = await aPayment(t);
    world.fake.beSilent(1, "after");
    expect(await refusalCode(pay(payment))).toBe("payment_gateway_unavailable");
    expect(world.fake.pageCount).toBe(1);
    await pay(payment);
    expect(world.fake.pageCount).toBe(1);
  });

  test("another person's order is not found, a paid or overdue one is refused", async () => {
    const payment = await aPayment(t);
    expect(await refusalCode(pay(payment, newId("user")))).toBe("payment_unknown");
    await pay(payment);
    t.clock.advance(31 * 60_000);
    expect(await refusalCode(pay(payment))).toBe("payment_expired");
    const paid = await aPayment(t);
    await capturePayment(t, paid.id);
    expect(await refusalCode(pay(paid))).toBe("payment_already_paid");
  });

  test("a way to pay that is not set up is refused by its name", async () => {
    const payment = await aPayment(t);
    const call = checkout(ctx, world.ports, { ...payment, method: "paypal", locale: "vi" });
    expect(await refusalCode(call)).toBe("payment_method_unavailable");
  });

  test("a page that ran out is followed by another one, and the stale one is closed", async () => {
    const payment = await aPayment(t, { expiresAt: new Date("2026-03-03T00:00:00Z") });
    const first = await pay(payment);
    t.clock.advance(24 * 60 * 60_000);
    const second = await pay(payment);
    expect(second.redirectUrl).not.toBe(first.redirectUrl);
    await work();
    expect(world.fake.calls).toContain("expireCheckout");
  });
});

describe("webhooks", () => {
  test("a paid page is captured: the money lies in escrow and the order's room is told, once", async () => {
    const payment = await aPayment(t);
    await pay(payment);
    world.fake.pay(payment.id);
    const before = await escrowOf(payment);
    expect((await deliver(about(payment))).status).toBe(200);
    await work(true);
    expect((await escrowOf(payment)) - before).toBe(1234n);
    expect(await now(payment)).toMatchObject({ captured: true, status: "pending" });
  });

  test("two about one payment at the same moment capture it once", async () => {
    const payment = await aPayment(t);
    await pay(payment);
    world.fake.pay(payment.id);
    const before = await escrowOf(payment);
    await Promise.all([deliver(about(payment)), deliver(about(payment)), deliver(about(payment))]);
    const waiting = await t.admin
      .selectFrom("jobs.outbox")
      .select(["payload"])
      .where("kind", "=", "job")
      .execute();
    const handler = world.jobs.find((job) => job.queue === "payments.handle_event");
    await Promise.all(waiting.map((row) => handler?.run(jobContext(t), row.payload)));
    expect((await escrowOf(payment)) - before).toBe(1234n);
    expect(await eventsOf("payments.payment_captured", payment)).toBe(1);
    await work();
  });

  test("events of one payment that were stored before the gateway was asked are answered by one look; a later one by its own", async () => {
    const payment = await aPayment(t);
    await pay(payment);
    world.fake.pay(payment.id);
    const ids = [newId("event"), newId("event"), newId("event"), newId("event")] as const;
    for (const id of ids.slice(0, 3)) await deliver(about(payment, id));
    const { fake } = world;
    const ask = fake.retrieveCheckout.bind(fake);
    let asked = 0;
    fake.retrieveCheckout = async (ref) => {
      // The fourth comes while the gateway has already answered: what it tells of may have happened since.
      if (asked++ === 0) await deliver(about(payment, ids[3]));
      return ask(ref);
    };
    const process = (eventId: string) => processEvent(ctx, world.ports, { gateway: "stripe", eventId });
    await Promise.all(ids.slice(0, 3).map(process));
    expect(asked).toBe(1);
    const waiting = await t.db
      .selectFrom("payments.webhook_event")
      .select("id")
      .where("id", "in", ids)
      .where("processed_at", "is", null)
      .execute();
    expect(waiting).toEqual([{ id: ids[3] }]);
    await process(ids[3]);
    expect(asked).toBe(2);
    expect(await eventsOf("payments.payment_captured", payment)).toBe(1);
    fake.retrieveCheckout = ask;
    await work();
  });

  test("a gateway that is away for an hour costs an event nothing; one that is never understood ends with a person", async () => {
    const payment = await aPayment(t);
    await pay(payment);
    world.fake.pay(payment.id);
    const id = newId("event");
    await deliver(about(payment, id));
    await t.admin.deleteFrom("jobs.outbox").where("name", "=", "payments.handle_event").execute();
    const tryIt = async (times: number) => {
      for (let n = 0; n < times; n++) {
        world.fake.beSilent(1, "before");
        await processEvent(ctx, world.ports, { gateway: "stripe", eventId: id }).catch(() => {});
      }
      const row = t.db
        .selectFrom("payments.webhook_event")
        .select(["tries", "parked_at"])
        .where("id", "=", id);
      return row.executeTakeFirstOrThrow();
    };
    t.clock.advance(hour_ms);
    expect(await tryIt(12)).toEqual({ tries: 12, parked_at: null });
    t.clock.advance(day_ms);
    expect((await tryIt(1)).parked_at).not.toBeNull();
    await processEvent(ctx, world.ports, { gateway: "stripe", eventId: id });
    expect((await now(payment))?.captured).toBe(true);
    await work();
  });

  test("a repeated event answers 200 and changes nothing; a forged one answers 400 and leaves no trace", async () => {
    const payment = await aPayment(t);
    await pay(payment);
    const id = newId("event");
    expect((await deliver(about(payment, id))).status).toBe(200);
    await work();
    world.fake.pay(payment.id);
    expect((await deliver(about(payment, id))).status).toBe(200);
    expect(await work()).toEqual([]);
    const forged = { ...about(payment, "evt_forged"), headers: new Headers({ "x-signature": "bad" }) };
    expect((await deliver(forged)).status).toBe(400);
    const rows = await t.db
      .selectFrom("payments.webhook_event")
      .select("id")
      .where("id", "in", [id, "evt_forged"])
      .execute();
    expect(rows.map((row) => row.id)).toEqual([id]);
    expect((await now(payment))?.captured).toBe(false);
  });

  test("an event about nothing of ours is set aside, and a gateway that is not set up is not found", async () => {
    expect((await deliver(world.fake.webhook({ kind: "other" }, "evt_other"))).status).toBe(200);
    await deliver(
      world.fake.webhook({ kind: "payment", paymentId: newId("payment"), chargeRef: null }, "evt_strange"),
    );
    await work();
    const rows = await t.db
      .selectFrom("payments.webhook_event")
      .select("outcome")
      .where("id", "in", ["evt_other", "evt_strange"])
      .execute();
    expect(rows.map((row) => row.outcome)).toEqual(["ignored", "ignored"]);
    expect(
      (
        await receiveWebhook(ctx, world.ports, {
          ...world.fake.webhook({ kind: "other" }),
          gateway: "vnpay",
        })
      ).status,
    ).toBe(404);
  });

  test("an event that comes before its page is paid changes nothing, and the next one captures", async () => {
    const payment = await aPayment(t);
    await pay(payment);
    await deliver(about(payment));
    await work();
    expect((await now(payment))?.captured).toBe(false);
    world.fake.pay(payment.id);
    await deliver(about(payment));
    await work();
    expect((await now(payment))?.captured).toBe(true);
  });

  test("a declined card fails the payment, and a good one on the same page still pays it", async () => {
    const payment = await aPayment(t);
    await pay(payment);
    world.fake.decline(payment.id, "insufficient_funds");
    await deliver(about(payment));
    await deliver(about(payment));
    await drain(t, [world.jobs[0] as (typeof world.jobs)[number]], { twice: true });
    expect(await now(payment)).toMatchObject({
      status: "failed",
      failure: "insufficient_funds",
      payable: true,
    });
    world.fake.pay(payment.id);
    await deliver(about(payment));
    await work();
    expect(await now(payment)).toMatchObject({ captured: true, failure: null });
  });

  test("a page that was paid with another amount or currency is flagged and never settled", async () => {
    for (const wrong of [{ amount: 1233n }, { currency: "VND" }]) {
      const payment = await aPayment(t);
      await pay(payment);
      world.fake.pay(payment.id, wrong);
      const before = await escrowOf(payment);
      await deliver(about(payment));
      await work(true);
      expect((await escrowOf(payment)) - before).toBe(0n);
      expect(await t.transact((tx) => settleSale(tx, payment.id))).toBe(false);
      const row = await t.db
        .selectFrom("payments.payment")
        .select(["flag", "status"])
        .where("id", "=", payment.id)
        .executeTakeFirst();
      expect(row).toEqual({ flag: "amount_mismatch", status: "failed" });
      expect(await refusalCode(pay(payment))).toBe("payment_gateway_refused");
    }
  });

  test("a second page that is paid too is booked and given back whole", async () => {
    const payment = await aPayment(t, { expiresAt: new Date("2026-03-03T00:00:00Z") });
    const first = await pay(payment);
    t.clock.advance(24 * 60 * 60_000);
    await pay(payment);
    const firstRef = first.redirectUrl.split("/").at(-1) ?? "";
    world.fake.pay(payment.id);
    world.fake.pay(payment.id, {}, firstRef);
    const before = await escrowOf(payment);
    await deliver(about(payment));
    await work(true);
    expect((await escrowOf(payment)) - before).toBe(1234n);
    expect(world.fake.refunds.size).toBe(1);
    expect(await now(payment)).toMatchObject({ captured: true, status: "pending" });
  });
});

describe("what nobody told us", () => {
  const minute = async () => {
    t.clock.advance(60_000);
    await tick(t, world.jobs, "payments.reconcile");
  };

  test("a webhook that was lost is made up for within a minute", async () => {
    const payment = await aPayment(t);
    await pay(payment);
    world.fake.pay(payment.id);
    await minute();
    expect((await now(payment))?.captured).toBe(true);
    await work();
  });

  test("an event whose job was lost is done within a minute", async () => {
    const payment = await aPayment(t);
    await pay(payment);
    world.fake.pay(payment.id);
    await deliver(about(payment, "evt_lost_job"));
    await t.admin.deleteFrom("jobs.outbox").where("name", "=", "payments.handle_event").execute();
    await minute();
    const row = await t.db
      .selectFrom("payments.webhook_event")
      .select("outcome")
      .where("id", "=", "evt_lost_job")
      .executeTakeFirst();
    expect(row?.outcome).toBe("done");
    await work();
  });

  test("a window that is over ends the payment and closes its page, also while the gateway is silent", async () => {
    const [payment, silent] = [await aPayment(t), await aPayment(t)];
    await pay(payment);
    await pay(silent);
    t.clock.advance(31 * 60_000);
    world.fake.beSilent(1, "before");
    await tick(t, world.jobs, "payments.reconcile");
    expect(await now(payment)).toMatchObject({ status: "failed", payable: false });
    expect(await now(silent)).toMatchObject({ status: "failed", payable: false });
    await minute();
    const open = await t.db
      .selectFrom("payments.attempt")
      .select("payment_id")
      .where("payment_id", "in", [payment.id, silent.id])
      .where("status", "=", "open")
      .execute();
    expect(open).toEqual([]);
    await work();
  });

  test("a page paid in the second in which its window closed is captured all the same", async () => {
    const payment = await aPayment(t);
    await pay(payment);
    t.clock.advance(31 * 60_000);
    world.fake.pay(payment.id);
    await tick(t, world.jobs, "payments.reconcile");
    expect((await now(payment))?.captured).toBe(true);
    await work();
  });

  test("a cancelled order's page is closed; money that had arrived is still told of", async () => {
    const payment = await aPayment(t);
    await pay(payment);
    world.fake.pay(payment.id);
    await t.transact((tx) => cancelPayment(tx, { paymentId: payment.id }));
    expect(await refusalCode(pay(payment))).toBe("payment_expired");
    await work();
    expect((await now(payment))?.captured).toBe(true);
  });
});
