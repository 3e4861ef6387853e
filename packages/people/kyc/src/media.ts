export type DocumentMedia = "image/jpeg" | "image/png" | "image/webp" | "application/pdf";

const starts = (bytes: Uint8Array, text: string, at = 0): boolean =>
  bytes.length >= at + text.length &&
  [...text].every((char, index) => bytes[at + index] === char.charCodeAt(0));

const ends = (bytes: Uint8Array, text: string, within: number): boolean => {
  const tail = bytes.subarray(Math.max(0, bytes.length - within));
  return Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength).includes(text, 0, "latin1");
};

const u32 = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at);

/**
 * What a file is by its content: first bytes and end, so that a page of HTML called "passport.png", half a picture
 * or a picture's first bytes before something else are turned away. Null for anything that is not asked for.
 */
export const mediaOf = (bytes: Uint8Array): DocumentMedia | null => {
  if (bytes.length < 64) return null;
  if (
    starts(bytes, "\u0089PNG\r\n\u001a\n") &&
    starts(bytes, "IHDR", 12) &&
    u32(bytes, 16) > 0 &&
    u32(bytes, 20) > 0
  )
    return ends(bytes, "IEND", 64) ? "image/png" : null;
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff)
    return ends(bytes, "\u00ff\u00d9", 4_096) ? "image/jpeg" : null;
  if (starts(bytes, "RIFF") && starts(bytes, "WEBP", 8)) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
    return Math.abs(length + 8 - bytes.length) <= 1 ? "image/webp" : null;
  }
  if (starts(bytes, "%PDF-1.") || starts(bytes, "%PDF-2."))
    return ends(bytes, "%%EOF", 2_048) ? "application/pdf" : null;
  return null;
};

export const extensionOf: Record<DocumentMedia, string> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
  "application/pdf": "pdf",
};
