import { refuse } from "./errors.ts";
import { plainly } from "./plain-text.ts";

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252" | "windows-1258";
type Sniffed = { encoding: Encoding; skip: number };

/** Files that are certainly not text, by their first bytes, with the name a person would give them. */
const binaries: readonly [string, readonly number[]][] = [
  ["ZIP or Excel", [0x50, 0x4b, 0x03, 0x04]],
  ["ZIP", [0x50, 0x4b, 0x05, 0x06]],
  ["GZIP", [0x1f, 0x8b]],
  ["PNG", [0x89, 0x50, 0x4e, 0x47]],
  ["JPEG", [0xff, 0xd8, 0xff]],
  ["GIF", [0x47, 0x49, 0x46, 0x38]],
  ["WebP", [0x52, 0x49, 0x46, 0x46]],
  ["PDF", [0x25, 0x50, 0x44, 0x46]],
  ["Excel 97", [0xd0, 0xcf, 0x11, 0xe0]],
  ["SQLite", [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65]],
  ["RAR", [0x52, 0x61, 0x72, 0x21]],
  ["7-Zip", [0x37, 0x7a, 0xbc, 0xaf]],
  ["Zstandard", [0x28, 0xb5, 0x2f, 0xfd]],
  ["ELF", [0x7f, 0x45, 0x4c, 0x46]],
  ["BZIP2", [0x42, 0x5a, 0x68]],
  ["XZ", [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ["Parquet", [0x50, 0x41, 0x52, 0x31]],
];

/** Others, by letters that do not stand at their beginning. */
const marked: readonly [string, number, string][] = [
  ["TAR", 257, "ustar"],
  ["FIT", 8, ".FIT"],
  ["MP4", 4, "ftyp"],
];

const markedKind = (bytes: Uint8Array): string | undefined =>
  marked.find(([, at, mark]) => Buffer.from(bytes.subarray(at, at + mark.length)).toString() === mark)?.[0];

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  bytes.length >= start.length && start.every((byte, place) => bytes[place] === byte);

/** The encoding of a text by its byte order mark, or by where its zero bytes are. Refuses what is not text. */
export const sniffEncoding = (head: Uint8Array): Sniffed => {
  if (startsWith(head, [0xef, 0xbb, 0xbf])) return { encoding: "utf-8", skip: 3 };
  if (startsWith(head, [0xff, 0xfe])) return { encoding: "utf-16le", skip: 2 };
  if (startsWith(head, [0xfe, 0xff])) return { encoding: "utf-16be", skip: 2 };
  for (const [kind, start] of binaries)
    if (startsWith(head, start)) throw refuse("import_not_text", { kind });
  const kind = markedKind(head);
  if (kind) throw refuse("import_not_text", { kind });
  let even = 0;
  let odd = 0;
  let control = 0;
  const looked = Math.min(head.length, 4096);
  for (let place = 0; place < looked; place++) {
    const byte = head[place] as number;
    if (byte === 0) place % 2 === 0 ? even++ : odd++;
    else if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) control++;
  }
  // Western text in UTF-16 has a zero in nearly every other byte.
  if (odd > looked * 0.3 && even < looked * 0.05) return { encoding: "utf-16le", skip: 0 };
  if (even > looked * 0.3 && odd < looked * 0.05) return { encoding: "utf-16be", skip: 0 };
  // A logger that lost its power leaves zeros among its lines; what is nothing but letters between them is still text.
  const written = looked - even - odd;
  if (written * 2 < looked || control > written * 0.02) throw refuse("import_not_text", { kind: "binary" });
  return { encoding: legacyEncoding(head) ?? "utf-8", skip: 0 };
};

/** Vowels of Vietnamese in windows-1258, plain and with their own marks, and the tones that follow them there. */
const vowels = new Set([
  ...Buffer.from("aeiouyAEIOUY"),
  0xe2,
  0xea,
  0xf4,
  0xe3,
  0xf5,
  0xfd,
  0xc2,
  0xca,
  0xd4,
  0xc3,
  0xd5,
  0xdd,
]);
const tones = new Set([0xcc, 0xd2, 0xde, 0xec, 0xf2]);
/** đ and Đ, ơ and Ơ, ư and Ư. */
const letters = new Set([0xf0, 0xd0, 0xf5, 0xd5, 0xfd, 0xdd]);

/** How many bytes a UTF-8 sequence has that begins here; 0 when it is none. */
const sequenceAt = (bytes: Uint8Array, at: number): number => {
  const first = bytes[at] as number;
  const size = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 && first < 0xe0 ? 2 : 0;
  for (let next = 1; next < size; next++) {
    const byte = bytes[at + next];
    if (byte === undefined || byte < 0x80 || byte > 0xbf) return 0;
  }
  return size;
};

/**
 * The old Windows encoding of a text that is not UTF-8: Vietnamese (1258) or Western (1252); null when it is UTF-8, or
 * so nearly that a broken byte explains the rest.
 */
export const legacyEncoding = (bytes: Uint8Array): "windows-1252" | "windows-1258" | null => {
  let valid = 0;
  let high = 0;
  let vietnamese = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte < 0x80) continue;
    const size = sequenceAt(bytes, at);
    if (size > 0) {
      valid++;
      at += size - 1;
      continue;
    }
    // Cut at the end of what was read, a letter is not broken.
    if (at > bytes.length - 4 && byte >= 0xc2) continue;
    high++;
    if (letters.has(byte) || (tones.has(byte) && vowels.has(bytes[at - 1] ?? 0))) vietnamese++;
  }
  if (high === 0 || valid * 2 > high) return null;
  return vietnamese * 4 >= high ? "windows-1258" : "windows-1252";
};

/**
 * Decodes a file as it streams by. A broken byte becomes U+FFFD in its cell, so one row suffers at most.
 * `head` is what was read to look at the file; `rest` is what follows.
 */
export async function* decodeText(
  head: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
  { encoding, skip }: Sniffed,
): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  const beginning = decoder.decode(head.subarray(skip), { stream: true });
  const plain = plainly(beginning);
  // Vietnamese in windows-1258 writes tones behind their letters; everybody else writes them together.
  const composed = (text: string) => plain(encoding === "windows-1258" ? text.normalize("NFC") : text);
  yield composed(beginning);
  for await (const chunk of rest) {
    const text = decoder.decode(chunk, { stream: true });
    if (text.length > 0) yield composed(text);
  }
  const last = decoder.decode();
  if (last.length > 0) yield composed(last);
}

const HEAD = 128 * 1024;

/** Reads enough of a file to recognise it. `rest` goes on where the head stopped. */
export const readHead = async (
  content: AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; rest: AsyncIterable<Uint8Array>; whole: boolean }> => {
  const chunks = content[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  let size = 0;
  let whole = false;
  while (size < HEAD) {
    const next = await chunks.next();
    if (next.done) {
      whole = true;
      break;
    }
    read.push(next.value);
    size += next.value.length;
  }
  const head = read.length === 1 ? (read[0] as Uint8Array) : Buffer.concat(read);
  return { head, rest: { [Symbol.asyncIterator]: () => chunks }, whole };
};
