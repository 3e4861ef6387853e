import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { type Id, newId } from "@evx/kernel";
import {
  cash,
  clearing,
  cvaPool,
  escrow,
  listingAccount,
  platformFee,
  retiredAccount,
  wallet,
} from "./accounts.ts";
import { hold, issue, post } from "./post.ts";
import { balanceOf, batchesOf, holdingsOf, lotsOf, movesOf } from "./read.ts";
import { expectBooksBalance, givenGrams } from "./testing.ts";

const t = await testDatabase({ max: 24 });
afterEach(() => expectBooksBalance(t.db));
afterAll(() => t.close());

const user = () => newId("user");
const page = { limit: 100 };
const runsOf = async (id: Id<"user">) =>
  (await lotsOf(t.db, wallet(id), page)).items.map(({ batchId, first_g, last_g }) => ({
    batchId,
    first_g,
    last_g,
  }));
const give = (from: Id<"user">, to: Id<"user">, grams: bigint, id = newId("transfer")) =>
  t.transact((tx) =>
    post(tx, {
      id,
      kind: "transfer",
      legs: [
        { account: wallet(from), amount: -grams },
        { account: wallet(to), amount: grams },
      ],
    }),
  );
const grams = async (id: Id<"user">) => (await balanceOf(t.db, wallet(id))).balance;
const outcomes = (results: PromiseSettledResult<unknown>[]) =>
  results
    .map((result) =>
      result.status === "fulfilled"
        ? "done"
        : ((result.reason as { code?: string }).code ?? String(result.reason)),
    )
    .sort();

describe("post", () => {
  test("moves grams as blocks, oldest first, and splits the last one", async () => {
    const [anna, binh] = [user(), user()];
    const first = await t.transact((tx) => givenGrams(tx, anna, 100n));
    const second = await t.transact((tx) => givenGrams(tx, anna, 50n));
    const id = newId("transfer");
    await give(anna, binh, 120n, id);
    expect(await movesOf(t.db, id)).toEqual(
      [
        { batchId: first, first_g: 1n, last_g: 100n, from: wallet(anna), to: wallet(binh) },
        { batchId: second, first_g: 1n, last_g: 20n, from: wallet(anna), to: wallet(binh) },
      ].sort((a, b) => (a.batchId < b.batchId ? -1 : 1)),
    );
    expect(await runsOf(anna)).toEqual([{ batchId: second, first_g: 21n, last_g: 50n }]);
    expect(await batchesOf(t.db, wallet(binh))).toEqual([
      { batchId: first, grams: 100n },
      { batchId: second, grams: 20n },
    ]);
  });

  test("one debit may feed several credits, each gram going to one of them", async () => {
    const [anna, binh, chi] = [user(), user(), user()];
    const batchId = await t.transact((tx) => givenGrams(tx, anna, 10n));
    await t.transact((tx) =>
      post(tx, {
        id: newId("transfer"),
        kind: "transfer",
        legs: [
          { account: wallet(anna), amount: -9n },
          { account: wallet(binh), amount: 4n },
          { account: wallet(chi), amount: 5n },
        ],
      }),
    );
    const owned = await Promise.all([anna, binh, chi].map(runsOf));
    expect(owned.flat().sort((a, b) => Number(a.first_g - b.first_g))).toEqual([
      { batchId, first_g: 1n, last_g: binh < chi ? 4n : 5n },
      { batchId, first_g: binh < chi ? 5n : 6n, last_g: 9n },
      { batchId, first_g: 10n, last_g: 10n },
    ]);
  });

  test("a wallet of a thousand blocks gives them all, in order, in one posting", async () => {
    const [anna, binh] = [user(), user()];
    await t.transact(async (tx) => {
      for (let n = 0; n < 1_000; n++) await givenGrams(tx, anna, 3n);
    });
    await give(anna, binh, 2_999n);
    expect(await grams(binh)).toBe(2_999n);
    expect(await runsOf(anna)).toHaveLength(1);
  });

  test("settles a sale: money, fees and grams in one balanced posting that uses up the order's hold", async () => {
    const [seller, buyer] = [user(), user()];
    const [listing, order, sale] = [newId("listing"), newId("order"), newId("transfer")];
    await t.transact((tx) => givenGrams(tx, seller, 1_000n));
    await t.transact((tx) =>
      post(tx, {
        id: newId("transfer"),
        kind: "list",
        legs: [
          { account: wallet(seller), amount: -1_000n },
          { account: listingAccount(listing), amount: 1_000n, holder: seller },
        ],
      }),
    );
    expect((await holdingsOf(t.db, seller, "gCO2e")).get("listing")).toEqual({ balance: 1_000n, held: 0n });
    await t.transact((tx) => hold(tx, { id: order, account: listingAccount(listing), amount: 400n }));
    await t.transact((tx) =>
      post(tx, {
        id: newId("transfer"),
        kind: "capture",
        legs: [
          { account: clearing("USD", "stripe"), amount: -1_000n },
          { account: escrow("USD", order), amount: 1_000n },
        ],
      }),
    );
    await t.transact((tx) =>
      post(tx, {
        id: sale,
        kind: "sale",
        legs: [
          { account: escrow("USD", order), amount: -1_000n },
          { account: cash("USD", seller), amount: 965n },
          { account: platformFee("USD", sale), amount: 25n },
          { account: cvaPool("USD", sale), amount: 10n },
          { account: listingAccount(listing), amount: -400n },
          { account: wallet(buyer), amount: 400n },
        ],
        releases: [order],
      }),
    );
    expect(await grams(buyer)).toBe(400n);
    expect(await balanceOf(t.db, listingAccount(listing))).toMatchObject({ balance: 600n, held: 0n });
    expect(await balanceOf(t.db, cash("USD", seller))).toMatchObject({ balance: 965n });
  });

  test("the same id and content again moves nothing; another content is refused", async () => {
    const [anna, binh] = [user(), user()];
    await t.transact((tx) => givenGrams(tx, anna, 100n));
    const id = newId("transfer");
    expect(await give(anna, binh, 10n, id)).toEqual({ replayed: false });
    expect(await give(anna, binh, 10n, id)).toEqual({ replayed: true });
    await expect(give(anna, binh, 11n, id)).rejects.toMatchObject({ code: "transfer_id_reused" });
    expect(await grams(binh)).toBe(10n);
  });

  test("ten at once under one id: one moves, nine are retries", async () => {
    const [anna, binh] = [user(), user()];
    await t.transact((tx) => givenGrams(tx, anna, 100n));
    const id = newId("transfer");
    const answers = await Promise.all(Array.from({ length: 10 }, () => give(anna, binh, 10n, id)));
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await grams(binh)).toBe(10n);
  });

  test("more than the balance is refused with what is missing, and nothing moves", async () => {
    const [anna, binh] = [user(), user()];
    await t.transact((tx) => givenGrams(tx, anna, 100n));
    await expect(give(anna, binh, 101n)).rejects.toMatchObject({
      code: "balance_insufficient",
      kind: "conflict",
      details: { missing: "0.000001", available: "0.000100", kind: "wallet" },
    });
    await expect(give(user(), binh, 1n)).rejects.toMatchObject({ code: "balance_insufficient" });
    expect([await grams(anna), await grams(binh)]).toEqual([100n, 0n]);
  });

  test("two at once for the last gram: exactly one gets it", async () => {
    const [anna, binh, chi] = [user(), user(), user()];
    await t.transact((tx) => givenGrams(tx, anna, 1n));
    const results = await Promise.allSettled([give(anna, binh, 1n), give(anna, chi, 1n)]);
    expect(outcomes(results)).toEqual(["balance_insufficient", "done"]);
    expect((await grams(binh)) + (await grams(chi))).toBe(1n);
  });

  test("200 transfers at once from one wallet never overdraw it", async () => {
    const [anna, binh] = [user(), user()];
    await t.transact((tx) => givenGrams(tx, anna, 1_000n));
    const results = await Promise.allSettled(Array.from({ length: 200 }, () => give(anna, binh, 7n)));
    expect(outcomes(results).filter((outcome) => outcome === "done")).toHaveLength(142);
    expect(outcomes(results).filter((outcome) => outcome === "balance_insufficient")).toHaveLength(58);
    expect([await grams(anna), await grams(binh)]).toEqual([6n, 994n]);
  });

  test("transfers in opposite directions all go through without a deadlock", async () => {
    const people = [user(), user(), user(), user()];
    for (const id of people) await t.transact((tx) => givenGrams(tx, id, 10_000n));
    const before = await deadlocks();
    await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        give(people[n % 4] as Id<"user">, people[(n + 1 + (n % 3)) % 4] as Id<"user">, BigInt(1 + (n % 50))),
      ),
    );
    expect(await deadlocks()).toBe(before);
  });

  test("neighbouring blocks split at once without waiting for each other's owner", async () => {
    const people = Array.from({ length: 8 }, user);
    const sink = people.map(() => user());
    await t.transact((tx) =>
      issue(tx, {
        id: newId("transfer"),
        batchId: newId("batch"),
        legs: people.map((id) => ({ account: wallet(id), grams: 1_000n })),
      }),
    );
    const before = await deadlocks();
    await Promise.all(
      Array.from({ length: 160 }, (_, n) =>
        give(people[n % 8] as Id<"user">, sink[(n * 3) % 8] as Id<"user">, 7n),
      ),
    );
    expect(await deadlocks()).toBe(before);
  });

  test("money may have several legs on one account, credits before debits", async () => {
    const anna = user();
    await t.transact((tx) =>
      post(tx, {
        id: newId("transfer"),
        kind: "correction",
        legs: [
          { account: cash("USD", anna), amount: -500n },
          { account: cash("USD", anna), amount: 500n },
        ],
      }),
    );
    expect(await balanceOf(t.db, cash("USD", anna))).toEqual({ balance: 0n, held: 0n, version: 2n });
  });

  test("a listing's account opens only with its holder", async () => {
    const anna = user();
    await t.transact((tx) => givenGrams(tx, anna, 5n));
    const listing = listingAccount(newId("listing"));
    await expect(
      t.transact((tx) =>
        post(tx, {
          id: newId("transfer"),
          kind: "list",
          legs: [
            { account: wallet(anna), amount: -5n },
            { account: listing, amount: 5n },
          ],
        }),
      ),
    ).rejects.toThrow("needs a holder");
  });

  test("legs that do not sum to zero are a bug, caught before the database is asked", () => {
    expect(
      post({} as never, {
        id: newId("transfer"),
        kind: "correction",
        legs: [
          { account: cash("USD", user()), amount: 5n },
          { account: cash("VND", user()), amount: -5n },
        ],
      }),
    ).rejects.toThrow("sum to zero");
  });

  test("retired credits cannot be taken out again by any posting that leaves the others whole", async () => {
    const anna = user();
    await t.transact((tx) => givenGrams(tx, anna, 5n));
    await t.transact((tx) =>
      post(tx, {
        id: newId("transfer"),
        kind: "retire",
        legs: [
          { account: wallet(anna), amount: -5n },
          { account: retiredAccount(anna), amount: 5n },
        ],
      }),
    );
    await expect(
      t.transact((tx) =>
        post(tx, {
          id: newId("transfer"),
          kind: "correction",
          legs: [
            { account: retiredAccount(anna), amount: -5n },
            { account: wallet(anna), amount: 5n },
          ],
        }),
      ),
    ).rejects.toThrow("retired");
  });
});

const deadlocks = async (): Promise<string> => {
  const { rows } = await t.pool.query(
    "select deadlocks from pg_stat_database where datname = current_database()",
  );
  return String(rows[0].deadlocks);
};

describe("issue", () => {
  test("a batch is issued once, whoever asks and however often", async () => {
    const [anna, batchId, id] = [user(), newId("batch"), newId("transfer")];
    const ask = (transferId: Id<"transfer">) =>
      t.transact((tx) =>
        issue(tx, { id: transferId, batchId, legs: [{ account: wallet(anna), grams: 10n }] }),
      );
    const results = await Promise.allSettled([
      ask(id),
      ask(id),
      ask(newId("transfer")),
      ask(newId("transfer")),
    ]);
    expect(
      outcomes(results).filter((outcome) => outcome === "batch_already_issued").length,
    ).toBeGreaterThanOrEqual(2);
    expect(await grams(anna)).toBe(10n);
    await expect(ask(newId("transfer"))).rejects.toMatchObject({ code: "batch_already_issued" });
  });
});
