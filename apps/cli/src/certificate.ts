import { createReadStream, existsSync } from "node:fs";
import {
  type Check,
  certificateText,
  longestFile,
  type PublicKey,
  readFragment,
  readStrictly,
  Unreadable,
  type Verification,
  verifyCertificate,
} from "@evx/proof";
import { Failed } from "./failed.ts";

/** A file's bytes. What is no file (a device, a pipe) may never end: no more is read than a certificate has. */
const bytesOf = async (name: string): Promise<Uint8Array> => {
  if (!existsSync(name)) throw new Failed(`There is no file ${name}.`);
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of createReadStream(name) as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > longestFile)
      throw new Failed(`${name} has more than ${longestFile} bytes; no certificate is that long.`);
    parts.push(part);
  }
  return Buffer.concat(parts);
};

/** A certificate's JSON, or what its PDF carries. */
const textOf = async (name: string): Promise<string> => {
  try {
    return await certificateText(await bytesOf(name));
  } catch (error) {
    if (error instanceof Unreadable) throw new Failed(`${name} cannot be read. ${error.message}`);
    throw error;
  }
};

const jsonOf = async (name: string): Promise<unknown> => {
  const bytes = await bytesOf(name);
  try {
    return readStrictly(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    const why = error instanceof SyntaxError || error instanceof RangeError ? `: ${error.message}` : "";
    throw new Failed(`${name} is not JSON that everybody reads alike${why}.`);
  }
};

const isKey = (value: unknown): value is PublicKey =>
  typeof value === "object" &&
  value !== null &&
  typeof Reflect.get(value, "id") === "string" &&
  typeof Reflect.get(value, "publicKey") === "string";

/** The keys in a file: what the venue answers under /api/public/keys, a list of keys, or one key. */
const keysIn = async (name: string): Promise<PublicKey[]> => {
  const content = await jsonOf(name);
  const items: unknown =
    typeof content === "object" && content !== null && "items" in content ? content.items : [content].flat();
  const keys = Array.isArray(items) ? items.filter(isKey) : [];
  if (keys.length === 0) throw new Failed(`${name} holds no public key: save the venue's /api/public/keys.`);
  return keys;
};

/** A certificate: a file's text, or what stands in the address of its QR code. */
const certificateFrom = async (given: string): Promise<unknown> => {
  const fragment = /#(1\..*)$/.exec(given)?.[1];
  if (!fragment) return textOf(given);
  const found = await readFragment(fragment);
  if (!found) throw new Failed("The address holds no certificate after its #.");
  return found;
};

/** What cannot be known without asking anyone, said plainly. */
const openQuestions = ({ certificate, trust, checks }: Verification, proof: boolean): string[] => {
  if (!certificate) return [];
  const where = certificate.verifyUrl;
  const revocation = checks.find(({ name }) => name === "revocation");
  return [
    revocation?.ok === null
      ? `Whether it was revoked: the file does not say. Ask ${where}`
      : `Whether it was revoked since the file was taken: revocation is known only as of the file. Ask ${where}`,
    ...(trust === "embedded"
      ? [
          "Whether the signing key is the venue's: the key came with the certificate. Pass --key with the venue's public keys.",
        ]
      : []),
    ...(proof ? [] : ["Whether a certain trip is behind it: no proof was given (--proof)."]),
    "Who holds the credits today: a certificate says what was true when it was issued.",
  ];
};

const line = ({ name, ok, detail }: Check) => ({
  check: name,
  result: ok === null ? "unknown" : ok ? "passed" : "failed",
  detail,
});

/**
 * Judges a certificate with nothing but files: no network, no database, no account. Fails, with the same answer, when
 * any check does.
 */
export const verifyFile = async (given: string, { proof, key }: { proof?: string; key?: string } = {}) => {
  const [certificate, inclusion, keys] = await Promise.all([
    certificateFrom(given),
    proof ? jsonOf(proof) : undefined,
    key ? keysIn(key) : undefined,
  ]);
  // A trip's proof as the REST view and the page give it stands under `proof`.
  const unwrapped =
    typeof inclusion === "object" && inclusion !== null && "proof" in inclusion ? inclusion.proof : inclusion;
  const verdict = await verifyCertificate(certificate, {
    ...(keys ? { keys } : {}),
    ...(unwrapped === undefined ? {} : { inclusion: unwrapped }),
  });
  const answer = {
    ok: verdict.verdict === "genuine",
    verdict: verdict.verdict,
    number: verdict.certificate?.number ?? null,
    kind: verdict.certificate?.kind ?? null,
    holder: verdict.certificate?.holder ?? null,
    credits: verdict.certificate?.credits ?? null,
    key: !verdict.certificate
      ? null
      : verdict.trust === "known"
        ? "among the keys you gave"
        : "the file's own",
    checks: verdict.checks.map(line),
    notChecked: openQuestions(verdict, unwrapped !== undefined),
  };
  if (verdict.verdict === "genuine") return answer;
  if (verdict.verdict === "unknown_signer")
    throw new Failed(
      "Unknown signer: the file is whole, but anybody can make such a file. Pass --key with the venue's public keys.",
      answer,
    );
  const faults = verdict.checks.filter(({ ok }) => ok === false);
  throw new Failed(
    `The certificate does not hold. ${faults.map(({ name, detail }) => `${name}: ${detail}`).join(" ")}`,
    answer,
  );
};
