import { afterAll, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import {
  type AccountId,
  cash,
  debt,
  issuedAccount,
  listingAccount,
  lossAccount,
  wallet,
} from "./accounts.ts";
import { holdAll, post, releaseAll } from "./post.ts";
import {
  accountsAt,
  accountsOf,
  accountsOfBatch,
  arrivalsOf,
  balancesOf,
  debtors,
  holdersOf,
  legsOf,
  listedOf,
} from "./read.ts";
import { expectBooksBalance, givenCash, givenGrams } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());

const user = () => newId("user");

const give = async (from: AccountId, to: AccountId, amount: bigint) => {
  const id = newId("transfer");
  const legs = [
    { account: from, amount: -amount },
    { account: to, amount },
  ];
  await t.transact((tx) => post(tx, { id, kind: "transfer", legs }));
  return id;
};

const list = async (seller: ReturnType<typeof user>, amount: bigint) => {
  const [id, listing] = [newId("transfer"), listingAccount(newId("listing"))];
  const legs = [
    { account: wallet(seller), amount: -amount },
    { account: listing, amount, holder: seller },
  ];
  await t.transact((tx) => post(tx, { id, kind: "list", legs }));
  return { id, listing };
};

test("a batch's grams are told by who owns them, gram by gram, and none beyond its last", async () => {
  const [anna, binh] = [user(), user()];
  const batchId = await t.transact((tx) => givenGrams(tx, anna, 10n));
  await give(wallet(anna), wallet(binh), 4n);
  const at = (gram: bigint) => ({ batchId, gram });
  const other = newId("batch");
  expect(
    await accountsAt(t.db, [at(10n), at(1n), at(4n), at(5n), at(0n), at(11n), { batchId: other, gram: 1n }]),
  ).toEqual([wallet(anna), wallet(binh), wallet(binh), wallet(anna), null, null, null]);
  expect(await accountsAt(t.db, [])).toEqual([]);
  const owners = await accountsOfBatch(t.db, batchId, "wallet");
  expect(new Map(owners.map(({ holder, grams }) => [holder, grams]))).toEqual(
    new Map([
      [anna, 6n],
      [binh, 4n],
    ]),
  );
  expect(await accountsOfBatch(t.db, batchId, "retired")).toEqual([]);
});

test("what is set aside in listings counts for its seller alone", async () => {
  const [anna, binh] = [user(), user()];
  const batchId = await t.transact((tx) => givenGrams(tx, anna, 10n));
  await give(wallet(anna), wallet(binh), 4n);
  const first = await list(anna, 2n);
  await list(anna, 3n);
  expect(await listedOf(t.db, batchId, anna)).toBe(5n);
  expect(await listedOf(t.db, batchId, binh)).toBe(0n);
  expect(await holdersOf(t.db, [first.listing, wallet(binh), issuedAccount()])).toEqual(
    new Map([
      [first.listing, anna],
      [wallet(binh), binh],
    ]),
  );
  expect(await holdersOf(t.db, [])).toEqual(new Map());
});

test("a transfer names its legs, and how the grams that it moved had come", async () => {
  const [anna, binh, chi] = [user(), user(), user()];
  const batchId = await t.transact((tx) => givenGrams(tx, anna, 10n));
  const first = await give(wallet(anna), wallet(binh), 4n);
  const second = await give(wallet(binh), wallet(chi), 3n);
  const legs = await legsOf(t.db, second);
  expect(new Map(legs.map(({ account, amount }) => [account, amount]))).toEqual(
    new Map([
      [wallet(binh), -3n],
      [wallet(chi), 3n],
    ]),
  );
  expect(await legsOf(t.db, newId("transfer"))).toEqual([]);
  expect(await arrivalsOf(t.db, first)).toEqual([{ batch_id: batchId, kind: "issue" }]);
  expect(await arrivalsOf(t.db, second)).toEqual([{ batch_id: batchId, kind: "transfer" }]);
});

test("many holds are made together or not at all, and end together", async () => {
  const [anna, binh] = [user(), user()];
  await t.transact(async (tx) => {
    await givenCash(tx, anna, "USD", 100n);
    await givenCash(tx, binh, "USD", 50n);
  });
  const [ours, theirs] = [cash("USD", anna), cash("USD", binh)];
  const held = async () => {
    const found = await balancesOf(t.db, [ours, theirs]);
    return [found.get(ours)?.held, found.get(theirs)?.held];
  };
  const ids = [newId("order"), newId("order"), newId("order")] as const;
  const makes = (last: bigint) =>
    t.transact((tx) =>
      holdAll(tx, [
        { id: ids[0], account: theirs, amount: 20n },
        { id: ids[1], account: ours, amount: 60n },
        { id: ids[2], account: ours, amount: last },
      ]),
    );
  expect(await refusalCode(makes(41n))).toBe("balance_insufficient");
  expect(await held()).toEqual([0n, 0n]);
  await makes(40n);
  expect(await held()).toEqual([100n, 20n]);
  await t.transact((tx) => releaseAll(tx, ids));
  expect(await held()).toEqual([0n, 0n]);
});

test("who owes the venue is told as what they owe, and all filled accounts of an asset sum to zero", async () => {
  const [anna, binh] = [user(), user()];
  const owes = (who: ReturnType<typeof user>, amount: bigint) =>
    t.transact((tx) =>
      post(tx, {
        id: newId("transfer"),
        kind: "chargeback",
        legs: [
          { account: debt("EUR", who), amount: -amount },
          { account: lossAccount("EUR"), amount },
        ],
      }),
    );
  await owes(anna, 7n);
  await owes(binh, 9n);
  const found = await debtors(t.db, "EUR");
  expect(new Map(found.map(({ userId, amount }) => [userId, amount]))).toEqual(
    new Map([
      [anna, 7n],
      [binh, 9n],
    ]),
  );
  // However many there are: whoever is left out would never be asked.
  for (let more = 0; more < 210; more++) await owes(user(), 1n);
  expect(await debtors(t.db, "EUR")).toHaveLength(212);
  const all = await accountsOf(t.db, "EUR");
  expect(all.map(({ account }) => account)).toContain(debt("EUR", anna));
  expect(all.reduce((sum, { balance }) => sum + balance, 0n)).toBe(0n);
  await expectBooksBalance(t.db);
});
