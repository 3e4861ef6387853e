import { afterAll, beforeAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { cutOff, type TestDatabase, testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { expectBooksBalance } from "@evx/ledger/testing";
import { retire, retirementById } from "./retirements.ts";
import { givenCredits } from "./testing.ts";
import { transferCredits, walletOf } from "./wallets.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(async () => {
  await expectBooksBalance(t.db);
  await t.close();
});

test("a transfer whose server dies before it is sure leaves both wallets as they were; its retry moves it once", async () => {
  const [sender, receiver] = [await aUser(t), await aUser(t, { role: "buyer" })];
  await t.transact((tx) => givenCredits(tx, sender.id, 100_000n));
  const input = { id: newId("transfer"), toUserId: receiver.id, amount: 40_000n };
  await cutOff(t, (tx) => transferCredits(tx, sender, input));
  expect(await walletOf(t.db, sender.id)).toMatchObject({ balance: 100_000n, reserved: 0n });
  expect(await walletOf(t.db, receiver.id)).toMatchObject({ balance: 0n });
  for (const _ of [1, 2]) await t.transact((tx) => transferCredits(tx, sender, input));
  expect(await walletOf(t.db, sender.id)).toMatchObject({ balance: 60_000n });
  expect(await walletOf(t.db, receiver.id)).toMatchObject({ balance: 40_000n });
});

test("a retirement whose server dies before it is sure is not in the registry; its retry retires once", async () => {
  const holder = await aUser(t, { role: "buyer" });
  await t.transact((tx) => givenCredits(tx, holder.id, 100_000n));
  const input = {
    id: newId("retirement"),
    amount: 30_000n,
    beneficiaryName: "Saigon Green Logistics",
    reason: "product" as const,
  };
  await cutOff(t, (tx) => retire(tx, holder, input));
  expect(await retirementById(t.db, input.id)).toBeNull();
  expect(await walletOf(t.db, holder.id)).toMatchObject({ balance: 100_000n, retired: 0n });
  for (const _ of [1, 2]) await t.transact((tx) => retire(tx, holder, input));
  expect(await walletOf(t.db, holder.id)).toMatchObject({ balance: 70_000n, retired: 30_000n });
});
