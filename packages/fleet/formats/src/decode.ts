import { refuse } from "./errors.ts";

type Sniffed = { encoding: "utf-8" | "utf-16le" | "utf-16be"; skip: number };

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
];

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  bytes.length >= start.length && start.every((byte, place) => bytes[place] === byte);

/** The encoding of a text by its byte order mark, or by where its zero bytes are. Refuses what is not text. */
export const sniffEncoding = (head: Uint8Array): Sniffed => {
  if (startsWith(head, [0xef, 0xbb, 0xbf])) return { encoding: "utf-8", skip: 3 };
  if (startsWith(head, [0xff, 0xfe])) return { encoding: "utf-16le", skip: 2 };
  if (startsWith(head, [0xfe, 0xff])) return { encoding: "utf-16be", skip: 2 };
  for (const [kind, start] of binaries)
    if (startsWith(head, start)) throw refuse("import_not_text", { kind });
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
  if (even + odd > 0 || control > looked * 0.02) throw refuse("import_not_text", { kind: "binary" });
  return { encoding: "utf-8", skip: 0 };
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
  yield decoder.decode(head.subarray(skip), { stream: true });
  for await (const chunk of rest) {
    const text = decoder.decode(chunk, { stream: true });
    if (text.length > 0) yield text;
  }
  const last = decoder.decode();
  if (last.length > 0) yield last;
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
