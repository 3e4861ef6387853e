import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { sql } from "@evx/db";
import { tick } from "@evx/jobs/testing";
import { Refusal } from "@evx/kernel";
import { balanceOf, cash, clearing, debt } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import fc from "@evx/tooling/properties";
import { type Act, lifecycle, type Stand, standOf, stands } from "./lifecycle.ts";
import { cancelPayment } from "./payments.ts";
import { type NewPayment, paymentRow } from "./queries/payments.ts";
import { refundPayment } from "./refunds.ts";
import { paymentsWorld } from "./testing/world.ts";
import { aPayment, settleSale } from "./testing.ts";

setDefaultTimeout(120_000);

const world = await paymentsWorld();
const { t, work } = world;
afterAll(() => t.close());

/** One payment, and what really became of its money, which the books must come to say. */
type Real = {
  payment: NewPayment;
  received: bigint;
  outside: bigint;
  dispute: "none" | "open" | "won" | "lost";
  /** What the bank takes, or took, by the dispute. */
  disputed: bigint;
  before: { gateway: bigint; escrow: bigint };
};

const fees = { platform: 34n, cva: 7n };

const escrowed = async (): Promise<bigint> => {
  const { rows } = await sql<{ sum: bigint }>`
    select coalesce(sum(balance), 0)::int8 as sum from ledger.account where kind = 'escrow'`.execute(t.db);
  return rows[0]?.sum ?? 0n;
};
const atGateway = async () => -(await balanceOf(t.db, clearing("USD", "stripe"))).balance;

const begin = async (): Promise<Real> => {
  await world.fresh();
  const before = { gateway: await atGateway(), escrow: await escrowed() };
  const none = { received: 0n, outside: 0n, disputed: 0n } as const;
  return { payment: await aPayment(t), dispute: "none", before, ...none };
};

const rowOf = async (real: Real) => {
  const row = await paymentRow(t.db, real.payment.id);
  if (!row) throw new Error("the payment is gone");
  return row;
};

const refused = async (act: Promise<unknown>): Promise<void> => {
  await act.catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
  });
};

const statusOfRefunds = () => [...world.fake.refunds].map(([id, { status }]) => ({ id, status }));

/** What a look at the gateway can find, in the order in which one look takes it in. */
const found: readonly Act[] = [
  "over",
  "awaited",
  "declined",
  "captured",
  "outside_refund",
  "refund_asked",
  "refund_done",
  "refund_returned",
  "dispute_opened",
  "dispute_lost",
  "dispute_won",
  "outside_refund",
  "refund_done",
  "dispute_opened",
  "dispute_lost",
];

/** Where a payment may be after acts of which each may or may not have had its effect. */
const reachable = (from: Stand, happened: readonly Act[]): Set<Stand> => {
  const reached = new Set<Stand>([from]);
  for (const act of happened)
    for (const stand of [...reached]) for (const next of lifecycle[stand].next[act] ?? []) reached.add(next);
  return reached;
};

const seen = new Set<Stand>();

type Play = { acts: readonly Act[]; can: (real: Real) => boolean; do: (real: Real) => Promise<void> };

const statusThere = ({ payment }: Real): string => world.fake.pageOf(payment.id)?.status ?? "none";

const look = async (real: Real) => {
  await world.deliver(world.about(real.payment));
  await work(true);
};

const minutes = async (count: number) => {
  t.clock.advance(count * 60_000);
  await tick(t, world.jobs, "payments.reconcile");
  await work(true);
};

const payWith = (amount: bigint): Play => ({
  acts: [],
  can: (real) => ["open", "declined", "pending"].includes(statusThere(real)),
  do: async (real) => {
    world.fake.pay(real.payment.id, { amount });
    real.received = amount;
  },
});

const refundOf = (reason: "operator" | "order_expired", amount?: bigint): Play => ({
  acts: ["refund_asked"],
  can: () => true,
  do: ({ payment }) =>
    refused(t.transact((tx) => refundPayment(tx, { paymentId: payment.id, reason, amount }))),
});

const fate = (status: "pending" | "succeeded" | "failed"): Play => ({
  acts: [],
  can: () => true,
  do: async () => world.fake.refundsWill(status),
});

/** A refund comes to its end at the gateway, or comes back from the bank after it. */
const endRefund = (from: "pending" | "succeeded", to: "succeeded" | "failed"): Play => ({
  acts: ["refund_done", "refund_returned", "refund_asked"],
  can: () => statusOfRefunds().some(({ status }) => status === from),
  do: async () => {
    const refundId = statusOfRefunds().find(({ status }) => status === from)?.id ?? "";
    world.fake.endRefund(refundId, to, to === "failed" ? "expired_or_canceled_card" : null);
    await world.deliver(world.fake.webhook({ kind: "refund", refundId }));
    await work(true);
  },
});

const left = (real: Real) =>
  real.received - (world.fake.pageOf(real.payment.id)?.refunded ?? 0n) - bankTook(real);
const bankTook = ({ dispute, disputed }: Real) => (dispute === "lost" ? disputed : 0n);

const giveBackOutside = (part: bigint): Play => ({
  acts: [],
  can: (real) => real.received > 0n && left(real) > 0n && real.dispute !== "open" && real.dispute !== "lost",
  do: async (real) => {
    const amount = part < left(real) ? part : left(real);
    real.outside += amount;
    const refunded = (world.fake.pageOf(real.payment.id)?.refunded ?? 0n) + amount;
    world.fake.change(real.payment.id, { refunded });
  },
});

const disputeIs = (dispute: "open" | "won" | "lost", from: readonly Real["dispute"][]): Play => ({
  acts: [],
  // Where a page brought no sale, what its bank took is money that went back; nobody waits for it to come again.
  can: (real) =>
    real.received > 0n &&
    !(real.received !== 1234n && real.dispute === "lost") &&
    from.includes(real.dispute) &&
    (real.dispute === "open" || left(real) >= 0n),
  do: async (real) => {
    if (dispute === "open") real.disputed = left(real);
    real.dispute = dispute;
    world.fake.change(real.payment.id, { dispute, disputed: real.disputed });
  },
});

const plays: Readonly<Record<string, Play>> = {
  "opens a page": {
    acts: [],
    can: () => true,
    do: ({ payment }) => refused(world.pay(payment)),
  },
  "the buyer pays": payWith(1234n),
  "the buyer pays another amount": payWith(1200n),
  "a card is declined": {
    acts: [],
    can: (real) => statusThere(real) === "open",
    do: async ({ payment }) => world.fake.decline(payment.id),
  },
  "the money waits": {
    acts: [],
    can: (real) => statusThere(real) === "open",
    do: async ({ payment }) => world.fake.change(payment.id, { status: "pending" }),
  },
  "the money is denied": {
    acts: [],
    can: (real) => statusThere(real) === "pending",
    do: async ({ payment }) =>
      world.fake.change(payment.id, { status: "expired", failure: "capture_declined" }),
  },
  "a webhook comes": { acts: found, can: (real) => statusThere(real) !== "none", do: look },
  "a minute passes": { acts: found, can: () => true, do: () => minutes(1) },
  "the window closes": { acts: found, can: () => true, do: () => minutes(40) },
  "jobs are done": { acts: found, can: () => true, do: async () => void (await work(true)) },
  "the order is cancelled": {
    acts: ["over"],
    can: () => true,
    do: ({ payment }) => t.transact((tx) => cancelPayment(tx, { paymentId: payment.id })),
  },
  "the sale is settled": {
    acts: ["settled"],
    can: () => true,
    do: async (real) => {
      const { settles } = lifecycle[standOf(await rowOf(real))];
      const done = await t.transact((tx) => settleSale(tx, real.payment.id, fees));
      expect(done).toBe(settles);
    },
  },
  "an operator refunds": refundOf("operator"),
  "an operator refunds a part": refundOf("operator", 100n),
  "the order gives back": refundOf("order_expired"),
  "refunds will wait": fate("pending"),
  "refunds will be done": fate("succeeded"),
  "refunds will fail": fate("failed"),
  "a refund arrives": endRefund("pending", "succeeded"),
  "a refund fails": endRefund("pending", "failed"),
  "a refund is returned": endRefund("succeeded", "failed"),
  "a part goes back outside": giveBackOutside(234n),
  "all goes back outside": giveBackOutside(10_000n),
  "a dispute opens": disputeIs("open", ["none"]),
  "the dispute is won": disputeIs("won", ["open", "lost"]),
  "the dispute is lost": disputeIs("lost", ["open"]),
};

class Played implements fc.AsyncCommand<object, Real> {
  constructor(readonly name: string) {}
  get play(): Play {
    const play = plays[this.name];
    if (!play) throw new Error(this.name);
    return play;
  }
  check = () => true;
  async run(_: object, real: Real): Promise<void> {
    if (!this.play.can(real)) return;
    const from = standOf(await rowOf(real));
    await this.play.do(real);
    const to = standOf(await rowOf(real));
    seen.add(to);
    expect(`${this.name}: ${from} → ${[...reachable(from, this.play.acts)].find((one) => one === to)}`).toBe(
      `${this.name}: ${from} → ${to}`,
    );
  }
  toString = () => this.name;
}

/** Everything at the gateway comes to an end, and we are told. */
const calm = async (real: Real) => {
  world.fake.refundsWill("succeeded");
  for (let round = 0; round < 3; round++) {
    for (const { id, status } of statusOfRefunds())
      if (status === "pending") world.fake.endRefund(id, "succeeded");
    if (statusThere(real) !== "none") await look(real);
    await minutes(1);
  }
};

/** What the gateway holds for us of this payment, in truth. */
const heldThere = (real: Real) =>
  real.received - (world.fake.pageOf(real.payment.id)?.refunded ?? 0n) - bankTook(real);

const checkBooks = async (real: Real) => {
  const row = await rowOf(real);
  const stand = standOf(row);
  expect([stand, (await atGateway()) - real.before.gateway]).toEqual([stand, heldThere(real)]);
  const { sellerId } = real.payment;
  const [theirs, owed] = [
    await balanceOf(t.db, cash("USD", sellerId)),
    await balanceOf(t.db, debt("USD", sellerId)),
  ];
  const net = theirs.balance + owed.balance;
  if (!row.settled_at) expect(net).toBe(0n);
  // A part whose refund failed waits in escrow for an operator.
  if (stand === "sold" && row.flag !== "refund_failed") expect(net).toBe(1193n);
  expect(net >= 0n && net <= 1193n).toBe(true);
};

/** Whoever can still end it does: an operator, the room that sells, the bank. After that nothing lies in escrow. */
const finish = async (real: Real) => {
  await minutes(40);
  await calm(real);
  await checkBooks(real);
  if (real.dispute === "open") {
    await (real.disputed % 2n === 0n ? plays["the dispute is lost"] : plays["the dispute is won"])?.do(real);
    await calm(real);
  }
  await t.transact((tx) => settleSale(tx, real.payment.id, fees));
  for (let tries = 0; tries < 2; tries++) {
    const row = await rowOf(real);
    if (row.flag === "refund_failed" || (!row.settled_at && row.attempt !== null))
      await plays["an operator refunds"]?.do(real);
    await calm(real);
  }
  await checkBooks(real);
  const stand = standOf(await rowOf(real));
  const stuck = real.dispute === "lost" && !stand.startsWith("sold");
  if (!stuck) expect([stand, await escrowed()]).toEqual([stand, real.before.escrow]);
  expect(["captured", "refunding", "disputed", "awaited", "sold_disputed"]).not.toContain(stand);
};

const names = Object.keys(plays);
const commands = fc.commands(
  names.map((name) => fc.constant(new Played(name))),
  { maxCommands: 25, size: "max" },
);
const paid = ["opens a page", "the buyer pays", "a webhook comes"];
/** From where a run begins: else most would play at a payment that nobody paid. */
const starts = [
  [],
  ["opens a page"],
  paid,
  [...paid, "a dispute opens", "a webhook comes"],
  [...paid, "the sale is settled"],
  [...paid, "the sale is settled", "a dispute opens", "a webhook comes"],
  [...paid, "the sale is settled", "a dispute opens", "the dispute is lost", "a webhook comes"],
  [...paid, "the sale is settled", "an operator refunds a part", "jobs are done"],
];

test("whatever happens to a payment in whatever order, the table says what may follow, and the books what is true", async () => {
  const property = fc.asyncProperty(commands, fc.constantFrom(...starts), async (played, start) => {
    const real = await begin();
    try {
      for (const name of start) await new Played(name).run({}, real);
      await fc.asyncModelRun(() => ({ model: {}, real }), played);
      await finish(real);
    } finally {
      await world.fresh();
    }
  });
  await fc.assert(property, { numRuns: 60 });
  await expectBooksBalance(t.db);
});

const sold = [...paid, "the sale is settled"];
const ways: readonly (readonly string[])[] = [
  ["opens a page", "a card is declined", "a webhook comes"],
  ["opens a page", "the money waits", "a webhook comes"],
  ["opens a page", "the window closes"],
  [...paid, "an operator refunds", "jobs are done"],
  [...paid, "a dispute opens", "a webhook comes", "the dispute is lost", "a webhook comes"],
  [...sold, "an operator refunds a part", "jobs are done"],
  [...sold, "an operator refunds", "jobs are done", "a refund is returned"],
  [...sold, "a dispute opens", "a webhook comes", "the dispute is lost", "a webhook comes"],
  [
    ...sold,
    "a dispute opens",
    "the dispute is lost",
    "a webhook comes",
    "the dispute is won",
    "a webhook comes",
  ],
];

test("every row of the table is reached, and each is left for an end", async () => {
  for (const way of ways) {
    const real = await begin();
    for (const name of way) await new Played(name).run({}, real);
    await finish(real);
  }
  expect(stands.filter((stand) => !seen.has(stand))).toEqual([]);
});
