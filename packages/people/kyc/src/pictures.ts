import type { DocumentMedia } from "./media.ts";

/**
 * A picture written anew from the parts that make the picture: what hides beside them (a page of HTML, a script, a second
 * file, the place where it was taken) is left out, and what follows the end is never read. Null for what is not whole, or
 * would unfold to more than a scanner makes.
 */
type Rewrite = (bytes: Uint8Array) => Uint8Array | null;

/** A double page at 600 dpi has 70 million; what says more is there to fill a reader's memory. */
const mostPixels = 100_000_000;
const mostSide = 20_000;

const fits = (width: number, height: number): boolean =>
  width > 0 && height > 0 && width <= mostSide && height <= mostSide && width * height <= mostPixels;

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const ascii = (bytes: Uint8Array, at: number, length: number): string =>
  Buffer.from(bytes.subarray(at, at + length)).toString("latin1");
const joined = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

const pngParts = new Set(["IHDR", "PLTE", "tRNS", "sRGB", "gAMA", "pHYs", "IDAT", "IEND"]);

/** Cameras write a picture in hundreds of parts; of a million empty ones only the putting together takes long. */
const mostParts = 20_000;

const png: Rewrite = (bytes) => {
  const data = view(bytes);
  const parts = [bytes.subarray(0, 8)];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = data.getUint32(at);
    const name = ascii(bytes, at + 4, 4);
    const end = at + 12 + length;
    if (end > bytes.length) return null;
    if (Bun.hash.crc32(bytes.subarray(at + 4, end - 4)) !== data.getUint32(end - 4)) return null;
    if (at === 8 && (name !== "IHDR" || length !== 13 || !fits(data.getUint32(16), data.getUint32(20))))
      return null;
    if (pngParts.has(name)) parts.push(bytes.subarray(at, end));
    if (parts.length > mostParts) return null;
    if (name === "IEND") return length === 0 ? joined(parts) : null;
    at = end;
  }
  return null;
};

/** Frames, tables, scans, and the two marks that decoders need: JFIF's and Adobe's. */
const jpegPart = (mark: number): boolean =>
  mark === 0xe0 || mark === 0xee || mark === 0xdb || mark === 0xdd || (mark >= 0xc0 && mark <= 0xcf);
const isFrame = (mark: number): boolean =>
  mark >= 0xc0 && mark <= 0xcf && mark !== 0xc4 && mark !== 0xc8 && mark !== 0xcc;

/** Where the compressed lines of a scan end: at the next mark that is neither a stuffed byte nor a restart. */
const scanEnd = (bytes: Uint8Array, from: number): number => {
  for (let at = from; at + 1 < bytes.length; at++) {
    const next = bytes[at + 1] ?? 0;
    if (bytes[at] === 0xff && next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
};

const jpeg: Rewrite = (bytes) => {
  const data = view(bytes);
  const parts = [bytes.subarray(0, 2)];
  let framed = false;
  for (let at = 2; at + 4 <= bytes.length || bytes[at + 1] === 0xd9; ) {
    if (bytes[at] !== 0xff) return null;
    const mark = bytes[at + 1] ?? 0;
    if (mark === 0xff) {
      at++;
      continue;
    }
    if (mark === 0xd9) return framed ? joined([...parts, Uint8Array.of(0xff, 0xd9)]) : null;
    let end = at + 2 + data.getUint16(at + 2);
    if (end > bytes.length) return null;
    if (isFrame(mark)) {
      if (!fits(data.getUint16(at + 7), data.getUint16(at + 5))) return null;
      framed = true;
    }
    if (mark === 0xda) end = scanEnd(bytes, end);
    if (mark === 0xda || jpegPart(mark)) parts.push(bytes.subarray(at, end));
    at = end;
  }
  return null;
};

const webpSize = (name: string, bytes: Uint8Array, at: number): [number, number] | null => {
  const data = view(bytes);
  const u24 = (from: number) => data.getUint16(from, true) + ((bytes[from + 2] ?? 0) << 16);
  if (name === "VP8X") return [u24(at + 4) + 1, u24(at + 7) + 1];
  if (name === "VP8 ") return [data.getUint16(at + 6, true) & 0x3fff, data.getUint16(at + 8, true) & 0x3fff];
  if (name !== "VP8L") return null;
  const bits = data.getUint32(at + 1, true);
  return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
};

const webp: Rewrite = (bytes) => {
  const data = view(bytes);
  const parts: Uint8Array[] = [];
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = ascii(bytes, at, 4);
    const end = at + 8 + data.getUint32(at + 4, true);
    if (end > bytes.length) return null;
    const size = end - at >= 18 ? webpSize(name, bytes, at + 8) : null;
    if (size && !fits(...size)) return null;
    // Moving pictures are no documents; what EXIF and XMP say is nobody's business.
    if (size || name === "ALPH") {
      const part = bytes.slice(at, end + (end % 2 && end < bytes.length ? 1 : 0));
      if (name === "VP8X") part[8] = (part[8] ?? 0) & 0x10;
      parts.push(part);
    }
    at = end + (end % 2);
  }
  if (!parts.some((part) => /^VP8[ L]$/.test(ascii(part, 0, 4)))) return null;
  const body = joined(parts);
  const head = Buffer.alloc(12);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(body.length + 4, 4);
  head.write("WEBP", 8, "latin1");
  return joined([head, body]);
};

export const rewritten: Record<Exclude<DocumentMedia, "application/pdf">, Rewrite> = {
  "image/png": png,
  "image/jpeg": jpeg,
  "image/webp": webp,
};
