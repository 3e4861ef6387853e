import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { type Id, newId } from "@evx/kernel";
import { cash, wallet } from "./accounts.ts";
import { hold, post, release } from "./post.ts";
import { balanceOf } from "./read.ts";
import { expectBooksBalance, givenCash, givenGrams } from "./testing.ts";

const t = await testDatabase({ max: 24 });
afterEach(() => expectBooksBalance(t.db));
afterAll(() => t.close());

const user = () => newId("user");
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
const outcomes = (results: PromiseSettledResult<unknown>[]) =>
  results
    .map((result) =>
      result.status === "fulfilled"
        ? "done"
        : ((result.reason as { code?: string }).code ?? String(result.reason)),
    )
    .sort();

describe("hold and release", () => {
  test("a hold keeps its amount from every other use until it is voided", async () => {
    const [anna, binh, id] = [user(), user(), newId("order")];
    await t.transact((tx) => givenGrams(tx, anna, 100n));
    const reservation = { id, account: wallet(anna), amount: 60n };
    expect(await t.transact((tx) => hold(tx, reservation))).toEqual({ replayed: false });
    expect(await t.transact((tx) => hold(tx, reservation))).toEqual({ replayed: true });
    await expect(t.transact((tx) => hold(tx, { ...reservation, amount: 61n }))).rejects.toMatchObject({
      code: "hold_id_reused",
    });
    await expect(
      t.transact((tx) => hold(tx, { ...reservation, id: newId("order"), amount: 41n })),
    ).rejects.toMatchObject({ code: "balance_insufficient" });
    await expect(give(anna, binh, 41n)).rejects.toMatchObject({ code: "balance_insufficient" });
    await give(anna, binh, 40n);
    expect(await t.transact((tx) => release(tx, { holdId: id }))).toEqual({ replayed: false });
    expect(await t.transact((tx) => release(tx, { holdId: id }))).toEqual({ replayed: true });
    await give(anna, binh, 60n);
  });

  test("a hold ends once: posted or voided, never both", async () => {
    const [anna, binh] = [user(), user()];
    await t.transact((tx) => givenCash(tx, anna, "USD", 10_000n));
    for (let round = 0; round < 10; round++) {
      const id = newId("withdrawal");
      await t.transact((tx) => hold(tx, { id, account: cash("USD", anna), amount: 500n }));
      const results = await Promise.allSettled([
        t.transact((tx) => release(tx, { holdId: id })),
        t.transact((tx) =>
          post(tx, {
            id: newId("transfer"),
            kind: "payout",
            legs: [
              { account: cash("USD", anna), amount: -500n },
              { account: cash("USD", binh), amount: 500n },
            ],
            releases: [id],
          }),
        ),
      ]);
      expect(outcomes(results)).toEqual(["done", "hold_ended"]);
    }
    expect((await balanceOf(t.db, cash("USD", anna))).held).toBe(0n);
  });

  test("an unknown hold is neither released nor posted", async () => {
    const anna = user();
    await t.transact((tx) => givenCash(tx, anna, "USD", 100n));
    await expect(t.transact((tx) => release(tx, { holdId: newId("order") }))).rejects.toMatchObject({
      code: "hold_unknown",
    });
    await expect(
      t.transact((tx) =>
        post(tx, {
          id: newId("transfer"),
          kind: "payout",
          legs: [
            { account: cash("USD", anna), amount: -1n },
            { account: cash("USD", user()), amount: 1n },
          ],
          releases: [newId("withdrawal")],
        }),
      ),
    ).rejects.toMatchObject({ code: "hold_unknown" });
  });

  test("50 holds at once on one listing never reserve more than it has", async () => {
    const anna = user();
    await t.transact((tx) => givenGrams(tx, anna, 100n));
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, () =>
        t.transact((tx) => hold(tx, { id: newId("order"), account: wallet(anna), amount: 3n })),
      ),
    );
    expect(outcomes(results).filter((outcome) => outcome === "done")).toHaveLength(33);
  });
});
