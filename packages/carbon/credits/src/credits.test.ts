import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { testDatabase } from "@evx/db/testing";
import { drain, tick } from "@evx/jobs/testing";
import { newId } from "@evx/kernel";
import { fileText } from "@evx/kernel/testing";
import { balanceOf, bufferAccount } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import type { Actor } from "@evx/rpc";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { setRule } from "@evx/rules";
import * as v from "valibot";
import { batchesOfRequest, issueBatch, serialsOfTransfer } from "./batches.ts";
import { revokeBatch } from "./cancellations.ts";
import {
  batchRevoked,
  creditsCancelled,
  creditsIssued,
  creditsRetired,
  creditsTransferred,
} from "./events.ts";
import { creditsJobs } from "./jobs.ts";
import { bufferShares } from "./policy.ts";
import { retire, retirementById } from "./retirements.ts";
import { creditsRouter } from "./router.ts";
import { anIssuance, givenCredits, givenListed, givenSold } from "./testing.ts";
import { transferCredits, walletOf } from "./wallets.ts";

const t = await testDatabase({ max: 20 });
afterEach(() => expectBooksBalance(t.db));
afterAll(() => t.close());

const caller = createCallerFactory(creditsRouter);
const as = (actor: Actor | null) => caller(testContext(t, actor));

describe("issueBatch", () => {
  test("puts the request's grams into the owner's wallet with serial numbers from 1", async () => {
    const owner = await aUser(t);
    const issued = await t.transact((tx) => givenCredits(tx, owner.id, 100_000n));
    expect(issued.serial).toBe(
      `EVX-VN-flat-v1-2025-${String(issued.batch.number).padStart(6, "0")}-1-100000`,
    );
    expect(issued.ownerSerial).toBe(issued.serial);
    expect(await as(owner).wallet({ userId: owner.id })).toEqual({
      userId: owner.id,
      balance: "0.100000",
      reserved: "0.000000",
      retired: "0.000000",
    });
    expect((await serialsOfTransfer(t.db, issued.batch.transferId)).map((run) => run.serial)).toEqual([
      issued.serial,
    ]);
    expect((await batchesOfRequest(t.db, issued.batch.requestId))[0]?.id).toBe(issued.batch.id);
  });

  test("a request is issued once, however often and however many at once ask", async () => {
    const owner = await aUser(t);
    const issuance = anIssuance({ ownerId: owner.id });
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => t.transact((tx) => issueBatch(tx, issuance))),
    );
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect((await walletOf(t.db, owner.id)).balance).toBe(100_000n);
    await expect(
      t.transact((tx) => issueBatch(tx, { ...issuance, id: newId("batch"), grams: 100_001n })),
    ).rejects.toMatchObject({ code: "batch_of_request_differs" });
    expect((await walletOf(t.db, owner.id)).balance).toBe(100_000n);
  });

  test("keeps the buffer's share back by the quality tier that an operator has set", async () => {
    const owner = await aUser(t);
    await t.transact((tx) =>
      setRule(tx, bufferShares, {
        value: { connected: 0, export: 0, manual: 1_000 },
        reason: "Manual entries need a reserve",
        setBy: null,
      }),
    );
    const issued = await t.transact((tx) => givenCredits(tx, owner.id, 1_000n, { qualityTier: "manual" }));
    expect([issued.ownerGrams, issued.batch.bufferGrams]).toEqual([900n, 100n]);
    expect(issued.ownerSerial).toEndWith("-101-1000");
    expect((await balanceOf(t.db, bufferAccount())).balance).toBe(100n);
    const row = await as(null).registry.batch({ number: String(issued.batch.number) });
    expect(row).toMatchObject({ issued: "0.001000", circulating: "0.000900", buffer: "0.000100" });
  });
});

describe("retire", () => {
  const input = { amount: 40n, beneficiaryName: "Công ty Xanh", reason: "event" as const };

  test("takes credits out of circulation for good, in the beneficiary's name and in public", async () => {
    const anna = await aUser(t);
    const { batch } = await t.transact((tx) => givenCredits(tx, anna.id, 100n));
    const id = newId("retirement");
    const { retirement, serials } = await t.transact((tx) =>
      retire(tx, anna, {
        ...input,
        id,
        beneficiaryCountry: "VN",
        message: "Hội nghị 2025",
        periodFrom: new Date("2025-01-01"),
        periodTo: new Date("2025-03-31"),
      }),
    );
    expect(serials.map(({ first_g, last_g }) => [first_g, last_g])).toEqual([[1n, 40n]]);
    expect(retirement).toMatchObject({ periodFrom: "2025-01-01", periodTo: "2025-03-31", grams: 40n });
    expect(await walletOf(t.db, anna.id)).toMatchObject({ balance: 60n, retired: 40n });
    expect(await retirementById(t.db, id)).toEqual(retirement);
    const found = await as(null).registry.retirements({ q: "CONG TY xanh hoi" });
    expect(found.items).toMatchObject([
      { id, credits: "0.000040", beneficiaryName: "Công ty Xanh", reason: "event" },
    ]);
    expect((await as(null).registry.retirements({ q: "100%_no" })).items).toEqual([]);
    expect((await as(anna).history({ userId: anna.id, type: "retire" })).items).toMatchObject([
      { amount: "0.000040", referenceId: id },
    ]);
    const life = await as(null).registry.timeline({ serial: serials[0]?.serial as string });
    expect(life.runs).toMatchObject([{ state: "retired", steps: [{ step: "issued" }, { step: "retired" }] }]);
    expect(life.batch.id).toBe(batch.id);
  });

  test("the same id and content is the same retirement; other content, or another's id, is refused", async () => {
    const [anna, binh] = [await aUser(t), await aUser(t)];
    for (const { id } of [anna, binh]) await t.transact((tx) => givenCredits(tx, id, 100n));
    const id = newId("retirement");
    const first = await t.transact((tx) => retire(tx, anna, { ...input, id }));
    const again = await t.transact((tx) => retire(tx, anna, { ...input, id }));
    expect(again).toEqual({ ...first, replayed: true });
    for (const [who, change] of [
      [anna, { amount: 41n }],
      [anna, { beneficiaryName: "Else" }],
      [binh, {}],
    ] as const) {
      await expect(t.transact((tx) => retire(tx, who, { ...input, id, ...change }))).rejects.toMatchObject({
        code: "retirement_id_reused",
      });
    }
    expect(await walletOf(t.db, anna.id)).toMatchObject({ balance: 60n, retired: 40n });
    expect(await walletOf(t.db, binh.id)).toMatchObject({ balance: 100n, retired: 0n });
  });

  test("more than the wallet has, or listed credits, cannot be retired, and nothing is written", async () => {
    const anna = await aUser(t);
    await t.transact((tx) => givenCredits(tx, anna.id, 50n));
    await t.transact((tx) => givenListed(tx, anna.id, 20n));
    const id = newId("retirement");
    await expect(t.transact((tx) => retire(tx, anna, { ...input, id }))).rejects.toMatchObject({
      code: "credits_insufficient",
    });
    expect(await retirementById(t.db, id)).toBeNull();
    await expect(
      t.transact((tx) =>
        retire(tx, anna, {
          ...input,
          id,
          periodFrom: new Date("2025-02-01"),
          periodTo: new Date("2025-01-01"),
        }),
      ),
    ).rejects.toMatchObject({ code: "retirement_period_reversed" });
  });
});

describe("public registry", () => {
  test("its totals are the ledger's: issued = circulating + retired + cancelled + buffer", async () => {
    const totals = await as(null).registry.totals();
    const grams = (text: string) => BigInt(text.replace(".", ""));
    expect(grams(totals.issued)).toBe(
      grams(totals.circulating) + grams(totals.retired) + grams(totals.cancelled) + grams(totals.buffer),
    );
    const all = await as(null).registry.batches({ limit: 100 });
    expect(all.items.reduce((sum, batch) => sum + grams(batch.issued), 0n)).toBe(grams(totals.issued));
    expect(all.items).toHaveLength(totals.batches);
    const csv = (await fileText(await as(null).registry.batchesFile({}))).trim().split("\r\n");
    expect(csv).toHaveLength(totals.batches + 1);
    const retired = (await fileText(await as(null).registry.retirementsFile({}))).trim().split("\r\n");
    expect(retired).toHaveLength(totals.retirements + 1);
  });

  test("finds batches by number, serial, vintage, country and method, page by page", async () => {
    const anna = await aUser(t);
    const made = [];
    for (let n = 0; n < 5; n++) {
      made.push(
        await t.transact((tx) => givenCredits(tx, anna.id, 10n, { vintageYear: 2031, countryCode: "JP" })),
      );
    }
    const [first] = made;
    const by = async (query: object) => (await as(null).registry.batches(query)).items.map(({ id }) => id);
    expect(await by({ q: String(first?.batch.number) })).toEqual([first?.batch.id as never]);
    expect(await by({ q: first?.ownerSerial })).toEqual([first?.batch.id as never]);
    expect(await by({ q: "nothing like it" })).toEqual([]);
    expect(await by({ vintage: "2031", country: "jp", method: "flat-v1" })).toHaveLength(5);
    const page = await as(null).registry.batches({ vintage: 2031, limit: 3 });
    const next = await as(null).registry.batches({
      vintage: 2031,
      limit: 3,
      cursor: page.nextCursor as string,
    });
    expect(new Set([...page.items, ...next.items].map(({ id }) => id)).size).toBe(5);
    expect(next.nextCursor).toBeNull();
    await expect(as(null).registry.batch({ number: "999999" })).rejects.toMatchObject({
      cause: { code: "batch_not_found" },
    });
  });

  test("a serial number's life is told part by part without naming anybody", async () => {
    const [anna, binh] = [
      await aUser(t, { fullName: "Secret Anna" }),
      await aUser(t, { role: "buyer", fullName: "Secret Binh" }),
    ];
    const issued = await t.transact((tx) => givenCredits(tx, anna.id, 100n));
    const listing = await t.transact((tx) => givenListed(tx, anna.id, 30n));
    await t.transact((tx) =>
      givenSold(tx, { listingId: listing, sellerId: anna.id, buyerId: binh.id, grams: 20n }),
    );
    const life = await as(null).registry.timeline({ serial: issued.serial });
    expect(
      life.runs.map(({ state, credits, steps }) => [state, credits, steps.map(({ step }) => step)]),
    ).toEqual([
      ["held", "0.000020", ["issued", "listed", "sold"]],
      ["listed", "0.000010", ["issued", "listed"]],
      ["held", "0.000070", ["issued"]],
    ]);
    expect(JSON.stringify(life)).not.toContain("Secret");
    expect(JSON.stringify(life)).not.toContain("usr_");
    const part = issued.serial.replace(/-1-100$/, "-15-25");
    expect((await as(null).registry.timeline({ serial: part })).runs.map(({ credits }) => credits)).toEqual([
      "0.000006",
      "0.000005",
    ]);
    for (const wrong of ["x", issued.serial.replace("-1-100", "-1-101"), issued.serial.replace("VN", "NZ")]) {
      await expect(as(null).registry.timeline({ serial: wrong })).rejects.toMatchObject({
        cause: { code: "serial_not_found" },
      });
    }
  });
});

describe("jobs and events", () => {
  test("a movement leaves its event once, however often it is asked for; the nightly audit finds nothing", async () => {
    const [anna, binh] = [await aUser(t), await aUser(t)];
    const issuance = anIssuance({ ownerId: anna.id });
    const retirement = {
      id: newId("retirement"),
      amount: 5n,
      beneficiaryName: "B",
      reason: "other" as const,
    };
    const transfer = { id: newId("transfer"), toUserId: binh.id, amount: 7n };
    await t.admin.deleteFrom("jobs.outbox").execute();
    for (let time = 0; time < 3; time++) {
      await t.transact((tx) => issueBatch(tx, issuance));
      await t.transact((tx) => transferCredits(tx, anna, transfer));
      await t.transact((tx) => retire(tx, anna, retirement));
    }
    await t.transact((tx) => revokeBatch(tx, { batchId: issuance.id, reason: "Revoked" }));
    const left = await t.db.selectFrom("jobs.outbox").select(["name", "payload"]).orderBy("id").execute();
    // What its owner no longer had was made up from the buffer, as a cancellation of its own.
    expect(left.slice(0, 5).map(({ name }) => name)).toEqual([
      "credits.issued",
      "credits.transferred",
      "credits.retired",
      "credits.batch_revoked",
      "credits.cancelled",
    ]);
    for (const [index, event] of [
      creditsIssued,
      creditsTransferred,
      creditsRetired,
      batchRevoked,
      creditsCancelled,
    ].entries()) {
      expect(v.is(event.schema, left[index]?.payload)).toBe(true);
    }
    await drain(t, creditsJobs);
    await tick(t, creditsJobs, "credits.audit_books");
  });
});
