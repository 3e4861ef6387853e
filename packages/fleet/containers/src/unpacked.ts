import { opened } from "./archive.ts";
import { refuse } from "./errors.ts";
import { xmlText } from "./gpx.ts";
import { inTurns } from "./turns.ts";
import { type HeaderTest, workbookText } from "./xlsx.ts";

const zip = [0x50, 0x4b, 0x03, 0x04];

/** What was read of a stream, and then what follows. */
async function* joined(first: Uint8Array, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  for (;;) {
    const next = await chunks.next();
    if (next.done) return;
    yield next.value;
  }
}

/** UTF-16 of either order, by its mark or by the zeros beside a first angle bracket. */
const wideEncoding = ([a, b]: Uint8Array): "utf-16le" | "utf-16be" | null => {
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0)) return "utf-16le";
  return (a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c) ? "utf-16be" : null;
};

/** What XML is written in is told by its bytes; the parser of tracks takes UTF-8. */
async function* inUtf8(
  chunks: AsyncIterable<Uint8Array>,
  encoding: "utf-16le" | "utf-16be",
): AsyncGenerator<Uint8Array> {
  const [decoder, encoder] = [new TextDecoder(encoding), new TextEncoder()];
  for await (const chunk of chunks) yield encoder.encode(decoder.decode(chunk, { stream: true }));
  yield encoder.encode(decoder.decode());
}

/** Bytes enough to tell what a file is. */
const telling = 256;

/**
 * A file as text: a workbook (.xlsx) becomes the table of one sheet (the first with a header that the first of `knows`
 * says yes to, else the next of them, else the first with rows), a GPX track the table of its points, and
 * everything else passes as it is; an archive of one file is that file. Refuses other archives, other XML, web pages, and
 * whatever unpacks to more than it should.
 */
export const unpacked = async (
  content: AsyncIterable<Uint8Array>,
  knows: readonly HeaderTest[] = [],
): Promise<AsyncIterable<Uint8Array>> => asText(content, knows, false);

const asText = async (
  content: AsyncIterable<Uint8Array>,
  knows: readonly HeaderTest[],
  within: boolean,
): Promise<AsyncIterable<Uint8Array>> => {
  const chunks = content[Symbol.asyncIterator]();
  let first = new Uint8Array(0);
  while (first.length < telling) {
    const next = await chunks.next();
    if (next.done) break;
    first =
      first.length === 0 ? new Uint8Array(next.value) : new Uint8Array(Buffer.concat([first, next.value]));
  }
  const whole = inTurns(joined(first, chunks));
  if (zip.every((byte, place) => first[place] === byte)) {
    const { workbook, bytes } = await opened(whole);
    if (workbook) return workbookText(bytes, knows);
    // A bomb within a bomb: one archive is unpacked, not what lies in it.
    if (within) throw refuse("import_archive_nested", { file: "ZIP" });
    return asText(bytes, knows, true);
  }
  const wide = wideEncoding(first);
  const beginning = new TextDecoder(wide ?? "utf-8").decode(first.subarray(0, telling));
  if (
    /^\uFEFF?\s*(<!--[^>]*-->\s*)*<(!doctype\s+html|html|head|body|table|meta|script)[\s>]/i.test(beginning)
  )
    throw refuse("import_web_page");
  return /^\uFEFF?\s*<(\?xml|!|gpx|kml|\w+:?\w*[\s>])/i.test(beginning)
    ? xmlText(wide ? inUtf8(whole, wide) : whole)
    : whole;
};
