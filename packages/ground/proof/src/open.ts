import type { Book, Entry } from "./book.ts";
import { allSpans } from "./certified.ts";
import { type Span, writtenSpan } from "./current.ts";
import { numberOf } from "./spans.ts";

/** Whether a certificate's ranges are the whole of a batch, among others. */
const isOfAll = (spans: readonly Span[], number: string, grams: bigint): boolean =>
  spans.some(({ batch, first, last }) => batch === number && first === 1n && last === grams);

/** Certificates of issuance by the hash of their document. */
const issuancesOf = (book: Book): Map<unknown, Entry> => {
  const found = new Map<unknown, Entry>();
  for (const entry of book.certificates.values())
    if (entry.certificate === "issuance") found.set(entry.hash, entry);
  return found;
};

/** A batch and its certificate name each other. Entries from before there were ranges name no batch. */
function* issuanceFaults(book: Book): Generator<string> {
  const issuances = issuancesOf(book);
  for (const [number, { entry, grams }] of book.batches) {
    const paper = issuances.get(entry.certificate);
    if (entry.certificate === null) continue;
    if (!paper) yield `Batch ${number} names a certificate that was never logged.`;
    else if (paper.ranges !== undefined && !isOfAll(allSpans(book, String(paper.number)), number, grams))
      yield `Batch ${number} names a certificate of other grams than its own.`;
  }
  for (const { number, hash, ranges } of issuances.values())
    for (const { batch } of ranges === undefined ? [] : allSpans(book, String(number))) {
      const named = book.batches.get(batch)?.entry.certificate;
      if (named !== undefined && named !== null && named !== hash)
        yield `Certificate ${number} says that batch ${batch} was issued with it, which names another.`;
    }
}

/** Grams that left circulation, and for which another certificate than their retirement's reads current since. */
function* regainedFaults(book: Book): Generator<string> {
  for (const { by, ...span } of book.regained.values())
    for (const run of book.current.within(span))
      if (run.number === by)
        yield `Certificate ${by} reads current for grams ${writtenSpan({ ...span, ...run })}, which were retired or cancelled before.`;
}

/** A day's snapshot is taken within the hour, and made up for where the venue stood still: it is there by the second book after. */
const booksUntil = 2;

/** Since snapshots are logged, each day whose book was closed has one. */
function* snapshotFaults({ books, snapshots }: Book): Generator<string> {
  const [first = "none"] = [...snapshots.keys()].toSorted();
  for (const day of [...books.keys()].toSorted().slice(0, -booksUntil))
    if (day > first && !snapshots.has(day))
      yield `The day ${day} was closed, and no snapshot of it was ever logged.`;
}

/**
 * What an entry still has to come for, or it is a fault: two certificates of one gram, parts that are missing, a batch
 * without its certificate, a retirement's certificate without the retirement, a cancellation that nothing was revoked for, a
 * day without its snapshot.
 */
export function* openFaults(book: Book): Generator<string> {
  yield* book.current.disputes();
  for (const [name, grams] of book.incomplete) yield `${name} is not whole: ${grams} g are missing.`;
  for (const number of new Set(book.unretired.values()))
    yield `Certificate ${number} says that grams were retired, which no retirement took.`;
  for (const [batch, id] of book.causeless)
    yield `Cancellation ${id} is for batch ${batch}, which was never revoked.`;
  for (const [batch, grams] of book.madeUp) {
    const owed = numberOf(book.revokedBatches.get(batch)?.owed);
    if (owed !== null && grams > owed)
      yield `For batch ${batch} ${grams} g of others were cancelled, and ${owed} g are owed for it.`;
  }
  yield* issuanceFaults(book);
  yield* regainedFaults(book);
  yield* snapshotFaults(book);
}
