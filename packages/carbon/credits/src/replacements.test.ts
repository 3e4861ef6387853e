import { afterAll, afterEach, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { sql } from "@evx/db";
import { cutOff, testDatabase } from "@evx/db/testing";
import { type Grams, type Id, newId } from "@evx/kernel";
import { balanceOf, bufferAccount } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { revokeBatch } from "./cancellations.ts";
import { makeUp, shortfalls } from "./replacements.ts";
import { creditsRouter } from "./router.ts";
import { givenCredits } from "./testing.ts";
import { transferCredits, walletOf } from "./wallets.ts";

const t = await testDatabase({ max: 24 });
afterEach(() => expectBooksBalance(t.db));
afterAll(() => t.close());

const operator = await aUser(t, { role: "admin" });
const visitor = createCallerFactory(creditsRouter)(testContext(t, null));
const asOperator = createCallerFactory(creditsRouter)(testContext(t, operator));

const given = async (ownerId: Id<"user">, grams: Grams) =>
  (await t.transact((tx) => givenCredits(tx, ownerId, grams))).batch;
const give = (from: Id<"user">, to: Id<"user">, amount: Grams) =>
  t.transact((tx) => transferCredits(tx, { id: from }, { id: newId("transfer"), toUserId: to, amount }));
const made = (number: bigint, grams: Grams, id = newId("transfer")) =>
  t.transact((tx) => makeUp(tx, operator, { id, number, grams, note: "Bought for them." }));
const told = async (batchId: Id<"batch">) =>
  (
    await t.admin
      .selectFrom("jobs.outbox")
      .select("payload")
      .where("name", "=", "credits.shortfall_made_up")
      .orderBy("id")
      .execute()
  )
    .map(({ payload }) => payload as { batchId: string; userId: string; grams: string; left: string })
    .filter((one) => one.batchId === batchId);

/** A revoked batch of which 60 g went to others in good faith: 40 and 20. */
const sold = async () => {
  const [owner, binh, chi] = [await aUser(t), await aUser(t), await aUser(t)];
  const batch = await given(owner.id, 100n);
  await give(owner.id, binh.id, 40n);
  await give(owner.id, chi.id, 20n);
  await t.transact((tx) => revokeBatch(tx, { batchId: batch.id, reason: "Invented trips." }));
  return { batch, owner, holders: [binh.id, chi.id] };
};
const open = async (number: bigint) =>
  (await shortfalls(t.db, { limit: 100 })).items.find((one) => one.number === number);
const onOperator = async () => (await walletOf(t.db, operator.id)).balance;
const wellStocked = async (grams: Grams) => {
  const source = await aUser(t);
  await given(source.id, grams);
  await give(source.id, operator.id, grams);
};

test("an operator makes up for what was sold with credits of their own, in parts; the public sees it and holders hear of it", async () => {
  const { batch, holders } = await sold();
  await wellStocked(60n);
  expect(await open(batch.number)).toMatchObject({
    holders: 2,
    held: 60n,
    missing: 60n,
    revocation: { owed: 100n, fromOwner: 40n, shortfall: 60n, replaced: 0n },
  });
  expect(await made(batch.number, 45n)).toEqual({ left: 15n });
  const asked = { number: String(batch.number), amount: "0.000015", note: "The rest." };
  expect(await asOperator.shortfalls.makeUp(asked)).toEqual({ left: "0.000000" });
  expect(await open(batch.number)).toBeUndefined();
  const { revocation, circulating } = await visitor.registry.batch({ number: String(batch.number) });
  expect(revocation).toMatchObject({ fromBuffer: "0.000060", replaced: "0.000060", shortfall: "0.000000" });
  // What they bought in good faith stays theirs.
  expect(circulating).toBe("0.000060");
  expect([await onOperator(), (await balanceOf(t.db, bufferAccount())).balance]).toEqual([0n, 0n]);
  const news = await told(batch.id);
  expect(new Set(news.map(({ userId }) => userId))).toEqual(new Set(holders));
  expect(news.map(({ grams, left }) => [grams, left])).toEqual([
    ["45", "15"],
    ["45", "15"],
    ["15", "0"],
    ["15", "0"],
  ]);
  // The public log says what was cancelled, and for which batch.
  const pending = await t.admin
    .selectFrom("log.pending")
    .select("body")
    .where("kind", "=", "cancelled")
    .execute();
  const logged = pending.map(({ body }) => Buffer.from(body).toString());
  expect(logged.filter((text) => text.includes("buffer") && text.includes(`${batch.number}`))).not.toEqual(
    [],
  );
  const faults = await sql`select fault from verification.faults_of_replacements()`.execute(t.db);
  expect(faults.rows).toEqual([]);
});

test("never more than is owed, than the operator has, nor grams that are owed for themselves", async () => {
  const { batch, holders } = await sold();
  await wellStocked(30n);
  await expect(made(batch.number, 61n)).rejects.toMatchObject({
    code: "shortfall_smaller",
    details: { credits: "0.000060" },
  });
  await expect(made(batch.number, 31n)).rejects.toMatchObject({ code: "credits_insufficient" });
  await expect(made(999_999n, 1n)).rejects.toMatchObject({ code: "batch_not_found" });
  const [holder] = holders as [Id<"user">];
  const theirs = t.transact((tx) =>
    makeUp(tx, { id: holder }, { id: newId("transfer"), number: batch.number, grams: 10n, note: "Own." }),
  );
  await expect(theirs).rejects.toMatchObject({ code: "credits_revoked" });
  const asOwner = createCallerFactory(creditsRouter)(testContext(t, await aUser(t)));
  const asked = { number: String(batch.number), amount: "0.000001", note: "Mine." };
  await expect(asOwner.shortfalls.makeUp(asked)).rejects.toThrow();
  expect(await onOperator()).toBe(30n);
  expect(await open(batch.number)).toMatchObject({ revocation: { shortfall: 60n } });
});

test("two at once make up once; killed half-way nothing has moved, and the retry moves it once", async () => {
  const { batch } = await sold();
  const before = await onOperator();
  await wellStocked(200n);
  const both = await Promise.allSettled([made(batch.number, 40n), made(batch.number, 40n)]);
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const id = newId("transfer");
  const input = { id, number: batch.number, grams: 20n, note: "Again." };
  await cutOff(t, (tx) => makeUp(tx, operator, input));
  expect(await open(batch.number)).toMatchObject({ revocation: { shortfall: 20n, replaced: 40n } });
  const same = await Promise.all([1, 2, 3].map(() => t.transact((tx) => makeUp(tx, operator, input))));
  expect(same).toEqual([{ left: 0n }, { left: 0n }, { left: 0n }]);
  expect(await onOperator()).toBe(before + 140n);
});
