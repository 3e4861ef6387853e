import { xmlText } from "./gpx.ts";
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

/** Bytes enough to tell what a file is. */
const telling = 256;

/**
 * A file as text: a workbook (.xlsx) becomes the table of one sheet (the first with a header that the first of `knows`
 * says yes to, else the next of them, else the first with rows), a GPX track the table of its points, and
 * everything else passes as it is. Refuses archives, other XML, and whatever unpacks to more than it should.
 */
export const unpacked = async (
  content: AsyncIterable<Uint8Array>,
  knows: readonly HeaderTest[] = [],
): Promise<AsyncIterable<Uint8Array>> => {
  const chunks = content[Symbol.asyncIterator]();
  let first = new Uint8Array(0);
  while (first.length < telling) {
    const next = await chunks.next();
    if (next.done) break;
    first =
      first.length === 0 ? new Uint8Array(next.value) : new Uint8Array(Buffer.concat([first, next.value]));
  }
  const whole = joined(first, chunks);
  if (zip.every((byte, place) => first[place] === byte)) return workbookText(whole, knows);
  const beginning = new TextDecoder().decode(first.subarray(0, telling));
  return /^\uFEFF?\s*<(\?xml|!|gpx|kml|\w+:?\w*[\s>])/i.test(beginning) ? xmlText(whole) : whole;
};
