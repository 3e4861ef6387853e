import type { Book, Entry, Gone } from "./book.ts";
import { placeIn, readSpan, type Span, writtenSpan } from "./current.ts";

export const numberOf = (value: unknown): bigint | null =>
  typeof value === "string" && /^\d{1,18}$/.test(value) ? BigInt(value) : null;

/** The ranges of an entry; null for one that is none. */
export const spansOf = (entry: Entry): (Span | null)[] =>
  Array.isArray(entry.ranges) ? entry.ranges.map(readSpan) : [null];

export const gramsOf = ({ first, last }: Span): bigint => last - first + 1n;

/** Takes grams out of circulation; a sentence when they were never issued or are gone already. */
export const taken = (book: Book, span: Span, { why, by }: { why: string; by: string }): string | null => {
  const { batch: number, first, last } = span;
  const batch = book.batches.get(number);
  if (!batch) return `${why} takes grams of batch ${number}, which was never issued`;
  if (last > batch.grams)
    return `${why} takes grams up to ${last} of batch ${number}, which has ${batch.grams}`;
  const at = placeIn(batch.gone, first);
  const [before, after] = [batch.gone[at - 1], batch.gone[at]];
  if ((before && before.last >= first) || (after && after.first <= last))
    return `${why} takes grams ${first}-${last} of batch ${number} that were retired or cancelled before`;
  batch.gone.splice(at, 0, { first, last, by });
  batch.goneGrams += gramsOf(span);
  return null;
};

/** The grams of a span that left circulation, in order. */
export const leavings = (book: Book, { batch, first, last }: Span): Gone[] => {
  const gone: readonly Gone[] = book.batches.get(batch)?.gone ?? [];
  const found: Gone[] = [];
  for (let at = Math.max(0, placeIn(gone, first) - 1); at < gone.length; at++) {
    const run = gone[at] as Gone;
    if (run.first > last) break;
    if (run.last >= first) found.push(run);
  }
  return found;
};

/** By what all grams of a span left circulation; null where some did not, or by several. */
export const goneBy = (book: Book, { batch, first, last }: Span): string | null => {
  const gone: readonly Gone[] = book.batches.get(batch)?.gone ?? [];
  let at = placeIn(gone, first + 1n) - 1;
  const by = gone[at]?.by;
  for (let next = first; next <= last; at++) {
    const run = gone[at];
    if (!run || run.by !== by || run.first > next || run.last < next) return null;
    next = run.last + 1n;
  }
  return by ?? null;
};

/**
 * Counts a part of something that came in parts. Answers whether it is whole now; a sentence when it is more than whole.
 */
export const counted = (
  book: Book,
  { name, total, grams }: { name: string; total: bigint | null; grams: bigint },
): boolean | string => {
  const missing = (book.incomplete.get(name) ?? total ?? 0n) - grams;
  if (missing > 0n) book.incomplete.set(name, missing);
  else book.incomplete.delete(name);
  return missing < 0n ? `${name} names more grams than its ${total} g` : missing === 0n;
};

export const startOf = (span: Span): string => writtenSpan({ ...span, last: span.first });
