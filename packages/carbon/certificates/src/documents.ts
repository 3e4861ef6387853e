import type { Db } from "@evx/db";
import { isSignedBy, snapshotFault, utf8 } from "@evx/proof";
import { documentOf, findableBy } from "./certificates.ts";
import { publicKeys } from "./keys.ts";
import type { CertificatePorts } from "./ports.ts";
import { type CertificateRow, certificateRows } from "./queries/certificates.ts";
import { snapshotContent, snapshotRows } from "./queries/snapshots.ts";

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

/** More days than there will be. */
const mostDays = 100_000;

/** Snapshots of days that are not what was signed of them. */
export const snapshotFaults = async (db: Db, ports: CertificatePorts, now: Date): Promise<string[]> => {
  const keys = await publicKeys(db, ports, now);
  const faults: string[] = [];
  for (const row of await snapshotRows(db, mostDays)) {
    const packed = (await snapshotContent(db, row.day))?.content;
    const fault = await unpacked(packed).then((content) => snapshotFault(row, content, keys));
    const named = fault ?? (row.statement.includes(`"day":"${row.day}"`) ? null : "It is of another day.");
    if (named) faults.push(`The snapshot of ${row.day}: ${named}`);
  }
  return faults;
};

/** What was kept, or nothing where it is no gzip any more. */
const unpacked = async (packed: Buffer | undefined): Promise<Uint8Array> => {
  try {
    return Bun.gunzipSync(new Uint8Array(packed ?? []));
  } catch {
    return new Uint8Array();
  }
};
