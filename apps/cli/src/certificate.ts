import { type Check, type PublicKey, readFragment, type Verification, verifyCertificate } from "@evx/proof";
import { Failed } from "./failed.ts";

/** More than a certificate of a thousand lots needs; it bounds what a stranger's file can cost. */
const largest = 5_000_000;

const textOf = async (name: string): Promise<string> => {
  const file = Bun.file(name);
  if (!(await file.exists())) throw new Failed(`There is no file ${name}.`);
  if (file.size > largest) throw new Failed(`${name} has ${file.size} bytes; no certificate is that long.`);
  return file.text();
};

const jsonOf = async (name: string): Promise<unknown> => {
  try {
    return JSON.parse(await textOf(name));
  } catch (error) {
    if (error instanceof Failed) throw error;
    throw new Failed(`${name} is not JSON.`);
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

/** A certificate's text: a file's, or what stands in the address of its QR code. */
const certificateText = async (given: string): Promise<unknown> => {
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
    certificateText(given),
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
