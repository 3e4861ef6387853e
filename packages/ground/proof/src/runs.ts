import { placeIn, type Span } from "./current.ts";
import { type CertificateDocument, parseSerial } from "./document.ts";

/** The runs of grams that a document names, by batch and in order. */
export type Runs = ReadonlyMap<string, readonly Span[]>;

export const runsOf = ({ lots }: Pick<CertificateDocument, "lots">): Runs => {
  // Not Map.groupBy, which Node 20 lacks.
  const runs = new Map<string, Span[]>();
  for (const { serial } of lots) {
    const span = parseSerial(serial);
    const own = span && (runs.get(span.batch) ?? []);
    if (span && own) {
      own.push(span);
      runs.set(span.batch, own);
    }
  }
  for (const own of runs.values()) own.sort((a, b) => (a.first < b.first ? -1 : 1));
  return runs;
};

/** Whether one of the runs has all of a span. A stranger's file may ask this a million times. */
export const hasAll = (runs: Runs, { batch, first, last }: Span): boolean => {
  const own = runs.get(batch) ?? [];
  const run = own[placeIn(own, first + 1n) - 1];
  return run !== undefined && last <= run.last;
};
