import type { Db } from "@evx/db";
import { type Page, type PageInput, sha256Hex } from "@evx/kernel";
import { kindOf, ownersOf, timelineOf } from "@evx/ledger";
import { batchNumbered } from "./batches.ts";
import { cadTrustCountry } from "./cad-trust-countries.ts";
import { firstIssuedAt } from "./queries/batches.ts";
import { certificateNumbers } from "./queries/certified.ts";
import { retirementsNamed } from "./queries/retirements.ts";
import { type RegistryBatch, registryBatch, registryBatches } from "./registry.ts";
import type { CadTrustView } from "./schema.ts";
import { serialOf } from "./serial.ts";

/** Batches of a page, whatever is asked for: each unit is looked up by itself. */
const mostBatches = 10;

/** Units of a batch in one answer; it says where to go on. */
const mostUnits = 200;

const registryName = "EV Carbon Exchange";

/** What the model calls a state, and why grams are in it where nobody gave a reason. */
const statuses = {
  wallet: ["Held", "In its holder's account."],
  listing: ["Held", "In its holder's account, offered for sale."],
  retired: ["Retired", "Retired."],
  cancelled: ["Cancelled", "Taken out of circulation for a batch that was revoked."],
  buffer: ["Buffer", "Kept back against errors that are found later."],
} as const;

type Unit = CadTrustView["units"][number];

/** The id of a record, as a UUID (version 8): the same each time it is asked for, so that records can name one another. */
const guid = async (table: string, name: string): Promise<string> => {
  const hex = await sha256Hex(`evx-cad-trust/2\n${table}\n${name}`);
  const variant = "89ab"[Number.parseInt(hex[16] ?? "0", 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** The latest that happened to a gram: when, and for whom where it was retired. */
const latest = async (db: Db, batchId: RegistryBatch["id"], gram: bigint) => {
  const last = (await timelineOf(db, batchId, gram))?.events.at(-1);
  const [retirement] =
    last && kindOf(last.to) === "retired" ? await retirementsNamed(db, [last.transferId]) : [];
  const numbers = await certificateNumbers(db, retirement ? [retirement.id] : []);
  return { at: last?.at, retirement, certificate: retirement ? (numbers.get(retirement.id) ?? null) : null };
};

/** What was sold of a revoked batch stays with whoever has it, and says so. */
const reasonOf = (batch: RegistryBatch, said: string): string =>
  batch.revocation
    ? `${said} Its batch was revoked on ${batch.revocation.revokedAt.toISOString().slice(0, 10)}: ${batch.revocation.reason}`
    : said;

type Asked = { readonly publicUrl: string; readonly fromGram: bigint };

const unitsOf = async (db: Db, batch: RegistryBatch, { publicUrl, fromGram }: Asked) => {
  const units: Unit[] = [];
  const row = await batchNumbered(db, BigInt(batch.number));
  if (!row || fromGram > row.grams) return { units, nextGram: null };
  const cadTrustIssuanceId = await guid("issuance", batch.number);
  const span = { first_g: fromGram, last_g: row.grams };
  const owners = await ownersOf(db, row.id, span, mostUnits + 1);
  for (const { account, first_g, last_g } of owners.slice(0, mostUnits)) {
    const first = first_g < fromGram ? fromGram : first_g;
    const serial = serialOf(row, first, last_g);
    const [unitStatus, why] = statuses[kindOf(account) as keyof typeof statuses];
    const { at, retirement, certificate } = await latest(db, row.id, first);
    units.push({
      cadTrustUnitId: await guid("unit", serial),
      cadTrustIssuanceId,
      unitSerialId: serial,
      unitStartBlock: String(first),
      unitEndBlock: String(last_g),
      unitCount: last_g - first + 1n,
      unitType: "Avoidance - technical",
      unitVintageYear: batch.vintage,
      unitStatus,
      unitStatusReason: reasonOf(batch, retirement?.reason ?? why),
      unitStatusDate: at ?? batch.issuedAt,
      unitRetirementDetail: certificate,
      unitRetirementBeneficiary: retirement?.beneficiary_name ?? null,
      unitRetirementBeneficiaryId: retirement?.beneficiary_lei ?? null,
      unitLink: `${publicUrl}/registry/serials/${serial}`,
      unitMetric: "tCO2e",
      // Whoever holds credits is nobody's business; no host country has authorised a transfer of outcomes.
      unitCurrentOwner: null,
      unitItmosReferenceId: null,
    });
  }
  const next = owners[mostUnits];
  return { units, nextGram: next ? String(next.first_g) : null };
};

const recordsOf = async (db: Db, batch: RegistryBatch, publicUrl: string) => {
  const projectId = `EVX-${batch.country}-${batch.vehicleClass.replace(/\W+/g, "-")}`;
  const methodologyName = `${batch.method}, factors ${batch.factorSet}`;
  const cadTrustProgramId = await guid("program", "EVX");
  const cadTrustProjectId = await guid("project", projectId);
  const cadTrustMethodologyId = await guid("methodology", methodologyName);
  const cadTrustProjectMethodologyId = await guid("project_methodology", `${projectId}\n${methodologyName}`);
  const cadTrustLocationId = await guid("location", projectId);
  const cadTrustVerificationId = await guid("verification", batch.number);
  const since = await firstIssuedAt(db, { country: batch.country, vehicleClass: batch.vehicleClass });
  return {
    program: {
      cadTrustProgramId,
      programName: registryName,
      programRegistry: registryName,
      programRegistryId: "EVX",
    },
    methodology: {
      cadTrustMethodologyId,
      methodologyCode: batch.method,
      methodologyName,
      methodologyType: "Avoidance - technical",
      methodologyVersion: batch.factorSet,
      methodologyLink: `${publicUrl}/methods`,
    },
    project: {
      cadTrustProjectId,
      cadTrustProgramId,
      projectRegistryName: registryName,
      projectId,
      projectCreditingProgram: registryName,
      projectName: `${registryName}, ${batch.vehicleClass}, ${batch.country}`,
      projectLink: `${publicUrl}/registry`,
      projectSector: ["Transport"],
      projectType: ["Transport"],
      projectSubtype: `Electric vehicles: ${batch.vehicleClass}`,
      projectStatus: "Verified",
      projectStatusDate: (since ?? batch.issuedAt).toISOString().slice(0, 10),
      projectUnitMetric: "tCO2e",
    },
    projectMethodology: { cadTrustProjectMethodologyId, cadTrustProjectId, cadTrustMethodologyId },
    location: { cadTrustLocationId, cadTrustProjectId, locationCountry: cadTrustCountry(batch.country) },
    verification: {
      cadTrustVerificationId,
      cadTrustProjectId,
      cadTrustValidationId: null,
      verificationId: `EVX-V-${batch.number}`,
      verificationStartDate: batch.vintageFrom,
      verificationEndDate: batch.vintageTo,
      verificationBody: batch.cvaName,
    },
    issuance: {
      cadTrustIssuanceId: await guid("issuance", batch.number),
      cadTrustVerificationId,
      cadTrustProjectMethodologyId,
      cadTrustLocationId,
      issuanceId: batch.number,
      issuanceDate: batch.issuedAt.toISOString().slice(0, 10),
    },
  } satisfies Partial<CadTrustView>;
};

export type CadTrustInput = PageInput & {
  readonly batch?: string | undefined;
  readonly fromGram?: string | undefined;
};

/**
 * Batches in the words of the Climate Action Data Trust's model 2.0.2, newest first: of each what its tables want to know,
 * and its units by serial number and status. Of a batch with more units than an answer holds, the others are had by its
 * number. Refuses `batch_not_found`.
 */
export const cadTrust = async (
  db: Db,
  publicUrl: string,
  { limit, batch: number, fromGram = "1", ...page }: CadTrustInput,
): Promise<Page<CadTrustView>> => {
  const { items, nextCursor } =
    number === undefined
      ? await registryBatches(db, { ...page, limit: Math.min(limit, mostBatches) })
      : { items: [await registryBatch(db, BigInt(number))], nextCursor: null };
  const asked = { publicUrl, fromGram: number === undefined ? 1n : BigInt(fromGram) };
  const views: CadTrustView[] = [];
  for (const batch of items)
    views.push({ ...(await recordsOf(db, batch, publicUrl)), ...(await unitsOf(db, batch, asked)) });
  return { items: views, nextCursor };
};
