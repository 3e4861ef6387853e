import { testDatabase } from "@evx/db/testing";
import { on } from "@evx/jobs";
import { drain, jobContext } from "@evx/jobs/testing";
import { balanceOf, escrow } from "@evx/ledger";
import { checkout } from "../checkout.ts";
import { paymentCaptured, paymentDisputed, paymentFailed, paymentRefunded } from "../events.ts";
import { paymentsJobs } from "../jobs.ts";
import { paymentOfOrder } from "../payments.ts";
import type { NewPayment } from "../queries/payments.ts";
import { receiveWebhook } from "../webhooks.ts";
import { FakeGateway, testPorts } from "./fake-gateway.ts";

/** A database with a fake gateway beside it. `fresh` forgets waiting jobs and gives a gateway without a past. */
export const paymentsWorld = async () => {
  const t = await testDatabase();
  const ctx = jobContext(t);
  const made = () => {
    const fake = new FakeGateway();
    const ports = testPorts({ gateways: { stripe: fake } });
    return { fake, ports, jobs: paymentsJobs(ports) };
  };
  let parts = made();

  const told: string[] = [];
  const hear = async (name: string) => {
    told.push(name);
  };
  const listeners = [
    on(paymentCaptured, "test.captured", () => hear(paymentCaptured.name)),
    on(paymentFailed, "test.failed", () => hear(paymentFailed.name)),
    on(paymentRefunded, "test.refunded", () => hear(paymentRefunded.name)),
    on(paymentDisputed, "test.disputed", () => hear(paymentDisputed.name)),
  ];

  /** Does the waiting jobs, and those that they leave; answers the events that other rooms were told meanwhile. */
  const work = async (twice = false): Promise<string[]> => {
    told.length = 0;
    await drain(t, [...parts.jobs, ...listeners], { twice });
    return [...told];
  };

  return {
    t,
    ctx,
    work,
    get fake() {
      return parts.fake;
    },
    get ports() {
      return parts.ports;
    },
    get jobs() {
      return parts.jobs;
    },
    async fresh() {
      await t.admin.deleteFrom("jobs.outbox").execute();
      t.clock.set("2026-03-01T00:00:00Z");
      parts = made();
    },
    pay: (payment: NewPayment, buyerId = payment.buyerId) =>
      checkout(ctx, parts.ports, { orderId: payment.orderId, buyerId, method: "stripe", locale: "en" }),
    about: (payment: NewPayment, eventId?: string) =>
      parts.fake.webhook({ kind: "payment", paymentId: payment.id, chargeRef: null }, eventId),
    deliver: (webhook: ReturnType<typeof parts.fake.webhook>) => receiveWebhook(ctx, parts.ports, webhook),
    now: (payment: NewPayment) => paymentOfOrder(t.db, payment.orderId, t.clock.now()),
    escrowOf: async (payment: NewPayment) => (await balanceOf(t.db, escrow("USD", payment.orderId))).balance,
    /** How often an event about a payment waits in the outbox. */
    async eventsOf(name: string, payment: NewPayment): Promise<number> {
      const rows = await t.admin
        .selectFrom("jobs.outbox")
        .select("payload")
        .where("name", "=", name)
        .execute();
      return rows.filter((row) => JSON.stringify(row.payload).includes(payment.id)).length;
    },
  };
};
