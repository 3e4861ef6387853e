const encoder = new TextEncoder();

/** SHA-256 of a text (as UTF-8) or of bytes: 32 bytes. Runs in a browser, too. */
export const sha256 = async (content: string | Uint8Array): Promise<Uint8Array<ArrayBuffer>> => {
  const bytes = typeof content === "string" ? encoder.encode(content) : new Uint8Array(content);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
};

/** SHA-256 of a text (as UTF-8) or of bytes, as 64 lower-case hexadecimal digits. */
export const sha256Hex = async (content: string | Uint8Array): Promise<string> =>
  [...(await sha256(content))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
