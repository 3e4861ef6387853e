import {
  batchNumber,
  batchNumbered,
  foldWords,
  parseSerial,
  registryBatch,
  revocationsOf,
  serialOf,
} from "@evx/credits";
import type { Db } from "@evx/db";
import { afterMoment, type Id, isId, momentKey, type Page, type PageInput, pageFrom } from "@evx/kernel";
import { loggedAt } from "@evx/log";
import type { CertificateKind } from "@evx/proof";
import { base64 } from "@evx/proof/log";
import type { Actor } from "@evx/rpc";
import { accreditationOfBatch } from "./accreditations.ts";
import { certificateFile, certificateNamed, certificateViews, documentOf, pdfUrlOf } from "./certificates.ts";
import type { CertificatePorts } from "./ports.ts";
import { type CertificateFilter, type CertificateRow, certificateRows } from "./queries/certificates.ts";
import { leavesOf, rootRows } from "./queries/trees.ts";
import type { CertificateView } from "./schema.ts";
import { standingOf, statusStatement } from "./standing.ts";

const listed = async (
  db: Db,
  filter: CertificateFilter,
  { limit, cursor }: PageInput,
): Promise<Page<CertificateRow>> => {
  const rows = await certificateRows(db, filter, limit + 1, afterMoment("certificate", cursor));
  return pageFrom(
    rows,
    limit,
    (row) => row,
    (row) => momentKey(row.issued_at, row.id),
  );
};

const viewed = async (
  db: Db,
  ports: CertificatePorts,
  { items, nextCursor }: Page<CertificateRow>,
): Promise<Page<CertificateView>> => ({ items: await certificateViews(db, ports, items), nextCursor });

/** A person's certificates, newest first. Whose they are is the procedure's concern. */
export const certificatesOf = async (
  db: Db,
  ports: CertificatePorts,
  { userId, kind, ...page }: PageInput & { userId: Id<"user">; kind?: CertificateKind | undefined },
): Promise<Page<CertificateView>> => viewed(db, ports, await listed(db, { holderId: userId, kind }, page));

/** Certificates of issuance that a reviewer decided, or all of them for an operator. */
export const certificatesIssuedBy = async (
  db: Db,
  ports: CertificatePorts,
  actor: Pick<Actor, "id" | "role">,
  { status, ...page }: PageInput & { status?: "valid" | "revoked" | undefined },
): Promise<Page<CertificateView>> =>
  viewed(
    db,
    ports,
    await listed(db, { status, ...(actor.role === "admin" ? {} : { decidedBy: actor.id }) }, page),
  );

/** What a search text asks for: certificates of the grams of a serial number, or words. Null for grams of no batch. */
const searched = async (db: Db, q: string | undefined): Promise<CertificateFilter | null> => {
  const text = q?.trim();
  if (!text) return {};
  const serial = parseSerial(text);
  if (!serial) return { search: foldWords(text) };
  const { first_g, last_g } = serial;
  const batch = await batchNumbered(db, serial.number);
  return batch && serialOf(batch, first_g, last_g) === text
    ? { grams: { batchId: batch.id, first_g, last_g } }
    : null;
};

/** The public registry's certificates, searched by a serial number, a part of a number, a batch or a name. */
export const searchCertificates = async (
  db: Db,
  { q, kind, ...page }: PageInput & { q?: string | undefined; kind?: CertificateKind | undefined },
) => {
  const filter = await searched(db, q);
  const { items, nextCursor } = filter
    ? await listed(db, { kind, ...filter }, page)
    : { items: [], nextCursor: null };
  const standing = await standingOf(db, items);
  return {
    nextCursor,
    items: items.map((row) => {
      const document = documentOf(row);
      return {
        certificateNumber: row.number,
        kind: row.kind,
        creditsAmount: row.credits_g,
        holderName: document.holder,
        beneficiaryName: document.retirement?.beneficiary ?? null,
        issueDate: row.issued_at,
        ...standing(row),
        verifyUrl: document.verifyUrl,
      };
    }),
  };
};

/** An `evx-bundle/1`: the signed document, where it stands in the public log, and a signed status. */
export const bundleOf = async (db: Db, ports: CertificatePorts, row: CertificateRow, now: Date) => {
  const [status, logged] = await Promise.all([
    statusStatement(db, ports, row, now),
    loggedAt(db, "certificate", row.number),
  ]);
  return { ...certificateFile(row), status, log: logged && { ...logged, proof: logged.proof.map(base64) } };
};

/** The public page's answer. */
export const publicCertificate = async (db: Db, ports: CertificatePorts, number: string, now: Date) => {
  const row = await certificateNamed(db, number);
  const file = await bundleOf(db, ports, row, now);
  const { lots } = file.certificate;
  const revoked = await revocationsOf(
    db,
    [...new Set(lots.map(({ batch }) => batch))].filter((id) => isId("batch", id)),
  );
  return {
    ...file,
    revokedBatches: [...revoked].flatMap(([id, { reason, revokedAt }]) => {
      const serial = parseSerial(lots.find(({ batch }) => batch === id)?.serial ?? "");
      return serial ? [{ batch: batchNumber(serial.number), reason, revokedAt }] : [];
    }),
    certificateNumber: row.number,
    kind: row.kind,
    algorithm: "Ed25519" as const,
    retirement: file.certificate.retirement,
    pdfUrl: pdfUrlOf(ports, row.number),
    verifyUrl: file.certificate.verifyUrl,
  };
};

/**
 * The Merkle root over the trips of a batch, published with the registry: what an owner's proof leads to, and the
 * certificate that names it. Refuses `batch_not_found`.
 */
export const publishedRoot = async (db: Db, number: bigint) => {
  const batch = await registryBatch(db, number);
  const [tree] = await rootRows(db, [batch.id]);
  return {
    batch: batch.number,
    root: tree?.root ?? null,
    trips: Number(tree?.leaf_count ?? 0),
    certificateNumber: tree?.certificate_number ?? null,
  };
};

/** A certificate's status alone, signed and dated. Refuses `certificate_not_found`. */
export const publicStatus = async (db: Db, ports: CertificatePorts, number: string, now: Date) =>
  statusStatement(db, ports, await certificateNamed(db, number), now);

/** What everybody may know of a batch, with its tree and where it was logged. Refuses `batch_not_found`. */
export const publicBatch = async (db: Db, number: bigint) => {
  const batch = await registryBatch(db, number);
  const [[tree], logged, row] = await Promise.all([
    rootRows(db, [batch.id]),
    loggedAt(db, "batch_issued", batch.id),
    batchNumbered(db, number),
  ]);
  return {
    number: batch.number,
    serial: batch.serial,
    grams: String(batch.issued),
    credits: batch.issued,
    vintage: batch.vintage,
    country: batch.country,
    method: batch.method,
    factorSet: batch.factorSet,
    quality: batch.quality,
    root: tree?.root ?? null,
    size: Number(tree?.leaf_count ?? 0),
    sum: tree?.sum_g == null ? null : String(tree.sum_g),
    certificateNumber: tree?.certificate_number ?? null,
    accreditation: row ? await accreditationOfBatch(db, row.cvaId, row.issuedAt) : null,
    log: logged && { ...logged, proof: logged.proof.map(base64) },
  };
};

/** The salted leaves of a batch's tree in their order, with each leaf's grams where the tree commits to them. */
export const publicLeaves = async (db: Db, number: bigint) => {
  const batch = await registryBatch(db, number);
  const tree = await leavesOf(db, batch.id);
  const count = tree ? tree.leaves.length / 32 : 0;
  return {
    number: batch.number,
    root: tree?.root ?? null,
    sum: tree?.sum_g == null ? null : String(tree.sum_g),
    items: Array.from({ length: count }, (_, at) => ({
      hash: tree?.leaves.subarray(at * 32, at * 32 + 32).toString("hex") ?? "",
      grams: tree?.sums ? String(tree.sums.readBigUInt64BE(at * 8)) : null,
    })),
  };
};
