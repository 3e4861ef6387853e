import type { Db } from "@evx/db";
import { isSignedBy, utf8 } from "@evx/proof";
import { documentOf, findableBy } from "./certificates.ts";
import { publicKeys } from "./keys.ts";
import type { CertificatePorts } from "./ports.ts";
import { type CertificateRow, certificateRows } from "./queries/certificates.ts";
import { type SnapshotRow, snapshotRows } from "./queries/snapshots.ts";
import { keptFault } from "./snapshots.ts";

const faultsOf = async (row: CertificateRow): Promise<string[]> => {
  if (!(await isSignedBy(row.public_key, utf8(row.document), row.signature)))
    return [`Certificate ${row.number}: its signature does not fit its document.`];
  const missing = findableBy(documentOf(row)).filter((word) => !row.words.includes(word));
  return missing.length > 0 ? [`Certificate ${row.number} is not found by ${missing.join(", ")}.`] : [];
};

/** Each stored certificate whose signature does not fit its document, or that searches were made to miss. */
export const documentFaults = async (db: Db): Promise<string[]> => {
  const faults: string[] = [];
  for (let after: { at: Date; id: string } | null = null; ; ) {
    const rows: CertificateRow[] = await certificateRows(db, {}, 500, after);
    for (const row of rows) faults.push(...(await faultsOf(row)));
    const last = rows.at(-1);
    if (!last) return faults;
    after = { at: last.issued_at, id: last.id };
  }
};

/** Days that are read at once. */
const daysAtOnce = 500;

/** Snapshots of days that are not what was signed of them. */
export const snapshotFaults = async (db: Db, ports: CertificatePorts, now: Date): Promise<string[]> => {
  const keys = await publicKeys(db, ports, now);
  const faults: string[] = [];
  for (let before: string | null = null; ; ) {
    const rows: SnapshotRow[] = await snapshotRows(db, daysAtOnce, before);
    for (const row of rows) {
      const isItsDay = row.statement.includes(`"day":"${row.day}"`);
      const fault = isItsDay ? await keptFault(db, row, keys) : "It is of another day.";
      if (fault) faults.push(`The snapshot of ${row.day}: ${fault}`);
    }
    const last = rows.at(-1);
    if (!last) return faults;
    before = last.day;
  }
};
