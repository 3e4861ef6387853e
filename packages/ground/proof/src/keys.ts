import { type Bytes, base64url, fromBase64url, hex, sha256, utf8 } from "./bytes.ts";

/** A public key and the name that signatures carry. */
export type PublicKey = {
  /** `ed25519-` and the first 16 hexadecimal digits of the key's SHA-256: a key cannot be swapped under its name. */
  readonly id: string;
  /** 32 bytes, base64url. */
  readonly publicKey: string;
};

/** A key that can sign. */
export type SigningKey = PublicKey & { sign(bytes: Bytes): Promise<string> };

/** The venue's keys: the first one signs, the others are still known because old certificates carry their names. */
export type SigningKeys = { readonly current: SigningKey; readonly all: readonly SigningKey[] };

/** The name that a key has by the SHA-256 of its bytes. */
export const nameOf = (hash: Bytes): string => `ed25519-${hex(hash).slice(0, 16)}`;

export const keyId = async (publicKey: Bytes): Promise<string> => nameOf(await sha256(publicKey));

/** DER of a PKCS #8 Ed25519 key up to its 32 secret bytes (RFC 8410). WebCrypto imports private keys so. */
const pkcs8Prefix = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];

/**
 * One key from its text: 32 bytes as base64url (43 characters, what `generateSigningKey` makes) are the seed itself;
 * any other text of at least 24 characters is hashed into one, so a plain secret of the environment works.
 */
const readSigningKey = async (text: string): Promise<SigningKey> => {
  if (text.length < 24) throw new RangeError("A signing key needs at least 24 characters");
  const raw = text.length === 43 ? fromBase64url(text) : null;
  const seed = raw ?? (await sha256(utf8(`evx certificate key\n${text}`)));
  const pkcs8 = Uint8Array.from([...pkcs8Prefix, ...seed]) as Bytes;
  const secret = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
  // The public half is not derivable through WebCrypto alone except by exporting the key as a JWK.
  const { x } = (await crypto.subtle.exportKey("jwk", secret)) as { x?: string };
  const publicKey = x ? fromBase64url(x) : null;
  if (!x || publicKey?.length !== 32)
    throw new RangeError("This runtime gave no public key for an Ed25519 key");
  return {
    id: await keyId(publicKey),
    publicKey: x,
    sign: async (bytes) => base64url(new Uint8Array(await crypto.subtle.sign("Ed25519", secret, bytes))),
  };
};

/**
 * The venue's signing keys from the environment's text: one secret or several between commas.
 * To rotate, put a new secret in front; certificates of the old ones still verify, also after they are removed
 * from the text, because public keys are kept in `verification.signing_key`.
 */
export const readSigningKeys = async (text: string): Promise<SigningKeys> => {
  const parts = text.split(",").map((part) => part.trim());
  const all = await Promise.all(parts.filter(Boolean).map(readSigningKey));
  const [current] = all;
  if (!current) throw new RangeError("No signing key was given");
  return { current, all };
};

/** What an older key signs of a newer one, so that whoever trusts the old one may trust the new. */
export const crossText = ({ id, publicKey }: PublicKey): string => `evx-key/1\n${id}\n${publicKey}\n`;

/** A new secret for `readSigningKeys`. */
export const generateSigningKey = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

/**
 * Keys under which a signature can be made that holds for every text: Ed25519's points of small order (RFC 8032 allows
 * them, and most libraries take them), in each of their spellings.
 */
const smallOrder: ReadonlySet<string> = new Set(
  [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  ].flatMap((text) => {
    const last = Number.parseInt(text.slice(62), 16);
    return [text, text.slice(0, 62) + (last | 128).toString(16).padStart(2, "0")];
  }),
);

export const isSmallOrder = (publicKey: Uint8Array): boolean => smallOrder.has(hex(publicKey));

/** Whether a signature is that key's over those bytes. False for anything malformed. */
export const isSignedBy = async (publicKey: string, bytes: Bytes, signature: string): Promise<boolean> => {
  const raw = fromBase64url(publicKey);
  const value = fromBase64url(signature);
  if (raw?.length !== 32 || value?.length !== 64 || isSmallOrder(raw)) return false;
  const key = await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]).catch(() => null);
  return key !== null && crypto.subtle.verify("Ed25519", key, value, bytes);
};
