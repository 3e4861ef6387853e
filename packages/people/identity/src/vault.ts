/** Encryption of what must be kept but not read from a disk or a backup: identity documents, links in waiting mails. */
export type Vault = {
  /** The name of the key that seals now. Stored beside what is sealed. */
  readonly keyId: string;
  /** `about` is bound to the content: what was sealed for one row cannot be opened as another's. */
  seal(content: Uint8Array, about: string): Promise<Uint8Array>;
  /** Throws when the content was changed, is another row's, or its key is not among ours. */
  open(sealed: Uint8Array, about: string): Promise<Uint8Array>;
  sealText(text: string, about: string): Promise<string>;
  openText(sealed: string, about: string): Promise<string>;
  /**
   * Equal for equal texts under the same key, and says nothing of the text. One for each key, the present one's first:
   * what was stored before a rotation is found by the others.
   */
  digests(text: string): Promise<Uint8Array[]>;
  /** The name of the key under which something lies. */
  keyOf(sealed: Uint8Array): string;
};

const nonceBytes = 12;
const nameBytes = 4;
const format = 1;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

type Key = { name: Uint8Array; key: CryptoKey; mark: CryptoKey };

const keyFrom = async (secret: string): Promise<Key> => {
  const material = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, [
    "deriveBits",
  ]);
  const derive = (use: string, bits: number) =>
    crypto.subtle.deriveBits(
      {
        name: "HKDF",
        hash: "SHA-256",
        salt: encoder.encode("ev-carbon-exchange identity"),
        info: encoder.encode(use),
      },
      material,
      bits,
    );
  return {
    name: new Uint8Array(await derive("name", nameBytes * 8)),
    key: await crypto.subtle.importKey("raw", await derive("seal", 256), "AES-GCM", false, [
      "encrypt",
      "decrypt",
    ]),
    mark: await crypto.subtle.importKey(
      "raw",
      await derive("digest", 256),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign"],
    ),
  };
};

/**
 * A vault of one or several secrets, separated by commas. To rotate: put a new secret in front, restart, run
 * `identity rotate`, then drop the old one. A sealed content is: format, 4 bytes of the key's name, 12 of nonce,
 * AES-256-GCM ciphertext with its tag.
 */
export const openVault = async (secrets: string): Promise<Vault> => {
  const all = await Promise.all(
    secrets
      .split(",")
      .map((secret) => secret.trim())
      .filter(Boolean)
      .map(keyFrom),
  );
  const [first] = all;
  if (!first) throw new RangeError("identity: no key to encrypt documents with");
  const byName = new Map(all.map(({ name, key }) => [name.toHex(), key]));

  const seal = async (content: Uint8Array, about: string): Promise<Uint8Array> => {
    const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
    const additionalData = encoder.encode(about);
    const body = await crypto.subtle.encrypt(
      { name: "AES-GCM", iv: nonce, additionalData },
      first.key,
      new Uint8Array(content),
    );
    const sealed = new Uint8Array(1 + nameBytes + nonceBytes + body.byteLength);
    sealed[0] = format;
    sealed.set(first.name, 1);
    sealed.set(nonce, 1 + nameBytes);
    sealed.set(new Uint8Array(body), 1 + nameBytes + nonceBytes);
    return sealed;
  };

  const keyOf = (sealed: Uint8Array) => sealed.slice(1, 1 + nameBytes).toHex();

  const open = async (sealed: Uint8Array, about: string): Promise<Uint8Array> => {
    const key = byName.get(keyOf(sealed));
    if (sealed[0] !== format || !key) throw new Error(`No key ${keyOf(sealed)} to open what was sealed`);
    const content = await crypto.subtle.decrypt(
      {
        name: "AES-GCM",
        iv: sealed.slice(1 + nameBytes, 1 + nameBytes + nonceBytes),
        additionalData: encoder.encode(about),
      },
      key,
      sealed.slice(1 + nameBytes + nonceBytes),
    );
    return new Uint8Array(content);
  };

  return {
    keyId: first.name.toHex(),
    seal,
    open,
    keyOf,
    digests: (text) =>
      Promise.all(
        all.map(
          async ({ mark }) => new Uint8Array(await crypto.subtle.sign("HMAC", mark, encoder.encode(text))),
        ),
      ),
    sealText: async (text, about) =>
      (await seal(encoder.encode(text), about)).toBase64({ alphabet: "base64url" }),
    openText: async (sealed, about) =>
      decoder.decode(await open(Uint8Array.fromBase64(sealed, { alphabet: "base64url" }), about)),
  };
};
