import { Unzip, UnzipInflate } from "fflate";
import { refuse } from "./errors.ts";

/** Bytes of a packed workbook that are held, and bytes that it may unpack to. */
const workbookLimits = { packed: 32 * 1024 * 1024, unpacked: 64 * 1024 * 1024 } as const;

/** Packed bytes given to the inflater at once: a bomb of the worst ratio then unpacks 16 MB between two checks. */
const step = 16 * 1024;

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
  const unzip = new Unzip((file) => {
    const take = failure === null ? takerOf(file.name) : null;
    if (!take) return;
    let taking = true;
    file.ondata = (error, bytes, last) => {
      if (error) failure ??= error;
      if (failure !== null || !taking) return;
      out += bytes.length;
      if (out > workbookLimits.unpacked) {
        failure = refuse("import_workbook_too_large", { limit: workbookLimits.unpacked / 1024 / 1024 });
        return;
      }
      try {
        taking = take(bytes, last);
      } catch (cause) {
        failure = cause;
      }
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
    if (failure !== null) throw failure;
    yield;
  }
}
