import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { tick } from "@evx/jobs/testing";
import { type Grams, type Id, newId } from "@evx/kernel";
import { fileText } from "@evx/kernel/testing";
import { balanceOf, bufferAccount, cancelledAccount, listingAccount, post, wallet } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { collectRevoked, revokeBatch } from "./cancellations.ts";
import { creditsJobs } from "./jobs.ts";
import { retire } from "./retirements.ts";
import { creditsRouter } from "./router.ts";
import { givenCredits, givenListed, givenSold } from "./testing.ts";
import { transferCredits, walletOf } from "./wallets.ts";

const t = await testDatabase({ max: 24 });
afterEach(() => expectBooksBalance(t.db));
afterAll(() => t.close());

const visitor = createCallerFactory(creditsRouter)(testContext(t, null));
const given = async (ownerId: Id<"user">, grams: Grams, bufferGrams = 0n) =>
  (await t.transact((tx) => givenCredits(tx, ownerId, grams, { bufferGrams }))).batch;
const revoke = (batchId: Id<"batch">, reason = "The trips were another car's.") =>
  t.transact((tx) => revokeBatch(tx, { batchId, reason }));
const collect = (batchId: Id<"batch">) => t.transact((tx) => collectRevoked(tx, batchId));
const registered = (number: bigint) => visitor.registry.batch({ number: String(number) });
const give = (from: Id<"user">, to: Id<"user">, amount: Grams) =>
  t.transact((tx) => transferCredits(tx, { id: from }, { id: newId("transfer"), toUserId: to, amount }));
const unlist = (listingId: Id<"listing">, seller: Id<"user">, grams: Grams) =>
  t.transact((tx) =>
    post(tx, {
      id: newId("transfer"),
      kind: "unlist",
      legs: [
        { account: listingAccount(listingId), amount: -grams },
        { account: wallet(seller), amount: grams },
      ],
    }),
  );
const inBuffer = async () => (await balanceOf(t.db, bufferAccount())).balance;

describe("a revoked batch", () => {
  test("is cancelled by its own serial numbers, though the wallet holds older ones, and the registry says why", async () => {
    const anna = await aUser(t);
    const older = await given(anna.id, 100n);
    const wrong = await given(anna.id, 50n, 10n);
    const younger = await given(anna.id, 30n);
    expect(await registered(wrong.number)).toMatchObject({ revocation: null });
    expect(await revoke(wrong.id)).toEqual({ owner_g: 40n, buffer_g: 10n, listed_g: 0n, missing_g: 0n });
    expect(await registered(wrong.number)).toMatchObject({
      circulating: "0.000000",
      buffer: "0.000000",
      cancelled: "0.000050",
      revocation: { reason: "The trips were another car's." },
    });
    for (const sound of [older, younger])
      expect(await registered(sound.number)).toMatchObject({ cancelled: "0.000000", revocation: null });
    expect(await walletOf(t.db, anna.id)).toMatchObject({ balance: 130n });
    const text = await fileText(await visitor.registry.batchesFile({}));
    expect(text).toContain("The trips were another car's.");
    await expect(revoke(wrong.id)).rejects.toMatchObject({ code: "batch_already_revoked" });
    await expect(revoke(newId("batch"))).rejects.toMatchObject({ code: "batch_not_found" });
  });

  test("what was given away, sold or retired stays; the owner's other credits answer for it, then the buffer", async () => {
    const [anna, binh] = [await aUser(t), await aUser(t)];
    await given(await aUser(t).then(({ id }) => id), 1_000n, 25n);
    const wrong = await given(anna.id, 100n);
    await give(anna.id, binh.id, 60n);
    await t.transact((tx) =>
      retire(tx, anna, { id: newId("retirement"), amount: 20n, beneficiaryName: "Anna", reason: "personal" }),
    );
    await given(anna.id, 10n);
    // 20 own ones, 10 others, 25 of the buffer; 45 are missing.
    expect(await revoke(wrong.id)).toEqual({ owner_g: 30n, buffer_g: 25n, listed_g: 0n, missing_g: 45n });
    expect(await walletOf(t.db, binh.id)).toMatchObject({ balance: 60n });
    expect(await registered(wrong.number)).toMatchObject({ circulating: "0.000060", retired: "0.000020" });
    // Credits that come to the owner later are theirs; a buffer that grows later makes up more.
    await given(anna.id, 500n, 40n);
    await tick(t, creditsJobs, "credits.collect_revoked");
    await tick(t, creditsJobs, "credits.collect_revoked");
    expect(await walletOf(t.db, anna.id)).toMatchObject({ balance: 460n });
    expect(await inBuffer()).toBe(0n);
    await given(anna.id, 500n, 40n);
    await tick(t, creditsJobs, "credits.collect_revoked");
    // 5 of 45 were still missing.
    expect(await inBuffer()).toBe(35n);
    expect(await collect(wrong.id)).toEqual({ owner_g: 0n, buffer_g: 0n, listed_g: 0n, missing_g: 0n });
    await emptyBuffer();
  });

  test("what is listed is taken when it comes back, and made up for when it is sold", async () => {
    const [anna, binh] = [await aUser(t), await aUser(t)];
    const wrong = await given(anna.id, 100n);
    const listingId = await t.transact((tx) => givenListed(tx, anna.id, 70n));
    await given(anna.id, 500n, 50n);
    expect(await revoke(wrong.id)).toEqual({ owner_g: 30n, buffer_g: 0n, listed_g: 70n, missing_g: 0n });
    await unlist(listingId, anna.id, 45n);
    expect(await collect(wrong.id)).toEqual({ owner_g: 45n, buffer_g: 0n, listed_g: 25n, missing_g: 0n });
    await t.transact((tx) => givenSold(tx, { listingId, sellerId: anna.id, buyerId: binh.id, grams: 25n }));
    expect(await collect(wrong.id)).toEqual({ owner_g: 0n, buffer_g: 25n, listed_g: 0n, missing_g: 0n });
    expect(await walletOf(t.db, anna.id)).toMatchObject({ balance: 450n });
    expect(await walletOf(t.db, binh.id)).toMatchObject({ balance: 25n });
    await emptyBuffer();
  });

  test("revoked ten times at once while its owner gives it away: it happens once, and no gram is taken twice", async () => {
    const [anna, binh] = [await aUser(t), await aUser(t)];
    const wrong = await given(anna.id, 1_000n);
    const before = (await balanceOf(t.db, cancelledAccount())).balance;
    const answers = await Promise.allSettled([
      ...Array.from({ length: 10 }, () => revoke(wrong.id)),
      ...Array.from({ length: 10 }, () => give(anna.id, binh.id, 40n)),
    ]);
    const revocations = answers.slice(0, 10).filter(({ status }) => status === "fulfilled");
    expect(revocations).toHaveLength(1);
    const given_g = 40n * BigInt(answers.slice(10).filter(({ status }) => status === "fulfilled").length);
    expect(await walletOf(t.db, anna.id)).toMatchObject({ balance: 0n });
    expect(await walletOf(t.db, binh.id)).toMatchObject({ balance: given_g });
    const after = (await balanceOf(t.db, cancelledAccount())).balance;
    expect(after - before).toBe(1_000n - given_g);
    await Promise.all(Array.from({ length: 5 }, () => collect(wrong.id)));
    expect((await balanceOf(t.db, cancelledAccount())).balance).toBe(after);
  });
});

/** Empties the buffer that the tests share. */
const emptyBuffer = async () => {
  const rest = await inBuffer();
  if (rest === 0n) return;
  await t.transact((tx) =>
    post(tx, {
      id: newId("transfer"),
      kind: "buffer",
      legs: [
        { account: bufferAccount(), amount: -rest },
        { account: cancelledAccount(), amount: rest },
      ],
    }),
  );
};
