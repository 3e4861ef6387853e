import type { Candidate, ImportOptions, Plan, Rejection } from "./candidate.ts";
import { openImport } from "./parse.ts";

/** Everything that a file gives, held at once: for small uploads, previews and tests. */
export type Reading = { plan: Plan; trips: Candidate[]; rejections: Rejection[]; rowsRead: number };

/** Bytes as they would arrive, cut into chunks of a size. */
export async function* chunksOf(bytes: Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Reads a whole file. Only for content that is known to be small. */
export const readAll = async (
  content: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<Reading> => {
  const opened = await openImport(content, options);
  const reading: Reading = { plan: opened.plan, trips: [], rejections: [], rowsRead: 0 };
  for await (const batch of opened.batches()) {
    for (const trip of batch.trips) reading.trips.push(trip);
    for (const rejection of batch.rejections) reading.rejections.push(rejection);
    reading.rowsRead = batch.rowsRead;
  }
  return reading;
};
