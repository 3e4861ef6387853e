import { fromBase64url, utf8 } from "./bytes.ts";
import { type Canonical, canonical } from "./canonical.ts";
import {
  type CertificateDocument,
  canonicalOf,
  certificateKinds,
  mostLots,
  serialFault,
} from "./document.ts";
import { isSignedBy, keyId, type PublicKey } from "./keys.ts";
import type { NoteKey } from "./log/index.ts";
import { logChecks } from "./logged.ts";
import { isInclusionProof, verifyInclusion } from "./merkle.ts";
import { isCertificateNumber } from "./number.ts";
import { isStatusSigned, isStatusStatement, type StatusStatement, toldBy } from "./status.ts";
import { ofFiles, readStrictly, TooMuch, tooMuchIn } from "./strict-json.ts";

/** Where a certificate stands in the public log, as a file carries it. */
export type LogProof = {
  readonly index: number;
  /** The entry's text, byte for byte. */
  readonly entry: string;
  /** Hashes from the leaf up, base64. */
  readonly proof: readonly string[];
  /** The signed note, with what witnesses put under it. */
  readonly checkpoint: string;
};

/** A certificate as it leaves the venue: page, API and file alike. Beside the signed document stands what may change. */
export type CertificateFile = {
  readonly certificate: CertificateDocument;
  readonly signature: string;
  readonly keyId: string;
  readonly publicKey: string;
  readonly algorithm: "Ed25519";
  readonly log?: LogProof | null;
  /** A signed `evx-status/1`. A word without a signature counts for nothing, unless it says "revoked". */
  readonly status?: unknown;
  readonly revocation?: { readonly revokedAt: string; readonly reason: string } | null;
  /** Put beside the certificate by whoever wants one trip checked as well. */
  readonly inclusion?: unknown;
};

/** A key that a verifier trusts; with its window where it is known. */
export type TrustedKey = PublicKey & {
  /** Nothing that it signed earlier counts. */
  readonly addedAt?: string | Date;
  readonly withdrawnAt?: string | Date | null;
};

export type Check = {
  readonly name:
    | "format"
    | "key"
    | "signature"
    | "twins"
    | "number"
    | "dates"
    | "serials"
    | "log"
    | "witnesses"
    | "revocation"
    | "inclusion"
    | "holding"
    | "leaves";
  /** Null: could not be judged from what was given. */
  readonly ok: boolean | null;
  /** An English sentence with the facts. */
  readonly detail: string;
};

/** What a file's signed status says of it. `good`: it was the newest word on some gram, and not revoked. */
export type StandingTold = {
  readonly good: boolean;
  /** Null where no status could be judged. */
  readonly status: StatusStatement["status"] | null;
  readonly asOf: string | null;
  /** Grams for which it was the newest word. */
  readonly current: bigint | null;
};

export type Verification = {
  /** Nothing that could be judged failed. It says nothing of who signed: see `verdict`. */
  readonly ok: boolean;
  /** `known`: the key is among those that the caller trusts. `embedded`: the file's own, which proves only wholeness. */
  readonly trust: "known" | "embedded";
  /** What to act on: a whole file by somebody unknown may be anybody's. */
  readonly verdict: "genuine" | "unknown_signer" | "false";
  readonly checks: readonly Check[];
  readonly standing: StandingTold;
  readonly certificate: CertificateDocument | null;
};

/** What a verifier brings along. */
export type Trust = {
  readonly keys?: readonly TrustedKey[];
  readonly inclusion?: unknown;
  /** The number under which the file was found: in an address, on paper. */
  readonly number?: string;
  /** The log's key; without it a log's proof cannot be judged. */
  readonly log?: NoteKey;
  readonly witnesses?: readonly NoteKey[];
  /** How many witnesses are wanted; none unless told. */
  readonly wanted?: number;
};

/** More than a certificate of the most serial numbers takes. */
export const longestFile = 60_000_000;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isDocument = (value: unknown): value is CertificateDocument =>
  isRecord(value) &&
  value.format === "evx-certificate/1" &&
  certificateKinds.some((kind) => kind === value.kind) &&
  ["number", "issuer", "issuedAt", "holder", "grams", "credits", "keyId", "verifyUrl"].every(
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

const untold: StandingTold = { good: false, status: null, asOf: null, current: null };

const failed = (detail: string): Verification => ({
  ok: false,
  trust: "embedded",
  verdict: "false",
  checks: [{ name: "format", ok: false, detail }],
  standing: untold,
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
 * Whatever stands beside the signed document under the name of one of its members, or of what it was signed with, says what
 * was signed, or it deceives whoever reads it there.
 */
const twinsOf = (
  file: Record<string, unknown>,
  document: CertificateDocument,
  known: PublicKey | undefined,
): Check => {
  const { format: _, ...members } = document;
  const signed: Record<string, unknown> = {
    ...members,
    certificateNumber: document.number,
    algorithm: "Ed25519",
    ...(known ? { publicKey: known.publicKey } : {}),
  };
  const plain = (value: unknown): string => canonical((value ?? null) as Canonical);
  const other = Object.keys(signed).find((name) => {
    try {
      return file[name] !== undefined && plain(file[name]) !== plain(signed[name]);
    } catch {
      return true;
    }
  });
  return {
    name: "twins",
    ok: other === undefined,
    detail: other
      ? `The file says another ${other} beside the certificate than what was signed.`
      : "What stands beside the certificate says what was signed.",
  };
};

const numberOf = (document: CertificateDocument, asked: string | undefined): Check => {
  const formed = isCertificateNumber(document.number);
  const fits = asked === undefined || asked === document.number;
  return {
    name: "number",
    ok: formed && fits,
    detail: !formed
      ? `${document.number} has a wrong check character.`
      : fits
        ? `${document.number} is well formed.`
        : `${asked} was asked for, and this is ${document.number}.`,
  };
};

/** Whether a moment lies within a key's window, as far as that is known. */
const isWithin = ({ addedAt, withdrawnAt }: TrustedKey, moment: string): boolean => {
  const at = Date.parse(moment);
  if (Number.isNaN(at)) return false;
  if (withdrawnAt != null && at >= new Date(withdrawnAt).getTime()) return false;
  return addedAt === undefined || at >= new Date(addedAt).getTime();
};

/** A certificate is dated within its key's window. */
const datesOf = ({ issuedAt }: CertificateDocument, key: TrustedKey | undefined): Check => {
  const at = Date.parse(issuedAt);
  if (Number.isNaN(at)) return { name: "dates", ok: false, detail: `${issuedAt} is no date.` };
  if (key?.addedAt === undefined)
    return { name: "dates", ok: null, detail: "From when its key holds was not given." };
  // A key is added in the transaction that first signs with it.
  const early = at < new Date(key.addedAt).getTime();
  const late = key.withdrawnAt != null && at >= new Date(key.withdrawnAt).getTime();
  return {
    name: "dates",
    ok: !early && !late,
    detail: early
      ? `It is dated ${issuedAt}, before its key ${key.id} was in use.`
      : late
        ? `It is dated ${issuedAt}, after its key ${key.id} was withdrawn.`
        : `It is dated ${issuedAt}, while its key was in use.`,
  };
};

/** By whose key, and whether the signature fits. */
const signerOf = async (file: CertificateFile, keys: readonly TrustedKey[] | undefined, text: string) => {
  const { keyId: name } = file.certificate;
  const known = keys?.find(({ id }) => id === name);
  const publicKey: unknown = known?.publicKey ?? (keys ? null : file.publicKey);
  const raw = typeof publicKey === "string" ? fromBase64url(publicKey) : null;
  const fits = raw?.length === 32 && (await keyId(raw)) === name;
  const key: Check = {
    name: "key",
    ok: fits,
    detail: fits
      ? known
        ? `Signed with ${name}, a key you trust.`
        : `Signed with ${name}, the key in the file itself: compare it with the venue's published keys.`
      : keys
        ? `${name} is not among the keys you trust.`
        : `The key in the file is not ${name}.`,
  };
  const signed =
    fits && typeof publicKey === "string" && (await isSignedBy(publicKey, utf8(text), file.signature));
  const signature: Check = {
    name: "signature",
    ok: signed,
    detail: signed ? "Nothing was changed since it was signed." : "The signature does not fit the content.",
  };
  return { known, checks: [key, signature] };
};

/**
 * Judges a certificate's file by itself, without network, account or clock: that it is whole (signature), by whom
 * (`keys`: the public keys that the caller trusts; without any, the file's own, and the verdict is `unknown_signer`),
 * that nothing beside it says otherwise, that number, dates and serial numbers are sound, that it is in the public log,
 * what its signed status said and when, and that a trip's inclusion proof leads to one of its roots. `json` is the
 * file's text or its parsed value; nothing in it can make this throw.
 */
export const verifyCertificate = async (json: unknown, trust: Trust = {}): Promise<Verification> => {
  let file: unknown = json;
  if (typeof json === "string") {
    if (json.length > longestFile)
      return failed(`The file has ${json.length} characters; ${longestFile} are the most that are read.`);
    try {
      file = readStrictly(json, ofFiles);
    } catch (error) {
      if (error instanceof TooMuch) return failed(`No certificate is so large: ${error.message}.`);
      return failed(
        `The file is not JSON that everybody reads alike: ${error instanceof Error ? error.message : ""}.`,
      );
    }
  }
  const lots: unknown = Reflect.get(Object(Reflect.get(Object(file), "certificate")), "lots");
  if (Array.isArray(lots) && lots.length > mostLots)
    return failed(`It names ${lots.length} serial numbers; ${mostLots} are the most that are read.`);
  const tooMuch = typeof json === "string" ? null : tooMuchIn(file, ofFiles);
  if (tooMuch) return failed(`No certificate is so large: ${tooMuch}.`);
  if (!isFile(file)) return failed("The file is not an evx-certificate/1 with its signature.");
  const document = file.certificate;
  const text = canonicalText(document);
  if (text === null) return failed("The certificate has values that cannot be signed.");
  const { known, checks } = await signerOf(file, trust.keys, text);
  const fault = serialFault(document);
  const revocation = await revocationOf(file, document, trust.keys);
  const all: Check[] = [
    { name: "format", ok: true, detail: "A certificate of the form evx-certificate/1." },
    ...checks,
    twinsOf({ ...file }, document, known),
    numberOf(document, trust.number),
    datesOf(document, known),
    {
      name: "serials",
      ok: fault === null,
      detail: fault ?? `${document.lots.length} serial number(s), ${document.grams} g in all.`,
    },
    ...(await logChecks(file.log, { document, text }, trust)),
    revocation.check,
  ];
  const proof = trust.inclusion ?? file.inclusion;
  if (proof !== undefined && proof !== null) all.push(await inclusionOf(document, proof));
  const ok = all.every((check) => check.ok !== false);
  return {
    ok,
    trust: known ? "known" : "embedded",
    verdict: !ok ? "false" : known ? "genuine" : "unknown_signer",
    checks: all,
    standing: revocation.standing,
    certificate: document,
  };
};

/** What is known of its revocation: from a signed status alone, for a plain word can be edited away. */
const revocationOf = async (
  { status, revocation }: CertificateFile,
  document: CertificateDocument,
  keys: readonly TrustedKey[] | undefined,
): Promise<{ check: Check; standing: StandingTold }> => {
  const judged = (ok: boolean | null, detail: string, standing = untold) => ({
    check: { name: "revocation" as const, ok, detail },
    standing,
  });
  // Whatever stands there that is not null: what one reader takes for nothing, another takes for a revocation.
  if ((revocation !== undefined && revocation !== null) || status === "revoked") {
    const told = isRecord(revocation) && typeof revocation.revokedAt === "string";
    const when = told ? ` on ${revocation.revokedAt}: ${revocation.reason}` : ".";
    return judged(false, `It was revoked${when}`);
  }
  if (!isRecord(status))
    return judged(null, "The file has no signed status: ask the registry whether it was revoked.");
  if (!isStatusStatement(status) || status.number !== document.number)
    return judged(false, "The status in the file is none of this certificate.");
  if (status.status === "revoked")
    return judged(false, `It was revoked, as the registry said on ${status.asOf}.`);
  if (!keys) return judged(null, "Who signed its status is not known.");
  const signer = keys.find(({ id }) => id === status.keyId);
  if (signer && !isWithin(signer, status.asOf))
    return judged(false, `Its status of ${status.asOf} is dated outside its key's window.`);
  if (!(await isStatusSigned(status, keys)))
    return judged(false, "Its status was changed, or is signed by nobody you trust.");
  if (status.asOf < document.issuedAt)
    return judged(false, `Its status of ${status.asOf} is older than the certificate.`);
  const told = toldBy(status, document);
  if (typeof told === "string") return judged(false, told);
  const gone = [...status.ranges.map(({ state }) => ({ state, runs: 1 })), ...(status.unstated ?? [])].reduce(
    (sum, { state, runs }) => (state === "current" ? sum : sum + runs),
    0,
  );
  const rest = gone > 0 ? ` Ranges of it that were passed on, retired or taken back since: ${gone}.` : "";
  return judged(true, `Not revoked as of ${status.asOf}, log of ${status.logSize} entries.${rest}`, {
    good: status.status === "valid",
    status: status.status,
    asOf: status.asOf,
    current: told.current,
  });
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
