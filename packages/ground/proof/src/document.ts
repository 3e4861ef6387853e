import type { Canonical } from "./canonical.ts";

/** One credit is one tonne. */
const gramsPerCredit = 1_000_000n;

export const certificateKinds = ["issuance", "purchase", "transfer", "retirement"] as const;

export type CertificateKind = (typeof certificateKinds)[number];

/** A run of serial numbers on a certificate, with all that a reader needs to trace and judge it. */
export type CertificateLot = {
  /** EVX-{country}-{method}-{vintage year}-{batch}-{first gram}-{last gram} */
  readonly serial: string;
  readonly grams: string;
  readonly batch: string;
  readonly vintage: number;
  /** The days of the batch's first and last trip where the vehicle was; not on certificates from before they were told. */
  readonly vintageFrom?: string;
  readonly vintageTo?: string;
  readonly country: string;
  readonly method: string;
  readonly factorSet: string;
  readonly quality: string;
  /** Who verified the batch. */
  readonly verifier: string;
  /** Merkle root over the batch's trips; null for a batch that was issued without trips. */
  readonly root: string | null;
};

/** Who the credits were retired for, and why. */
export type CertificateRetirement = {
  readonly beneficiary: string;
  readonly country: string | null;
  /** Of a company that has one: its Legal Entity Identifier (ISO 17442). Absent otherwise. */
  readonly lei?: string;
  readonly reason: string;
  readonly message: string | null;
  readonly periodFrom: string | null;
  readonly periodTo: string | null;
  readonly retiredAt: string;
};

/**
 * What is signed. Whole numbers and text only; never a VIN, a position, an e-mail address or an account's id.
 * Its status is not in here, because a signature cannot be taken back: the registry tells it.
 */
export type CertificateDocument = {
  readonly format: "evx-certificate/1";
  readonly number: string;
  readonly kind: CertificateKind;
  readonly issuer: string;
  readonly issuedAt: string;
  /** The owner to whom credits were issued, who bought or was given them, or the holder who retired them. */
  readonly holder: string;
  readonly grams: string;
  readonly credits: string;
  readonly vehicle: { readonly class: string; readonly country: string } | null;
  readonly lots: readonly CertificateLot[];
  readonly retirement: CertificateRetirement | null;
  readonly keyId: string;
  readonly verifyUrl: string;
};

/** The document as canonical JSON takes it. */
export const canonicalOf = (document: CertificateDocument): Canonical => document;

/** A serial number's parts; null when the text is none. Quantity in grams = last − first + 1. */
export const parseSerial = (
  serial: string,
): {
  country: string;
  method: string;
  vintage: number;
  batch: string;
  first: bigint;
  last: bigint;
} | null => {
  const parts =
    /^EVX-([A-Z]{2})-([A-Za-z0-9.-]+)-(\d{4})-([A-Za-z0-9_]+)-([1-9]\d{0,17})-([1-9]\d{0,17})$/.exec(serial);
  if (!parts) return null;
  const [, country, method, vintage, batch, first, last] = parts as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (BigInt(last) < BigInt(first)) return null;
  return { country, method, vintage: Number(vintage), batch, first: BigInt(first), last: BigInt(last) };
};

/** More runs than any certificate has: it bounds the work that a stranger's file can cause. */
export const mostLots = 100_000;

/** What is wrong with a document's serial numbers: nothing (null), or the sentence that says it. */
export const serialFault = (document: CertificateDocument): string | null => {
  if (document.lots.length > mostLots)
    return `It names ${document.lots.length} serial numbers; ${mostLots} are the most that are read.`;
  const taken = new Map<string, { serial: string; first: bigint; last: bigint }[]>();
  let sum = 0n;
  for (const lot of document.lots) {
    const parts = parseSerial(lot.serial);
    if (!parts) return `${lot.serial} is not a serial number.`;
    const quantity = parts.last - parts.first + 1n;
    if (String(quantity) !== lot.grams)
      return `${lot.serial} is ${quantity} g, the certificate says ${lot.grams} g.`;
    if (parts.country !== lot.country || parts.method !== lot.method || parts.vintage !== lot.vintage) {
      return `${lot.serial} does not match the country, method or vintage beside it.`;
    }
    const { first, last } = parts;
    const others = taken.get(parts.batch) ?? [];
    if (others.length === 0) taken.set(parts.batch, others);
    others.push({ serial: lot.serial, first, last });
    sum += quantity;
  }
  for (const runs of taken.values()) {
    runs.sort((a, b) => (a.first < b.first ? -1 : 1));
    const at = runs.findIndex(({ first }, place) => place > 0 && first <= (runs[place - 1]?.last ?? 0n));
    if (at > 0) return `${runs[at]?.serial} overlaps another serial number of this certificate.`;
  }
  if (String(sum) !== document.grams)
    return `The serial numbers add up to ${sum} g, the certificate says ${document.grams} g.`;
  const credits = `${sum / gramsPerCredit}.${String(sum % gramsPerCredit).padStart(6, "0")}`;
  if (credits !== document.credits)
    return `${sum} g are ${credits} credits, the certificate says ${document.credits}.`;
  return null;
};
