import type { Db } from "@evx/db";
import { csvPages } from "@evx/files";
import { creditsFromGrams, type Id } from "@evx/kernel";
import { batchesByIds, publicVintage } from "./batches.ts";
import { numberedBatches } from "./queries/batches.ts";
import { daysIn, type RetirementFilter } from "./queries/retirements.ts";
import { type BatchSearch, registryBatches } from "./registry.ts";
import { retirements } from "./retirements.ts";
import type { RetirementView } from "./schema.ts";
import { batchNumber, parseSerial } from "./serial.ts";

/** Rows that are read at once; a statement's have serial numbers without end. */
const portion = 200;

const batchColumns =
  "batch serial vintage vintage_from vintage_to country method factor_set quality vehicle_class verifier trips period_from period_to issued circulating retired cancelled buffer issued_at revoked_at revocation_reason owed from_owner from_buffer shortfall";

/** All batches that match, as a CSV file. */
export const batchesFile = (db: Db, search: BatchSearch) =>
  csvPages(
    "evx-batches.csv",
    batchColumns.split(" "),
    (cursor) => registryBatches(db, { ...search, limit: portion, cursor }),
    (batches) =>
      batches.map((row) => [
        row.number,
        row.serial,
        String(row.vintage),
        row.vintageFrom,
        row.vintageTo,
        row.country,
        row.method,
        row.factorSet,
        row.quality,
        row.vehicleClass,
        row.cvaName,
        String(row.tripCount),
        row.periodFrom.toISOString(),
        row.periodTo.toISOString(),
        ...[row.issued, row.circulating, row.retired, row.cancelled, row.buffer].map(creditsFromGrams),
        row.issuedAt.toISOString(),
        row.revocation?.revokedAt.toISOString() ?? "",
        row.revocation?.reason ?? "",
        ...(["owed", "fromOwner", "fromBuffer", "shortfall"] as const).map((name) =>
          row.revocation ? creditsFromGrams(row.revocation[name]) : "",
        ),
      ]),
  );

const retirementColumns =
  "retirement credits beneficiary country period_from period_to reason message serials retired_at certificate vintages methods revoked_credits beneficiary_lei";

/** All retirements that match, as a CSV file. */
export const retirementsFile = (db: Db, filter: RetirementFilter) =>
  csvPages(
    "evx-retirements.csv",
    retirementColumns.split(" "),
    (cursor) => retirements(db, { ...filter, limit: portion, cursor }),
    (rows) =>
      rows.map((row) => [
        row.id,
        creditsFromGrams(row.credits),
        row.beneficiaryName,
        row.beneficiaryCountry ?? "",
        row.periodFrom ?? "",
        row.periodTo ?? "",
        row.reason,
        row.message ?? "",
        row.serials.join(" "),
        row.retiredAt.toISOString(),
        row.certificateNumber ?? "",
        row.vintages.join(" "),
        row.methods.join(" "),
        creditsFromGrams(row.revokedCredits),
        row.beneficiaryLei ?? "",
      ]),
  );

const statementColumns =
  "certificate retired_at credits beneficiary country period_from period_to reason message serial serial_credits vintage vintage_from vintage_to batch method factor_set revoked beneficiary_lei retired_on zone";

/** A retirement's rows, one for each run of its serial numbers. */
const statementRows = (
  row: RetirementView,
  day: string,
  { zone, batches }: { zone: string; batches: Awaited<ReturnType<typeof batchesBySerials>> },
): string[][] =>
  row.serials.map((serial) => {
    const [run, batch] = [parseSerial(serial), batches.get(serial)];
    const vintage = batch && publicVintage(batch);
    return [
      row.certificateNumber ?? "",
      row.retiredAt.toISOString(),
      creditsFromGrams(row.credits),
      row.beneficiaryName,
      row.beneficiaryCountry ?? "",
      row.periodFrom ?? "",
      row.periodTo ?? "",
      row.reason,
      row.message ?? "",
      serial,
      run ? creditsFromGrams(run.last_g - run.first_g + 1n) : "",
      batch ? String(batch.vintageYear) : "",
      vintage?.vintageFrom ?? "",
      vintage?.vintageTo ?? "",
      batch ? batchNumber(batch.number) : "",
      batch?.methodCode ?? "",
      batch?.factorSet ?? "",
      batch?.revoked ? "yes" : "no",
      row.beneficiaryLei ?? "",
      day,
      zone,
    ];
  });

/**
 * What a person retired in a calendar year of a zone, a row for each run of serial numbers: what their accounts and
 * auditors ask for. Avoided emissions stand beside an inventory of Scope 1 to 3 and are never taken off it.
 */
export const statementFile = (
  db: Db,
  { userId, year, zone }: { userId: Id<"user">; year: number; zone: string },
) =>
  csvPages(
    `evx-retirements-${year}.csv`,
    statementColumns.split(" "),
    (cursor) => retirements(db, { holderId: userId, year: { year, zone }, limit: portion, cursor }),
    async (rows) => {
      const batches = await batchesBySerials(
        db,
        rows.flatMap(({ serials }) => serials),
      );
      const days = await daysIn(
        db,
        zone,
        rows.map(({ retiredAt }) => retiredAt),
      );
      return rows.flatMap((row, at) => statementRows(row, days[at] ?? "", { zone, batches }));
    },
  );

/** The batches that serial numbers are of, and whether they were revoked. */
const batchesBySerials = async (db: Db, serials: readonly string[]) => {
  const numbers = [...new Set(serials.flatMap((serial) => parseSerial(serial)?.number ?? []))];
  const rows = await numberedBatches(db, numbers);
  const batches = await batchesByIds(
    db,
    rows.map(({ id }) => id),
  );
  const known = new Map(
    rows.flatMap(({ id, number, revoked }) => {
      const batch = batches.get(id);
      return batch ? [[number, { ...batch, revoked }] as const] : [];
    }),
  );
  return new Map(
    serials.flatMap((serial) => {
      const batch = known.get(parseSerial(serial)?.number ?? 0n);
      return batch ? [[serial, batch] as const] : [];
    }),
  );
};
