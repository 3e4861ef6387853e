import { afterAll, describe, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { type Id, newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { bufferAccount, cash, issuedAccount, listingAccount, retiredAccount, wallet } from "./accounts.ts";
import { hold, issue, post } from "./post.ts";
import {
  balancesOf,
  batchesOf,
  type EntryFilter,
  entriesOf,
  holdingsOf,
  lotsOf,
  movesOf,
  movesOfAll,
  ownersOf,
  salesAfter,
  spreadOf,
  totals,
  transferById,
} from "./read.ts";
import { expectBooksBalance, givenCash, givenGrams } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());

const user = () => newId("user");
const give = async (from: Id<"user">, to: Id<"user">, grams: bigint, memo?: { note: string }) => {
  const id = newId("transfer");
  const legs = [
    { account: wallet(from), amount: -grams },
    { account: wallet(to), amount: grams },
  ];
  await t.transact((tx) => post(tx, { id, kind: "transfer", legs, ...(memo && { memo }) }));
  t.clock.advance(1_000);
  return id;
};

/** Every item of a list, page by page, at most `limit` to a page. */
const allOf = async <T>(
  page: (input: { limit: number; cursor?: string }) => Promise<{ items: T[]; nextCursor: string | null }>,
  limit: number,
) => {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const answer = await page({ limit, ...(cursor && { cursor }) });
    expect(answer.items.length).toBeLessThanOrEqual(limit);
    items.push(...answer.items);
    cursor = answer.nextCursor ?? undefined;
  } while (cursor);
  return items;
};

describe("lots", () => {
  test("name the transfer that brought each run, newest first, and pages repeat and leave out none", async () => {
    const [anna, binh] = [user(), user()];
    const first = await t.transact((tx) => givenGrams(tx, anna, 10n));
    const second = await t.transact((tx) => givenGrams(tx, anna, 10n));
    const transfers = [await give(anna, binh, 4n, { note: "one" }), await give(anna, binh, 8n)] as const;
    const lots = await lotsOf(t.db, wallet(binh), { limit: 10 });
    expect(lots.nextCursor).toBeNull();
    const seen = lots.items.map(({ batchId, first_g, last_g, transferId, kind }) => ({
      batchId,
      first_g,
      last_g,
      transferId,
      kind,
    }));
    const newest = [
      { batchId: first, first_g: 5n, last_g: 10n, transferId: transfers[1], kind: "transfer" as const },
      { batchId: second, first_g: 1n, last_g: 2n, transferId: transfers[1], kind: "transfer" as const },
    ].sort((a, b) => (a.batchId < b.batchId ? 1 : -1));
    expect(seen).toEqual([
      ...newest,
      { batchId: first, first_g: 1n, last_g: 4n, transferId: transfers[0], kind: "transfer" },
    ]);
    expect(lots.items.at(-1)?.memo).toEqual({ note: "one" });
    expect(await allOf((input) => lotsOf(t.db, wallet(binh), input), 1)).toEqual(lots.items);
    const foreign = lotsOf(t.db, wallet(binh), { limit: 10, cursor: "nonsense" });
    expect(await refusalCode(foreign)).toBe("cursor_unknown");
    expect(await batchesOf(t.db, wallet(binh))).toEqual([
      { batchId: first, grams: 10n },
      { batchId: second, grams: 2n },
    ]);
    await expectBooksBalance(t.db);
  });
});

describe("a batch", () => {
  test("is spread over kinds of accounts, and its owners are told in the order of its grams", async () => {
    const [anna, binh, listingId] = [user(), user(), newId("listing")];
    const batchId = newId("batch");
    await t.transact((tx) =>
      issue(tx, {
        id: newId("transfer"),
        batchId,
        legs: [
          { account: wallet(anna), grams: 90n },
          { account: bufferAccount(), grams: 10n },
        ],
      }),
    );
    // The buffer's name comes before a wallet's, so it has the first ten.
    await give(anna, binh, 20n);
    await t.transact((tx) =>
      post(tx, {
        id: newId("transfer"),
        kind: "list",
        legs: [
          { account: wallet(anna), amount: -30n },
          { account: listingAccount(listingId), amount: 30n, holder: anna },
        ],
      }),
    );
    await t.transact((tx) =>
      post(tx, {
        id: newId("transfer"),
        kind: "retire",
        legs: [
          { account: wallet(binh), amount: -5n },
          { account: retiredAccount(binh), amount: 5n },
        ],
      }),
    );
    const unknown = newId("batch");
    const spread = await spreadOf(t.db, [batchId, unknown]);
    expect(Object.fromEntries(spread.get(batchId) ?? [])).toEqual({
      buffer: 10n,
      listing: 30n,
      retired: 5n,
      wallet: 55n,
    });
    expect(spread.get(unknown)?.size).toBe(0);
    expect((await spreadOf(t.db, [])).size).toBe(0);
    const owners = [
      { batchId, first_g: 1n, last_g: 10n, account: bufferAccount() },
      { batchId, first_g: 11n, last_g: 15n, account: retiredAccount(binh) },
      { batchId, first_g: 16n, last_g: 30n, account: wallet(binh) },
      { batchId, first_g: 31n, last_g: 60n, account: listingAccount(listingId) },
      { batchId, first_g: 61n, last_g: 100n, account: wallet(anna) },
    ];
    expect(await ownersOf(t.db, batchId, { first_g: 1n, last_g: 100n }, 10)).toEqual(owners);
    expect(await ownersOf(t.db, batchId, { first_g: 15n, last_g: 16n }, 10)).toEqual(owners.slice(1, 3));
    expect(await ownersOf(t.db, batchId, { first_g: 1n, last_g: 100n }, 2)).toEqual(owners.slice(0, 2));
    expect(Object.fromEntries(await holdingsOf(t.db, anna, "gCO2e"))).toEqual({
      listing: { balance: 30n, held: 0n },
      wallet: { balance: 40n, held: 0n },
    });
    const sums = await totals(t.db, "gCO2e");
    expect([...sums.values()].reduce((sum, each) => sum + each, 0n)).toBe(0n);
    expect(sums.get("retired")).toBe(5n);
    await expectBooksBalance(t.db);
  });
});

describe("transfers", () => {
  test("answer their kind, memo and the runs that they moved, and nothing where there is none", async () => {
    const [anna, binh] = [user(), user()];
    const batchId = await t.transact((tx) => givenGrams(tx, anna, 10n));
    const [one, other] = [await give(anna, binh, 3n, { note: "rent" }), await give(anna, binh, 2n)];
    expect(await transferById(t.db, one)).toMatchObject({
      id: one,
      kind: "transfer",
      memo: { note: "rent" },
    });
    expect(await transferById(t.db, newId("transfer"))).toBeNull();
    const parties = { batchId, from: wallet(anna), to: wallet(binh) };
    const moves = await movesOfAll(t.db, [one, other]);
    expect(moves.get(one)).toEqual([{ ...parties, first_g: 1n, last_g: 3n }]);
    expect(moves.get(other)).toEqual([{ ...parties, first_g: 4n, last_g: 5n }]);
    expect((await movesOfAll(t.db, [])).size).toBe(0);
    expect(await movesOf(t.db, newId("transfer"))).toEqual([]);
    await expectBooksBalance(t.db);
  });
});

describe("history", () => {
  test("is the newest first and narrowed by account, kind of account, kind of transfer, direction and time", async () => {
    const [anna, binh] = [user(), user()];
    const start = t.clock.now();
    await t.transact((tx) => givenGrams(tx, anna, 100n));
    t.clock.advance(1_000);
    await t.transact((tx) => givenCash(tx, anna, "USD", 500n));
    t.clock.advance(1_000);
    const middle = t.clock.now();
    const [sent, back] = [await give(anna, binh, 40n), await give(binh, anna, 15n)];
    const amounts = async (filter: Partial<EntryFilter>) =>
      (await entriesOf(t.db, { holder: anna, ...filter }, { limit: 50 })).items.map(({ amount }) => amount);
    expect(await amounts({})).toEqual([15n, -40n, 500n, 100n]);
    expect(await amounts({ asset: "gCO2e" })).toEqual([15n, -40n, 100n]);
    expect(await amounts({ accountKinds: ["cash"] })).toEqual([500n]);
    expect(await amounts({ kinds: ["transfer"] })).toEqual([15n, -40n]);
    expect(await amounts({ notKinds: ["transfer"] })).toEqual([500n, 100n]);
    expect(await amounts({ kinds: ["transfer"], sign: "in" })).toEqual([15n]);
    expect(await amounts({ sign: "out" })).toEqual([-40n]);
    expect(await amounts({ from: middle })).toEqual([15n, -40n]);
    expect(await amounts({ from: start, to: middle })).toEqual([500n, 100n]);
    const ofWallet = await entriesOf(t.db, { holder: anna, asset: "gCO2e" }, { limit: 50 });
    expect(ofWallet.items.map(({ transferId, version, after }) => [transferId, version, after])).toEqual([
      [back, 3n, 75n],
      [sent, 2n, 60n],
      [expect.any(String), 1n, 100n],
    ]);
    expect(await allOf((input) => entriesOf(t.db, { holder: anna, asset: "gCO2e" }, input), 2)).toEqual(
      ofWallet.items,
    );
    const nonsense = [
      "x",
      btoa(JSON.stringify(["soon", "tfr_", 1])),
      btoa(JSON.stringify([1, "tfr_", 40_000])),
    ];
    for (const cursor of nonsense) {
      const foreign = entriesOf(t.db, { holder: anna, asset: "gCO2e" }, { limit: 50, cursor });
      expect(await refusalCode(foreign)).toBe("cursor_unknown");
    }
    await expectBooksBalance(t.db);
  });
});

test("balances: what is held counts apart, and an account that was never used is all zero", async () => {
  const [anna, binh] = [user(), user()];
  await t.transact((tx) => givenCash(tx, anna, "USD", 500n));
  await t.transact((tx) => hold(tx, { id: newId("withdrawal"), account: cash("USD", anna), amount: 200n }));
  const found = await balancesOf(t.db, [cash("USD", anna), cash("USD", binh)]);
  expect(found.get(cash("USD", anna))).toEqual({ balance: 500n, held: 200n, version: 1n });
  expect(found.get(cash("USD", binh))).toEqual({ balance: 0n, held: 0n, version: 0n });
  expect((await balancesOf(t.db, [])).size).toBe(0);
  expect((await balancesOf(t.db, [issuedAccount()])).get(issuedAccount())?.balance).toBeLessThan(0n);
  await expectBooksBalance(t.db);
});

describe("sales in the order of time", () => {
  test("come page by page without gap or twin, none younger than asked for, and nothing but sales", async () => {
    const [seller, buyer] = [user(), user()];
    const listingId = newId("listing");
    await t.transact((tx) => givenGrams(tx, seller, 10n));
    await t.transact((tx) =>
      post(tx, {
        id: newId("transfer"),
        kind: "list",
        legs: [
          { account: wallet(seller), amount: -10n },
          { account: listingAccount(listingId), amount: 10n, holder: seller },
        ],
      }),
    );
    const sell = (orderId: Id<"order">) => {
      const id = newId("transfer");
      const legs = [
        { account: listingAccount(listingId), amount: -2n },
        { account: wallet(buyer), amount: 2n },
      ];
      return t.transact(async (tx) => {
        await post(tx, { id, kind: "sale", legs, memo: { orderId } });
        return id;
      });
    };
    const start = { at: t.clock.now(), id: newId("transfer") };
    t.clock.advance(1_000);
    const orderId = newId("order");
    // Two of one moment: their ids decide which comes first.
    const together = [await sell(orderId), await sell(newId("order"))].sort();
    t.clock.advance(1_000);
    const third = await sell(newId("order"));
    const until = t.clock.now();
    t.clock.advance(1_000);
    await sell(newId("order"));
    const seen: Id<"transfer">[] = [];
    let after = start;
    for (;;) {
      const [sale, ...more] = await salesAfter(t.db, { after, until, limit: 1 });
      expect(more).toEqual([]);
      if (!sale) break;
      seen.push(sale.id);
      after = { at: sale.at, id: sale.id };
    }
    expect(seen).toEqual([...together, third] as Id<"transfer">[]);
    const [first] = await salesAfter(t.db, { after: start, until, limit: 2 });
    expect(first?.memo).toHaveProperty("orderId");
  });
});
