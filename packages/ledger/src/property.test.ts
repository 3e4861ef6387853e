import { afterAll, expect, test } from "bun:test";
import { testDatabase } from "@evx/db/testing";
import { type Id, newId, Refusal } from "@evx/kernel";
import fc from "@evx/tooling/properties";
import { type AccountId, cash, clearing, listingAccount, retiredAccount, wallet } from "./accounts.ts";
import { hold, issue, type Leg, type Posting, post, release } from "./post.ts";
import { balancesOf, lotsOf, totals } from "./read.ts";
import { expectBooksBalance } from "./testing.ts";

const t = await testDatabase();
afterAll(() => t.close());

type Place = { account: AccountId; holder?: Id<"user"> };

/** The accounts that one run may touch: nobody else's, so a failure shrinks from a clean start. */
const newPlaces = (): Place[] => {
  const people = Array.from({ length: 4 }, () => newId("user"));
  const [seller, other] = people as [Id<"user">, Id<"user">];
  return [
    ...people.map((id) => ({ account: wallet(id) })),
    ...[1, 2].map(() => ({ account: listingAccount(newId("listing")), holder: seller })),
    { account: retiredAccount(seller) },
    { account: cash("USD", seller) },
    { account: cash("USD", other) },
    { account: clearing("USD", `gateway-${seller}`) },
  ];
};

const PLACES = 10;

const place = fc.integer({ min: 0, max: PLACES - 1 });
const amount = fc.bigInt(1n, 400n);

type Step =
  | { do: "issue"; to: number[]; amount: bigint }
  | { do: "post"; from: number; to: number[]; amount: bigint; useHold: boolean }
  | { do: "repeat"; changed: boolean }
  | { do: "hold"; on: number; amount: bigint }
  | { do: "release"; which: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("issue" as const),
      to: fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 }),
      amount,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("post" as const),
      from: place,
      to: fc.uniqueArray(place, { minLength: 1, maxLength: 3 }),
      amount,
      useHold: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("repeat" as const), changed: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("hold" as const), on: place, amount }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("release" as const), which: fc.nat(20) }) },
);

type Hold = { id: Id<"order">; account: AccountId; amount: bigint; ended: "no" | "posted" | "voided" };

/** What the book must say, kept beside it in plain maps. */
class Model {
  readonly places = newPlaces();
  readonly balances = new Map<AccountId, bigint>();
  readonly holds: Hold[] = [];
  last: Posting | undefined;

  balance(account: AccountId): bigint {
    return this.balances.get(account) ?? 0n;
  }

  held(account: AccountId): bigint {
    return this.holds.reduce(
      (sum, one) => (one.account === account && one.ended === "no" ? sum + one.amount : sum),
      0n,
    );
  }

  add(account: AccountId, change: bigint): void {
    this.balances.set(account, this.balance(account) + change);
  }
}

const code = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return "done";
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
};

const isUnlimited = (account: AccountId): boolean => account.includes("/clearing/");

/** Legs that move an amount from one place to others of the same asset, or null where there is nowhere to go. */
const legsOf = (
  places: readonly Place[],
  from: number,
  to: readonly number[],
  total: bigint,
): Leg[] | null => {
  const source = places[from] as Place;
  const asset = source.account.split("/")[0];
  const targets = to
    .map((index) => places[index] as Place)
    .filter(({ account }) => account !== source.account && account.startsWith(`${asset}/`));
  if (targets.length === 0 || total < BigInt(targets.length)) return null;
  const share = total / BigInt(targets.length);
  return [
    { ...source, amount: -share * BigInt(targets.length) },
    ...targets.map((target) => ({ ...target, amount: share })),
  ];
};

const run = async (model: Model, next: Step): Promise<void> => {
  switch (next.do) {
    case "issue": {
      const legs = next.to.map((index) => ({
        account: (model.places[index] as Place).account,
        grams: next.amount,
      }));
      await t.transact((tx) => issue(tx, { id: newId("transfer"), batchId: newId("batch"), legs }));
      for (const { account, grams } of legs) model.add(account, grams);
      return;
    }
    case "post": {
      const legs = legsOf(model.places, next.from, next.to, next.amount);
      const [first] = legs ?? [];
      if (!legs || !first) return;
      const mine = model.holds.filter((one) => one.account === first.account && one.ended === "no");
      const used = next.useHold ? mine.slice(0, 2) : [];
      const posting: Posting = {
        id: newId("transfer"),
        kind: "correction",
        legs,
        releases: used.map(({ id }) => id),
      };
      const freed = used.reduce((sum, one) => sum + one.amount, 0n);
      const final = first.account.includes("/retired/");
      const enough =
        isUnlimited(first.account) ||
        model.balance(first.account) - model.held(first.account) + freed + first.amount >= 0n;
      const work = code(t.transact((tx) => post(tx, posting)));
      if (final && enough) return void (await expect(work).rejects.toThrow("retired_for_good"));
      expect(await work).toBe(enough ? "done" : "balance_insufficient");
      if (!enough) return;
      for (const leg of legs) model.add(leg.account, leg.amount);
      for (const one of used) one.ended = "posted";
      model.last = posting;
      return;
    }
    case "repeat": {
      const { last } = model;
      if (!last) return;
      const again = next.changed ? { ...last, memo: "other" } : last;
      expect(await code(t.transact((tx) => post(tx, again)))).toBe(
        next.changed ? "transfer_id_reused" : "done",
      );
      return;
    }
    case "hold": {
      const { account } = model.places[next.on] as Place;
      // A listing's account opens with a posting that names its holder, never with a hold.
      if (!model.balances.has(account)) return;
      const one: Hold = { id: newId("order"), account, amount: next.amount, ended: "no" };
      const enough = isUnlimited(account) || model.balance(account) - model.held(account) >= next.amount;
      expect(await code(t.transact((tx) => hold(tx, one)))).toBe(enough ? "done" : "balance_insufficient");
      if (enough) model.holds.push(one);
      return;
    }
    case "release": {
      const one = model.holds[next.which % (model.holds.length || 1)];
      if (!one) return;
      expect(await code(t.transact((tx) => release(tx, { holdId: one.id })))).toBe(
        one.ended === "posted" ? "hold_ended" : "done",
      );
      if (one.ended === "no") one.ended = "voided";
      return;
    }
  }
};

test("whatever is issued, posted, repeated, held and released: after each step the book balances, no serial is owned twice and every balance is the model's", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const model = new Model();
      for (const next of steps) {
        await run(model, next);
        await expectBooksBalance(t.db);
      }
      const accounts = model.places.map(({ account }) => account);
      const real = await balancesOf(t.db, accounts);
      for (const account of accounts) {
        expect([account, real.get(account)?.balance, real.get(account)?.held]).toEqual([
          account,
          model.balance(account),
          model.held(account),
        ]);
      }
      expect([...(await totals(t.db, "gCO2e")).values()].reduce((sum, each) => sum + each, 0n)).toBe(0n);
      const runs: { batchId: string; first_g: bigint; last_g: bigint }[] = [];
      for (const account of accounts.filter((name) => name.startsWith("gCO2e/"))) {
        const { items } = await lotsOf(t.db, account, { limit: 1_000 });
        const grams = items.reduce((sum, { first_g, last_g }) => sum + last_g - first_g + 1n, 0n);
        expect(grams).toBe(model.balance(account));
        runs.push(...items);
      }
      runs.sort((a, b) =>
        a.batchId === b.batchId ? Number(a.first_g - b.first_g) : a.batchId < b.batchId ? -1 : 1,
      );
      for (const [index, run] of runs.entries()) {
        const before = runs[index - 1];
        expect(before?.batchId !== run.batchId || before.last_g < run.first_g).toBe(true);
      }
    }),
    { numRuns: 40 },
  );
}, 60_000);
