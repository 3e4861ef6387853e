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

/** The objects that lie packed in streams (ObjStm), and each stream that cannot be unfolded within bounds as null. */
const unpacked = function* (text: string, bytes: Uint8Array): Generator<string | null> {
  let left = most_bytes;
  for (const found of text.matchAll(/<<([\s\S]{0,2000}?)>>\s*stream\r?\n/g)) {
    const dictionary = named(found[1] ?? "");
    if (!/\/(ObjStm|XRef)(?![A-Za-z])/.test(dictionary)) continue;
    if (/\/ObjStm/.test(dictionary) && !/\/FlateDecode|\/Fl(?![A-Za-z])/.test(dictionary)) {
      // Not packed, so it was read already; packed in another way, nobody here can look inside.
      if (/\/Filter/.test(dictionary)) yield null;
      continue;
    }
    if (!/\/ObjStm/.test(dictionary)) continue;
    const start = found.index + found[0].length;
    const end = text.indexOf("endstream", start);
    try {
      const inside = inflateSync(bytes.subarray(start, end < 0 ? undefined : end), { maxOutputLength: left });
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
