import { batchesByIds, parseSerial, serialOf } from "@evx/credits";
import type { Db } from "@evx/db";
import type { Id } from "@evx/kernel";
import { publishedCheckpoint } from "@evx/log";
import { type RangeState, type StatusDocument, type StatusStatement, signStatus } from "@evx/proof";
import type { CertificatePorts } from "./ports.ts";
import { type CertificateRow, standingRows } from "./queries/certificates.ts";

/** Lots that a statement judges; a certificate of more is judged by its first. */
const mostLots = 200;

/** What became of each run of some certificates' grams, in the order of their serial numbers. */
export const standingOf = async (
  db: Db,
  ids: readonly Id<"certificate">[],
): Promise<ReadonlyMap<Id<"certificate">, RangeState[]>> => {
  const rows = await standingRows(db, ids, mostLots);
  const batches = await batchesByIds(
    db,
    rows.map(({ batch_id }) => batch_id),
  );
  const standing = new Map<Id<"certificate">, RangeState[]>(ids.map((id) => [id, []]));
  for (const { certificate_id, batch_id, first_g, last_g, state } of rows) {
    const batch = batches.get(batch_id);
    if (batch) standing.get(certificate_id)?.push({ serial: serialOf(batch, first_g, last_g), state });
  }
  return standing;
};

/** What became of each run of a certificate's grams. */
export const rangesOf = async (db: Db, { id }: Pick<CertificateRow, "id">): Promise<RangeState[]> =>
  (await standingOf(db, [id])).get(id) ?? [];

/** Grams for which a certificate is the newest word. */
export const currentGrams = (ranges: readonly RangeState[]): bigint =>
  ranges.reduce((sum, range) => {
    const serial = range.state === "current" ? parseSerial(range.serial) : null;
    return serial ? sum + serial.last_g - serial.first_g + 1n : sum;
  }, 0n);

/** One word for the whole certificate: revoked, valid while any gram of it is current, retired when all are. */
export const wordOf = (
  row: Pick<CertificateRow, "revoked_at">,
  ranges: readonly RangeState[],
): StatusDocument["status"] => {
  if (row.revoked_at) return "revoked";
  if (ranges.some(({ state }) => state === "current")) return "valid";
  return ranges.length > 0 && ranges.every(({ state }) => state === "retired") ? "retired" : "superseded";
};

/** What the registry says of a certificate now, signed and dated. */
export const statusStatement = async (
  db: Db,
  ports: CertificatePorts,
  row: CertificateRow,
  now: Date,
): Promise<StatusStatement> => {
  const ranges = await rangesOf(db, row);
  const published = await publishedCheckpoint(db);
  return signStatus(ports.keys.current, {
    format: "evx-status/1",
    number: row.number,
    status: wordOf(row, ranges),
    asOf: now.toISOString(),
    logSize: published?.size ?? 0,
    ranges,
    revocation:
      row.revoked_at && row.revocation_reason !== null
        ? { revokedAt: row.revoked_at.toISOString(), reason: row.revocation_reason }
        : null,
    keyId: ports.keys.current.id,
  });
};
