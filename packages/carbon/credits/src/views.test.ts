/** The views for a person at a database shell say what the product's own reads say. */
import { afterAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { timelineOf, wallet } from "@evx/ledger";
import { givenCredits } from "./testing.ts";
import { transferCredits } from "./wallets.ts";

const t = await testDatabase();
afterAll(() => t.close());

const owner = await aUser(t);
const friend = await aUser(t);
const { batch } = await t.transact((tx) => givenCredits(tx, owner.id, 100_000n));
const id = newId("transfer");
await t.transact((tx) => transferCredits(tx, owner, { id, toUserId: friend.id, amount: 30_000n }));

test("ledger.balances shows who holds what", async () => {
  const rows = await t.db
    .selectFrom("ledger.balances")
    .select(["account", "available", "postings"])
    .where("holder", "in", [owner.id, friend.id])
    .orderBy("available")
    .execute();
  expect(rows).toEqual([
    { account: wallet(friend.id), available: 30_000n, postings: 1n },
    { account: wallet(owner.id), available: 70_000n, postings: 2n },
  ]);
});

test("ledger.legs shows a transfer whole, with the runs of grams that went and came", async () => {
  const legs = await t.db
    .selectFrom("ledger.legs")
    .select(["account", "amount", "before", "after", "runs"])
    .where("transfer", "=", id)
    .orderBy("amount")
    .execute();
  expect(legs).toEqual([
    {
      account: wallet(owner.id),
      amount: -30_000n,
      before: 100_000n,
      after: 70_000n,
      runs: `-${batch.id}:1-30000`,
    },
    { account: wallet(friend.id), amount: 30_000n, before: 0n, after: 30_000n, runs: `+${batch.id}:1-30000` },
  ]);
});

test("credits.serial_life shows the life of a gram as the product tells it", async () => {
  for (const gram of [1n, 30_000n, 30_001n]) {
    const told = (await timelineOf(t.db, batch.id, gram))?.events ?? [];
    expect(told.length).toBeGreaterThan(0);
    const seen = await t.db
      .selectFrom("credits.serial_life")
      .select(["batch_serial", "transfer", "from_account", "to_account"])
      .where("batch_number", "=", batch.number)
      .where("first_gram", "<=", gram)
      .where("last_gram", ">=", gram)
      .orderBy("at")
      .orderBy("transfer")
      .execute();
    expect(seen.map((row) => row.transfer).sort()).toEqual(told.map((event) => event.transferId).sort());
    expect(seen.map((row) => row.to_account).sort()).toEqual(told.map((event) => String(event.to)).sort());
    expect(seen[0]?.batch_serial).toBe(`EVX-VN-flat-v1-2025-${String(batch.number).padStart(6, "0")}`);
  }
});
