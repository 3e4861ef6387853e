/** Sealing of what must be stored but never shown: bank accounts. AES-256-GCM, keys from the environment. */
export type Vault = {
  /** `about` is bound to the text: sealed for one row, it cannot be opened as another's. */
  seal(text: string, about: string): Promise<string>;
  open(sealed: string, about: string): Promise<string>;
  /**
   * Equal for equal texts under the same key, and says nothing of the text. One for each key, the present one's first:
   * what was stored before a rotation is found by the others.
   */
  digests(text: string): Promise<readonly [string, ...string[]]>;
  /** What everything begins with that lies under the present key. */
  present(): Promise<string>;
};

const IV_BYTES = 12;

const encoder = new TextEncoder();

const base64 = (bytes: Uint8Array): string => bytes.toBase64();
const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.fromBase64(text);

/** A key's name: the first eight hex digits of its digest, so rows say which key opens them and nothing of it. */
const nameOf = async (secret: string): Promise<string> => {
  const digest = await crypto.subtle.digest("SHA-256", encoder.encode(`name\n${secret}`));
  return new Uint8Array(digest).toHex().slice(0, 8);
};

const derived = async (secret: string, use: string): Promise<ArrayBuffer> => {
  const material = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, [
    "deriveBits",
  ]);
  const salt = encoder.encode("ev-carbon-exchange payments");
  return crypto.subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt, info: encoder.encode(use) },
    material,
    256,
  );
};

/**
 * A vault of one or several secrets, separated by commas: the first one seals, all of them open.
 * To rotate, put a new secret in front and reseal what lies under the others; sealed texts say under which key they lie.
 */
export const vaultOf = (secrets: string): Vault => {
  const all = secrets
    .split(",")
    .map((secret) => secret.trim())
    .filter(Boolean);
  const [first] = all;
  if (!first) throw new Error("The vault needs a secret.");
  const keys = (async () => {
    const byName = new Map<string, CryptoKey>();
    for (const secret of all) {
      const bits = await derived(secret, "seal");
      byName.set(
        await nameOf(secret),
        await crypto.subtle.importKey("raw", bits, "AES-GCM", false, ["encrypt", "decrypt"]),
      );
    }
    return byName;
  })();
  keys.catch(() => {});

  return {
    async seal(text, about) {
      const name = await nameOf(first);
      const key = (await keys).get(name) as CryptoKey;
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const sealed = await crypto.subtle.encrypt(
        { name: "AES-GCM", iv, additionalData: encoder.encode(about) },
        key,
        encoder.encode(text),
      );
      return `v1.${name}.${base64(iv)}.${base64(new Uint8Array(sealed))}`;
    },
    async open(sealed, about) {
      const [version, name = "", iv = "", body = ""] = sealed.split(".");
      const key = (await keys).get(name);
      if (version !== "v1" || !key) throw new Error(`No key ${name} to open what was sealed.`);
      const text = await crypto.subtle.decrypt(
        { name: "AES-GCM", iv: fromBase64(iv), additionalData: encoder.encode(about) },
        key,
        fromBase64(body),
      );
      return new TextDecoder().decode(text);
    },
    async digests(text) {
      const digestUnder = async (secret: string): Promise<string> => {
        const bits = await derived(secret, "digest");
        const key = await crypto.subtle.importKey("raw", bits, { name: "HMAC", hash: "SHA-256" }, false, [
          "sign",
        ]);
        return new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text))).toHex();
      };
      return [await digestUnder(first), ...(await Promise.all(all.slice(1).map(digestUnder)))];
    },
    present: async () => `v1.${await nameOf(first)}.`,
  };
};
