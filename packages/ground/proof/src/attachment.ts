import { type Bytes, joined } from "./bytes.ts";
import { longestFile } from "./verify.ts";

/** Why a file that somebody gave holds no certificate's text. The reader's own language is the caller's. */
export type UnreadableCode =
  | "too_large"
  | "not_text"
  | "pdf_encrypted"
  | "pdf_without"
  | "pdf_several"
  | "pdf_damaged";

const sentences: Readonly<Record<UnreadableCode, string>> = {
  too_large: `It is larger than any certificate: ${longestFile} bytes are the most that are read, packed or unpacked.`,
  not_text: "It has bytes that are no text (UTF-8), and is no PDF.",
  pdf_encrypted: "The PDF is encrypted: save it without a password, or take the certificate's JSON.",
  pdf_without: "The PDF carries no certificate: take one as the registry gave it, or the certificate's JSON.",
  pdf_several: "The PDF carries more than one file, and which of them is meant is anybody's guess.",
  pdf_damaged: "What the PDF carries cannot be unpacked: it is damaged, or packed in a way that is not read.",
};

/** What is wrong with a file: a code, and an English sentence. */
export class Unreadable extends Error {
  readonly code: UnreadableCode;

  constructor(code: UnreadableCode) {
    super(sentences[code]);
    this.code = code;
  }
}

/** A stream in a PDF: what its dictionary says, and where its bytes are. */
type Carried = { readonly head: string; readonly from: number; readonly to: number };

/** More than the dictionary of a stream takes; what is longer is none. */
const longestHead = 4_096;

/** More objects than a certificate on ten thousand sheets has: each costs a look at its dictionary. */
const mostObjects = 100_000;

/** A few bytes as text, each a character. */
const ascii = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to));

/** What ends a dictionary: the object's end, its stream, or another object where somebody forgot the end. */
const endOfHead = /endobj|stream(\r\n|\n)|\bobj\b/;

/** A dictionary and what ends it. Most are short. */
const headAt = (bytes: Uint8Array, from: number): { text: string; end: RegExpExecArray | null } => {
  const short = ascii(bytes, from, from + 256);
  const end = endOfHead.exec(short);
  if (end) return { text: short, end };
  const text = ascii(bytes, from, from + longestHead);
  return { text, end: endOfHead.exec(text) };
};

/** Where a word begins, from a place on; -1 when it does not come. */
const placeOf = (bytes: Uint8Array, word: string, from: number): number => {
  const first = word.charCodeAt(0);
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let length = 1;
    while (length < word.length && bytes[at + length] === word.charCodeAt(length)) length++;
    if (length === word.length) return at;
  }
  return -1;
};

/** Where a stream's bytes end: where its dictionary says, if the word stands there, or else at the next such word. */
const endOf = (bytes: Uint8Array, head: string, from: number): { to: number; next: number } => {
  const length = Number(/\/Length\s+(\d{1,9})\b(?!\s+\d+\s+R)/.exec(head)?.[1] ?? Number.NaN);
  const told = Number.isNaN(length) ? "" : ascii(bytes, from + length, from + length + 11);
  if (/^\s{0,2}endstream/.test(told))
    return { to: from + length, next: from + length + told.indexOf("e") + 9 };
  const found = placeOf(bytes, "endstream", from);
  if (found < 0) throw new Unreadable("pdf_damaged");
  // A line's end before the word is not the stream's.
  const before = /\r?\n$|\r$/.exec(ascii(bytes, Math.max(from, found - 2), found))?.[0].length ?? 0;
  return { to: found - before, next: found + 9 };
};

const encrypts = /\/Encrypt\s*(?:\d+\s+\d+\s+R|<<)/;

/**
 * The files within a PDF, by their objects' numbers: what it says later of a number counts. It goes over the bytes once, and
 * passes over what lies in streams, so that nothing there is taken for an object.
 */
const carriedBy = (bytes: Uint8Array): Carried[] => {
  const found = new Map<string, Carried>();
  let looks = 0;
  for (let at = placeOf(bytes, "obj", 0); at >= 0; ) {
    if (++looks > mostObjects) throw new Unreadable("too_large");
    const number = /(?:^|\s)(\d{1,10})\s+\d{1,5}\s+$/.exec(ascii(bytes, Math.max(0, at - 24), at))?.[1];
    if (number === undefined) {
      at = placeOf(bytes, "obj", at + 3);
      continue;
    }
    const { text, end } = headAt(bytes, at + 3);
    const past = at + 3 + (end ? end.index + end[0].length : text.length);
    const head = text.slice(0, end?.index);
    const isStream = end?.[1] !== undefined;
    if (isStream && encrypts.test(head)) throw new Unreadable("pdf_encrypted");
    const { to, next } = isStream ? endOf(bytes, head, past) : { to: past, next: past };
    if (isStream && /\/Type\s*\/EmbeddedFile\b/.test(head)) found.set(number, { head, from: past, to });
    else found.delete(number);
    at = placeOf(bytes, "obj", end?.[0] === "obj" ? next - 3 : next);
  }
  return [...found.values()];
};

/** Whether a trailer says that it is encrypted; where a stream stands for the trailer, that says it. */
const isEncrypted = (bytes: Uint8Array): boolean => {
  for (let at = placeOf(bytes, "trailer", 0); at >= 0; at = placeOf(bytes, "trailer", at + longestHead))
    if (encrypts.test(ascii(bytes, at, at + longestHead))) return true;
  return false;
};

/** A stream's bytes, no more than a certificate has: what unpacks to gigabytes is broken off. */
const unpacked = async (bytes: Bytes): Promise<Bytes> => {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  try {
    for (let part = await reader.read(); part.value; part = await reader.read()) {
      length += part.value.length;
      if (length > longestFile) throw new Unreadable("too_large");
      parts.push(part.value);
    }
  } catch (error) {
    // Some runtimes wait for what is still packed when it is broken off.
    void reader.cancel().catch(() => {});
    throw error instanceof Unreadable ? error : new Unreadable("pdf_damaged");
  }
  return joined(...parts);
};

/** The one file that a PDF carries. Its pages are not read: they may say anything. */
const attachmentOf = async (pdf: Bytes): Promise<Bytes> => {
  if (isEncrypted(pdf)) throw new Unreadable("pdf_encrypted");
  const [carried, ...others] = carriedBy(pdf);
  if (!carried) throw new Unreadable("pdf_without");
  if (others.length > 0) throw new Unreadable("pdf_several");
  const bytes = pdf.subarray(carried.from, carried.to) as Bytes;
  const { head } = carried;
  const filter = /\/Filter\s*\[?\s*\/(\w+)\s*(?:\]|\/|>|$)/.exec(head)?.[1];
  if (/\/DecodeParms|\/Filter\s*\[[^\]]*\/\w+\s*\//.test(head)) throw new Unreadable("pdf_damaged");
  if (!/\/Filter/.test(head)) return bytes;
  if (filter !== "FlateDecode") throw new Unreadable("pdf_damaged");
  return unpacked(bytes);
};

/**
 * The text of a certificate's file: JSON as it is, or what the registry's PDF carries. Throws an `Unreadable` for anything
 * else, having read no more than a certificate has.
 */
export const certificateText = async (bytes: Uint8Array): Promise<string> => {
  if (bytes.length > longestFile) throw new Unreadable("too_large");
  const isPdf = placeOf(bytes.subarray(0, 1_024), "%PDF-", 0) >= 0;
  const file = isPdf ? await attachmentOf(bytes as Bytes) : bytes;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(file);
  } catch {
    throw new Unreadable(isPdf ? "pdf_damaged" : "not_text");
  }
};
