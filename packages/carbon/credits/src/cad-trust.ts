import type { Db } from "@evx/db";
import { creditsFromGrams, type Page, type PageInput } from "@evx/kernel";
import { kindOf, ownersOf, timelineOf } from "@evx/ledger";
import { batchNumbered } from "./batches.ts";
import { certificateNumbers } from "./queries/certified.ts";
import { retirementsNamed } from "./queries/retirements.ts";
import { type RegistryBatch, registryBatches } from "./registry.ts";
import type { CadTrustView } from "./schema.ts";
import { serialOf } from "./serial.ts";

/** Batches of a page, whatever is asked for: each unit is looked up by itself. */
const mostBatches = 10;

/** Parts of a batch that are named one by one. */
const mostUnits = 200;

const statuses = {
  wallet: "Held",
  listing: "For Sale",
  retired: "Retired",
  cancelled: "Cancelled",
  buffer: "Buffer",
} as const;

type Unit = CadTrustView["units"][number];

/** When and for whom grams left circulation. */
const leaving = async (db: Db, batchId: RegistryBatch["id"], gram: bigint) => {
  const last = (await timelineOf(db, batchId, gram))?.events.at(-1);
  if (!last) return null;
  const [retirement] = await retirementsNamed(db, [last.transferId]);
  const numbers = await certificateNumbers(db, retirement ? [retirement.id] : []);
  return { at: last.at, retirement, certificate: retirement ? (numbers.get(retirement.id) ?? null) : null };
};

const unitsOf = async (db: Db, batch: RegistryBatch): Promise<Unit[]> => {
  const row = await batchNumbered(db, BigInt(batch.number));
  if (!row) return [];
  const units: Unit[] = [];
  for (const { account, first_g, last_g } of await ownersOf(
    db,
    row.id,
    { first_g: 1n, last_g: row.grams },
    mostUnits,
  )) {
    const unitStatus = statuses[kindOf(account) as keyof typeof statuses];
    const gone =
      unitStatus === "Retired" || unitStatus === "Cancelled" ? await leaving(db, row.id, first_g) : null;
    units.push({
      cadTrustUnitId: serialOf(row, first_g, last_g),
      cadTrustIssuanceId: batch.number,
      unitBlockStart: String(first_g),
      unitBlockEnd: String(last_g),
      unitCount: creditsFromGrams(last_g - first_g + 1n),
      unitMetric: "tCO2e",
      unitType: "Avoidance",
      vintageYear: batch.vintage,
      unitStatus,
      unitStatusReason:
        unitStatus === "Cancelled" ? (batch.revocation?.reason ?? null) : (gone?.retirement?.reason ?? null),
      unitStatusDate: gone?.at ?? null,
      unitRetirementBeneficiary: gone?.retirement?.beneficiary_name ?? null,
      unitRetirementBeneficiaryId: gone?.retirement?.beneficiary_lei ?? null,
      unitRetirementCertificate: gone?.certificate ?? null,
      // Whoever holds credits is nobody's business; no host country has authorised a transfer of outcomes.
      currentOwner: null,
      itmosReferenceId: null,
    });
  }
  return units;
};

/**
 * Batches in the words of the Climate Action Data Trust's model (2.0): of each its project, methodology, issuance, and
 * units by serial number and status. Newest first.
 */
export const cadTrust = async (db: Db, { limit, ...page }: PageInput): Promise<Page<CadTrustView>> => {
  const { items, nextCursor } = await registryBatches(db, { ...page, limit: Math.min(limit, mostBatches) });
  const views: CadTrustView[] = [];
  for (const batch of items) {
    const cadTrustProjectId = `EVX-${batch.country}-${batch.vehicleClass.replace(/\W+/g, "-")}`;
    views.push({
      project: {
        cadTrustProjectId,
        projectName: `EV Carbon Exchange, ${batch.vehicleClass}, ${batch.country}`,
        projectType: "Transport",
        projectLocationCountry: batch.country,
        unitMetric: "tCO2e",
      },
      methodology: {
        cadTrustMethodologyId: batch.method,
        methodologyVersion: batch.factorSet,
        methodologyName: `${batch.method}, factors ${batch.factorSet}`,
      },
      issuance: {
        cadTrustIssuanceId: batch.number,
        cadTrustProjectId,
        cadTrustMethodologyId: batch.method,
        issuanceStartDate: batch.vintageFrom,
        issuanceEndDate: batch.vintageTo,
        issuanceDate: batch.issuedAt,
        issuedQuantity: creditsFromGrams(batch.issued),
        verificationBody: batch.cvaName,
        revokedAt: batch.revocation?.revokedAt ?? null,
      },
      units: await unitsOf(db, batch),
    });
  }
  return { items: views, nextCursor };
};
