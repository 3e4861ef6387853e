/**
 * Opens what the first release sealed, until a rotation has sealed it anew. It knew two forms: bytes of format 1, four
 * bytes of the key's name, twelve of nonce and AES-256-GCM with its tag (as base64url where text was wanted), and the text
 * `v1.name.nonce.body` in base64.
 */
const encoder = new TextEncoder();
const nonceBytes = 12;
const nameBytes = 4;
const format = 1;

/** The name that the text form gave to a secret's key. */
export const formerName = async (secret: string): Promise<string> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(`name\n${secret}`)))
    .toHex()
    .slice(0, 8);

type Bytes = Uint8Array<ArrayBuffer>;

const decrypted = async (bits: Uint8Array, nonce: Bytes, body: Bytes, about: string): Promise<Bytes> => {
  const key = await crypto.subtle.importKey("raw", new Uint8Array(bits), "AES-GCM", false, ["decrypt"]);
  const algorithm = { name: "AES-GCM", iv: nonce, additionalData: encoder.encode(about) };
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, body));
};

const bytesOf = (sealed: string): Bytes => Uint8Array.fromBase64(sealed, { alphabet: "base64url" });

/** The readers of both forms; `keyNamed` gives a key's bits by its name and throws for an unknown one. */
export const opensFormer = (keyNamed: (name: string) => Uint8Array) => {
  const keyOfBinary = (sealed: Uint8Array): string => sealed.slice(1, 1 + nameBytes).toHex();
  const openBinary = async (sealed: Uint8Array, about: string): Promise<Bytes> =>
    decrypted(
      keyNamed(keyOfBinary(sealed)),
      new Uint8Array(sealed.slice(1 + nameBytes, 1 + nameBytes + nonceBytes)),
      new Uint8Array(sealed.slice(1 + nameBytes + nonceBytes)),
      about,
    );
  const dotted = (sealed: string): string[] | null => (sealed.startsWith("v1.") ? sealed.split(".") : null);
  return {
    isBinary: (sealed: Uint8Array): boolean => sealed[0] === format,
    keyOfBinary,
    openBinary,
    keyOfText: (sealed: string): string => dotted(sealed)?.[1] ?? keyOfBinary(bytesOf(sealed)),
    openText: async (sealed: string, about: string): Promise<Bytes> => {
      const [, name, nonce, body] = dotted(sealed) ?? [];
      if (name === undefined) return openBinary(bytesOf(sealed), about);
      return decrypted(
        keyNamed(name),
        Uint8Array.fromBase64(nonce ?? ""),
        Uint8Array.fromBase64(body ?? ""),
        about,
      );
    },
  };
};
