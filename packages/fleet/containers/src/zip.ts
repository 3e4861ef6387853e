import { Unzip, UnzipInflate } from "fflate";
import { refuse } from "./errors.ts";

/** Bytes of a packed workbook that are held, bytes that it may unpack to, and letters that its sheet may come to as text. */
export const workbookLimits = {
  packed: 32 * 1024 * 1024,
  unpacked: 64 * 1024 * 1024,
  written: 64 * 1024 * 1024,
} as const;

/** Packed bytes given to the inflater at once: a bomb of the worst ratio then unpacks 4 MB between two checks. */
const step = 4 * 1024;
/** Unpacked bytes that are read before others get their turn: XML takes a hundred times as long as unpacking it. */
const slice = 32 * 1024;

export const tooLarge = () =>
  refuse("import_workbook_too_large", { limit: workbookLimits.unpacked / 1024 / 1024 });

/** All bytes of a stream, of a workbook that must be held: its strings come after the sheets that use them. */
export const held = async (content: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > workbookLimits.packed)
      throw refuse("import_workbook_too_large", { limit: workbookLimits.packed / 1024 / 1024 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** Takes the unpacked bytes of one file of an archive; `false` when it has seen enough. */
export type EntryTaker = (bytes: Uint8Array, last: boolean) => boolean;

type Unread = { bytes: Uint8Array; last: boolean; entry: { take: EntryTaker; taking: boolean } };

/** Hands on what was unpacked in slices, and yields after each. */
function* handedOn(unread: Unread[]): Generator<void> {
  for (const { bytes, last, entry } of unread.splice(0))
    for (let at = 0; entry.taking && (at === 0 || at < bytes.length); at += slice) {
      entry.taking = entry.take(bytes.subarray(at, at + slice), last && at + slice >= bytes.length);
      yield;
    }
}

/**
 * Unpacks the files of an archive that someone takes, one after the other, without holding them. Counts what comes out
 * and refuses more than a workbook can honestly have. Yields after each step, so that others get their turn.
 */
export function* unzipped(
  archive: Uint8Array,
  takerOf: (name: string) => EntryTaker | null,
): Generator<void> {
  let out = 0;
  let failure: unknown = null;
  const unread: Unread[] = [];
  const unzip = new Unzip((file) => {
    const take = failure === null ? takerOf(file.name) : null;
    if (!take) return;
    const entry = { take, taking: true };
    file.ondata = (error, bytes, last) => {
      if (error) failure ??= error;
      if (failure !== null || !entry.taking) return;
      out += bytes.length;
      if (out > workbookLimits.unpacked) failure = tooLarge();
      else unread.push({ bytes, last, entry });
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  for (let at = 0; at < archive.length; at += step) {
    try {
      unzip.push(archive.subarray(at, at + step), at + step >= archive.length);
    } catch (cause) {
      failure ??= cause;
    }
    // What came before a fault is read first: it may say better what the file is.
    yield* handedOn(unread);
    if (failure !== null) throw failure;
    yield;
  }
}
