/** Postings of many legs write all at once what postings of few write leg after leg: both must leave the same book. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Db, sql, transact } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { type Id, newId } from "@evx/kernel";
import fc from "@evx/tooling/properties";
import {
  type AccountId,
  cash,
  escrow,
  listingAccount,
  platformFee,
  retiredAccount,
  wallet,
} from "./accounts.ts";
import { hold, type Leg, post } from "./post.ts";
import { expectBooksBalance, givenCash, givenGrams } from "./testing.ts";

const t = await testDatabase({ max: 24 });
afterAll(() => t.close());

/** The functions of a posting that take another way when it is large. */
const parts = ["post", "end_holds", "write_entries", "move_grams"];

beforeAll(async () => {
  // The same text in another schema, where no posting is large.
  await sql`create schema in_turn`.execute(t.admin);
  for (const part of parts) {
    const { rows } = await sql<{ text: string }>`
      select pg_get_functiondef(oid) as text from pg_proc
      where pronamespace = 'ledger'::regnamespace and proname = ${part}`.execute(t.admin);
    const text = rows[0]?.text ?? "";
    const slow = text
      .replaceAll(/\bledger\.(post|end_holds|write_entries|move_grams)\(/g, "in_turn.$1(")
      .replaceAll(/\) > [48]\b/g, ") > 1000000");
    expect([part, slow.includes("1000000")]).toEqual([part, part !== "post"]);
    await sql.raw(slow).execute(t.admin);
  }
});

type Lot = { account: AccountId; seller: Id<"user">; holder: Id<"user">; balance: bigint };
type Case = {
  /** Which lot gets how many grams of its seller's, one listing after the other: each a block of its own. */
  listed: { lot: number; grams: bigint }[];
  /** What is asked of each lot, in thousandths of what it has. */
  shares: number[];
  held: boolean[];
  /** The lot that has too little, where there is one. */
  short: number;
  lots: number;
  sellers: number;
  receivers: number;
  toRetired: boolean;
};

const LOTS = 20;
const often = <T>(value: T, otherwise: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: otherwise });
const each = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: LOTS, maxLength: LOTS });

const cases: fc.Arbitrary<Case> = fc.record({
  listed: fc.array(fc.record({ lot: fc.oneof(fc.nat(1), fc.nat(LOTS - 1)), grams: fc.bigInt(1n, 50n) }), {
    minLength: 20,
    maxLength: 60,
    size: "max",
  }),
  shares: each(fc.oneof(fc.constant(1_000), fc.integer({ min: 1, max: 1_000 }))),
  held: each(fc.boolean()),
  short: often(-1, fc.nat(4)),
  lots: fc.integer({ min: 2, max: LOTS }),
  sellers: fc.integer({ min: 1, max: 4 }),
  receivers: often(1, fc.constant(2)),
  toRetired: fc.boolean(),
});

/** Sellers of two batches each, whose lots hold runs of them in turns. */
const furnish = async ({ listed, lots: count, sellers: people }: Case): Promise<Lot[]> => {
  const sellers = Array.from({ length: people }, () => newId("user"));
  for (const seller of sellers)
    for (const grams of [900n, 2_500n]) await t.transact((tx) => givenGrams(tx, seller, grams));
  const lots = Array.from({ length: count }, (_, at): Lot => {
    const seller = sellers[at % people] as Id<"user">;
    return { account: listingAccount(newId("listing")), seller, holder: seller, balance: 0n };
  });
  for (const { lot, grams } of listed) {
    const to = lots[lot % count] as Lot;
    to.balance += grams;
    const legs = [
      { account: wallet(to.seller), amount: -grams },
      { account: to.account, amount: grams, holder: to.holder },
    ];
    await t.transact((tx) => post(tx, { id: newId("transfer"), kind: "list", legs }));
  }
  return lots.filter(({ balance }) => balance > 0n);
};

type Asked = { id: Id<"transfer">; accounts: string[]; amounts: bigint[]; releases: string[] };

/** A sale of all lots at once, and the holds that it ends. */
const saleOf = async (lots: readonly Lot[], one: Case): Promise<Asked> => {
  const id = newId("transfer");
  const legs: Leg[] = [];
  const releases: string[] = [];
  const prices = new Map<Id<"user">, bigint>();
  let grams = 0n;
  for (const [at, lot] of lots.entries()) {
    const sold = (lot.balance * BigInt(one.shares[at] ?? 1_000) + 999n) / 1_000n;
    const amount = at === one.short ? lot.balance + 1n : sold;
    grams += amount;
    legs.push({ account: lot.account, amount: -amount });
    prices.set(lot.seller, (prices.get(lot.seller) ?? 0n) + amount);
    if (!one.held[at] || amount > lot.balance) continue;
    const held = newId("order");
    await t.transact((tx) => hold(tx, { id: held, account: lot.account, amount }));
    releases.push(held);
  }
  const buyers = Array.from({ length: grams > 1n ? one.receivers : 1 }, () => newId("user"));
  for (const [at, buyer] of buyers.entries())
    legs.push({
      account: one.toRetired ? retiredAccount(buyer) : wallet(buyer),
      amount: at > 0 ? 1n : grams - BigInt(buyers.length - 1),
    });
  const payer = newId("user");
  await t.transact((tx) => givenCash(tx, payer, "USD", grams + 7n));
  legs.push(
    { account: cash("USD", payer), amount: -(grams + 7n) },
    { account: platformFee("USD", id), amount: 7n },
  );
  for (const [seller, net] of prices) legs.push({ account: cash("USD", seller), amount: net });
  legs.sort((a, b) => (a.account < b.account ? -1 : 1));
  return {
    id,
    accounts: legs.map(({ account }) => account),
    amounts: legs.map(({ amount }) => amount),
    releases,
  };
};

/** All that a posting can write, of the accounts and batches that it can touch. */
const written = async (db: Db, { id, accounts }: Asked) => {
  const rows = async (text: ReturnType<typeof sql>) => (await text.execute(db)).rows;
  return {
    transfer: await rows(sql`select id, kind, digest, memo, at from ledger.transfer where id = ${id}`),
    entries: await rows(sql`select * from ledger.entry where transfer_id = ${id} order by leg`),
    moves: await rows(sql`select * from ledger.block_move where transfer_id = ${id} order by batch_id, lo`),
    ends: await rows(sql`select * from ledger.hold_end where transfer_id = ${id} order by hold_id`),
    accounts: await rows(sql`select * from ledger.account where id = any (${accounts}) order by id`),
    blocks: await rows(sql`select * from ledger.block where batch_id in (
      select batch_id from ledger.block where account_id = any (${accounts})) order by batch_id, lo`),
  };
};

const refused = (error: unknown) => {
  if (!(error instanceof Error)) throw error;
  return { refused: error.message, detail: "detail" in error ? error.detail : null };
};

test("a posting of many legs leaves the rows that one leg after the other leaves, or refuses the same", async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      const asked = await saleOf(await furnish(one), one);
      const outcome = (db: Db, schema: string) =>
        sql`select ${sql.ref(schema)}.post(${asked.id}, 'sale', ${t.clock.now()}, ${asked.accounts}, ${asked.amounts},
          ${asked.accounts.map(() => null)}, '{"orderId": "ord_one"}', ${asked.releases}, null)`
          .execute(db)
          .then(() => written(db, asked), refused);
      const inTurn = await t.admin
        .transaction()
        .execute(async (tx) => {
          throw Object.assign(new Error("undo"), { outcome: await outcome(tx, "in_turn") });
        })
        .catch((error: { outcome?: unknown }) => error.outcome);
      const atOnce = await t.admin
        .transaction()
        .execute(async (tx) => {
          const all = await outcome(tx, "ledger");
          if ("refused" in all) throw Object.assign(new Error("undo"), { outcome: all });
          return all;
        })
        .catch((error: { outcome?: unknown }) => error.outcome);
      expect(inTurn).toBeDefined();
      expect(atOnce).toEqual(inTurn);
    }),
    { numRuns: 60 },
  );
  await expectBooksBalance(t.db);
}, 120_000);

test("large and small postings over the same accounts, new ones among them, never wait in a circle", async () => {
  const people = Array.from({ length: 14 }, () => newId("user"));
  const buyers = Array.from({ length: 6 }, () => ({ id: newId("user"), order: newId("order") }));
  for (const id of people) await t.transact((tx) => givenGrams(tx, id, 1_000n));
  const large = (round: number) => {
    const givers = people.filter((_, at) => (at + round) % 5 !== 0);
    const fresh = buyers[round % buyers.length] as (typeof buyers)[number];
    return [
      ...givers.map((id) => ({ account: wallet(id), amount: -2n })),
      { account: wallet(fresh.id), amount: BigInt(givers.length) * 2n },
      ...givers.map((id) => ({ account: cash("USD", id), amount: 1n })),
      { account: escrow("USD", fresh.order), amount: -BigInt(givers.length) },
    ];
  };
  const small = (round: number) => [
    { account: wallet(people[(round * 3) % 14] as Id<"user">), amount: -1n },
    { account: wallet(people[(round * 5 + 1) % 14] as Id<"user">), amount: 1n },
  ];
  for (const { id, order } of buyers)
    await t.transact(async (tx) => {
      await givenCash(tx, id, "USD", 10_000n);
      await post(tx, {
        id: newId("transfer"),
        kind: "capture",
        legs: [
          { account: cash("USD", id), amount: -10_000n },
          { account: escrow("USD", order), amount: 10_000n },
        ],
      });
    });
  // Without the second try that a deadlock would get, so that one fails the test.
  const postings = Array.from({ length: 60 }, (_, round) => (round % 3 === 2 ? small(round) : large(round)))
    .filter((legs) => new Set(legs.map(({ account }) => account)).size === legs.length)
    .map((legs) =>
      transact(t.db, t.clock, (tx) => post(tx, { id: newId("transfer"), kind: "sale", legs }), {
        cause: "test",
        retries: 0,
      }),
    );
  expect((await Promise.allSettled(postings)).filter(({ status }) => status === "rejected")).toEqual([]);
  await expectBooksBalance(t.db);
}, 60_000);
