import { fromBase64url, utf8 } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { type CertificateDocument, canonicalOf, serialFault } from "./document.ts";
import { isSignedBy, keyId, type PublicKey } from "./keys.ts";
import { isInclusionProof, verifyInclusion } from "./merkle.ts";
import { isCertificateNumber } from "./number.ts";

/** A certificate as it leaves the venue: page, API and file alike. Beside the signed document stands what may change. */
export type CertificateFile = {
  readonly certificate: CertificateDocument;
  readonly signature: string;
  readonly keyId: string;
  readonly publicKey: string;
  readonly algorithm: "Ed25519";
  readonly status?: string;
  readonly revocation?: { readonly revokedAt: string; readonly reason: string } | null;
  /** Put beside the certificate by whoever wants one trip checked as well. */
  readonly inclusion?: unknown;
};

export type Check = {
  readonly name: "format" | "key" | "signature" | "number" | "serials" | "revocation" | "inclusion";
  /** Null: could not be judged from what was given. */
  readonly ok: boolean | null;
  /** An English sentence with the facts. */
  readonly detail: string;
};

export type Verification = {
  /** Every check that could be judged held, signature and serial numbers among them. */
  readonly ok: boolean;
  /** `known`: the key is among those that the caller trusts. `embedded`: the file's own, which proves only wholeness. */
  readonly trust: "known" | "embedded";
  readonly checks: readonly Check[];
  readonly certificate: CertificateDocument | null;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isDocument = (value: unknown): value is CertificateDocument =>
  isRecord(value) &&
  value.format === "evx-certificate/1" &&
  ["number", "kind", "issuer", "issuedAt", "holder", "grams", "credits", "keyId", "verifyUrl"].every(
    (name) => typeof value[name] === "string",
  ) &&
  Array.isArray(value.lots) &&
  value.lots.length > 0 &&
  value.lots.every(
    (lot) =>
      isRecord(lot) &&
      typeof lot.serial === "string" &&
      typeof lot.grams === "string" &&
      typeof lot.vintage === "number" &&
      (lot.root === null || typeof lot.root === "string"),
  );

const isFile = (value: unknown): value is CertificateFile =>
  isRecord(value) && isDocument(value.certificate) && typeof value.signature === "string";

const failed = (detail: string): Verification => ({
  ok: false,
  trust: "embedded",
  checks: [{ name: "format", ok: false, detail }],
  certificate: null,
});

const canonicalText = (document: CertificateDocument): string | null => {
  try {
    return canonical(canonicalOf(document));
  } catch {
    return null;
  }
};

/**
 * Judges a certificate's file by itself, without network, account or clock: that it is whole (signature), by whom
 * (`keys`: the public keys that the caller trusts; without any, the file's own), that its number and serial numbers
 * are sound, that it was not revoked when the file was taken, and that a trip's inclusion proof leads to one of its
 * roots. `json` is the file's text or its parsed value; nothing in it can make this throw.
 */
export const verifyCertificate = async (
  json: unknown,
  { keys, inclusion }: { keys?: readonly PublicKey[]; inclusion?: unknown } = {},
): Promise<Verification> => {
  let file: unknown = json;
  if (typeof json === "string") {
    try {
      file = JSON.parse(json);
    } catch {
      return failed("The file is not JSON.");
    }
  }
  if (!isFile(file)) return failed("The file is not an evx-certificate/1 with its signature.");
  const document = file.certificate;
  const text = canonicalText(document);
  if (text === null) return failed("The certificate has values that cannot be signed.");

  const known = keys?.find(({ id }) => id === document.keyId);
  const checks: Check[] = [
    { name: "format", ok: true, detail: "A certificate of the form evx-certificate/1." },
  ];
  const publicKey = known?.publicKey ?? (keys ? null : file.publicKey);
  const raw = typeof publicKey === "string" ? fromBase64url(publicKey) : null;
  const keyFits = raw?.length === 32 && (await keyId(raw)) === document.keyId;
  checks.push({
    name: "key",
    ok: keyFits,
    detail: keyFits
      ? known
        ? `Signed with ${document.keyId}, a key you trust.`
        : `Signed with ${document.keyId}, the key in the file itself: compare it with the venue's published keys.`
      : keys
        ? `${document.keyId} is not among the keys you trust.`
        : `The key in the file is not ${document.keyId}.`,
  });
  const signed =
    keyFits && typeof publicKey === "string" && (await isSignedBy(publicKey, utf8(text), file.signature));
  checks.push({
    name: "signature",
    ok: signed,
    detail: signed ? "Nothing was changed since it was signed." : "The signature does not fit the content.",
  });

  const numberFits = isCertificateNumber(document.number);
  checks.push({
    name: "number",
    ok: numberFits,
    detail: numberFits
      ? `${document.number} is well formed.`
      : `${document.number} has a wrong check character.`,
  });
  const fault = serialFault(document);
  checks.push({
    name: "serials",
    ok: fault === null,
    detail: fault ?? `${document.lots.length} serial number(s), ${document.grams} g in all.`,
  });
  checks.push(revocationOf(file));
  const proof = inclusion ?? file.inclusion;
  if (proof !== undefined && proof !== null) checks.push(await inclusionOf(document, proof));

  return {
    ok: checks.every(({ ok }) => ok !== false),
    trust: known ? "known" : "embedded",
    checks,
    certificate: document,
  };
};

const revocationOf = ({ status, revocation }: CertificateFile): Check => {
  if (revocation || status === "revoked") {
    const when = isRecord(revocation) ? ` on ${revocation.revokedAt}: ${revocation.reason}` : ".";
    return { name: "revocation", ok: false, detail: `It was revoked${when}` };
  }
  if (status === undefined) {
    return {
      name: "revocation",
      ok: null,
      detail: "The file does not say whether it was revoked: ask the registry.",
    };
  }
  return { name: "revocation", ok: true, detail: "It was not revoked when this file was taken." };
};

const inclusionOf = async (document: CertificateDocument, proof: unknown): Promise<Check> => {
  if (!isInclusionProof(proof))
    return { name: "inclusion", ok: false, detail: "The proof is not an evx-inclusion/1." };
  const lot = document.lots.find(({ root }) => root !== null && root === proof.root);
  if (!lot?.root)
    return { name: "inclusion", ok: false, detail: "The proof's root is not on this certificate." };
  const ok = await verifyInclusion(proof, lot.root);
  const { distance_m, co2Saved_g, startedAt } = proof.trip;
  return {
    name: "inclusion",
    ok,
    detail: ok
      ? `The trip of ${startedAt} (${distance_m / 1000} km, ${co2Saved_g} g) is one of the ${proof.leaves} behind ${lot.serial}.`
      : "The proof does not lead to the root: the trip was changed, or it is not in this batch.",
  };
};
