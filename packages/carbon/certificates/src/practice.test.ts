/** What registries ask for: searches, a serial number's certificates, what is owed after a revocation, exports. */
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { aUser } from "@evx/accounts/testing";
import { creditsRouter } from "@evx/credits/router";
import { givenListed, givenSold } from "@evx/credits/testing";
import { sql, transact } from "@evx/db";
import { strictly, testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { fileBytes, fileText, refusalCode } from "@evx/kernel/testing";
import { sequencePending } from "@evx/log";
import { snapshotFault } from "@evx/proof";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { enterAccreditation } from "./accreditations.ts";
import { documentOf } from "./certificates.ts";
import { certifyPurchase } from "./purchases.ts";
import { retireCredits } from "./retirements.ts";
import { revokeCertificate } from "./revocation.ts";
import { certificatesRouter } from "./router.ts";
import { takeSnapshot } from "./snapshots.ts";
import { anIssuedBatch, testPorts } from "./testing.ts";
import { verifyAll } from "./verification.ts";

setDefaultTimeout(60_000);

const t = await testDatabase();
afterAll(() => t.close());
await strictly(t);
const ports = await testPorts();
const caller = createCallerFactory(creditsRouter);
const visitor = caller(testContext(t, null)).registry;
const stranger = createCallerFactory(certificatesRouter(ports))(testContext(t, null));

const { owner, reviewer, certificate } = await anIssuedBatch(t, ports);
const buyer = await aUser(t, { role: "buyer" });
const sold = await t.transact(async (tx) => {
  const listingId = await givenListed(tx, owner.id, 8_000n);
  return givenSold(tx, { listingId, sellerId: owner.id, buyerId: buyer.id, grams: 8_000n });
});
const purchase = await t.transact((tx) => certifyPurchase(tx, ports, { ...sold, buyerId: buyer.id }));
const retire = (amount: bigint, reason: "event" | "compliance", beneficiaryName = "Hoa Sen Group") =>
  t.transact((tx) =>
    retireCredits(tx, ports, buyer, { id: newId("retirement"), amount, beneficiaryName, reason }),
  );
const retired = await retire(5_000n, "event");

test("a retirement is found by any of its serial numbers and by its certificate's number", async () => {
  const [serial] = (await visitor.retirements({})).items[0]?.serials ?? [];
  const [, head, first] = /^(.*)-(\d+)-\d+$/.exec(serial ?? "") ?? [];
  const inside = `${head}-${Number(first) + 10}-${Number(first) + 20}`;
  for (const q of [serial, inside, retired.number, retired.number.toLowerCase(), "hoa sen"]) {
    const { items } = await visitor.retirements({ q });
    expect([q, items.map((item) => item.certificateNumber)]).toEqual([q, [retired.number]]);
    expect(items[0]).toMatchObject({ vintages: [2026], methods: ["flat-v1"], revokedCredits: "0.000000" });
  }
  for (const q of [
    `${head}-15001-15010`,
    purchase.number,
    "EVXC-2026-AAAAA-AAAAA-A",
    "EVX-VN-flat-v1-2026-999999-1-2",
  ])
    expect((await visitor.retirements({ q })).items).toEqual([]);
});

test("certificates are found by any serial number of their grams, as a certificate or a page writes it", async () => {
  const [item] = (await visitor.retirements({})).items;
  const [, head, first] = /^(.*)-(\d+)-\d+$/.exec(item?.serials[0] ?? "") ?? [];
  const found = async (q: string) =>
    (await stranger.search({ q })).items.map(({ certificateNumber }) => certificateNumber).sort();
  const all = [certificate.number, purchase.number, retired.number].sort();
  expect(await found(item?.serials[0] ?? "")).toEqual(all);
  expect(await found(` ${head}-${Number(first) + 10}-${Number(first) + 20} `)).toEqual(all);
  expect(await found(head ?? "")).toEqual(all);
  expect(await found(`${head}-20000-20000`)).toEqual([certificate.number]);
  for (const q of [`${head}-20001-20002`, "EVX-VN-flat-v1-2026-999999-1-2"])
    expect(await found(q)).toEqual([]);
});

test("a batch is found by the number of any certificate of its grams", async () => {
  for (const q of [certificate.number, ` ${purchase.number.toLowerCase()}`, retired.number])
    expect([q, (await visitor.batches({ q })).items.map(({ number }) => number)]).toEqual([q, ["000001"]]);
  for (const q of ["EVXC-2026-AAAAA-AAAAA-A", "EVXC-", "hoa sen"])
    expect((await visitor.batches({ q })).items).toEqual([]);
});

test("a serial number's page leads from every step to its certificate", async () => {
  const { items } = await visitor.retirements({});
  const life = await visitor.timeline({ serial: items[0]?.serials[0] ?? "" });
  expect(life.runs[0]?.steps.map(({ step, certificateNumber }) => [step, certificateNumber])).toEqual([
    ["issued", certificate.number],
    ["listed", null],
    ["sold", purchase.number],
    ["retired", retired.number],
  ]);
  expect(life.runs[0]?.steps.at(-1)?.beneficiaryName).toBe("Hoa Sen Group");
  expect(life.revoked).toBeNull();
});

test("a year's statement has a row for each run of serial numbers, for its holder alone", async () => {
  const own = caller(testContext(t, buyer));
  const rows = (await fileText(await own.statement({ userId: buyer.id, year: 2026 }))).trim().split("\r\n");
  expect(rows).toHaveLength(2);
  expect(rows[1]).toContain(`${retired.number},2026-03-01T00:00:00.000Z,0.005000,Hoa Sen Group`);
  expect(rows[1]).toContain("2026,2026-02-01,2026-02-28,000001,flat-v1,flat-2024,no");
  const none = await fileText(await own.statement({ userId: buyer.id, year: 2025 }));
  expect(none.trim().split("\r\n")).toHaveLength(1);
  const other = caller(testContext(t, owner)).statement({ userId: buyer.id, year: 2026 });
  expect(await refusalCode(other)).not.toBe("none");
});

test("the public registry names the months of driving, never the minute", async () => {
  const { periodFrom, periodTo } = await visitor.batch({ number: "1" });
  expect([periodFrom, periodTo]).toEqual(["2026-02-01T00:00:00.000Z", "2026-03-01T00:00:00.000Z"]);
  const { vintageFrom, vintageTo } = await visitor.batch({ number: "1" });
  expect([vintageFrom, vintageTo]).toEqual(["2026-02-01", "2026-02-28"]);
  const [lot] = documentOf(certificate).lots;
  expect([lot?.vintageFrom, lot?.vintageTo]).toEqual(["2026-02-01", "2026-02-28"]);
  const { verification } = (await stranger.cadTrust({})).items[0] ?? {};
  expect([verification?.verificationStartDate, verification?.verificationEndDate]).toEqual([
    "2026-02-01",
    "2026-02-28",
  ]);
});

test("an auditor's accreditation is entered by operators, shown with batches verified since, and ends by its day", async () => {
  const as = (actor: Parameters<typeof testContext>[1]) =>
    createCallerFactory(certificatesRouter(ports))(testContext(t, actor));
  const facts = {
    id: reviewer.id,
    body: "Văn phòng BoA",
    number: "VICAS 042",
    assurance: "limited",
  } as const;
  expect(await refusalCode(as(buyer).enterAccreditation(facts))).not.toBe("none");
  expect((await as(null).batch({ number: "1" })).accreditation).toBeNull();
  const operator = await aUser(t, { role: "admin" });
  const entered = await as(operator).enterAccreditation({ ...facts, validUntil: "2026-03-01" });
  expect(entered.accreditation).toMatchObject({ number: "VICAS 042", valid: true });
  // Entered in the same moment as the batch was issued, after it: the log's entry has none, and so has the page.
  expect((await as(null).batch({ number: "1" })).accreditation).toBeNull();
  await as(operator).enterAccreditation({ ...facts, assurance: "reasonable", validUntil: "2026-02-28" });
  const { items } = await as(null).auditors();
  expect(items).toMatchObject([{ assurance: "reasonable", validUntil: "2026-02-28", valid: false }]);
  const wrong = as(operator).enterAccreditation({ ...facts, validUntil: "2026-02-30" });
  expect(await refusalCode(wrong)).not.toBe("none");
});

test("a day's snapshot holds every row, is signed, and is taken once; another byte of it is named", async () => {
  const open = createCallerFactory(certificatesRouter(ports))(testContext(t, null));
  await t.transact((tx) => sequencePending(tx, ports.log));
  expect(await t.transact((tx) => takeSnapshot(tx, ports, "2026-02-28"))).toBe(true);
  expect(await t.transact((tx) => takeSnapshot(tx, ports, "2026-02-28"))).toBe(false);
  const [signed] = (await open.snapshots({})).items;
  if (!signed) throw new Error("no snapshot");
  const content = Bun.gunzipSync(await fileBytes(await open.snapshot({ day: "2026-02-28" })));
  const rows = new TextDecoder().decode(content).trim().split("\n");
  expect(rows).toHaveLength(1 + 3 + 1);
  expect(JSON.parse(rows[0] ?? "")).toMatchObject({ row: "batches", batch: "000001", grams: "20000" });
  expect(JSON.parse(signed.statement)).toMatchObject({ day: "2026-02-28", rows: 5 });
  const keys = [ports.keys.current];
  expect(await snapshotFault(signed, content, keys)).toBeNull();
  const other = content.slice();
  other[10] = 0;
  expect(await snapshotFault(signed, other, keys)).toContain("not the one that the statement is about");
  const lied = { ...signed, statement: signed.statement.replace('"rows":5', '"rows":4') };
  expect(await snapshotFault(lied, content, keys)).toContain("signature does not fit");
  expect(await snapshotFault(signed, content, [])).toContain("a key you do not know");
  expect(await refusalCode(open.snapshot({ day: "2026-02-27" }))).toBe("snapshot_not_found");
  // All days are listed, page by page.
  expect(await t.transact((tx) => takeSnapshot(tx, ports, "2026-02-27"))).toBe(true);
  const first = await open.snapshots({ limit: 1 });
  const second = await open.snapshots({ limit: 1, cursor: first.nextCursor ?? "" });
  expect([...first.items, ...second.items].map(({ day }) => day)).toEqual(["2026-02-28", "2026-02-27"]);
  expect(second.nextCursor).toBeNull();
});

test("a snapshot is of one moment: a retirement that comes while it is taken is in it with its certificate, or not at all", async () => {
  const held = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const during = transact(t.admin, t.clock, async (tx) => {
    const id = newId("retirement");
    const row = await retireCredits(tx, ports, buyer, {
      id,
      amount: 50n,
      beneficiaryName: "Meanwhile",
      reason: "event",
    });
    await sql`lock table verification.revocation in access exclusive mode`.execute(tx);
    held.resolve();
    await go.promise;
    return { id, number: row.number };
  });
  await held.promise;
  // It is about to read the certificates; the retirements come afterwards.
  const taken = t.transact((tx) => takeSnapshot(tx, ports, "2026-02-26"));
  for (let waits = false; !waits; await Bun.sleep(10))
    ({ waits } = (
      await sql<{ waits: boolean }>`select exists (select from pg_locks where not granted
        and relation = 'verification.revocation'::regclass) as waits`.execute(t.db)
    ).rows[0] ?? { waits: false });
  go.resolve();
  const { id, number } = await during;
  expect(await taken).toBe(true);
  const content = Bun.gunzipSync(await fileBytes(await stranger.snapshot({ day: "2026-02-26" })));
  const text = new TextDecoder().decode(content);
  expect([text.includes(id), text.includes(number)]).toEqual([false, false]);
});

test("a revoked batch says what is owed, by whom it was made up for and what is not; sold grams meet no duty", async () => {
  expect(await visitor.totals()).toMatchObject({ shortfall: "0.000000", revokedBatches: 0 });
  const named = { id: certificate.id, reason: "Trips were invented." };
  await t.transact((tx) => revokeCertificate(tx, ports, reviewer, named));
  const { revocation } = await visitor.batch({ number: "1" });
  expect(revocation).toMatchObject({
    reason: "Trips were invented.",
    owed: "0.020000",
    fromOwner: "0.012000",
    fromBuffer: "0.000000",
    shortfall: "0.008000",
  });
  expect(await visitor.totals()).toMatchObject({
    shortfall: "0.008000",
    revokedBatches: 1,
    issued: "0.020000",
    cancelled: "0.012000",
  });
  const [item] = (await visitor.retirements({ q: "hoa sen" })).items;
  const life = await visitor.timeline({ serial: item?.serials[0] ?? "" });
  expect(life.revoked).toMatchObject({ reason: "Trips were invented." });
  expect(item?.revokedCredits).toBe("0.005000");
  expect(await refusalCode(retire(100n, "compliance"))).toBe("credits_revoked");
  expect((await retire(100n, "event", "For ourselves")).kind).toBe("retirement");
});

test("a company is named with its LEI on its certificate and in the exports; a slip in it is refused", async () => {
  const as = createCallerFactory(certificatesRouter(ports))(testContext(t, buyer));
  const asked = { amount: "0.0005", beneficiaryName: "Global LEI Co", reason: "event" } as const;
  expect(await refusalCode(as.retire({ ...asked, beneficiaryLei: "5493001KJTIIGC8Y1R21" }))).toBe(
    "input_invalid",
  );
  const { certificate: made } = await as.retire({ ...asked, beneficiaryLei: "5493 001kjtiigc8y1r12" });
  const { certificate } = await as.public({ number: made.certificateNumber });
  expect(certificate.retirement).toMatchObject({ beneficiary: "Global LEI Co", lei: "5493001KJTIIGC8Y1R12" });
  expect((await visitor.retirements({ q: "5493001KJTIIGC8Y1R12" })).items[0]?.beneficiaryName).toBe(
    "Global LEI Co",
  );
  const units = (await stranger.cadTrust({})).items.flatMap(({ units: all }) => all);
  expect(units.flatMap((unit) => unit.unitRetirementBeneficiaryId ?? [])).toEqual(["5493001KJTIIGC8Y1R12"]);
  expect(await fileText(await visitor.retirementsFile({}))).toContain(",5493001KJTIIGC8Y1R12\r\n");
});

test("a later batch's entry names the accreditation of its auditor, and the monitor is content", async () => {
  const facts = { body: "VICAS", number: "VICAS 7", assurance: "reasonable" } as const;
  const operator = await aUser(t, { role: "admin" });
  const auditor = await aUser(t, { role: "cva" });
  await t.transact((tx) => enterAccreditation(tx, operator, { id: auditor.id, ...facts }));
  t.clock.advance(1_000);
  const { batch } = await anIssuedBatch(t, ports, { cvaId: auditor.id });
  const page = await createCallerFactory(certificatesRouter(ports))(testContext(t, null)).batch({
    number: String(batch.number),
  });
  expect(page.accreditation).toMatchObject({ number: "VICAS 7", valid: true });
  await t.transact((tx) => sequencePending(tx, ports.log));
  const { rows } = await sql<{ body: string }>`select convert_from(body, 'UTF8') as body from log.entry
    where kind = 'batch_issued' order by place desc limit 1`.execute(t.admin);
  expect(JSON.parse(rows[0]?.body ?? "")).toMatchObject({
    v: 3,
    accreditation: { ...facts, validUntil: null },
    from: "2026-02-01",
    to: "2026-02-28",
  });
  expect((await verifyAll(t.db, ports, t.clock.now(), { patience_ms: 0 })).faults).toEqual([]);
});

test("a statement's year is the zone's: what was retired on its New Year's morning is of the new year", async () => {
  // 20:00 UTC on 31 December is 3:00 on 1 January in Vietnam.
  t.clock.advance(new Date("2027-12-31T20:00:00Z").getTime() - t.clock.now().getTime());
  const late = await retire(7n, "event");
  const own = caller(testContext(t, buyer));
  const numbersOf = async (year: number, zone?: string) => {
    const text = await fileText(await own.statement({ userId: buyer.id, year, ...(zone ? { zone } : {}) }));
    return text
      .trim()
      .split("\r\n")
      .slice(1)
      .map((line) => line.split(","))
      .map((cells) => [cells[0], cells.at(-2), cells.at(-1)]);
  };
  expect(await numbersOf(2027, "UTC")).toEqual([[late.number, "2027-12-31", "UTC"]]);
  expect(await numbersOf(2027)).toEqual(await numbersOf(2027, "UTC"));
  expect(await numbersOf(2027, "Asia/Ho_Chi_Minh")).toEqual([]);
  expect(await numbersOf(2028, "Asia/Ho_Chi_Minh")).toEqual([
    [late.number, "2028-01-01", "Asia/Ho_Chi_Minh"],
  ]);
  expect(await refusalCode(numbersOf(2027, "Asia/Nowhere"))).not.toBe("none");
});
