import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { choosePublicName } from "@evx/accounts";
import { aUser } from "@evx/accounts/testing";
import { bufferShares, retirements, walletOf } from "@evx/credits";
import { creditsSold } from "@evx/credits/events";
import { givenListed, givenSold } from "@evx/credits/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { emit } from "@evx/jobs";
import { drain } from "@evx/jobs/testing";
import { type Id, newId } from "@evx/kernel";
import { balanceOf, bufferAccount } from "@evx/ledger";
import { expectBooksBalance } from "@evx/ledger/testing";
import { certificateNumber, generateSigningKey, readSigningKeys, verifyCertificate } from "@evx/proof";
import { setRule } from "@evx/rules";
import { certificateFile, certificateNamed } from "./certificates.ts";
import { certificateJobs } from "./jobs.ts";
import { publicKeys } from "./keys.ts";
import type { CertificatePorts } from "./ports.ts";
import { certificateOf } from "./queries/certificates.ts";
import { certificatesOf, publicCertificate } from "./registry.ts";
import { retireCredits } from "./retirements.ts";
import { revokeCertificate } from "./revocation.ts";
import { anIssuedBatch, enterKeys, testPorts } from "./testing.ts";

// Generous, because tests share their machine.
setDefaultTimeout(60_000);

let t: TestDatabase;
let ports: CertificatePorts;
beforeAll(async () => {
  t = await testDatabase();
  ports = await testPorts();
});
afterAll(async () => {
  await expectBooksBalance(t.db);
  await t.close();
});

const retire = (holder: { id: Id<"user"> }, more: Partial<Parameters<typeof retireCredits>[3]> = {}) =>
  t.transact((tx) =>
    retireCredits(tx, ports, holder, {
      id: newId("retirement"),
      amount: 5_000n,
      beneficiaryName: "Công ty Cổ phần Hà Nội Xanh",
      beneficiaryCountry: "VN",
      reason: "event",
      message: "Hội nghị 2026",
      ...more,
    }),
  );

/** A sale as the marketplace settles it: the credits have moved, the event follows. */
const sell = (seller: { id: Id<"user"> }, buyer: { id: Id<"user"> }, grams: bigint) =>
  t.transact(async (tx) => {
    const listingId = await givenListed(tx, seller.id, grams);
    const sale = { listingId, sellerId: seller.id, buyerId: buyer.id, grams };
    const { transferId, orderId } = await givenSold(tx, sale);
    const told = { transferId, orderId, sellerId: seller.id, buyerId: buyer.id };
    await emit(tx, creditsSold, { ...told, grams: String(grams), at: tx.at.toISOString() });
    return { transferId, orderId };
  });

describe("a certificate", () => {
  test("verifies as it leaves the venue; with any one thing changed it does not", async () => {
    const { certificate } = await anIssuedBatch(t, ports);
    const file = await publicCertificate(t.db, ports, certificate.number, t.clock.now());
    const text = JSON.stringify(file);
    const keys = await publicKeys(t.db, ports, t.clock.now());
    expect(await verifyCertificate(text, { keys })).toMatchObject({ ok: true, trust: "known" });
    expect(await verifyCertificate(text)).toMatchObject({ ok: true, trust: "embedded" });

    const changes: [string, (copy: typeof file) => void][] = [
      ["holder", (copy) => Object.assign(copy.certificate, { holder: "Somebody else" })],
      ["amount", (copy) => Object.assign(copy.certificate, { grams: "30000", credits: "0.030000" })],
      [
        "serial",
        (copy) =>
          Object.assign(copy.certificate.lots[0] as object, { serial: "EVX-VN-flat-v1-2026-000001-1-30000" }),
      ],
      ["root", (copy) => Object.assign(copy.certificate.lots[0] as object, { root: "00".repeat(32) })],
      ["verifier", (copy) => Object.assign(copy.certificate.lots[0] as object, { verifier: "A friend" })],
      ["an extra member", (copy) => Object.assign(copy.certificate, { note: "and more" })],
      [
        "signature",
        // Its first character: what the last ones are made into, they often are already.
        (copy) => {
          copy.signature = (copy.signature.startsWith("A") ? "B" : "A") + copy.signature.slice(1);
        },
      ],
      [
        "number",
        (copy) => Object.assign(copy.certificate, { number: certificateNumber(newId("certificate"), 2026) }),
      ],
    ];
    for (const [name, change] of changes) {
      const copy = structuredClone(file);
      change(copy);
      const verdict = await verifyCertificate(JSON.stringify(copy), { keys });
      expect(`${name}: ${verdict.ok}`).toBe(`${name}: false`);
    }
  });

  test("signed with a key of one's own it is whole but not the venue's", async () => {
    const own = await testPorts();
    await enterKeys(t, own);
    const { certificate } = await anIssuedBatch(t, own);
    const file = certificateFile(await certificateNamed(t.db, certificate.number));
    const venue = await testPorts();
    expect((await verifyCertificate(file)).ok).toBe(true);
    const verdict = await verifyCertificate(file, { keys: [venue.keys.current] });
    expect(verdict.ok).toBe(false);
    expect(verdict.checks.find(({ name }) => name === "key")?.ok).toBe(false);
  });

  test("nothing that is no certificate can make the check throw", async () => {
    for (const bad of [
      "",
      "{",
      "null",
      "[]",
      "{}",
      7,
      null,
      undefined,
      { certificate: {} },
      { certificate: { lots: [1] }, signature: "x" },
    ]) {
      expect((await verifyCertificate(bad)).ok).toBe(false);
    }
    const { certificate } = await anIssuedBatch(t, ports);
    const file = certificateFile(await certificateNamed(t.db, certificate.number));
    for (const bad of [
      { ...file, publicKey: "x" },
      { ...file, publicKey: 3 },
      { ...file, signature: "" },
    ]) {
      expect((await verifyCertificate(JSON.parse(JSON.stringify(bad)))).ok).toBe(false);
    }
  });

  test("an old one still verifies after the key was changed and taken from the environment", async () => {
    const secret = generateSigningKey();
    const before = await testPorts(secret);
    await enterKeys(t, before);
    const { certificate } = await anIssuedBatch(t, before);
    const after = await testPorts();
    expect(after.keys.current.id).not.toBe(before.keys.current.id);
    await enterKeys(t, after);
    const keys = await publicKeys(t.db, after, t.clock.now());
    expect(keys.map(({ id }) => id)).toContain(before.keys.current.id);
    expect(keys.map(({ id }) => id)).toContain(after.keys.current.id);
    const file = await publicCertificate(t.db, after, certificate.number, t.clock.now());
    expect(await verifyCertificate(file, { keys })).toMatchObject({ ok: true, trust: "known" });
    const both = await readSigningKeys(`${generateSigningKey()},${secret}`);
    expect(both.all[1]?.id).toBe(before.keys.current.id);
  });

  test("an unknown number, and a mistyped one, are not found", async () => {
    const unknown = certificateNumber(newId("certificate"), 2026);
    for (const number of [unknown, `${unknown.slice(0, -1)}-`, "EVXC", ""]) {
      await expect(certificateNamed(t.db, number)).rejects.toMatchObject({
        code: "certificate_not_found",
        kind: "not_found",
      });
    }
  });

  test("cannot be changed or deleted, nor can the key that signed it", async () => {
    const { certificate } = await anIssuedBatch(t, ports);
    const change = t.admin
      .updateTable("verification.certificate")
      .set({ document: "{}" })
      .where("id", "=", certificate.id)
      .execute();
    await expect(change).rejects.toThrow("append-only");
    await expect(t.admin.deleteFrom("verification.signing_key").execute()).rejects.toThrow("append-only");
  });
});

describe("purchase", () => {
  test("names a person by a pseudonym that stays, by the name they chose, or a company by its own", async () => {
    const buyer = await aUser(t, { role: "buyer", fullName: "Đỗ Thị Hồng Ánh" });
    const held = async () => {
      const { owner } = await anIssuedBatch(t, ports);
      const { transferId } = await sell(owner, buyer, 1_000n);
      await drain(t, certificateJobs(ports));
      const row = await certificateOf(t.db, "purchase", transferId);
      const { certificate } = await publicCertificate(t.db, ports, row?.number ?? "", t.clock.now());
      return certificate.holder;
    };
    const choose = (choice: Parameters<typeof choosePublicName>[2]) =>
      t.transact((tx) => choosePublicName(tx, buyer, choice));
    const pseudonym = await held();
    expect(pseudonym).toMatch(/^H(-[0-9A-F]{4}){3}$/);
    expect(await held()).toBe(pseudonym);
    await choose({ kind: "name", name: "Hồng Ánh" });
    expect(await held()).toBe("Hồng Ánh");
    await choose({ kind: "company", name: "Công ty Ánh Dương", lei: "5493001KJTIIGC8Y1R12" });
    expect(await held()).toBe("Công ty Ánh Dương");
    await choose({ kind: "pseudonym" });
    expect(await held()).toBe(pseudonym);
  });

  test("a sale's event makes the buyer one certificate of exactly those serial numbers, however often it is told", async () => {
    const { owner } = await anIssuedBatch(t, ports);
    const buyer = await aUser(t, { role: "buyer", fullName: "Đỗ Thị Hồng Ánh" });
    const { transferId, orderId } = await sell(owner, buyer, 7_500n);
    await drain(t, certificateJobs(ports), { twice: true });
    const { items } = await certificatesOf(t.db, ports, { userId: buyer.id, limit: 10 });
    expect(items).toMatchObject([
      {
        kind: "purchase",
        creditsAmount: 7_500n,
        orderId,
        status: "valid",
        holderName: expect.stringMatching(/^H(-[0-9A-F]{4}){3}$/),
      },
    ]);
    expect(items[0]?.serials[0]).toMatch(/-1-7500$/);
    const row = await certificateOf(t.db, "purchase", transferId);
    const file = certificateFile(await certificateNamed(t.db, row?.number ?? ""));
    expect((await verifyCertificate(file)).ok).toBe(true);
    expect(file.certificate.lots[0]?.root).toMatch(/^[0-9a-f]{64}$/);
  });

  test("credits of several cars are one certificate with a lot for each batch", async () => {
    const owner = await aUser(t);
    await anIssuedBatch(t, ports, { owner });
    await anIssuedBatch(t, ports, { owner, grams: 3_000n, vintageYear: 2025 });
    const buyer = await aUser(t, { role: "buyer" });
    const { transferId } = await sell(owner, buyer, 23_000n);
    await drain(t, certificateJobs(ports));
    const row = await certificateOf(t.db, "purchase", transferId);
    const { certificate } = certificateFile(await certificateNamed(t.db, row?.number ?? ""));
    expect(certificate.lots.map(({ grams }) => grams).sort()).toEqual(["20000", "3000"]);
    expect(new Set(certificate.lots.map(({ vintage }) => vintage))).toEqual(new Set([2025, 2026]));
  });
});

describe("retirement", () => {
  test("takes the credits out for good and certifies it in the same transaction, with the beneficiary's name as written", async () => {
    const { owner } = await anIssuedBatch(t, ports);
    const row = await retire(owner);
    expect(await walletOf(t.db, owner.id)).toMatchObject({ balance: 15_000n, retired: 5_000n });
    const { retirement, certificate } = await publicCertificate(t.db, ports, row.number, t.clock.now());
    expect(retirement).toMatchObject({
      beneficiary: "Công ty Cổ phần Hà Nội Xanh",
      country: "VN",
      reason: "event",
      message: "Hội nghị 2026",
    });
    expect(certificate).toMatchObject({ kind: "retirement", credits: "0.005000", grams: "5000" });
    await drain(t, certificateJobs(ports), { twice: true });
    expect(
      (await certificatesOf(t.db, ports, { userId: owner.id, limit: 10, kind: "retirement" })).items,
    ).toHaveLength(1);
  });

  test("the same retirement asked for six times at once is one; more than there is leaves everything as it was", async () => {
    const { owner } = await anIssuedBatch(t, ports);
    const id = newId("retirement");
    const rows = await Promise.all(Array.from({ length: 6 }, () => retire(owner, { id })));
    expect(new Set(rows.map(({ number }) => number)).size).toBe(1);
    expect(await walletOf(t.db, owner.id)).toMatchObject({ retired: 5_000n });
    await expect(retire(owner, { id, amount: 6_000n })).rejects.toMatchObject({
      code: "retirement_id_reused",
    });
    await expect(retire(owner, { amount: 15_001n })).rejects.toMatchObject({ code: "credits_insufficient" });
    expect((await retirements(t.db, { holderId: owner.id, limit: 10 })).items).toHaveLength(1);
    expect(
      (await certificatesOf(t.db, ports, { userId: owner.id, limit: 10, kind: "retirement" })).items,
    ).toHaveLength(1);
  });
});

describe("revocation", () => {
  const revoke = (actor: Parameters<typeof revokeCertificate>[2], id: Id<"certificate">) =>
    t.transact((tx) =>
      revokeCertificate(tx, ports, actor, { id, reason: "The odometer was another car's." }),
    );

  test("shows on the public page at once, with its reason, and takes the owner's credits back", async () => {
    const { owner, reviewer, certificate } = await anIssuedBatch(t, ports);
    expect(await publicCertificate(t.db, ports, certificate.number, t.clock.now())).toMatchObject({
      status: { status: "valid" },
      revocation: null,
    });
    expect(await revoke(reviewer, certificate.id)).toMatchObject({ status: "revoked" });
    const file = await publicCertificate(t.db, ports, certificate.number, t.clock.now());
    expect(file).toMatchObject({
      status: { status: "revoked" },
      revocation: { reason: "The odometer was another car's." },
    });
    const verdict = await verifyCertificate(JSON.stringify(file));
    expect(verdict.ok).toBe(false);
    expect(verdict.checks.filter(({ ok }) => ok === false).map(({ name }) => name)).toEqual(["revocation"]);
    expect(await walletOf(t.db, owner.id)).toMatchObject({ balance: 0n });
  });

  test("what was sold in good faith stays with the buyer, and the buffer makes it up as far as it goes", async () => {
    await t.transact((tx) =>
      setRule(tx, bufferShares, {
        value: { connected: 0, export: 1_000, manual: 2_000 },
        reason: "test",
        setBy: null,
      }),
    );
    t.clock.advance(1_000);
    const { owner, reviewer, certificate, batch } = await anIssuedBatch(t, ports);
    expect(batch.bufferGrams).toBe(2_000n);
    expect(certificate.credits_g).toBe(18_000n);
    expect((await balanceOf(t.db, bufferAccount())).balance).toBe(2_000n);
    const buyer = await aUser(t, { role: "buyer" });
    await sell(owner, buyer, 10_000n);
    await drain(t, certificateJobs(ports));
    await revoke(reviewer, certificate.id);
    expect(await walletOf(t.db, owner.id)).toMatchObject({ balance: 0n });
    expect(await walletOf(t.db, buyer.id)).toMatchObject({ balance: 10_000n });
    // The buyer's certificate stands, and says what became of the batch.
    const [bought] = (await certificatesOf(t.db, ports, { userId: buyer.id, limit: 5 })).items;
    expect(
      await publicCertificate(t.db, ports, bought?.certificateNumber ?? "", t.clock.now()),
    ).toMatchObject({
      status: { status: "valid" },
      revokedBatches: [{ reason: "The odometer was another car's." }],
    });
    expect((await balanceOf(t.db, bufferAccount())).balance).toBe(0n);
    const events = await t.db
      .selectFrom("jobs.outbox")
      .where("name", "=", "verification.certificate_revoked")
      .select("payload")
      .execute();
    expect(events.map(({ payload }) => payload)).toContainEqual(
      expect.objectContaining({ certificateId: certificate.id, clawedBack: "10000", missing: "10000" }),
    );
    await t.transact((tx) =>
      setRule(tx, bufferShares, { value: bufferShares.initial, reason: "test", setBy: null }),
    );
    t.clock.advance(1_000);
  });

  test("is for the reviewer who decided it and for operators; twice at once it happens once", async () => {
    const { owner, reviewer, certificate } = await anIssuedBatch(t, ports);
    const [other, admin] = [await aUser(t, { role: "cva" }), await aUser(t, { role: "admin" })];
    const notYours = { code: "certificate_not_yours_to_revoke" };
    await expect(revoke(other, certificate.id)).rejects.toMatchObject(notYours);
    await expect(revoke(owner, certificate.id)).rejects.toMatchObject(notYours);
    await expect(revoke(admin, newId("certificate"))).rejects.toMatchObject({
      code: "certificate_not_found",
    });
    const answers = await Promise.allSettled([
      revoke(reviewer, certificate.id),
      revoke(admin, certificate.id),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    await expect(revoke(admin, certificate.id)).rejects.toMatchObject({
      code: "certificate_already_revoked",
    });
  });

  test("a reviewer cannot revoke a buyer's certificate; an operator can, and no credits move", async () => {
    const { owner, reviewer } = await anIssuedBatch(t, ports);
    const row = await retire(owner);
    await expect(revoke(reviewer, row.id)).rejects.toMatchObject({ code: "certificate_not_yours_to_revoke" });
    const before = await walletOf(t.db, owner.id);
    await revoke(await aUser(t, { role: "admin" }), row.id);
    expect(await walletOf(t.db, owner.id)).toEqual(before);
  });
});
