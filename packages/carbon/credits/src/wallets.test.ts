import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { type Id, newId } from "@evx/kernel";
import { fileText } from "@evx/kernel/testing";
import { expectBooksBalance } from "@evx/ledger/testing";
import type { Actor } from "@evx/rpc";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { joinRuns } from "./batches.ts";
import { creditsRouter } from "./router.ts";
import { givenCredits, givenListed, givenSold } from "./testing.ts";
import { walletOf } from "./wallets.ts";

const t = await testDatabase({ max: 20 });
afterEach(() => expectBooksBalance(t.db));
afterAll(() => t.close());

const caller = createCallerFactory(creditsRouter);
const as = (actor: Actor | null) => caller(testContext(t, actor));

describe("transfer", () => {
  test("moves grams with their serial numbers to the named receiver, and both histories say so", async () => {
    const [anna, binh] = [
      await aUser(t, { fullName: "Anna" }),
      await aUser(t, { role: "buyer", fullName: "Bình" }),
    ];
    const { batch } = await t.transact((tx) => givenCredits(tx, anna.id, 100_000n));
    expect(await as(anna).receiver({ userId: binh.id })).toEqual({ userId: binh.id, name: "B." });
    const { transfer } = await as(anna).transfer({
      toUserId: binh.id,
      amount: "0.04",
      note: "For the fleet",
    });
    expect(transfer).toMatchObject({
      fromUserId: anna.id,
      toUserId: binh.id,
      toName: "B.",
      amount: "0.040000",
      note: "For the fleet",
      createdAt: "2026-03-01T00:00:00.000Z",
    });
    expect(transfer.serials).toEqual([
      `EVX-VN-flat-v1-2025-${String(batch.number).padStart(6, "0")}-1-40000`,
    ]);
    const mine = await as(anna).history({ userId: anna.id });
    expect(mine.items.map(({ type, amount }) => [type, amount])).toContainEqual(["transfer_out", "0.040000"]);
    const theirs = await as(binh).history({ userId: binh.id });
    expect(theirs.items).toEqual([
      {
        id: transfer.id,
        type: "transfer_in",
        amount: "0.040000",
        serials: transfer.serials,
        referenceId: transfer.id,
        counterparty: { id: anna.id, name: "Anna" },
        note: "For the fleet",
        createdAt: "2026-03-01T00:00:00.000Z",
      },
    ]);
  });

  test("to oneself, to nobody, of nothing, of too much or with seven decimals is refused and nothing moves", async () => {
    const [anna, binh] = [await aUser(t), await aUser(t)];
    await t.transact((tx) => givenCredits(tx, anna.id, 100_000n));
    const refused = async (input: { toUserId: string; amount: string | number }, code: string) =>
      expect(as(anna).transfer(input as never)).rejects.toMatchObject({ cause: { code } });
    await refused({ toUserId: anna.id, amount: "0.01" }, "credits_to_self");
    await refused({ toUserId: newId("user"), amount: "0.01" }, "credits_receiver_unknown");
    await refused({ toUserId: binh.id, amount: "0.100001" }, "credits_insufficient");
    for (const amount of ["0", "0.0000001", "-1", "1e3", "", "1,5", "9999999999999"]) {
      await expect(as(anna).transfer({ toUserId: binh.id, amount })).rejects.toMatchObject({
        code: "BAD_REQUEST",
      });
    }
    for (const toUserId of ["", "usr_x", newId("batch")]) {
      await expect(as(anna).transfer({ toUserId, amount: "0.01" })).rejects.toMatchObject({
        code: "BAD_REQUEST",
      });
    }
    expect((await walletOf(t.db, anna.id)).balance).toBe(100_000n);
  });

  test("a gram sent to a wallet number buys no name: the giver sees initials, the receiver whose gift it is", async () => {
    const [anna, binh] = [await aUser(t, { fullName: "Anna Weiß" }), await aUser(t, { fullName: "Lê Bình" })];
    await t.transact((tx) => givenCredits(tx, anna.id, 10n));
    const { transfer } = await as(anna).transfer({ toUserId: binh.id, amount: "0.000001" });
    const mine = await as(anna).history({ userId: anna.id });
    const file = await fileText(await as(anna).historyFile({ userId: anna.id }));
    expect(
      JSON.stringify([await as(anna).receiver({ userId: binh.id }), transfer, mine, file]),
    ).not.toContain("Bình");
    const given = mine.items.find(({ type }) => type === "transfer_out");
    expect(given?.counterparty?.name).toBe("L. B.");
    expect((await as(binh).history({ userId: binh.id })).items[0]?.counterparty?.name).toBe("Anna Weiß");
  });

  test("a suspended receiver gets nothing", async () => {
    const [anna, binh] = [await aUser(t), await aUser(t)];
    await t.transact((tx) => givenCredits(tx, anna.id, 10n));
    await t.admin
      .updateTable("identity.user")
      .set({ suspended_at: t.clock.now(), suspension_reason: "test" })
      .where("id", "=", binh.id)
      .execute();
    await expect(as(anna).transfer({ toUserId: binh.id, amount: "0.00001" })).rejects.toMatchObject({
      cause: { code: "credits_receiver_suspended" },
    });
  });

  test("the same name again is the same transfer; another payload under it is refused", async () => {
    const [anna, binh] = [await aUser(t), await aUser(t)];
    await t.transact((tx) => givenCredits(tx, anna.id, 100_000n));
    const input = { toUserId: binh.id, amount: "0.03", transferId: "my own name 1" };
    const first = await as(anna).transfer(input);
    t.clock.advance(60_000);
    expect(await as(anna).transfer(input)).toEqual(first);
    await expect(as(anna).transfer({ ...input, amount: "0.02" })).rejects.toMatchObject({
      cause: { code: "transfer_id_reused" },
    });
    expect((await walletOf(t.db, binh.id)).balance).toBe(30_000n);
    t.clock.set("2026-03-01T00:00:00Z");
  });

  test("two people may use the same name: neither can take the other's transfer", async () => {
    const [anna, binh, chi] = [await aUser(t), await aUser(t), await aUser(t)];
    for (const { id } of [anna, binh]) await t.transact((tx) => givenCredits(tx, id, 10n));
    for (const person of [anna, binh]) {
      await as(person).transfer({ toUserId: chi.id, amount: "0.00001", transferId: "same" });
    }
    expect((await walletOf(t.db, chi.id)).balance).toBe(20n);
  });

  test("200 at once from one wallet never overdraw it", async () => {
    const [anna, binh] = [await aUser(t), await aUser(t)];
    await t.transact((tx) => givenCredits(tx, anna.id, 1_000n));
    const results = await Promise.allSettled(
      Array.from({ length: 200 }, () => as(anna).transfer({ toUserId: binh.id, amount: "0.000007" })),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(142);
    expect((await walletOf(t.db, binh.id)).balance).toBe(994n);
  }, 30_000);
});

describe("wallet and history", () => {
  test("listed credits are reserved, sold ones are gone, and each side's history names the order", async () => {
    const [seller, buyer] = [
      await aUser(t, { fullName: "Seller" }),
      await aUser(t, { role: "buyer", fullName: "Buyer" }),
    ];
    await t.transact((tx) => givenCredits(tx, seller.id, 100n));
    const listing = await t.transact((tx) => givenListed(tx, seller.id, 60n));
    await t.transact((tx) => givenListed(tx, seller.id, 10n));
    expect(await walletOf(t.db, seller.id)).toMatchObject({ balance: 30n, reserved: 70n, retired: 0n });
    const { orderId } = await t.transact((tx) =>
      givenSold(tx, { listingId: listing, sellerId: seller.id, buyerId: buyer.id, grams: 60n }),
    );
    expect(await walletOf(t.db, seller.id)).toMatchObject({ balance: 30n, reserved: 10n });
    const sold = await as(seller).history({ userId: seller.id, type: "sale" });
    expect(sold.items).toMatchObject([
      { type: "sale", amount: "0.000060", referenceId: orderId, counterparty: { name: "Buyer" } },
    ]);
    const bought = await as(buyer).history({ userId: buyer.id });
    expect(bought.items).toMatchObject([
      { type: "purchase", amount: "0.000060", referenceId: orderId, counterparty: { name: "Seller" } },
    ]);
    expect(bought.items[0]?.serials).toEqual(sold.items[0]?.serials as string[]);
    // Listing is no movement: the credits stayed the seller's.
    expect((await as(seller).history({ userId: seller.id })).items.map(({ type }) => type).sort()).toEqual([
      "issue",
      "sale",
    ]);
  });

  test("pages follow each other without a gap, and filters by type and time hold", async () => {
    const [anna, binh] = [await aUser(t), await aUser(t)];
    await t.transact((tx) => givenCredits(tx, anna.id, 1_000n));
    for (let n = 1; n <= 12; n++) {
      t.clock.set(`2026-04-${String(n).padStart(2, "0")}T00:00:00Z`);
      await as(anna).transfer({ toUserId: binh.id, amount: `0.${String(n).padStart(6, "0")}` });
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await as(binh).history({ userId: binh.id, limit: 5, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items.map(({ amount }) => amount));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(Array.from({ length: 12 }, (_, n) => `0.${String(12 - n).padStart(6, "0")}`));
    const april = await as(binh).history({
      userId: binh.id,
      from: "2026-04-03",
      to: "2026-04-05",
      type: "transfer_in",
    });
    expect(april.items.map(({ amount }) => amount)).toEqual(["0.000004", "0.000003"]);
    expect((await as(binh).history({ userId: binh.id, type: "sale" })).items).toEqual([]);
    // What no list ever gave is refused, and so is another list's cursor: page one instead would turn in a circle.
    for (const broken of ["x", "bm90aGluZw"]) {
      await expect(as(binh).history({ userId: binh.id, cursor: broken })).rejects.toThrow("cannot be used");
    }
    for (const other of [btoa("[1,2,3]"), btoa('["1e99","x",-4]')]) {
      await expect(as(binh).history({ userId: binh.id, cursor: other })).rejects.toThrow(
        "not one that this list",
      );
    }
    t.clock.set("2026-03-01T00:00:00Z");
  });

  test("the CSV file holds every movement, signed, and no formula of a stranger", async () => {
    const [anna, binh] = [
      await aUser(t, { fullName: '=HYPERLINK("a", 1)' }),
      await aUser(t, { fullName: 'Bình "B", Jr' }),
    ];
    await t.transact((tx) => givenCredits(tx, anna.id, 1_000n));
    await as(anna).transfer({ toUserId: binh.id, amount: "0.0001", note: "=1+1" });
    const file = await as(anna).historyFile({ userId: anna.id });
    const lines = (await fileText(file)).slice(1).trim().split("\r\n");
    expect(file.contentType).toBe("text/csv; charset=utf-8");
    expect(lines).toHaveLength(3);
    expect(lines.join("\n")).toContain(",transfer_out,-0.000100,B. B. J.,");
    expect(lines.join("\n")).toContain(",'=1+1");
    const other = await fileText(await as(binh).historyFile({ userId: binh.id }));
    expect(other).toContain(`"'=HYPERLINK(""a"", 1)"`);
  });

  test("another's wallet, history, lots and retirements are not there; an operator sees them", async () => {
    const [anna, binh, admin] = [await aUser(t), await aUser(t), await aUser(t, { role: "admin" })];
    const reads = [
      (who: Actor | null) => as(who).wallet({ userId: anna.id }),
      (who: Actor | null) => as(who).history({ userId: anna.id }),
      (who: Actor | null) => as(who).historyFile({ userId: anna.id }),
      (who: Actor | null) => as(who).lots({ userId: anna.id }),
      (who: Actor | null) => as(who).provenance({ userId: anna.id }),
      (who: Actor | null) => as(who).retirements({ userId: anna.id }),
    ];
    for (const read of reads) {
      await expect(read(binh)).rejects.toMatchObject({ code: "NOT_FOUND" });
      await expect(read(null)).rejects.toMatchObject({ code: "UNAUTHORIZED" });
      expect(await read(admin)).toBeDefined();
    }
  });

  test("lots say where each gram came from and how", async () => {
    const [anna, binh] = [await aUser(t), await aUser(t, { role: "buyer" })];
    const auditor = await aUser(t, { role: "cva", fullName: "Đặng Auditor" });
    const { batch } = await t.transact((tx) => givenCredits(tx, anna.id, 1_000n, { cvaId: auditor.id }));
    const second = await t.transact((tx) => givenCredits(tx, binh.id, 50n, { countryCode: "NZ" }));
    const listing = await t.transact((tx) => givenListed(tx, anna.id, 300n));
    const { orderId } = await t.transact((tx) =>
      givenSold(tx, { listingId: listing, sellerId: anna.id, buyerId: binh.id, grams: 300n }),
    );
    await as(anna).transfer({ toUserId: binh.id, amount: "0.0001" });
    const { items } = await as(binh).lots({ userId: binh.id });
    expect(items.map(({ acquired, credits, batch: { country } }) => [acquired, credits, country])).toEqual([
      ["received", "0.000100", "VN"],
      ["bought", "0.000300", "VN"],
      ["issued", "0.000050", "NZ"],
    ]);
    expect(items[1]).toMatchObject({
      referenceId: orderId,
      batch: { cvaName: "Đặng Auditor", id: batch.id },
    });
    expect(
      (await as(binh).provenance({ userId: binh.id })).items.map((part) => [part.batch.id, part.credits]),
    ).toEqual([
      [batch.id, "0.000400"],
      [second.batch.id, "0.000050"],
    ]);
  });

  test("runs that lie side by side read as one", () => {
    const [a, b] = ["bat_a", "bat_b"] as [Id<"batch">, Id<"batch">];
    expect(
      joinRuns([
        { batchId: b, first_g: 1n, last_g: 5n },
        { batchId: a, first_g: 6n, last_g: 9n },
        { batchId: a, first_g: 1n, last_g: 5n },
        { batchId: a, first_g: 11n, last_g: 12n },
      ]),
    ).toEqual([
      { batchId: a, first_g: 1n, last_g: 9n },
      { batchId: a, first_g: 11n, last_g: 12n },
      { batchId: b, first_g: 1n, last_g: 5n },
    ]);
  });
});
