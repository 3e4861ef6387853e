import type { Db } from "@evx/db";
import { csvFile } from "@evx/files";
import { creditsFromGrams, type Id, type Page } from "@evx/kernel";
import { batchesByIds, publicVintage } from "./batches.ts";
import { numberedBatches } from "./queries/batches.ts";
import type { RetirementFilter } from "./queries/retirements.ts";
import { type BatchSearch, registryBatches } from "./registry.ts";
import { retirements } from "./retirements.ts";
import type { RetirementView } from "./schema.ts";
import { batchNumber, parseSerial } from "./serial.ts";

/** More rows than a spreadsheet is read for; the newest are kept. */
const mostRows = 50_000;

const allOf = async <T>(
  read: (page: { limit: number; cursor?: string }) => Promise<Page<T>>,
): Promise<T[]> => {
  const rows: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await read({ limit: 1_000, ...(cursor ? { cursor } : {}) });
    rows.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor && rows.length < mostRows);
  return rows;
};

const batchColumns =
  "batch serial vintage vintage_from vintage_to country method factor_set quality vehicle_class verifier trips period_from period_to issued circulating retired cancelled buffer issued_at revoked_at revocation_reason owed from_owner from_buffer shortfall";

/** All batches that match, as a CSV file. */
export const batchesFile = async (db: Db, search: BatchSearch) =>
  csvFile(
    "evx-batches.csv",
    batchColumns.split(" "),
    (await allOf((page) => registryBatches(db, { ...search, ...page }))).map((row) => [
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
export const retirementsFile = async (db: Db, filter: RetirementFilter) =>
  csvFile(
    "evx-retirements.csv",
    retirementColumns.split(" "),
    (await allOf<RetirementView>((page) => retirements(db, { ...filter, ...page }))).map((row) => [
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
  "certificate retired_at credits beneficiary country period_from period_to reason message serial serial_credits vintage vintage_from vintage_to batch method factor_set revoked beneficiary_lei";

/**
 * What a person retired in a calendar year (UTC), a row for each run of serial numbers: what their accounts and auditors
 * ask for. Avoided emissions stand beside an inventory of Scope 1 to 3 and are never taken off it.
 */
export const statementFile = async (db: Db, { userId, year }: { userId: Id<"user">; year: number }) => {
  const within = { from: new Date(Date.UTC(year, 0, 1)), to: new Date(Date.UTC(year + 1, 0, 1)) };
  const rows = await allOf<RetirementView>((page) => retirements(db, { holderId: userId, within, ...page }));
  const batches = await batchesBySerials(
    db,
    rows.flatMap(({ serials }) => serials),
  );
  return csvFile(
    `evx-retirements-${year}.csv`,
    statementColumns.split(" "),
    rows.flatMap((row) =>
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
        ];
      }),
    ),
  );
};

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
