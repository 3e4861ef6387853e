import { notedHeads, verifyAudit } from "@evx/audit";
import type { Db } from "@evx/db";
import { faultsBy, uncheckedFault } from "@evx/db/guard";
import { publishedCheckpoint, tileBytes } from "@evx/log";
import { fromBase64url, utf8 } from "@evx/proof";
import { type Fetch, monitor, type Remembered } from "@evx/proof/monitor";
import { documentFaults, snapshotFaults } from "./documents.ts";
import { insideFaults, publishedRoots } from "./inside.ts";
import type { CertificatePorts } from "./ports.ts";
import { bookFaults, registryFacts, registryRows, registryState } from "./state.ts";

/** A public file of the registry, from the database; null for none. */
const fileAt = async (db: Db, ports: CertificatePorts, now: Date, path: string) => {
  const json = (value: unknown) => utf8(JSON.stringify(value));
  if (path === "/log/checkpoint") return utf8((await publishedCheckpoint(db))?.note ?? "");
  if (path === "/log/state.json") return json(await registryState(db, await bookFaults(db), now));
  const page = /^\/log\/state\/(\w+)\.json\?after=(.*)$/.exec(path);
  if (page) return json(await registryRows(db, page[1] ?? "", decodeURIComponent(page[2] ?? "")));
  if (path === "/.well-known/evx-registry.json") return json(await registryFacts(db, ports, now));
  return tileBytes(db, path.replace(/^\/log\/tile\//, ""));
};

/** The registry's public files, read from the database instead of over the network. */
export const fromInside =
  (db: Db, ports: CertificatePorts, now: Date): Fetch =>
  async (address) => {
    const path = address.slice(ports.publicUrl.length);
    try {
      return await fileAt(db, ports, now, path);
    } catch (error) {
      throw new Error(uncheckedFault(`what a monitor reads at ${path}`, error));
    }
  };

/**
 * What a monitor sees from outside, and what only the inside shows: every row against the documents and moves that it
 * stands on, the schema against this version's, every signature and checkpoint again, and the whole audit trail.
 * Each fault is a sentence that names its entry or row.
 */
export const verifyAll = async (
  db: Db,
  ports: CertificatePorts,
  now: Date,
  { patience_ms = 5_000, remembered = null }: { patience_ms?: number; remembered?: Remembered | null } = {},
) => {
  const publicKey = fromBase64url(ports.log.key.publicKey);
  const key = publicKey && { name: ports.log.origin, kind: "log" as const, publicKey };
  const published = await publishedRoots(db, key);
  const { faults, size, book, remember } = await monitor({
    url: ports.publicUrl,
    fetch: fromInside(db, ports, now),
    published: published.roots,
    remembered,
    patience_ms,
    now,
  });
  const trail = await faultsBy("the audit trail", async () =>
    (await verifyAudit(db, await notedHeads(db, null))).broken.map(
      ({ chain, seq, fault }) => `Line ${chain}/${seq} of the audit trail: ${fault}.`,
    ),
  );
  return {
    remember,
    entries: size,
    issued: String(book.issued),
    retired: String(book.retired),
    cancelled: String(book.cancelled),
    faults: [
      ...faults,
      ...published.faults,
      ...(await insideFaults(db, now)),
      ...(await faultsBy("signatures of certificates", () => documentFaults(db))),
      ...(await faultsBy("daily snapshots", () => snapshotFaults(db, ports, now))),
      ...trail,
    ],
  };
};
