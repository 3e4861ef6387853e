import { expect, setDefaultTimeout, test } from "bun:test";
import { gatewayNames } from "@evx/adapters";
import type { JobContext } from "@evx/jobs";
import { drain } from "@evx/jobs/testing";
import { Refusal } from "@evx/kernel";
import { expectBooksBalance } from "@evx/ledger/testing";
import { checkout } from "./checkout.ts";
import { paymentsJobs } from "./jobs.ts";
import { standOf } from "./lifecycle.ts";
import { cancelPayment } from "./payments.ts";
import type { PaymentsPorts } from "./ports.ts";
import type { NewPayment } from "./queries/payments.ts";
import { reconcile } from "./reconcile.ts";
import { refundPayment } from "./refunds.ts";
import { killer } from "./testing/killer.ts";
import { type RealGateway, realGateway } from "./testing/real-gateways.ts";
import { settleSale } from "./testing.ts";
import { receiveWebhook } from "./webhooks.ts";

/** Server and worker killed between every two steps of a payment's life, over each gateway's real wire. */
setDefaultTimeout(240_000);

type World = { side: RealGateway; ports: PaymentsPorts; ctx: JobContext; kill: ReturnType<typeof killer> };

/** Does the jobs that wait; one whose worker was killed runs again, as the queue has it. */
const work = async ({ side, ports, ctx, kill }: World): Promise<void> => {
  const restarted = paymentsJobs(ports).map((handler) => ({
    ...handler,
    run: async (_: JobContext, payload: unknown) => {
      const run = () => handler.run(ctx, payload);
      await run().catch((error: unknown) => {
        if (!kill.dead) throw error;
      });
      if (kill.revive()) await run();
    },
  }));
  await drain(side.t, restarted);
};

const quietly = async (act: Promise<unknown>): Promise<void> => {
  await act.catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
  });
};

/** A webhook about a payment, signed as its gateway would have. */
const webhook = ({ ctx, ports, side }: World, payment: NewPayment) => {
  const gateway = ports.gateways[side.name];
  if (!gateway) throw new Error("it is set up");
  const at = side.t.clock.now();
  const subject = { kind: "payment", paymentId: payment.id, chargeRef: null } as const;
  const notice = { id: `evt_${payment.id}`, type: "test", at, subject };
  const signed = {
    ...ports,
    gateways: { ...ports.gateways, [side.name]: { ...gateway, verifyWebhook: async () => notice } },
  };
  const raw = { gateway: side.name, rawBody: "{}", query: "", headers: new Headers() } as const;
  return receiveWebhook(ctx, signed, raw);
};

type Life = "sale" | "refund before the sale" | "refund after the sale" | "cancelled while it is paid";

/** What people, the gateway and the room that sells do in a life, one after the other. */
const actsOf = (world: World, payment: NewPayment, life: Life): (() => Promise<unknown>)[] => {
  const { side, ports, ctx } = world;
  const input = {
    orderId: payment.orderId,
    buyerId: payment.buyerId,
    method: side.name,
    locale: "en",
  } as const;
  const settle = () => ctx.transact((tx) => settleSale(tx, payment.id));
  const refund = () =>
    quietly(ctx.transact((tx) => refundPayment(tx, { paymentId: payment.id, reason: "operator" })));
  const pay = [
    () => quietly(checkout(ctx, ports, input)),
    () => side.choose(payment, "success"),
    () => webhook(world, payment),
  ];
  switch (life) {
    case "sale":
      return [...pay, () => work(world), settle];
    case "refund before the sale":
      return [...pay, () => work(world), refund, () => work(world)];
    case "refund after the sale":
      return [...pay, () => work(world), settle, refund, () => work(world)];
    case "cancelled while it is paid":
      return [
        ...pay,
        () => quietly(ctx.transact((tx) => cancelPayment(tx, { paymentId: payment.id }))),
        () => work(world),
        refund,
        () => work(world),
      ];
  }
};

/** Everything is up again: rounds of reconciling, and the room that sells does with what came as it does. */
const rest = async (world: World, payment: NewPayment): Promise<void> => {
  const { side, ports, ctx } = world;
  for (let round = 0; round < 4; round++) {
    side.t.clock.advance(90_000);
    await reconcile(ctx, ports);
    await work(world);
    await side.hand(payment, "refund_done");
    const stand = standOf(await side.rowOf(payment));
    if (stand === "captured") await ctx.transact((tx) => settleSale(tx, payment.id));
  }
};

const endings = new Set(["asked", "over", "sold", "refunded", "sold_refunded"]);

/** Lives a life that is killed at a step; `again` says whether whoever was cut off asks again, or never comes back. */
const live = async (
  world: World,
  life: Life,
  plan: { at: number; when: "before" | "after"; again: boolean },
): Promise<string | null> => {
  const { side, kill } = world;
  const payment = await side.begin();
  kill.arm(plan.at, plan.when);
  for (const act of actsOf(world, payment, life)) {
    const thrown: unknown[] = [];
    await act().catch((error: unknown) => thrown.push(error));
    if (!kill.revive()) {
      if (thrown.length > 0) throw thrown[0];
      continue;
    }
    if (!plan.again) break;
    await act();
  }
  kill.endLife();
  await rest(world, payment);
  const stand = standOf(await side.rowOf(payment));
  const { there, escrow } = await side.booked(payment);
  const left = await side.leftThere(payment);
  const right = endings.has(stand) && there === left && escrow === 0n;
  return right
    ? null
    : `${plan.when} step ${plan.at}${plan.again ? ", again" : ""}: ${stand}, ${there} of ${left} booked, ${escrow} in escrow`;
};

const lives: readonly Life[] = [
  "sale",
  "refund before the sale",
  "refund after the sale",
  "cancelled while it is paid",
];

for (const name of gatewayNames)
  for (const life of lives)
    test(`${name}: ${life}: killed between any two steps, it comes to a right end`, async () => {
      const kill = killer();
      const side = await realGateway(name, { via: kill.via });
      const world = { side, ports: side.ports, ctx: kill.context(side.ctx), kill };
      expect(await live(world, life, { at: 0, when: "before", again: true })).toBeNull();
      const steps = kill.stepsOfLife;
      expect(steps).toBeGreaterThan(6);
      const wrong: string[] = [];
      // Killed before a step is killed after the one before it, so that the first alone is tried both ways.
      const plans = [
        { at: 1, when: "before" } as const,
        ...Array.from({ length: steps }, (_, step) => ({ at: step + 1, when: "after" }) as const),
      ];
      for (const plan of plans)
        for (const again of [true, false]) {
          const problem = await live(world, life, { ...plan, again });
          if (problem) wrong.push(problem);
        }
      // All but those after steps that a life makes once, such as PayPal's first token.
      expect(kill.deaths).toBeGreaterThan(plans.length * 1.5);
      expect(wrong).toEqual([]);
      await expectBooksBalance(side.t.db);
      kill.stop();
      await side.stop();
    });
