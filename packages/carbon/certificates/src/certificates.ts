import { displayNames, publicNames } from "@evx/accounts";
import { batchesByIds, foldWords, publicVintage, serialOf } from "@evx/credits";
import type { Db, Tx } from "@evx/db";
import { emit } from "@evx/jobs";
import { assert, creditsFromGrams, type Id, namedId } from "@evx/kernel";
import {
  type CertificateDocument,
  type CertificateFile,
  type CertificateKind,
  type CertificateLot,
  canonical,
  canonicalOf,
  certificateNumber,
  isCertificateNumber,
  utf8,
} from "@evx/proof";
import { refuse } from "./errors.ts";
import { certificateIssued } from "./events.ts";
import { ensureKey } from "./keys.ts";
import type { CertificatePorts } from "./ports.ts";
import {
  type CertificateRow,
  certificateByNumber,
  certificateOf,
  insertCertificate,
  numberRows,
} from "./queries/certificates.ts";
import { rootRows } from "./queries/trees.ts";
import type { CertificateView } from "./schema.ts";
import { type Standing, standingOf } from "./standing.ts";

/** A run of a batch's grams, both ends included. */
export type Lot = { batchId: Id<"batch">; first_g: bigint; last_g: bigint };

export type CertificateInput = {
  kind: CertificateKind;
  /** What it certifies: the request, the sale's transfer or the retirement. One certificate each. */
  subjectId: string;
  holderId: Id<"user">;
  lots: readonly Lot[];
  orderId?: Id<"order"> | null;
  /** Of an issuance: the reviewer who decided it. */
  decidedBy?: Id<"user"> | null;
  retirement?: CertificateDocument["retirement"];
};

/** Lots as the certificate shows them; and the vehicles' class and country where all that were reviewed share them. */
const described = async (db: Db, lots: readonly Lot[]) => {
  const ids = [...new Set(lots.map(({ batchId }) => batchId))];
  const [batches, roots] = await Promise.all([batchesByIds(db, ids), rootRows(db, ids)]);
  const verifiers = await displayNames(
    db,
    [...batches.values()].map(({ cvaId }) => cvaId),
  );
  const list = lots.map(({ batchId, first_g, last_g }): CertificateLot => {
    const batch = batches.get(batchId);
    assert(batch, `batch ${batchId} of a certificate exists`);
    return {
      serial: serialOf(batch, first_g, last_g),
      grams: String(last_g - first_g + 1n),
      batch: batchId,
      vintage: batch.vintageYear,
      ...publicVintage(batch),
      country: batch.countryCode,
      method: batch.methodCode,
      factorSet: batch.factorSet,
      quality: batch.qualityTier,
      verifier: verifiers.get(batch.cvaId) ?? "–",
      root: roots.find((row) => row.batch_id === batchId)?.root ?? null,
    };
  });
  const reviewed = [...batches.values()].filter(({ id }) => roots.some((row) => row.batch_id === id));
  const vehicles = new Set(reviewed.map((batch) => `${batch.vehicleClass}/${batch.countryCode}`));
  const [only] = reviewed;
  const vehicle =
    vehicles.size === 1 && only ? { class: only.vehicleClass, country: only.countryCode } : null;
  return { list, vehicle };
};

/** What is going to be signed. */
const documentFor = async (
  tx: Tx,
  ports: CertificatePorts,
  { kind, holderId, lots, retirement = null }: CertificateInput,
  { number, grams }: { number: string; grams: bigint },
): Promise<CertificateDocument> => {
  const [{ list, vehicle }, names] = await Promise.all([described(tx, lots), publicNames(tx, [holderId])]);
  return {
    format: "evx-certificate/1",
    number,
    kind,
    issuer: "EV Carbon Exchange",
    issuedAt: tx.at.toISOString(),
    holder: names.get(holderId) ?? "–",
    grams: String(grams),
    credits: creditsFromGrams(grams),
    vehicle,
    lots: list,
    retirement,
    keyId: ports.keys.current.id,
    verifyUrl: verifyUrlOf(ports, number),
  };
};

/**
 * Makes, signs and stores a certificate; asked again for the same subject it answers the one that is there.
 * The number follows from kind and subject, so two at once cannot make two. Emits `certificateIssued` once.
 */
export const issueCertificate = async (
  tx: Tx,
  ports: CertificatePorts,
  input: CertificateInput,
): Promise<CertificateRow> => {
  const known = await certificateOf(tx, input.kind, input.subjectId);
  if (known) return known;
  const grams = input.lots.reduce((sum, { first_g, last_g }) => sum + last_g - first_g + 1n, 0n);
  assert(grams > 0n, `the ${input.kind} ${input.subjectId} has grams`);
  const id = await namedId("certificate", `${input.kind}:${input.subjectId}`);
  const number = certificateNumber(id, tx.at.getUTCFullYear());
  const key = ports.keys.current;
  const document = await documentFor(tx, ports, input, { number, grams });
  const text = canonical(canonicalOf(document));
  await ensureKey(tx, ports);
  const made = await insertCertificate(
    tx,
    {
      id,
      number,
      kind: input.kind,
      holder_id: input.holderId,
      subject_id: input.subjectId,
      order_id: input.orderId ?? null,
      decided_by: input.decidedBy ?? null,
      credits_g: grams,
      document: text,
      signature: await key.sign(utf8(text)),
      key_id: key.id,
      words: wordsOf(document),
      issued_at: tx.at,
    },
    input.lots,
  );
  const row = await certificateOf(tx, input.kind, input.subjectId);
  assert(row, `certificate ${number} is there`);
  if (made) {
    await emit(tx, certificateIssued, {
      certificateId: row.id,
      number,
      kind: input.kind,
      holderId: input.holderId,
      grams: String(grams),
      orderId: input.orderId ?? null,
    });
  }
  return row;
};

/** Batches by the first part of their serial numbers; a certificate of many lots is found by its first hundred. */
const wordsOf = ({ number, holder, retirement, lots }: CertificateDocument): string => {
  const batches = new Set(lots.slice(0, 100).map(({ serial }) => serial.replace(/-\d+-\d+$/, "")));
  return foldWords([number, holder, retirement?.beneficiary ?? "", ...batches].join(" "));
};

/** Words by which everybody must find a certificate: its number, its holder, for whom it was retired. */
export const findableBy = ({ number, holder, retirement }: CertificateDocument): string[] =>
  [number, holder, retirement?.beneficiary ?? ""].map(foldWords).filter((word) => word !== "");

const verifyUrlOf = ({ publicUrl }: CertificatePorts, number: string): string => `${publicUrl}/c/${number}`;

export const pdfUrlOf = ({ publicUrl }: CertificatePorts, number: string): string =>
  `${publicUrl}/api/public/certificates/${number}/pdf`;

export const documentOf = (row: Pick<CertificateRow, "document">): CertificateDocument =>
  JSON.parse(row.document) as CertificateDocument;

/** A certificate in a list, with what became of its grams. */
const viewOf = (ports: CertificatePorts, row: CertificateRow, standing: Standing): CertificateView => {
  const document = documentOf(row);
  return {
    id: row.id,
    certificateNumber: row.number,
    kind: row.kind,
    creditsAmount: row.credits_g,
    serials: document.lots.map(({ serial }) => serial),
    issueDate: row.issued_at,
    ...standing,
    revocationReason: row.revocation_reason,
    holderName: document.holder,
    beneficiaryName: document.retirement?.beneficiary ?? null,
    orderId: row.order_id,
    pdfUrl: pdfUrlOf(ports, row.number),
    verifyUrl: document.verifyUrl,
  };
};

/** Certificates as lists show them. */
export const certificateViews = async (
  db: Db,
  ports: CertificatePorts,
  rows: readonly CertificateRow[],
): Promise<CertificateView[]> => {
  const standing = await standingOf(db, rows);
  return rows.map((row) => viewOf(ports, row, standing(row)));
};

export const certificateView = async (
  db: Db,
  ports: CertificatePorts,
  row: CertificateRow,
): Promise<CertificateView> => viewOf(ports, row, (await standingOf(db, [row]))(row));

/** The certificate as it leaves the venue: what `verifyCertificate` and the printer take. */
export const certificateFile = (
  row: CertificateRow,
): CertificateFile & {
  revocation: { revokedAt: string; reason: string } | null;
} => ({
  certificate: documentOf(row),
  signature: row.signature,
  algorithm: "Ed25519",
  keyId: row.key_id,
  publicKey: row.public_key,
  revocation:
    row.revoked_at && row.revocation_reason !== null
      ? { revokedAt: row.revoked_at.toISOString(), reason: row.revocation_reason }
      : null,
});

/** A certificate by its number, for anybody. Refuses `certificate_not_found`. */
export const certificateNamed = async (db: Db, number: string): Promise<CertificateRow> => {
  const row = isCertificateNumber(number) ? await certificateByNumber(db, number) : undefined;
  if (!row) throw refuse("certificate_not_found");
  return row;
};

/** The numbers of certificates of issuance by their requests; none for a request without one. */
export const issuanceNumbers = async (
  db: Db,
  requestIds: readonly Id<"request">[],
): Promise<ReadonlyMap<string, string>> =>
  new Map(
    (await numberRows(db, "issuance", requestIds)).map(({ subject_id, number }) => [subject_id, number]),
  );
