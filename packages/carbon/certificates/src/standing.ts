import { batchesByIds, parseSerial, serialOf } from "@evx/credits";
import type { Db } from "@evx/db";
import { publishedCheckpoint } from "@evx/log";
import {
  type RangeState,
  type StatusDocument,
  type StatusStatement,
  signStatus,
  type Unstated,
} from "@evx/proof";
import type { CertificatePorts } from "./ports.ts";
import { type CertificateRow, type StandingRow, standingRows, standingSums } from "./queries/certificates.ts";

/** Runs of one certificate that a list shows, and that its signed statement does. The sums are over all of them. */
const shownRuns = 200;
const statedRuns = 10_000;

/** What became of a certificate's grams. */
export type Standing = {
  /** One word for the whole: revoked, valid while any gram of it is current, retired when all are. */
  readonly status: StatusDocument["status"];
  /** Grams for which it is the newest word. */
  readonly current: bigint;
  /** How many runs there are, and how many of them are current, also of those that are not listed. */
  readonly runs: number;
  readonly currentRuns: number;
  /** Run by run, in the order of their serial numbers: the first of them. */
  readonly ranges: RangeState[];
};

const wordOf = (
  row: Pick<CertificateRow, "revoked_at">,
  runs: StandingRow | undefined,
): Standing["status"] => {
  if (row.revoked_at) return "revoked";
  if (!runs) return "superseded";
  if (runs.current_g > 0n) return "valid";
  return runs.retired_g === runs.all_g ? "retired" : "superseded";
};

/** What became of the grams of some certificates, each by its id. */
export const standingOf = async (
  db: Db,
  certificates: readonly Pick<CertificateRow, "id" | "revoked_at">[],
  mostRuns: number = shownRuns,
): Promise<(row: Pick<CertificateRow, "id" | "revoked_at">) => Standing> => {
  const rows = await standingRows(
    db,
    certificates.map(({ id }) => id),
    mostRuns,
  );
  const batches = await batchesByIds(
    db,
    rows.map(({ batch_id }) => batch_id),
  );
  const byCertificate = Map.groupBy(rows, ({ certificate_id }) => certificate_id);
  return (row) => {
    const own = byCertificate.get(row.id) ?? [];
    const ranges = own.flatMap(({ batch_id, first_g, last_g, state }) => {
      const batch = batches.get(batch_id);
      return batch ? [{ serial: serialOf(batch, first_g, last_g), state }] : [];
    });
    const { current_g: current = 0n, runs = 0, current_runs: currentRuns = 0 } = own[0] ?? {};
    return { status: wordOf(row, own[0]), current, runs, currentRuns, ranges };
  };
};

/** What became of each run of a certificate's grams. */
export const rangesOf = async (
  db: Db,
  row: Pick<CertificateRow, "id" | "revoked_at">,
): Promise<RangeState[]> => (await standingOf(db, [row], statedRuns))(row).ranges;

/** The runs that are not among those told one by one, by state. */
const unstatedOf = async (
  db: Db,
  row: Pick<CertificateRow, "id">,
  ranges: readonly RangeState[],
): Promise<Unstated[]> => {
  const sums = new Map((await standingSums(db, row.id)).map(({ state, ...sum }) => [state, sum]));
  for (const { serial, state } of ranges) {
    const [span, sum] = [parseSerial(serial), sums.get(state)];
    if (!span || !sum) continue;
    sums.set(state, { runs: sum.runs - 1, grams: sum.grams - (span.last_g - span.first_g + 1n) });
  }
  return [...sums].flatMap(([state, { runs, grams }]) =>
    runs > 0 ? [{ state, runs, grams: String(grams) }] : [],
  );
};

/** What the registry says of a certificate now, signed and dated. So many runs one by one, the others by their sums. */
export const statusStatement = async (
  db: Db,
  ports: CertificatePorts,
  row: CertificateRow,
  now: Date,
  mostRuns: number = statedRuns,
): Promise<StatusStatement> => {
  const { status, ranges, runs } = (await standingOf(db, [row], mostRuns))(row);
  const unstated = runs > ranges.length ? await unstatedOf(db, row, ranges) : [];
  const published = await publishedCheckpoint(db);
  return signStatus(ports.keys.current, {
    format: "evx-status/1",
    number: row.number,
    status,
    asOf: now.toISOString(),
    logSize: published?.size ?? 0,
    ranges,
    ...(unstated.length > 0 ? { unstated } : {}),
    revocation:
      row.revoked_at && row.revocation_reason !== null
        ? { revokedAt: row.revoked_at.toISOString(), reason: row.revocation_reason }
        : null,
    keyId: ports.keys.current.id,
  });
};
