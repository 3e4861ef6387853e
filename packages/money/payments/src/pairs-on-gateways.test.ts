import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type GatewayName, gatewayNames } from "@evx/adapters";
import { Refusal } from "@evx/kernel";
import { expectBooksBalance } from "@evx/ledger/testing";
import fc from "@evx/tooling/properties";
import { seedOf } from "@evx/tooling/seed";
import { type Act, acts, lifecycle, type Stand, standOf, stands } from "./lifecycle.ts";
import { cancelPayment } from "./payments.ts";
import type { NewPayment } from "./queries/payments.ts";
import { refundPayment } from "./refunds.ts";
import { type RealGateway, realGateway } from "./testing/real-gateways.ts";
import { settleSale } from "./testing.ts";

setDefaultTimeout(240_000);

/** How each stand of the table is reached: by acts of the table itself. */
const ways: Readonly<Record<Stand, readonly Act[]>> = {
  asked: [],
  declined: ["declined"],
  awaited: ["awaited"],
  over: ["over"],
  captured: ["captured"],
  refunding: ["captured", "refund_asked"],
  disputed: ["captured", "dispute_opened"],
  refunded: ["captured", "refund_asked", "refund_done"],
  charged_back: ["captured", "dispute_opened", "dispute_lost"],
  sold: ["captured", "settled"],
  sold_partly_refunded: ["captured", "settled", "refund_asked", "refund_done"],
  sold_disputed: ["captured", "settled", "dispute_opened"],
  sold_refunded: ["captured", "settled", "refund_asked", "refund_done", "refund_asked", "refund_done"],
  sold_charged_back: ["captured", "settled", "dispute_opened", "dispute_lost"],
};

const refused = async (act: Promise<unknown>): Promise<void> => {
  await act.catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
  });
};

const seed = seedOf(process.env.SEED);
const fees = { platform: 34n, cva: 7n };

/** Does what an act of the table stands for, as whoever does it in life; where that cannot be, nothing happens. */
const play = async (side: RealGateway, payment: NewPayment, act: Act): Promise<void> => {
  const { t } = side;
  switch (act) {
    case "declined":
      return (await side.hand(payment, "deny")) ? undefined : side.choose(payment, "fail");
    case "awaited":
      return side.choose(payment, "pending");
    case "captured":
      if (!(await side.hand(payment, "clear"))) await side.choose(payment, "success");
      await side.look(payment);
      // Refunds wait for their bank, so that asking for one and its end are two acts.
      await side.hand(payment, "hold_refunds");
      return;
    case "over":
      return t.transact((tx) => cancelPayment(tx, { paymentId: payment.id }));
    case "settled": {
      const { settles } = lifecycle[standOf(await side.rowOf(payment))];
      expect(await t.transact((tx) => settleSale(tx, payment.id, fees))).toBe(settles);
      return;
    }
    case "refund_asked": {
      // After the sale a half each time, so that a part can be followed by the rest.
      const { settled_at, refunded_minor } = await side.rowOf(payment);
      const half = settled_at && refunded_minor === 0n ? side.amount / 2n : undefined;
      return refused(
        t.transact((tx) => refundPayment(tx, { paymentId: payment.id, reason: "operator", amount: half })),
      );
    }
    case "refund_done":
      return void (await side.hand(payment, "refund_done"));
    case "refund_returned":
      return side.returnRefund(payment);
    case "outside_refund":
      return side.giveBackThere(payment, side.amount / 3n);
    case "dispute_opened":
      return side.dispute(payment, "dispute");
    case "dispute_won":
      return side.dispute(payment, "win");
    case "dispute_lost":
      return side.dispute(payment, "lose");
  }
};

const step = async (side: RealGateway, payment: NewPayment, act: Act): Promise<void> => {
  await play(side, payment, act);
  await side.look(payment);
  await side.work();
  await side.look(payment);
};

/** Where a payment may be after an act: there, or where the table says; a refund that the act frees may end with it. */
const reachable = (from: Stand, act: Act): Stand[] => {
  const reached = new Set<Stand>([from]);
  for (const one of [act, "refund_asked"] as const)
    for (const stand of [...reached]) for (const next of lifecycle[stand].next[one] ?? []) reached.add(next);
  return [...reached];
};

const live = (stand: Stand): Act[] => acts.filter((act) => lifecycle[stand].next[act]);

/** Each two acts of which one at least means something there, or after the other, in both orders. */
const pairsFrom = (stand: Stand): [Act, Act][] => {
  const pairs = new Map<string, [Act, Act]>();
  for (const first of live(stand)) {
    const after = (lifecycle[stand].next[first] ?? []).flatMap(live);
    for (const second of new Set([...live(stand), ...after]))
      for (const pair of [
        [first, second],
        [second, first],
      ] as [Act, Act][])
        pairs.set(pair.join(" "), pair);
  }
  return [...pairs.values()];
};

/** The gateways at which a payment may stand so: a card pays or does not, at Stripe nothing waits. */
const gatewaysAt = (stand: Stand): GatewayName[] =>
  gatewayNames.filter((name) => name !== "stripe" || stand !== "awaited");

/**
 * The pairs to play at a gateway. A run plays each pair at one of them, by the run's seed; `EVERY_PAIR=1` (the nightly
 * run) plays all of them at each. On a gateway in memory all are played in every run.
 */
const pairsAt = (name: GatewayName, stand: Stand): [Act, Act][] => {
  const there = gatewaysAt(stand);
  const turn = there.indexOf(name) + seed;
  return pairsFrom(stand).filter(
    (_, place) => process.env.EVERY_PAIR === "1" || (place + turn) % there.length === 0,
  );
};

/** What the table says becomes of it in the end, once banks and operators have done what is theirs to do. */
const finish = async (side: RealGateway, payment: NewPayment): Promise<void> => {
  const { t } = side;
  await side.hand(payment, "pass_refunds");
  for (let tries = 0; tries < 3; tries++) {
    await step(side, payment, "dispute_won");
    await step(side, payment, "refund_done");
    const row = await side.rowOf(payment);
    const mine = row.attempt !== null && !row.settled_at;
    if (row.flag === "refund_failed" || (mine && tries > 0)) await step(side, payment, "refund_asked");
    if (mine && tries === 0) await t.transact((tx) => settleSale(tx, payment.id, fees));
  }
};

const compare = async (side: RealGateway, payment: NewPayment, when: string): Promise<void> => {
  const stand = standOf(await side.rowOf(payment));
  const { there } = await side.booked(payment);
  expect(`${when}: ${stand} ${there}`).toBe(`${when}: ${stand} ${await side.leftThere(payment)}`);
};

for (const name of gatewayNames)
  test(`${name}: acts of all sides in any order lead where the table says, and the books say what is true`, async () => {
    const side = await realGateway(name);
    const property = fc.asyncProperty(
      fc.array(fc.constantFrom(...acts), { maxLength: 12 }),
      async (played) => {
        const payment = await side.begin();
        for (const act of ["captured", ...played] as const) {
          const from = standOf(await side.rowOf(payment));
          await step(side, payment, act);
          expect(reachable(from, act)).toContain(standOf(await side.rowOf(payment)));
          await compare(side, payment, act);
        }
        await finish(side, payment);
        await compare(side, payment, "in the end");
        expect((await side.booked(payment)).escrow).toBe(0n);
      },
    );
    await fc.assert(property, { numRuns: 20 });
    await expectBooksBalance(side.t.db);
    await side.stop();
  });

for (const name of gatewayNames)
  describe(`${name}: every two events in both orders, from every row of the table`, () => {
    let side: RealGateway;
    beforeAll(async () => {
      side = await realGateway(name);
    });
    afterAll(async () => {
      await expectBooksBalance(side.t.db);
      await side.stop();
    });
    for (const stand of stands) {
      if (!gatewaysAt(stand).includes(name)) continue;
      test(stand, async () => {
        const problems: string[] = [];
        for (const pair of pairsAt(name, stand)) {
          const payment = await side.begin();
          for (const act of ways[stand]) await step(side, payment, act);
          const at = standOf(await side.rowOf(payment));
          expect(at).toBe(stand);
          try {
            for (const act of pair) {
              const from = standOf(await side.rowOf(payment));
              await step(side, payment, act);
              const to = standOf(await side.rowOf(payment));
              const when = `${pair.join(", ")}: ${act} at ${from}`;
              if (!reachable(from, act).includes(to)) problems.push(`${when} led to ${to}`);
              await compare(side, payment, when);
            }
            await finish(side, payment);
            await compare(side, payment, `${pair.join(", ")} and its end`);
            const end = standOf(await side.rowOf(payment));
            const { escrow } = await side.booked(payment);
            if (escrow !== 0n) problems.push(`${pair.join(", ")} ends as ${end} with ${escrow} in escrow`);
          } catch (error) {
            problems.push(error instanceof Error ? error.message : String(error));
          }
        }
        expect(problems).toEqual([]);
      });
    }
  });
