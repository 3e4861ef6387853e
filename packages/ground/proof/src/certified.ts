import type { Book, Entry, Rule } from "./book.ts";
import { least, most, type Span, writtenSpan } from "./current.ts";
import { counted, goneBy, gramsOf, leavings, numberOf, spansOf, startOf, taken } from "./spans.ts";

const keyAt = (book: Book, id: unknown, at: string): string | null => {
  const key = book.keys.get(String(id));
  if (!key) return `is signed with ${id}, a key that was never logged`;
  if (at < key.from) return `is dated ${at}, before its key ${id} was in use (${key.from})`;
  return key.until !== null && at >= key.until ? `is signed with ${id}, withdrawn on ${key.until}` : null;
};

/** All ranges of a certificate, whatever part they came in. */
export const allSpans = (book: Book, number: string): Span[] =>
  [book.certificates.get(number), ...(book.laterParts.get(number) ?? [])].flatMap((entry) =>
    entry ? spansOf(entry).flatMap((span) => span ?? []) : [],
  );

/**
 * Finds the retirement that a certificate tells of: its ranges are exactly what one retirement took, and no other
 * certificate tells of that one.
 */
const matched = (book: Book, number: string): string | null => {
  const spans = allSpans(book, number);
  const causes = new Set(spans.map((span) => goneBy(book, span)));
  const [id] = causes;
  const retirement = causes.size === 1 && id ? book.retirements.get(id) : undefined;
  if (!id || !retirement) {
    for (const span of spans) book.unretired.set(startOf(span), number);
    return null;
  }
  for (const span of spans) book.unretired.delete(startOf(span));
  const before = retirement.certificate;
  retirement.certificate ??= number;
  book.uncertified.delete(id);
  if (before !== null) return `Retirement ${id} is certified twice, by ${before} and ${number}`;
  const grams = spans.reduce((sum, span) => sum + gramsOf(span), 0n);
  if (grams !== retirement.grams)
    return `Certificate ${number} is of ${grams} g, its retirement ${id} of ${retirement.grams} g`;
  const said = retirement.entry.number;
  return typeof said === "string" && said !== number
    ? `Retirement ${id} names certificate ${said}, and ${number} tells of it`
    : null;
};

/** What happens at one time may be numbered in either order; an hour is more than that takes. */
const hour_ms = 3_600_000;

/**
 * Notes grams that a certificate takes over after they had left circulation. What was cancelled stays with whom it was
 * last certified for, so that a certificate of that very hour says nothing.
 */
const regained = (book: Book, { at }: Entry, span: Span & { by: string }): void => {
  const early = new Date(Date.parse(at) - hour_ms).toISOString();
  for (const { first, last, by } of leavings(book, span)) {
    const cancelled = book.cancellations.get(by);
    if (cancelled && cancelled.at >= early) continue;
    const part = {
      ...span,
      first: most(first, span.first),
      last: least(last, span.last),
    };
    book.regained.set(`${span.by}/${writtenSpan(part)}`, part);
  }
};

/** Reads the ranges of a certificate's entry: grams that were issued, and claimed from whom they were current for. */
const claimed = (book: Book, entry: Entry, number: string): string | null => {
  const first = entry.part === undefined || entry.part === 1;
  book.ranged = true;
  if (!first) book.laterParts.set(number, [...(book.laterParts.get(number) ?? []), entry]);
  let grams = 0n;
  for (const span of spansOf(entry)) {
    if (!span) return `Certificate ${number} names no grams`;
    const batch = book.batches.get(span.batch);
    if (!batch || span.last > batch.grams)
      return `Certificate ${number} is of grams up to ${span.last} of batch ${span.batch}, which were never issued`;
    if (entry.certificate !== "retirement") regained(book, entry, { ...span, by: number });
    book.current.claim(span, number);
    grams += gramsOf(span);
  }
  const total = first ? numberOf(entry.grams) : null;
  const whole = counted(book, { name: `Certificate ${number}`, total, grams });
  if (typeof whole === "string") return whole;
  return whole && entry.certificate === "retirement" ? matched(book, number) : null;
};

/** A certificate that names no grams could be of anybody's: none does any more, since the first that named some. */
const rangeless = (book: Book, number: string): string | null =>
  book.ranged ? `Certificate ${number} does not say of which grams it is, after others that do` : null;

export const certified: Rule = (book, entry) => {
  const number = String(entry.number);
  const known = book.certificates.get(number);
  const first = entry.part === undefined || entry.part === 1;
  if (first === (known !== undefined))
    return first
      ? `Certificate ${number} was logged before`
      : `Certificate ${number} begins with a later part`;
  if (first) book.certificates.set(number, entry);
  // Entries from before there were ranges have none.
  const fault = entry.ranges === undefined ? rangeless(book, number) : claimed(book, entry, number);
  const key = first ? keyAt(book, entry.key, entry.at) : null;
  return fault ?? (key && `Certificate ${number} ${key}`);
};

/** Ranges of a certificate that are passed on; `by` is null where they were before it was made. */
export const passedOn: Rule = (book, entry) => {
  const number = String(entry.number);
  const certificate = book.certificates.get(number);
  const by = entry.by === null ? null : String(entry.by);
  if (!certificate) return `Certificate ${number} passes on grams and was never logged`;
  const receiver = by === null ? undefined : book.certificates.get(by);
  if (by !== null && !receiver)
    return `Certificate ${number} passes on grams to ${by}, which was never logged`;
  const isOf = receiver?.ranges !== undefined;
  for (const span of spansOf(entry)) {
    if (!span) return `The standing of certificate ${number} names no grams`;
    const known = certificate.ranges !== undefined;
    const fault = book.current.pass(span, { number, by, known, isOf });
    if (receiver?.certificate !== "retirement" && by !== null) regained(book, entry, { ...span, by });
    if (fault) return fault;
  }
  // Grams are passed on as a certificate is made, and at no other time: nobody is parted from theirs by a word alone.
  const made = (receiver ?? certificate).at;
  return entry.at === made
    ? null
    : `Certificate ${number} gives way on ${entry.at}, when ${by ?? "it"} was not made: that was on ${made}`;
};

/** Grams of a batch that should not have been issued stand for nobody's duty, from an hour after it was said. */
const dutyFault = (book: Book, { id, at, reason }: Entry, spans: readonly (Span | null)[]): string | null => {
  const early = new Date(Date.parse(at) - hour_ms).toISOString();
  const tainted = spans.find((span) => (book.revokedBatches.get(span?.batch ?? "")?.at ?? at) < early);
  return reason === "compliance" && tainted
    ? `Retirement ${id} for a duty is of batch ${tainted.batch}, which was revoked before`
    : null;
};

/** Grams that leave circulation, and the sum of this entry's. */
const left = (book: Book, entry: Entry, why: string): { grams: bigint; fault: string | null } => {
  let [grams, fault]: [bigint, string | null] = [0n, null];
  for (const span of spansOf(entry)) {
    if (!span) return { grams, fault: `${why} names no grams` };
    fault ??= taken(book, span, { why, by: String(entry.id) });
    grams += gramsOf(span);
  }
  return { grams, fault };
};

export const retired: Rule = (book, entry) => {
  const id = String(entry.id);
  const name = `Retirement ${id}`;
  const { grams, fault } = left(book, entry, name);
  book.retired += grams;
  const before = book.retirements.get(id);
  if (before) before.grams += grams;
  else book.retirements.set(id, { entry, grams, certificate: null });
  if (!before) book.uncertified.add(id);
  const whole = counted(book, { name, total: before ? null : numberOf(entry.grams), grams });
  if (typeof whole === "string") return fault ?? whole;
  const waiting = new Set(
    whole ? spansOf(entry).flatMap((span) => (span && book.unretired.get(startOf(span))) ?? []) : [],
  );
  let other: string | null = null;
  for (const number of waiting) other ??= matched(book, number);
  return fault ?? other ?? dutyFault(book, entry, spansOf(entry));
};

export const cancelled: Rule = (book, entry) => {
  const [id, batch] = [String(entry.id), String(entry.for)];
  const name = `Cancellation ${id}`;
  const { grams, fault } = left(book, entry, name);
  book.cancelled += grams;
  const others = spansOf(entry).filter((span): span is Span => span !== null && span.batch !== batch);
  const madeUp = others.reduce((sum, span) => sum + gramsOf(span), book.madeUp.get(batch) ?? 0n);
  if (others.length > 0) book.madeUp.set(batch, madeUp);
  const first = !book.cancellations.has(id);
  if (first) book.cancellations.set(id, entry);
  if (!book.revokedBatches.has(batch)) book.causeless.set(batch, id);
  const whole = counted(book, { name, total: first ? numberOf(entry.grams) : null, grams });
  return fault ?? (typeof whole === "string" ? whole : null);
};
