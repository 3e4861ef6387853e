import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { choosePublicName } from "@evx/accounts";
import { aUser } from "@evx/accounts/testing";
import { type TestDatabase, testDatabase } from "@evx/db/testing";
import { fileText } from "@evx/kernel/testing";
import { expectBooksBalance } from "@evx/ledger/testing";
import { certificatesCsv } from "./files.ts";
import type { CertificatePorts } from "./ports.ts";
import { certificatesIssuedBy, searchCertificates } from "./registry.ts";
import { revokeCertificate } from "./revocation.ts";
import { anIssuedBatch, testPorts } from "./testing.ts";

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

/** Somebody who chose to be named so in public. */
const named = async (name: string) => {
  const person = await aUser(t);
  await t.transact((tx) => choosePublicName(tx, person, { kind: "name", name }));
  return person;
};

describe("the registry", () => {
  test("finds by a part of the number, a batch and a name without accents, and pages without gap or twin", async () => {
    const owner = await named("Lương Thế Vinh Đặng");
    const { certificate } = await anIssuedBatch(t, ports, { owner });
    const find = async (q: string) =>
      (await searchCertificates(t.db, { q, limit: 50 })).items.map((item) => item.certificateNumber);
    expect(await find("luong the vinh dang")).toEqual([certificate.number]);
    expect(await find(certificate.number.slice(5, 16).toLowerCase())).toEqual([certificate.number]);
    expect(await find("100%_")).toEqual([]);
    for (let more = 0; more < 3; more++) await anIssuedBatch(t, ports);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await searchCertificates(t.db, { limit: 3, cursor });
      seen.push(...page.items.map((item) => item.certificateNumber));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toContain(certificate.number);
    expect(seen).toHaveLength(4);
  });

  test("as CSV it keeps accents, and no cell runs as a formula", async () => {
    const owner = await named('=HYPERLINK("x"), Nguyễn');
    const { certificate } = await anIssuedBatch(t, ports, { owner });
    const text = await fileText(await certificatesCsv(t.db, { q: certificate.number }));
    expect(text).toStartWith("\uFEFFnumber,");
    expect(text).toContain(`"'=HYPERLINK(""x""), Nguyễn"`);
  });

  test("a reviewer lists what they decided, an operator everything", async () => {
    const { reviewer, certificate } = await anIssuedBatch(t, ports);
    const own = await certificatesIssuedBy(t.db, ports, reviewer, { limit: 10 });
    expect(own.items.map((item) => item.certificateNumber)).toEqual([certificate.number]);
    const admin = await aUser(t, { role: "admin" });
    const reason = "The odometer was another car's.";
    await t.transact((tx) => revokeCertificate(tx, ports, admin, { id: certificate.id, reason }));
    const revoked = await certificatesIssuedBy(t.db, ports, admin, { limit: 100, status: "revoked" });
    expect(revoked.items).toMatchObject([{ status: "revoked", revocationReason: reason }]);
    const all = await certificatesIssuedBy(t.db, ports, admin, { limit: 100 });
    expect(all.items.length).toBeGreaterThan(1);
  });
});
