import { batchNumber, foldWords, parseSerial, registryBatch, revocationsOf } from "@evx/credits";
import type { Db } from "@evx/db";
import { afterMoment, type Id, isId, momentKey, type Page, type PageInput, pageFrom } from "@evx/kernel";
import type { CertificateKind } from "@evx/proof";
import type { Actor } from "@evx/rpc";
import {
  certificateFile,
  certificateNamed,
  certificateView,
  documentOf,
  pdfUrlOf,
  statusOf,
} from "./certificates.ts";
import type { CertificatePorts } from "./ports.ts";
import { type CertificateFilter, type CertificateRow, certificateRows } from "./queries/certificates.ts";
import { rootRows } from "./queries/trees.ts";
import type { CertificateView } from "./schema.ts";

const listed = async <View>(
  db: Db,
  filter: CertificateFilter,
  { limit, cursor }: PageInput,
  view: (row: CertificateRow) => View,
): Promise<Page<View>> => {
  const rows = await certificateRows(db, filter, limit + 1, afterMoment("certificate", cursor));
  return pageFrom(rows, limit, view, (row) => momentKey(row.issued_at, row.id));
};

/** A person's certificates, newest first. Whose they are is the procedure's concern. */
export const certificatesOf = (
  db: Db,
  ports: CertificatePorts,
  { userId, kind, ...page }: PageInput & { userId: Id<"user">; kind?: CertificateKind | undefined },
): Promise<Page<CertificateView>> =>
  listed(db, { holderId: userId, kind }, page, (row) => certificateView(ports, row));

/** Certificates of issuance that a reviewer decided, or all of them for an operator. */
export const certificatesIssuedBy = (
  db: Db,
  ports: CertificatePorts,
  actor: Pick<Actor, "id" | "role">,
  { status, ...page }: PageInput & { status?: "valid" | "revoked" | undefined },
): Promise<Page<CertificateView>> =>
  listed(db, { status, ...(actor.role === "admin" ? {} : { decidedBy: actor.id }) }, page, (row) =>
    certificateView(ports, row),
  );

/** The public registry's certificates, searched by a part of a number, a batch or a name. */
export const searchCertificates = (
  db: Db,
  { q, kind, ...page }: PageInput & { q?: string | undefined; kind?: CertificateKind | undefined },
) =>
  listed(db, { kind, ...(q ? { search: foldWords(q) } : {}) }, page, (row) => {
    const document = documentOf(row);
    return {
      certificateNumber: row.number,
      kind: row.kind,
      creditsAmount: row.credits_g,
      holderName: document.holder,
      beneficiaryName: document.retirement?.beneficiary ?? null,
      issueDate: row.issued_at,
      status: statusOf(row),
      verifyUrl: document.verifyUrl,
    };
  });

/** The public page's answer. */
export const publicCertificate = async (db: Db, ports: CertificatePorts, number: string) => {
  const row = await certificateNamed(db, number);
  const file = certificateFile(row);
  const lots = file.certificate.lots.slice(0, 1_000);
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
