import { constants, inflateSync } from "node:zlib";

/** What a paper has no need of: it runs, starts, sends, or carries another file. */
const active =
  /\/(JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToR|GoToE|Movie|Sound|Rendition|Encrypt)(?![A-Za-z])/;
/** The same by two letters, which pictures hold by chance: only before what is one. */
const script = /\/JS[\s\0]*([(<]|\d+[\s\0]+\d+[\s\0]+R)/;
/** What starts by itself when the paper is opened, save to show a page; between name and act may stand a comment. */
const starts =
  /\/OpenAction(?![A-Za-z])(?![\s\0]*\[)|\/AA(?![A-Za-z])(?:[\s\0]|%[^\r\n]{0,80}[\r\n]){0,9}(<<|\d+[\s\0]+\d+[\s\0]+R)/;

const acts = (text: string): boolean => active.test(text) || script.test(text) || starts.test(text);

/** A name may be written with its letters as numbers: /J#61vaScript. */
const named = (text: string): string =>
  text.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** All that packed parts of a paper may unfold to together. */
const most_bytes = 64_000_000;

/** A stream's dictionary is this long at most, read back from where the stream begins. */
const dictionary_chars = 2_000;

/** Objects that lie packed begin with numbers: which they are, and where. So does what draws a page, and hardly a picture. */
const numbered = /^[\s\0]*(%[^\r\n]{0,200}[\r\n]+[\s\0]*){0,9}[+-]?\d+[\s\0]/;
const looked_bytes = 1_024;

const isDeflated = ([first = 0, second = 0]: Uint8Array): boolean =>
  (first & 15) === 8 && (first * 256 + second) % 31 === 0;

/** The beginning of what is packed, whole or not. */
const beginningOf = (packed: Uint8Array): Uint8Array => {
  try {
    return inflateSync(packed.subarray(0, looked_bytes), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return new Uint8Array();
  }
};

/** Whether a stream that holds objects is packed in a way that nobody here can look through. */
const isObscure = (dictionary: string): boolean => {
  const holds =
    /\/ObjStm(?![A-Za-z])/.test(dictionary) || /\/First[\s\0]+\d+(?![\s\0]+\d+[\s\0]+R)/.test(dictionary);
  if (!holds) return false;
  const filters = dictionary.match(
    /\/(ASCIIHexDecode|AHx|ASCII85Decode|A85|LZWDecode|LZW|RunLengthDecode|RL|Crypt)\b/,
  );
  return filters !== null || /\/Predictor[\s\0]+([2-9]|1\d)/.test(dictionary);
};

/**
 * The objects that lie packed in streams, and each stream that cannot be unfolded within bounds as null. What a stream says
 * of itself is not believed, since a dictionary can hide its words behind others: whatever unfolds to numbered objects is
 * read. Each letter is looked at a bounded number of times, whatever a paper is made of.
 */
const unpacked = function* (text: string, bytes: Uint8Array): Generator<string | null> {
  let left = most_bytes;
  let before = 0;
  for (const found of text.matchAll(/stream(\r\n|\r|\n)/g)) {
    if (text.startsWith("end", found.index - 3)) continue;
    const start = found.index + found[0].length;
    const dictionary = named(text.slice(Math.max(before, found.index - dictionary_chars), found.index));
    before = start;
    if (isObscure(dictionary)) return yield null;
    const packed = bytes.subarray(start);
    if (!isDeflated(packed)) continue;
    const beginning = beginningOf(packed);
    // Packed twice, it would pass for a picture.
    if (isDeflated(beginning) && beginningOf(beginning).length > 0) return yield null;
    if (!numbered.test(Buffer.from(beginning).toString("latin1"))) continue;
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
  if (acts(named(text))) return false;
  for (const inside of unpacked(text, bytes)) if (inside === null || acts(named(inside))) return false;
  return true;
};
