/** The export for the Climate Action Data Trust, held against the fields and lists of its data model 2.0.2. */
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { displayNames } from "@evx/accounts";
import { aUser } from "@evx/accounts/testing";
import { givenListed, givenSold } from "@evx/credits/testing";
import { strictly, testDatabase } from "@evx/db/testing";
import { newId } from "@evx/kernel";
import { refusalCode } from "@evx/kernel/testing";
import { createCallerFactory } from "@evx/rpc";
import { testContext } from "@evx/rpc/testing";
import { enterAccreditation } from "./accreditations.ts";
import { retireCredits } from "./retirements.ts";
import { revokeCertificate } from "./revocation.ts";
import { certificatesRouter } from "./router.ts";
import { anIssuedBatch, testPorts } from "./testing.ts";

setDefaultTimeout(60_000);

const t = await testDatabase();
afterAll(() => t.close());
await strictly(t);
const ports = await testPorts();
const stranger = createCallerFactory(certificatesRouter(ports))(testContext(t, null));

const { owner, reviewer, certificate } = await anIssuedBatch(t, ports);
const buyer = await aUser(t, { role: "buyer" });
const listingId = await t.transact((tx) => givenListed(tx, owner.id, 8_000n));
const sell = (grams: bigint) =>
  t.transact((tx) => givenSold(tx, { listingId, sellerId: owner.id, buyerId: buyer.id, grams }));
const retire = (amount: bigint) =>
  t.transact((tx) =>
    retireCredits(tx, ports, buyer, {
      id: newId("retirement"),
      amount,
      beneficiaryName: "Hoa Sen Group",
      beneficiaryLei: "5493001KJTIIGC8Y1R12",
      reason: "event",
    }),
  );
await sell(5_000n);
const retired = await retire(2_000n);

/** What the model requires of who sends a record, by its table. */
const required = {
  program: ["programName", "programRegistry", "programRegistryId"],
  methodology: ["methodologyCode", "methodologyName"],
  project:
    "projectRegistryName projectId projectName projectLink projectSector projectType projectStatus projectStatusDate projectUnitMetric".split(
      " ",
    ),
  projectMethodology: ["cadTrustProjectMethodologyId", "cadTrustProjectId", "cadTrustMethodologyId"],
  location: ["locationCountry", "cadTrustProjectId"],
  verification: ["verificationId", "verificationBody", "cadTrustProjectId"],
  issuance: ["issuanceId", "cadTrustVerificationId", "cadTrustProjectMethodologyId", "cadTrustLocationId"],
} as const;

const requiredOfUnits =
  "unitSerialId unitStartBlock unitEndBlock unitCount unitType unitVintageYear unitStatus unitStatusReason unitStatusDate unitMetric cadTrustIssuanceId".split(
    " ",
  );

const statuses = ["Buffer", "Cancelled", "Expired", "Held", "Inactive", "Issued", "Rejected", "Retired"];
const types = ["Avoidance - nature", "Avoidance - technical", "Not Determined"];

const theBatch = async (asked: Parameters<typeof stranger.cadTrust>[0] = { batch: "1" }) => {
  const [item] = (await stranger.cadTrust(asked)).items;
  if (!item) throw new Error("no batch");
  return item;
};

test("every field that the model requires is there, by its name, of its list", async () => {
  const item = await theBatch();
  for (const [table, fields] of Object.entries(required))
    for (const field of fields) {
      const record: Record<string, unknown> = item[table as keyof typeof required];
      expect([table, field, Boolean(record[field])]).toEqual([table, field, true]);
    }
  expect(item.location.locationCountry).toBe("Viet Nam");
  expect(item.methodology.methodologyType).toBe("Avoidance - technical");
  for (const unit of item.units) {
    const record: Record<string, unknown> = unit;
    for (const field of requiredOfUnits) expect([field, Boolean(record[field])]).toEqual([field, true]);
    expect(statuses).toContain(unit.unitStatus);
    expect(types).toContain(unit.unitType);
  }
});

test("a batch says who verified it and how they were accredited then, and that nobody validated a design", async () => {
  const before = await theBatch();
  expect([before.accreditation, before.verification.cadTrustValidationId]).toEqual([null, null]);
  const auditor = await aUser(t, { role: "cva" });
  const operator = await aUser(t, { role: "admin" });
  const facts = { id: auditor.id, body: "VICAS", number: "VICAS 7", assurance: "limited" } as const;
  await t.transact((tx) => enterAccreditation(tx, operator, facts));
  t.clock.advance(1_000);
  const { batch } = await anIssuedBatch(t, ports, { cvaId: auditor.id });
  const later = await theBatch({ batch: String(batch.number) });
  expect(later.accreditation).toMatchObject({ body: "VICAS", number: "VICAS 7", assurance: "limited" });
  expect(later.verification.verificationBody).toBe(
    (await displayNames(t.db, [auditor.id])).get(auditor.id) ?? "",
  );
});

test("records name one another by ids that stay, and every gram is in one unit", async () => {
  const { program, project, projectMethodology, location, verification, issuance, units, ...rest } =
    await theBatch();
  expect(project.cadTrustProgramId).toBe(program.cadTrustProgramId);
  for (const child of [projectMethodology, location, verification])
    expect(child.cadTrustProjectId).toBe(project.cadTrustProjectId);
  expect(projectMethodology.cadTrustMethodologyId).toBe(rest.methodology.cadTrustMethodologyId);
  expect(issuance).toMatchObject({
    issuanceId: "000001",
    cadTrustVerificationId: verification.cadTrustVerificationId,
    cadTrustProjectMethodologyId: projectMethodology.cadTrustProjectMethodologyId,
    cadTrustLocationId: location.cadTrustLocationId,
  });
  expect((await theBatch()).units.map(({ cadTrustUnitId }) => cadTrustUnitId)).toEqual(
    units.map(({ cadTrustUnitId }) => cadTrustUnitId),
  );
  expect(new Set(units.map(({ cadTrustIssuanceId }) => cadTrustIssuanceId))).toEqual(
    new Set([issuance.cadTrustIssuanceId]),
  );
  let next = 1;
  for (const { unitStartBlock, unitEndBlock } of units) {
    expect(Number(unitStartBlock)).toBe(next);
    next = Number(unitEndBlock) + 1;
  }
  expect([next, rest.nextGram]).toEqual([20_001, null]);
});

test("what was retired says for whom and by which certificate; what is held or offered names nobody", async () => {
  const { units } = await theBatch();
  expect(units.find(({ unitStatus }) => unitStatus === "Retired")).toMatchObject({
    unitCount: "0.002000",
    unitStatusReason: "event",
    unitRetirementBeneficiary: "Hoa Sen Group",
    unitRetirementBeneficiaryId: "5493001KJTIIGC8Y1R12",
    unitRetirementDetail: retired.number,
  });
  const held = units.filter(({ unitStatus }) => unitStatus === "Held");
  expect(held.length).toBeGreaterThan(1);
  for (const unit of held)
    expect([unit.unitCurrentOwner, unit.unitRetirementBeneficiary]).toEqual([null, null]);
  expect(held.some(({ unitStatusReason }) => /offered for sale/.test(unitStatusReason))).toBe(true);
});

test("a batch in more parts than an answer holds is told to its last gram", async () => {
  for (let part = 0; part < 210; part++) await retire(1n);
  const seen: number[] = [];
  let fromGram: string | null = "1";
  let answers = 0;
  while (fromGram) {
    const item: Awaited<ReturnType<typeof theBatch>> = await theBatch({ batch: "000001", fromGram });
    for (const { unitStartBlock, unitEndBlock } of item.units)
      seen.push(Number(unitEndBlock) - Number(unitStartBlock) + 1);
    fromGram = item.nextGram;
    answers++;
  }
  expect(answers).toBe(2);
  expect(seen.reduce((sum, grams) => sum + grams, 0)).toBe(20_000);
  const [middle] = (await theBatch({ batch: "1", fromGram: "19999" })).units;
  expect([middle?.unitStartBlock, middle?.unitEndBlock]).toEqual(["19999", "20000"]);
  expect(await refusalCode(stranger.cadTrust({ batch: "77" }))).toBe("batch_not_found");
  expect(await refusalCode(stranger.cadTrust({ batch: "1", fromGram: "0" }))).toBe("input_invalid");
});

test("a revoked batch's cancelled grams say why, and what was sold says that its batch was revoked", async () => {
  await t.transact((tx) =>
    revokeCertificate(tx, ports, reviewer, { id: certificate.id, reason: "Trips were invented." }),
  );
  const { nextGram, units } = await theBatch();
  const rest = await theBatch({ batch: "1", fromGram: nextGram ?? "1" });
  const all = [...units, ...rest.units];
  expect(new Set(all.map(({ unitStatus }) => unitStatus))).toEqual(new Set(["Retired", "Held", "Cancelled"]));
  for (const { unitStatusReason } of all) expect(unitStatusReason).toContain("Trips were invented.");
});
