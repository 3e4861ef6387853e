import type { Book } from "./book.ts";

/**
 * What an entry still has to come for, or it is a fault: two certificates of one gram, parts that are missing, a batch
 * without its certificate, a retirement's certificate without the retirement, a cancellation that nothing was revoked for.
 */
export function* openFaults(book: Book): Generator<string> {
  yield* book.current.disputes();
  for (const [name, grams] of book.incomplete) yield `${name} is not whole: ${grams} g are missing.`;
  for (const number of new Set(book.unretired.values()))
    yield `Certificate ${number} says that grams were retired, which no retirement took.`;
  for (const [batch, id] of book.causeless)
    yield `Cancellation ${id} is for batch ${batch}, which was never revoked.`;
  const issuances = new Set<unknown>();
  for (const entry of book.certificates.values())
    if (entry.certificate === "issuance") issuances.add(entry.hash);
  for (const [number, { entry }] of book.batches)
    if (entry.certificate !== null && !issuances.has(entry.certificate))
      yield `Batch ${number} names a certificate that was never logged.`;
}
