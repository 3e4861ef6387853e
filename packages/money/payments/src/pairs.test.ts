import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { tick } from "@evx/jobs/testing";
import { expectBooksBalance } from "@evx/ledger/testing";
import { pollPayment } from "./polling.ts";
import type { NewPayment } from "./queries/payments.ts";
import { paymentRow } from "./queries/payments.ts";
import { refundPayment } from "./refunds.ts";
import { paymentsWorld } from "./testing/world.ts";
import { aPayment, settleSale } from "./testing.ts";

const world = await paymentsWorld();
const { t, ctx, work, pay, escrowOf } = world;
beforeEach(() => world.fresh());
afterAll(() => t.close());

/** Everybody who may act on one payment, each as in life: gateways are asked, people decide. */
const acts = {
  capture: (payment: NewPayment) => pollPayment(ctx, world.ports, payment.id),
  refund: (payment: NewPayment) =>
    t.transact((tx) => refundPayment(tx, { paymentId: payment.id, reason: "operator" })),
  dispute: (payment: NewPayment) => {
    world.fake.change(payment.id, { dispute: "open" });
    return pollPayment(ctx, world.ports, payment.id);
  },
  lost: (payment: NewPayment) => {
    world.fake.change(payment.id, { dispute: "lost" });
    return pollPayment(ctx, world.ports, payment.id);
  },
  outside: (payment: NewPayment) => {
    world.fake.change(payment.id, { refunded: 1234n });
    return pollPayment(ctx, world.ports, payment.id);
  },
  settle: async (payment: NewPayment) => {
    if (!(await t.transact((tx) => settleSale(tx, payment.id)))) throw new Error("withheld");
  },
} as const;
type Act = keyof typeof acts;

/** Where a payment ended: whose the money is, by its row. */
const endingOf = async (payment: NewPayment): Promise<string> => {
  const row = await paymentRow(t.db, payment.id);
  if (!row) return "gone";
  if (row.charged_back_at) return row.settled_at ? "settled and charged back" : "charged back";
  if (row.settled_at) return row.status === "captured" ? "settled" : `settled, ${row.status}`;
  return row.status;
};

const paidPage = async (): Promise<NewPayment> => {
  const payment = await aPayment(t);
  await pay(payment);
  world.fake.pay(payment.id);
  return payment;
};

const minutes = async (count: number) => {
  for (let minute = 0; minute < count; minute++) {
    t.clock.advance(60_000);
    await tick(t, world.jobs, "payments.reconcile");
    await work(true);
  }
};

/** The endings that two acts at once may have, and whether the money is still in escrow there. */
const inEscrow = new Map([
  ["captured", 1234n],
  ["disputed", 1234n],
  ["settled", 0n],
  ["refunded", 0n],
  ["charged back", 0n],
  ["settled, refunded", 0n],
  ["settled, disputed", 0n],
  ["settled and charged back", 0n],
]);

const pairs: { first: Act; second: Act; captured: boolean; endings: string[] }[] = [
  { first: "capture", second: "refund", captured: false, endings: ["captured", "refunded"] },
  { first: "capture", second: "capture", captured: false, endings: ["captured"] },
  { first: "capture", second: "dispute", captured: false, endings: ["disputed"] },
  { first: "capture", second: "lost", captured: false, endings: ["charged back"] },
  { first: "capture", second: "outside", captured: false, endings: ["refunded"] },
  { first: "capture", second: "settle", captured: false, endings: ["captured", "settled"] },
  { first: "refund", second: "dispute", captured: true, endings: ["refunded", "disputed"] },
  { first: "refund", second: "lost", captured: true, endings: ["refunded", "charged back"] },
  { first: "refund", second: "outside", captured: true, endings: ["refunded"] },
  { first: "refund", second: "settle", captured: true, endings: ["refunded", "settled, refunded"] },
  { first: "refund", second: "refund", captured: true, endings: ["refunded"] },
  { first: "dispute", second: "settle", captured: true, endings: ["disputed", "settled, disputed"] },
  {
    first: "lost",
    second: "settle",
    captured: true,
    endings: ["charged back", "settled and charged back"],
  },
  { first: "outside", second: "settle", captured: true, endings: ["refunded", "settled, refunded"] },
];

describe("two acts on one payment at the same moment: exactly one right ending, and the books balance", () => {
  for (const { first, second, captured, endings } of pairs)
    for (const order of [[first, second] as const, [second, first] as const])
      test(`${order[0]} beside ${order[1]}`, async () => {
        for (let round = 0; round < 3; round++) {
          const payment = await paidPage();
          const before = await escrowOf(payment);
          if (captured) await acts.capture(payment);
          await Promise.allSettled(order.map((act) => acts[act](payment)));
          // A look that came too early is made up for, as by any later webhook.
          await pollPayment(ctx, world.ports, payment.id);
          await work(true);
          await minutes(2);
          const ending = await endingOf(payment);
          expect(endings).toContain(ending);
          expect([ending, (await escrowOf(payment)) - before]).toEqual([ending, inEscrow.get(ending) ?? -1n]);
        }
        await expectBooksBalance(t.db);
      });
});
