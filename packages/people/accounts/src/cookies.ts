const encoder = new TextEncoder();

const algorithm = { name: "HMAC", hash: "SHA-256" } as const;

const keyOf = (secret: string): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign", "verify"]);

/** A cookie's value as better-auth signs it: the token and its HMAC-SHA256. */
export const signedCookie = async (token: string, secret: string): Promise<string> => {
  const mac = await crypto.subtle.sign("HMAC", await keyOf(secret), encoder.encode(token));
  return encodeURIComponent(`${token}.${new Uint8Array(mac).toBase64()}`);
};

/** The token in a cookie's value, still encoded; null where it is not signed by us. */
export const tokenIn = async (value: string, secret: string): Promise<string | null> => {
  try {
    const text = decodeURIComponent(value);
    const at = text.lastIndexOf(".");
    const [token, mac] = [text.slice(0, at), Uint8Array.fromBase64(text.slice(at + 1))];
    const isOurs = await crypto.subtle.verify("HMAC", await keyOf(secret), mac, encoder.encode(token));
    return at > 0 && isOurs ? token : null;
  } catch {
    // Not what we wrote: badly encoded, or cut short.
    return null;
  }
};
