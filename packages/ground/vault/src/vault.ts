import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from "jose";
import { formerName, opensFormer } from "./former.ts";
import { type Derive, derivation } from "./keys.ts";

/**
 * Sealing of what must be kept but not read from a disk or a backup: identity documents, bank accounts, links in waiting
 * mails. What is sealed is a JWE (RFC 7516, compact, `dir` with A256GCM) that names its key in the header.
 */
export type Vault = {
  /** The name of the key that seals now. Stored beside what is sealed. */
  readonly keyId: string;
  /** What every text begins with that lies under the present key: what begins otherwise waits for rotation. */
  readonly present: string;
  /** `about` is bound to the content: what was sealed for one row cannot be opened as another's. */
  seal(content: Uint8Array, about: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Throws when the content was changed, is another row's, or its key is not among ours. */
  open(sealed: Uint8Array, about: string): Promise<Uint8Array<ArrayBuffer>>;
  sealText(text: string, about: string): Promise<string>;
  openText(sealed: string, about: string): Promise<string>;
  /**
   * Equal for equal texts under the same key, and says nothing of the text. One for each key, the present one's first:
   * what was stored before a rotation is found by the others.
   */
  digests(text: string): Promise<[Uint8Array<ArrayBuffer>, ...Uint8Array<ArrayBuffer>[]]>;
  /** The name of the key under which something lies. Throws for what was not sealed here. */
  keyOf(sealed: Uint8Array | string): string;
};

const encoder = new TextEncoder();
const decoder = new TextDecoder();

type Key = { name: string; formerName: string; seal: Uint8Array; digest: CryptoKey };

const keyFrom = async (derive: Derive, secret: string): Promise<Key> => ({
  name: (await derive("name", 32)).toHex(),
  formerName: await formerName(secret),
  seal: await derive("seal", 256),
  digest: await crypto.subtle.importKey(
    "raw",
    await derive("digest", 256),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  ),
});

/** `kid` comes first, so that a sealed text's beginning tells its key and SQL can find what waits for rotation. */
const headerOf = (name: string) => ({ kid: name, alg: "dir", enc: "A256GCM" }) as const;

const beginning = (name: string): string => {
  const known = encoder.encode(JSON.stringify(headerOf(name)).slice(0, -1));
  // Three bytes make four characters: only whole groups are the same whatever follows.
  return known
    .subarray(0, known.length - (known.length % 3))
    .toBase64({ alphabet: "base64url", omitPadding: true });
};

const bound = async (about: string): Promise<string> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(about))).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });

const isToken = (text: string): boolean => text.startsWith("eyJ");

const nameIn = (token: string): string => {
  const { kid } = decodeProtectedHeader(token);
  if (typeof kid !== "string") throw new Error("What should be opened names no key");
  return kid;
};

/**
 * A vault of one or several secrets, separated by commas: the first seals, all of them open. To rotate: put a new secret
 * in front, restart, reseal what lies under the others, then drop the old one. `purpose` keeps the keys of two rooms
 * apart: what one room sealed another cannot open. Throws RangeError without a secret.
 */
export const openVault = async (secrets: string, purpose: string): Promise<Vault> => {
  const listed = secrets
    .split(",")
    .map((secret) => secret.trim())
    .filter(Boolean);
  const all = await Promise.all(
    listed.map(async (secret) => keyFrom(await derivation(secret, purpose), secret)),
  );
  const [first, ...others] = all;
  if (!first) throw new RangeError("vault: at least one secret is needed");
  const keyNamed = (name: string): Key => {
    const key = all.find((one) => one.name === name || one.formerName === name);
    if (!key) throw new Error(`No key ${name} to open what was sealed`);
    return key;
  };

  const token = async (content: Uint8Array, about: string): Promise<string> =>
    new CompactEncrypt(content)
      .setProtectedHeader({ ...headerOf(first.name), for: await bound(about) })
      .encrypt(first.seal);

  const openToken = async (sealed: string, about: string): Promise<Uint8Array<ArrayBuffer>> => {
    const { plaintext, protectedHeader } = await compactDecrypt(sealed, keyNamed(nameIn(sealed)).seal, {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    if (protectedHeader.for !== (await bound(about))) throw new Error("This was sealed for something else");
    return new Uint8Array(plaintext);
  };

  const former = opensFormer((name) => keyNamed(name).seal);

  const digestUnder = async (key: Key, text: string): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await crypto.subtle.sign("HMAC", key.digest, encoder.encode(text)));

  return {
    keyId: first.name,
    present: beginning(first.name),
    seal: async (content, about) => encoder.encode(await token(content, about)),
    open: async (sealed, about) =>
      former.isBinary(sealed) ? former.openBinary(sealed, about) : openToken(decoder.decode(sealed), about),
    sealText: (text, about) => token(encoder.encode(text), about),
    openText: async (sealed, about) =>
      decoder.decode(isToken(sealed) ? await openToken(sealed, about) : await former.openText(sealed, about)),
    digests: async (text) => [
      await digestUnder(first, text),
      ...(await Promise.all(others.map((key) => digestUnder(key, text)))),
    ],
    keyOf: (sealed) => {
      if (typeof sealed === "string") return isToken(sealed) ? nameIn(sealed) : former.keyOfText(sealed);
      return former.isBinary(sealed) ? former.keyOfBinary(sealed) : nameIn(decoder.decode(sealed));
    },
  };
};
