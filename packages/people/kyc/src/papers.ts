import { inflateSync } from "node:zlib";

/** What a paper has no need of: it runs, starts, sends, or carries another file. */
const active =
  /\/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToR|GoToE|Movie|Sound|Rendition|Encrypt)(?![A-Za-z])/;
/** What starts by itself when the paper is opened, save to show a page. */
const starts = /\/(OpenAction|AA)\s*(<<|\d+\s+\d+\s+R)/;

/** A name may be written with its letters as numbers: /J#61vaScript. */
const named = (text: string): string =>
  text.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** All that packed parts of a paper may unfold to together. */
const most_bytes = 64_000_000;

/** A stream's dictionary is this long at most, read back from where the stream begins. */
const dictionary_chars = 2_000;

/**
 * The objects that lie packed in streams (ObjStm), and each stream that cannot be unfolded within bounds as null. Each
 * letter is looked at a bounded number of times, whatever a paper is made of.
 */
const unpacked = function* (text: string, bytes: Uint8Array): Generator<string | null> {
  let left = most_bytes;
  let before = 0;
  for (const found of text.matchAll(/>>\s*stream\r?\n/g)) {
    const dictionary = named(text.slice(Math.max(before, found.index - dictionary_chars), found.index));
    const start = found.index + found[0].length;
    before = start;
    if (!/\/ObjStm(?![A-Za-z])/.test(dictionary)) continue;
    if (!/\/FlateDecode|\/Fl(?![A-Za-z])/.test(dictionary)) {
      // Not packed, so it was read already; packed in another way, nobody here can look inside.
      if (/\/Filter/.test(dictionary)) yield null;
      continue;
    }
    const end = text.indexOf("endstream", start);
    // One that does not end is none that a reader of papers shows, and looking for its end again and again takes long.
    if (end < 0) return yield null;
    try {
      const inside = inflateSync(bytes.subarray(start, end), { maxOutputLength: left });
      left -= inside.length;
      yield inside.toString("latin1");
    } catch {
      yield null;
    }
  }
};

/** Whether a PDF only shows pages: no script, no launch, no file within, not locked, and nothing packed beyond reading. */
export const isStill = (bytes: Uint8Array): boolean => {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const plain = named(text);
  if (active.test(plain) || starts.test(plain)) return false;
  for (const inside of unpacked(text, bytes)) {
    if (inside === null) return false;
    const read = named(inside);
    if (active.test(read) || starts.test(read)) return false;
  }
  return true;
};
