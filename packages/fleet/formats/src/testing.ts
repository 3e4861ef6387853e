import type { Candidate, ImportOptions, Plan, Rejection } from "./candidate.ts";
import { openFile } from "./files.ts";
import type { Finding } from "./findings.ts";

/** Everything that a file gives, held at once. */
export type Reading = {
  plan: Plan;
  trips: Candidate[];
  rejections: Rejection[];
  rowsRead: number;
  notes: readonly Finding[];
};

/** Reads a whole file. Only for content that is known to be small. */
export const readAll = async (
  content: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<Reading> => {
  const opened = await openFile(content, options);
  const reading: Reading = { plan: opened.plan, trips: [], rejections: [], rowsRead: 0, notes: [] };
  for await (const batch of opened.batches()) {
    for (const trip of batch.trips) reading.trips.push(trip);
    for (const rejection of batch.rejections) reading.rejections.push(rejection);
    reading.rowsRead = batch.rowsRead;
    reading.notes = batch.notes;
  }
  return reading;
};
