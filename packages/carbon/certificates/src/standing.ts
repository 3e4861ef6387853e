import { batchesByIds, serialOf } from "@evx/credits";
import type { Db } from "@evx/db";
import type { Grams, Id } from "@evx/kernel";
import { type AccountId, holdersOf, kindOf, ownersOf } from "@evx/ledger";
import { publishedCheckpoint } from "@evx/log";
import { type RangeState, type StatusDocument, type StatusStatement, signStatus } from "@evx/proof";
import type { CertificatePorts } from "./ports.ts";
import { type CertificateRow, certificateLots, type RivalLot, rivalLots } from "./queries/certificates.ts";

type Run = { first_g: bigint; last_g: bigint };

/** What of a run is left when others are cut out of it. */
const without = (run: Run, others: readonly Run[]): Run[] =>
  others.reduce<Run[]>(
    (parts, cut) =>
      parts.flatMap((part) =>
        cut.last_g < part.first_g || part.last_g < cut.first_g
          ? [part]
          : [
              { first_g: part.first_g, last_g: cut.first_g - 1n },
              { first_g: cut.last_g + 1n, last_g: part.last_g },
            ].filter(({ first_g, last_g }) => first_g <= last_g),
      ),
    [run],
  );

/** A run of grams with the account where it lies, and whose that is. */
type Owned = Run & { account: AccountId; holder: Id<"user"> | null };

/** Whether a certificate is of the kind that says where grams are that lie there. */
const fits = (certificate: Pick<RivalLot, "kind" | "holder_id">, { account, holder }: Owned): boolean => {
  const place = kindOf(account);
  if (holder !== certificate.holder_id) return false;
  return certificate.kind === "retirement" ? place === "retired" : place === "wallet" || place === "listing";
};

/** Certificates of one gram that fit its place take precedence by their moment: the newest one alone is current. */
const isNewer = (a: RivalLot, b: Pick<RivalLot, "issued_at" | "certificate_id">): boolean =>
  a.issued_at.getTime() === b.issued_at.getTime()
    ? a.certificate_id > b.certificate_id
    : a.issued_at > b.issued_at;

type Part = Run & { state: RangeState["state"] };

const goneTo = ({ account }: Owned): RangeState["state"] => {
  const place = kindOf(account);
  return place === "retired" ? "retired" : place === "cancelled" ? "cancelled" : "passed_on";
};

/** What became of the part of a certificate's lot that lies in one place. */
const judged = (row: CertificateRow, owned: Owned, rivals: readonly RivalLot[]): Part[] => {
  if (!fits(row, owned)) return [{ ...owned, state: goneTo(owned) }];
  const newer = rivals.filter(
    (rival) => fits(rival, owned) && isNewer(rival, { issued_at: row.issued_at, certificate_id: row.id }),
  );
  const current = without(owned, newer);
  return [
    ...current.map((part) => ({ ...part, state: "current" as const })),
    ...without(owned, current).map((part) => ({ ...part, state: "passed_on" as const })),
  ].toSorted((a, b) => (a.first_g < b.first_g ? -1 : 1));
};

/** Lots that a statement judges one by one; a certificate of more is judged by its first. */
const mostLots = 200;

const least = (a: Grams, b: Grams): Grams => (a < b ? a : b);
const most = (a: Grams, b: Grams): Grams => (a < b ? b : a);

/** Where the grams of a lot lie now; parts of blocks that reach beyond it are cut off. */
const placesOf = async (db: Db, lot: Run & { batch_id: Id<"batch"> }): Promise<Owned[]> => {
  const runs = await ownersOf(db, lot.batch_id, lot, mostLots);
  const holders = await holdersOf(
    db,
    runs.map(({ account }) => account),
  );
  return runs.map(({ first_g, last_g, account }) => ({
    first_g: most(first_g, lot.first_g),
    last_g: least(last_g, lot.last_g),
    account,
    holder: holders.get(account) ?? null,
  }));
};

/** What became of each run of a certificate's grams, in the order of its lots. */
export const rangesOf = async (db: Db, row: CertificateRow): Promise<RangeState[]> => {
  const lots = await certificateLots(db, row.id, mostLots);
  const batches = await batchesByIds(
    db,
    lots.map(({ batch_id }) => batch_id),
  );
  const ranges: RangeState[] = [];
  for (const lot of lots) {
    const batch = batches.get(lot.batch_id);
    if (!batch) continue;
    const serial = (part: Run) => serialOf(batch, part.first_g, part.last_g);
    if (row.revoked_at) {
      ranges.push({ serial: serial(lot), state: "revoked" });
      continue;
    }
    const [places, rivals] = [await placesOf(db, lot), await rivalLots(db, row.id, lot)];
    for (const owned of places)
      for (const part of judged(row, owned, rivals)) ranges.push({ serial: serial(part), state: part.state });
  }
  return ranges;
};

/** One word for the whole certificate: revoked, valid while any gram of it is current, retired when all are. */
const wordOf = (row: CertificateRow, ranges: readonly RangeState[]): StatusDocument["status"] => {
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
