import { afterAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { bufferShares } from "@evx/credits";
import { testDatabase } from "@evx/db/testing";
import { aVehicle } from "@evx/garage/testing";
import { drain, tick } from "@evx/jobs/testing";
import { creditsFromGrams, type Grams, gramsFromCredits, type Id, newId, Refusal } from "@evx/kernel";
import { type AccountId, kindOf, ownerOf } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { capturePayment } from "@evx/payments/testing";
import type { Actor } from "@evx/rpc";
import { setRule } from "@evx/rules";
import fc from "@evx/tooling/properties";
import { someTrips } from "@evx/trips/testing";
import { compose } from "./authorization/world.ts";
import { appHandlers } from "./jobs.ts";

const t = await testDatabase();
afterAll(() => t.close());

const { ports, doing } = await compose(t);
const handlers = appHandlers(ports);

const PEOPLE = 4;
const who = fc.integer({ min: 0, max: PEOPLE - 1 });
const owner = fc.integer({ min: 0, max: 1 });
const grams = fc.bigInt(1n, 2_000n);
const which = fc.nat(9);

type Step =
  | { do: "issue"; who: number; km: number }
  | { do: "list"; who: number; grams: Grams }
  | { do: "buy"; who: number; which: number; grams: Grams; paid: boolean }
  | { do: "withdraw"; which: number }
  | { do: "transfer"; who: number; to: number; grams: Grams }
  | { do: "retire"; who: number; grams: Grams }
  | { do: "revoke"; which: number }
  | { do: "wait" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("issue" as const),
      who: owner,
      km: fc.integer({ min: 10, max: 60 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("list" as const), who: owner, grams }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("buy" as const),
      who: fc.integer({ min: 2, max: PEOPLE - 1 }),
      which,
      grams,
      paid: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("withdraw" as const), which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("transfer" as const), who, to: who, grams }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("retire" as const), who, grams }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("revoke" as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("wait" as const) }) },
);

/** One sequence in which each step goes through; the others are drawn. */
const everyStep: Step[] = [
  { do: "issue", who: 0, km: 20 },
  { do: "list", who: 0, grams: 4_000n },
  { do: "buy", who: 2, which: 0, grams: 1_500n, paid: true },
  { do: "buy", who: 3, which: 0, grams: 500n, paid: false },
  { do: "transfer", who: 2, to: 1, grams: 300n },
  { do: "retire", who: 2, grams: 200n },
  { do: "list", who: 1, grams: 3_000n },
  { do: "withdraw", which: 1 },
  { do: "revoke", which: 0 },
  { do: "wait" },
  { do: "revoke", which: 0 },
];

type Wallet = { balance: Grams; reserved: Grams; retired: Grams };
type Change = Partial<Wallet>;

type World = {
  people: Actor[];
  auditor: Actor;
  admin: Actor;
  batches: { id: Id<"batch">; owner: Actor; certificateId: Id<"certificate"> }[];
  listings: { id: Id<"listing">; seller: Actor }[];
};

const credits = (amount: Grams) => creditsFromGrams(amount);

const gramsIn = (text: string): Grams => {
  const amount = gramsFromCredits(text);
  if (amount === null) throw new Error(`${text} is no amount of credits`);
  return amount;
};

const walletsOf = async (world: World): Promise<Wallet[]> =>
  Promise.all(
    world.people.map(async (person) => {
      const wallet = await doing(person).credits.wallet({ userId: person.id });
      return {
        balance: gramsIn(wallet.balance),
        reserved: gramsIn(wallet.reserved),
        retired: gramsIn(wallet.retired),
      };
    }),
  );

/** What a call refuses, or null when it went through. Whatever is no refusal is a bug. */
const refusalOf = async (call: Promise<unknown>): Promise<string | null> => {
  try {
    await call;
    return null;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (error instanceof Refusal) return error.code;
    if (cause instanceof Refusal) return cause.code;
    throw error;
  }
};

type Outcome = Map<number, Change> | "any";
type Taking<S> = (world: World, before: Wallet[], next: S) => Promise<Outcome>;

const personOf = ({ people }: World, index: number) => people[index] as Actor;
const placeOf = ({ people }: World, { id }: Actor) => people.findIndex((one) => one.id === id);
const walletOf = (before: Wallet[], index: number) => before[index] as Wallet;

/** Each step, through the procedures that people use. Answers how each wallet must have changed. */
const taking: { [K in Step["do"]]: Taking<Extract<Step, { do: K }>> } = {
  issue: async (world, _before, next) => {
    const actor = personOf(world, next.who);
    const { id: vehicleId } = await aVehicle(t, actor);
    await someTrips(t, { id: vehicleId }, { count: 2, distanceKm: next.km });
    const { request } = await doing(actor).verification.requests.submit({ vehicleId });
    if (!request) throw new Error("It was queued");
    const { certificate } = await doing(world.auditor).verification.review.approve({ id: request.id });
    const { batchId } = (await doing(actor).verification.requests.byId({ id: request.id })).request;
    if (!certificate || !batchId) throw new Error("It was not issued");
    world.batches.push({ id: batchId, owner: actor, certificateId: certificate.id });
    return new Map([[next.who, { balance: gramsIn(certificate.creditsAmount) }]]);
  },
  list: async (world, before, next) => {
    const id = newId("listing");
    const refused = await refusalOf(
      doing(personOf(world, next.who)).marketplace.listings.create({
        id,
        creditsAmount: credits(next.grams),
        pricePerCredit: "600000.00",
        listingType: "fixed",
      }),
    );
    if (walletOf(before, next.who).balance < next.grams) return none(refused, ["balance_insufficient"]);
    expect(refused).toBeNull();
    world.listings.push({ id, seller: personOf(world, next.who) });
    return new Map([[next.who, { balance: -next.grams, reserved: next.grams }]]);
  },
  buy: async (world, _before, next) => {
    const listing = world.listings[next.which % (world.listings.length || 1)];
    if (!listing) return new Map();
    const { creditsRemaining, status } = await doing(null).marketplace.listings.byId({ id: listing.id });
    const id = newId("order");
    const refused = await refusalOf(
      doing(personOf(world, next.who)).marketplace.orders.place({
        id,
        listingId: listing.id,
        creditsAmount: credits(next.grams),
      }),
    );
    if (status !== "active" || gramsIn(creditsRemaining) < next.grams)
      return none(refused, ["listing_exceeded", "listing_reserved", "listing_sold", "listing_ended"]);
    expect(refused).toBeNull();
    if (!next.paid) return new Map();
    const order = await t.db
      .selectFrom("marketplace.order")
      .select("payment_id")
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    await capturePayment(t, order.payment_id as Id<"payment">);
    await drain(t, handlers);
    return new Map([
      [placeOf(world, listing.seller), { reserved: -next.grams }],
      [next.who, { balance: next.grams }],
    ]);
  },
  withdraw: async (world, _before, next) => {
    const listing = world.listings[next.which % (world.listings.length || 1)];
    if (!listing) return new Map();
    const { creditsRemaining, status } = await doing(null).marketplace.listings.byId({ id: listing.id });
    await refusalOf(doing(listing.seller).marketplace.listings.cancel({ id: listing.id }));
    if (status !== "active") return new Map();
    const back = gramsIn(creditsRemaining);
    return new Map([[placeOf(world, listing.seller), { balance: back, reserved: -back }]]);
  },
  transfer: async (world, before, next) => {
    const refused = await refusalOf(
      doing(personOf(world, next.who)).credits.transfer({
        toUserId: personOf(world, next.to).id,
        amount: credits(next.grams),
      }),
    );
    if (next.who === next.to) return none(refused, ["credits_to_self"]);
    if (walletOf(before, next.who).balance < next.grams) return none(refused, ["credits_insufficient"]);
    expect(refused).toBeNull();
    return new Map([
      [next.who, { balance: -next.grams }],
      [next.to, { balance: next.grams }],
    ]);
  },
  retire: async (world, before, next) => {
    const refused = await refusalOf(
      doing(personOf(world, next.who)).verification.certificates.retire({
        amount: credits(next.grams),
        beneficiaryName: "Công ty Xanh",
        reason: "event",
      }),
    );
    if (walletOf(before, next.who).balance < next.grams) return none(refused, ["credits_insufficient"]);
    expect(refused).toBeNull();
    return new Map([[next.who, { balance: -next.grams, retired: next.grams }]]);
  },
  revoke: async (world, before, next) => {
    const batch = world.batches[next.which % (world.batches.length || 1)];
    if (!batch) return new Map();
    const again = await refusalOf(
      doing(world.admin).verification.certificates.revoke({ id: batch.certificateId, reason: "Wrong car" }),
    );
    await drain(t, handlers);
    await tick(t, handlers, "credits.collect_revoked");
    if (again) return none(again, ["certificate_already_revoked"]);
    await expectOnlyFirstOwnerPaid(world, before, batch.owner);
    return "any";
  },
  wait: async () => {
    t.clock.advance(31 * 60_000);
    await drain(t, handlers);
    await tick(t, handlers, "marketplace.sweep");
    await tick(t, handlers, "credits.collect_revoked");
    return "any";
  },
};

const take = (world: World, before: Wallet[], next: Step): Promise<Outcome> =>
  (taking[next.do] as Taking<Step>)(world, before, next);

/** Refused as it must be, and so nothing moves. */
const none = (refused: string | null, codes: string[]): Map<number, Change> => {
  expect(codes).toContain(refused ?? "done");
  return new Map();
};

/** A revocation takes from the batch's first owner (and from the buffer), never from those who bought or were given. */
const expectOnlyFirstOwnerPaid = async (world: World, before: Wallet[], first: Actor): Promise<void> => {
  const after = await walletsOf(world);
  for (const [index, person] of world.people.entries()) {
    const [was, is] = [before[index] as Wallet, after[index] as Wallet];
    if (person.id !== first.id) expect(is).toEqual(was);
    else expect(is.balance + is.reserved).toBeLessThanOrEqual(was.balance + was.reserved);
    expect(is.retired).toBe(was.retired);
  }
};

/** What must hold after every step, read from the blocks themselves. */
const expectWhole = async (world: World): Promise<void> => {
  await expectBooksBalance(t.db);
  const blocks = await t.db
    .selectFrom("ledger.block")
    .select(["batch_id", "lo", "hi", "account_id"])
    .where("hi", "is not", null)
    .orderBy("batch_id")
    .orderBy("lo")
    .execute();
  const issued = new Map<string, Grams>();
  const kinds = new Map<string, Grams>();
  const accounts = new Map<string, Grams>();
  for (const { batch_id, lo, hi, account_id } of blocks) {
    // The next serial number follows the last one: owned by one, and by no second.
    expect(lo).toBe((issued.get(batch_id) ?? 0n) + 1n);
    const size = (hi as bigint) - lo;
    issued.set(batch_id, (issued.get(batch_id) ?? 0n) + size);
    const kind = kindOf(account_id as AccountId);
    kinds.set(kind, (kinds.get(kind) ?? 0n) + size);
    const name = `${kind}/${ownerOf(account_id as AccountId)}`;
    accounts.set(name, (accounts.get(name) ?? 0n) + size);
  }
  const wallets = await walletsOf(world);
  for (const [index, { id }] of world.people.entries()) {
    expect(accounts.get(`wallet/${id}`) ?? 0n).toBe((wallets[index] as Wallet).balance);
    expect(accounts.get(`retired/${id}`) ?? 0n).toBe((wallets[index] as Wallet).retired);
  }
  const sum = (...names: string[]) => names.reduce((all, name) => all + (kinds.get(name) ?? 0n), 0n);
  const totals = await doing(null).credits.registry.totals();
  expect(totals).toMatchObject({
    issued: credits([...issued.values()].reduce((all, each) => all + each, 0n)),
    circulating: credits(sum("wallet", "listing")),
    listed: credits(sum("listing")),
    retired: credits(sum("retired")),
    cancelled: credits(sum("cancelled")),
    buffer: credits(sum("buffer")),
  });
  expect(gramsIn(totals.issued)).toBe(sum("wallet", "listing", "retired", "cancelled", "buffer"));
  for (const batch of world.batches) {
    const { items } = await doing(null).credits.registry.batches({ limit: 100 });
    const row = items.find(({ id }) => id === batch.id);
    if (!row) continue;
    const parts = [row.circulating, row.retired, row.cancelled, row.buffer].map(gramsIn);
    expect(gramsIn(row.issued)).toBe(parts.reduce((all, each) => all + each, 0n));
  }
};

test("whatever people issue, list, buy, give, retire and have revoked: after each step books balance, no serial number has two owners, totals are the blocks', and issued = held + retired + cancelled + buffer", async () => {
  await t.transact((tx) =>
    setRule(tx, bufferShares, {
      value: { connected: 0, export: 1_000, manual: 2_000 },
      reason: "test",
      setBy: null,
    }),
  );
  t.clock.advance(1_000);
  const done = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
      const world: World = {
        people: [
          await aUser(t, { role: "ev_owner" }),
          await aUser(t, { role: "ev_owner" }),
          await aUser(t, { role: "buyer" }),
          await aUser(t, { role: "buyer" }),
        ],
        auditor: await aUser(t, { role: "cva" }),
        admin: await aUser(t, { role: "admin" }),
        batches: [],
        listings: [],
      };
      const issues: Step[] = [0, 1].map((who) => ({ do: "issue", who, km: 30 }));
      for (const next of [...issues, ...steps]) {
        const before = await walletsOf(world);
        const changes = await take(world, before, next);
        const after = await walletsOf(world);
        if (changes === "any" || changes.size > 0) done.add(next.do);
        if (changes !== "any") {
          const expected = before.map((was, index) => {
            const { balance = 0n, reserved = 0n, retired = 0n } = changes.get(index) ?? {};
            return {
              balance: was.balance + balance,
              reserved: was.reserved + reserved,
              retired: was.retired + retired,
            };
          });
          expect([next, after]).toEqual([next, expected]);
        }
        await expectWhole(world);
      }
    }),
    { numRuns: 12, examples: [[everyStep]] },
  );
  // A sequence in which nothing ever went through would show nothing.
  expect([...done].sort()).toEqual([
    "buy",
    "issue",
    "list",
    "retire",
    "revoke",
    "transfer",
    "wait",
    "withdraw",
  ]);
}, 240_000);
