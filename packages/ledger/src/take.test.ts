import { afterAll, afterEach, expect, test } from "bun:test";
import { sql, type Tx, transact } from "@evx/db";
import { testDatabase } from "@evx/db/testing";
import { type Grams, type Id, newId } from "@evx/kernel";
import pg from "pg";
import { cancelledAccount, listingAccount, wallet } from "./accounts.ts";
import { post, takeOfBatch } from "./post.ts";
import { balanceOf, batchesOf, listedOf, spreadOf } from "./read.ts";
import { expectBooksBalance, givenGrams } from "./testing.ts";

const t = await testDatabase({ max: 24 });
afterEach(() => expectBooksBalance(t.db));
afterAll(() => t.close());

const given = (to: Id<"user">, grams: Grams) => t.transact((tx) => givenGrams(tx, to, grams));
const taking = (batchId: Id<"batch">, from: Id<"user">, atMost: Grams) => ({
  id: newId("transfer"),
  kind: "cancel" as const,
  batchId,
  from: wallet(from),
  to: cancelledAccount(),
  atMost,
});
const take = (wish: ReturnType<typeof taking>) => t.transact((tx) => takeOfBatch(tx, wish));
/** Without the second try that a deadlock would get, so that one fails the test. */
const once = <T>(work: (tx: Tx) => Promise<T>) =>
  transact(t.db, t.clock, work, { cause: "test", retries: 0 });
const cancelled = async (batchId: Id<"batch">) =>
  (await spreadOf(t.db, [batchId])).get(batchId)?.get("cancelled") ?? 0n;

test("takes that batch's grams alone, once under its name, and refuses other content under it", async () => {
  const anna = newId("user");
  const [first, second] = [await given(anna, 10n), await given(anna, 20n)];
  const wish = taking(second, anna, 15n);
  expect(await take(wish)).toBe(15n);
  expect(await take(wish)).toBe(15n);
  await expect(take({ ...wish, atMost: 16n })).rejects.toMatchObject({ code: "transfer_id_reused" });
  expect(await batchesOf(t.db, wallet(anna))).toEqual([
    { batchId: first, grams: 10n },
    { batchId: second, grams: 5n },
  ]);
  expect(await take(taking(second, anna, 100n))).toBe(5n);
  expect(await take(taking(second, anna, 100n))).toBe(0n);
  expect(await take(taking(second, newId("user"), 100n))).toBe(0n);
  expect(await cancelled(first)).toBe(0n);
  await expect(t.transact((tx) => takeOfBatch(tx, { ...wish, atMost: 0n }))).rejects.toThrow(
    "more than zero",
  );
});

test("takes scattered runs of a batch, in order, and leaves what is listed", async () => {
  const [anna, binh, listingId] = [newId("user"), newId("user"), newId("listing")];
  const batchId = await given(anna, 100n);
  for (const grams of [10n, 20n]) {
    for (const [from, to] of [
      [anna, binh],
      [binh, anna],
    ] as const) {
      const legs = [
        { account: wallet(from), amount: -grams },
        { account: wallet(to), amount: grams },
      ];
      await t.transact((tx) => post(tx, { id: newId("transfer"), kind: "transfer", legs }));
    }
  }
  await t.transact((tx) =>
    post(tx, {
      id: newId("transfer"),
      kind: "list",
      legs: [
        { account: wallet(anna), amount: -40n },
        { account: listingAccount(listingId), amount: 40n, holder: anna },
      ],
    }),
  );
  expect(await listedOf(t.db, batchId, anna)).toBe(40n);
  expect(await listedOf(t.db, batchId, binh)).toBe(0n);
  expect(await take(taking(batchId, anna, 25n))).toBe(25n);
  expect(await take(taking(batchId, anna, 100n))).toBe(35n);
  expect(await cancelled(batchId)).toBe(60n);
});

test("twenty at once for the same grams, while they are also given away: every gram goes one way", async () => {
  const [anna, binh] = [newId("user"), newId("user")];
  const batchId = await given(anna, 300n);
  const legs = [
    { account: wallet(anna), amount: -10n },
    { account: wallet(binh), amount: 10n },
  ];
  const work = Array.from({ length: 20 }, (_, n) =>
    n % 2 === 0
      ? take(taking(batchId, anna, 25n))
      : t.transact((tx) => post(tx, { id: newId("transfer"), kind: "transfer", legs })).then(() => 0n),
  );
  const taken = (await Promise.allSettled(work))
    .map((answer) => (answer.status === "fulfilled" ? answer.value : 0n))
    .reduce((sum, grams) => sum + grams, 0n);
  expect(await cancelled(batchId)).toBe(taken);
  const left = [await balanceOf(t.db, wallet(anna)), await balanceOf(t.db, wallet(binh))];
  expect(taken + (left[0]?.balance ?? 0n) + (left[1]?.balance ?? 0n)).toBe(300n);
});

test("beside postings in both directions it never waits in a circle", async () => {
  const [anna, binh] = [newId("user"), newId("user")];
  const [ofAnna, ofBinh] = [await given(anna, 1_000n), await given(binh, 1_000n)];
  const legs = (from: Id<"user">, to: Id<"user">) => [
    { account: wallet(from), amount: -3n },
    { account: wallet(to), amount: 3n },
  ];
  const takes = (batchId: Id<"batch">, from: Id<"user">, to: Id<"user">) =>
    once((tx) => takeOfBatch(tx, { ...taking(batchId, from, 5n), kind: "transfer", to: wallet(to) }));
  const posts = (from: Id<"user">, to: Id<"user">) =>
    once((tx) => post(tx, { id: newId("transfer"), kind: "transfer", legs: legs(from, to) }));
  const work = Array.from({ length: 30 }, () => [
    takes(ofAnna, anna, binh),
    posts(binh, anna),
    takes(ofBinh, binh, anna),
    posts(anna, binh),
  ]).flat();
  const failed = (await Promise.allSettled(work)).filter(({ status }) => status === "rejected");
  expect(failed).toEqual([]);
  const left = [await balanceOf(t.db, wallet(anna)), await balanceOf(t.db, wallet(binh))];
  expect((left[0]?.balance ?? 0n) + (left[1]?.balance ?? 0n)).toBe(2_000n);
});

test("killed half-way it leaves nothing behind, and its retry goes through", async () => {
  const anna = newId("user");
  const batchId = await given(anna, 100n);
  const client = new pg.Client({ connectionString: t.url });
  client.on("error", () => {});
  await client.connect();
  const pid = (await client.query("select pg_backend_pid() as pid")).rows[0].pid;
  await client.query("begin");
  const wish = taking(batchId, anna, 60n);
  const half = await client.query(
    "select ledger.take_of_batch($1, 'cancel', now(), $2, $3, $4, 60, null)::int as grams",
    [wish.id, batchId, wish.from, wish.to],
  );
  expect(half.rows).toEqual([{ grams: 60 }]);
  const retry = take(wish);
  await Bun.sleep(50);
  await sql`select pg_terminate_backend(${pid}::int)`.execute(t.admin);
  expect(await retry).toBe(60n);
  expect((await balanceOf(t.db, wallet(anna))).balance).toBe(40n);
  await client.end().catch(() => {});
});
