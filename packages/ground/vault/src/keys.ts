const encoder = new TextEncoder();

/** Bits for one use of a secret, by HKDF-SHA-256. */
export type Derive = (use: string, bits: number) => Promise<Uint8Array<ArrayBuffer>>;

/** Derives keys from a secret for one purpose; keys of two purposes or uses tell nothing of each other. */
export const derivation = async (secret: string, purpose: string): Promise<Derive> => {
  const material = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, [
    "deriveBits",
  ]);
  const salt = encoder.encode(`ev-carbon-exchange ${purpose}`);
  return async (use, bits) =>
    new Uint8Array(
      await crypto.subtle.deriveBits(
        { name: "HKDF", hash: "SHA-256", salt, info: encoder.encode(use) },
        material,
        bits,
      ),
    );
};
