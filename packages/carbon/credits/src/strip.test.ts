import { afterAll, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { cancelledAccount, post, wallet } from "@evx/ledger";
import { retire } from "./retirements.ts";
import { mergedRuns, registryStrip } from "./strip.ts";
import { givenCredits, givenListed, givenSold } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());

test("a registry in which nothing was issued is an empty strip", async () => {
  expect(await registryStrip(t.db)).toMatchObject({ runs: [], issued: 0n });
});

test("the strip has every gram once, in the order of the serial numbers, in the state that it is in", async () => {
  const [owner, buyer] = [await aUser(t), await aUser(t)];
  await t.transact((tx) => givenCredits(tx, owner.id, 104_000n));
  await t.transact(async (tx) => {
    const listing = await givenListed(tx, owner.id, 52_000n);
    await givenSold(tx, { listingId: listing, sellerId: owner.id, buyerId: buyer.id, grams: 26_000n });
    await retire(tx, buyer, {
      id: newId("retirement"),
      amount: 13_000n,
      beneficiaryName: "Mekong",
      reason: "event",
    });
  });
  await t.transact((tx) => givenCredits(tx, owner.id, 104_000n));
  const { runs, issued } = await registryStrip(t.db);
  expect(issued).toBe(208_000n);
  expect(runs.reduce((sum, { share }) => sum + share, 0)).toBe(1_040);
  expect(runs).toEqual([
    { state: "retired", share: 65 },
    { state: "sold", share: 65 },
    { state: "listed", share: 130 },
    { state: "held", share: 780 },
  ]);
});

test("what was cancelled is shown as cancelled, never as retired for somebody", async () => {
  const other = await testDatabase();
  try {
    const owner = await aUser(other);
    await other.transact((tx) => givenCredits(tx, owner.id, 104_000n));
    await other.transact((tx) =>
      post(tx, {
        id: newId("transfer"),
        kind: "cancel",
        legs: [
          { account: wallet(owner.id), amount: -26_000n },
          { account: cancelledAccount(), amount: 26_000n },
        ],
        memo: {},
      }),
    );
    expect((await registryStrip(other.db)).runs).toEqual([
      { state: "cancelled", share: 260 },
      { state: "held", share: 780 },
    ]);
  } finally {
    await other.close();
  }
});

test("a strip of many runs is merged into the states that hold most of their grams", () => {
  const states = Array.from({ length: 1_040 }, (_, at) =>
    at % 4 === 0 ? ("retired" as const) : ("held" as const),
  );
  expect(mergedRuns(states, 260)).toEqual([{ state: "held", share: 1_040 }]);
  expect(mergedRuns(["sold", "held", "held", "sold"], 3)).toEqual([
    { state: "sold", share: 1 },
    { state: "held", share: 2 },
    { state: "sold", share: 1 },
  ]);
});
