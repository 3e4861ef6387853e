import {
  batchesByIds,
  batchNumber,
  foldWords,
  parseSerial,
  registryBatch,
  revocationsOf,
  serialOf,
} from "@evx/credits";
import type { Db, Tx } from "@evx/db";
import { displayNames } from "@evx/identity";
import { emit } from "@evx/jobs";
import {
  assert,
  creditsFromGrams,
  type Id,
  keyOfCursor,
  namedId,
  type Page,
  type PageInput,
  pageFrom,
} from "@evx/kernel";
import type { Actor } from "@evx/rpc";
import { refuse } from "./errors.ts";
import { certificateIssued } from "./events.ts";
import type { VerificationPorts } from "./ports.ts";
import { utf8 } from "./proof/bytes.ts";
import { canonical } from "./proof/canonical.ts";
import {
  type CertificateDocument,
  type CertificateKind,
  type CertificateLot,
  canonicalOf,
} from "./proof/document.ts";
import { certificateNumber, isCertificateNumber } from "./proof/number.ts";
import type { CertificateFile } from "./proof/verify.ts";
import {
  addKeys,
  type CertificateFilter,
  type CertificateRow,
  certificateByNumber,
  certificateOf,
  certificateRows,
  insertCertificate,
  keyRows,
} from "./queries/certificates.ts";
import { rootRows } from "./queries/review.ts";
import type { CertificateView } from "./schema.ts";

/** A run of a batch's grams, both ends included. */
export type Lot = { batchId: Id<"batch">; first_g: bigint; last_g: bigint };

export type CertificateWish = {
  kind: CertificateKind;
  /** What it certifies: the request, the sale's transfer or the retirement. One certificate each. */
  subjectId: string;
  holderId: Id<"user">;
  lots: readonly Lot[];
  orderId?: string | null;
  retirement?: CertificateDocument["retirement"];
};

/** Lots as the certificate tells them, and the batches' vehicles. */
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
      country: batch.countryCode,
      method: batch.methodCode,
      factorSet: batch.factorSet,
      quality: batch.qualityTier,
      verifier: verifiers.get(batch.cvaId) ?? "–",
      root: roots.find((row) => row.batch_id === batchId)?.root ?? null,
    };
  });
  const vehicles = new Set(roots.map((row) => `${row.vehicle_class}/${row.country_code}`));
  const [only] = roots;
  const vehicle =
    vehicles.size === 1 && only ? { class: only.vehicle_class, country: only.country_code } : null;
  return { list, vehicle };
};

/**
 * Makes, signs and stores a certificate; asked again for the same subject it answers the one that is there.
 * The number follows from kind and subject, so two at once cannot make two. Emits `certificateIssued` once.
 */
export const issueCertificate = async (
  tx: Tx,
  ports: VerificationPorts,
  wish: CertificateWish,
): Promise<CertificateRow> => {
  const known = await certificateOf(tx, wish.kind, wish.subjectId);
  if (known) return known;
  const grams = wish.lots.reduce((sum, { first_g, last_g }) => sum + last_g - first_g + 1n, 0n);
  assert(grams > 0n, `the ${wish.kind} ${wish.subjectId} has grams`);
  const id = await namedId("certificate", `${wish.kind}:${wish.subjectId}`);
  const number = certificateNumber(id, tx.at.getUTCFullYear());
  const [{ list, vehicle }, names] = await Promise.all([
    described(tx, wish.lots),
    displayNames(tx, [wish.holderId]),
  ]);
  const key = ports.keys.current;
  const document: CertificateDocument = {
    format: "evx-certificate/1",
    number,
    kind: wish.kind,
    issuer: "EV Carbon Exchange",
    issuedAt: tx.at.toISOString(),
    holder: names.get(wish.holderId) ?? "–",
    grams: String(grams),
    credits: creditsFromGrams(grams),
    vehicle,
    lots: list,
    retirement: wish.retirement ?? null,
    keyId: key.id,
    verifyUrl: verifyUrlOf(ports, number),
  };
  const text = canonical(canonicalOf(document));
  await addKeys(tx, [key]);
  const made = await insertCertificate(
    tx,
    {
      id,
      number,
      kind: wish.kind,
      holder_id: wish.holderId,
      subject_id: wish.subjectId,
      order_id: wish.orderId ?? null,
      credits_g: grams,
      document: text,
      signature: await key.sign(utf8(text)),
      key_id: key.id,
      words: wordsOf(document),
      issued_at: tx.at,
    },
    wish.lots,
  );
  const row = await certificateOf(tx, wish.kind, wish.subjectId);
  assert(row, `certificate ${number} is there`);
  if (made) {
    await emit(tx, certificateIssued, {
      certificateId: row.id,
      number,
      kind: wish.kind,
      holderId: wish.holderId,
      grams: String(grams),
      orderId: wish.orderId ?? null,
    });
  }
  return row;
};

/** Batches by the first part of their serial numbers; a certificate of many lots is found by its first hundred. */
const wordsOf = ({ number, holder, retirement, lots }: CertificateDocument): string => {
  const batches = new Set(lots.slice(0, 100).map(({ serial }) => serial.replace(/-\d+-\d+$/, "")));
  return foldWords([number, holder, retirement?.beneficiary ?? "", ...batches].join(" "));
};

const verifyUrlOf = ({ publicUrl }: VerificationPorts, number: string): string => `${publicUrl}/c/${number}`;

const pdfUrlOf = ({ publicUrl }: VerificationPorts, number: string): string =>
  `${publicUrl}/api/public/certificates/${number}/pdf`;

export const documentOf = (row: Pick<CertificateRow, "document">): CertificateDocument =>
  JSON.parse(row.document) as CertificateDocument;

const statusOf = (row: CertificateRow) => (row.revoked_at ? ("revoked" as const) : ("valid" as const));

/** A certificate in a list. */
export const certificateView = (row: CertificateRow, ports: VerificationPorts): CertificateView => {
  const document = documentOf(row);
  return {
    id: row.id,
    certificateNumber: row.number,
    kind: row.kind,
    creditsAmount: row.credits_g,
    serials: document.lots.map(({ serial }) => serial),
    issueDate: row.issued_at,
    status: statusOf(row),
    revocationReason: row.revocation_reason,
    holderName: document.holder,
    beneficiaryName: document.retirement?.beneficiary ?? null,
    orderId: row.order_id,
    pdfUrl: pdfUrlOf(ports, row.number),
    verifyUrl: document.verifyUrl,
  };
};

/** The certificate as it leaves the venue: what `verifyCertificate` and the printer take. */
export const certificateFile = (
  row: CertificateRow,
): CertificateFile & {
  status: "valid" | "revoked";
  revocation: { revokedAt: string; reason: string } | null;
} => ({
  certificate: documentOf(row),
  signature: row.signature,
  algorithm: "Ed25519",
  keyId: row.key_id,
  publicKey: row.public_key,
  status: statusOf(row),
  revocation:
    row.revoked_at && row.revocation_reason !== null
      ? { revokedAt: row.revoked_at.toISOString(), reason: row.revocation_reason }
      : null,
});

const listed = async <View>(
  db: Db,
  filter: CertificateFilter,
  { limit, cursor }: PageInput,
  view: (row: CertificateRow) => View,
): Promise<Page<View>> => {
  const key = keyOfCursor(cursor, 2);
  const at = key ? new Date(Number(key[0])) : null;
  const after = key && at && !Number.isNaN(at.getTime()) ? { at, id: String(key[1]) } : null;
  const rows = await certificateRows(db, filter, limit + 1, after);
  return pageFrom(rows, limit, view, (row) => [row.issued_at.getTime(), row.id]);
};

/** A person's certificates, newest first. Whose they are is the procedure's concern. */
export const certificatesOf = (
  db: Db,
  ports: VerificationPorts,
  { userId, kind, ...page }: PageInput & { userId: Id<"user">; kind?: CertificateKind | undefined },
): Promise<Page<CertificateView>> =>
  listed(db, { holderId: userId, kind }, page, (row) => certificateView(row, ports));

/** Certificates of issuance that a reviewer decided, or all of them for an operator. */
export const certificatesIssuedBy = (
  db: Db,
  ports: VerificationPorts,
  actor: Pick<Actor, "id" | "role">,
  { status, ...page }: PageInput & { status?: "valid" | "revoked" | undefined },
): Promise<Page<CertificateView>> =>
  listed(db, { status, ...(actor.role === "admin" ? {} : { decidedBy: actor.id }) }, page, (row) =>
    certificateView(row, ports),
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

/** A certificate by its number, for anybody. Refuses `certificate_not_found`. */
export const certificateNamed = async (db: Db, number: string): Promise<CertificateRow> => {
  const row = isCertificateNumber(number) ? await certificateByNumber(db, number) : undefined;
  if (!row) throw refuse("certificate_not_found");
  return row;
};

/** The public page's answer. */
export const publicCertificate = async (db: Db, ports: VerificationPorts, number: string) => {
  const row = await certificateNamed(db, number);
  const file = certificateFile(row);
  const lots = file.certificate.lots.slice(0, 1_000);
  const revoked = await revocationsOf(db, [...new Set(lots.map(({ batch }) => batch as Id<"batch">))]);
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

/** Every public key that ever signed, and the one that will sign next: what a verifier offline trusts. */
export const publicKeys = async (db: Db, ports: VerificationPorts, now: Date) => {
  const known = (await keyRows(db)).map((row) => ({
    id: row.id,
    publicKey: row.public_key,
    addedAt: row.added_at,
  }));
  const fresh = ports.keys.all
    .filter(({ id }) => !known.some((key) => key.id === id))
    .map(({ id, publicKey }) => ({ id, publicKey, addedAt: now }));
  return [...known, ...fresh].map((key) => ({ ...key, algorithm: "Ed25519" as const }));
};

/** Publishes the keys of the environment; a server does it once when it starts. */
export const publishKeys = (tx: Tx, ports: Pick<VerificationPorts, "keys">): Promise<void> =>
  addKeys(tx, ports.keys.all);
