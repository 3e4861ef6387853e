import { Current, placeIn, readSpan, type Span } from "./current.ts";

/** An entry as the log has it. */
export type Entry = Readonly<Record<string, unknown>> & { readonly kind: string; readonly at: string };

type Batch = { readonly entry: Entry; readonly grams: bigint; gone: { first: bigint; last: bigint }[] };

/** What a monitor has replayed: its own book of every gram, from the log's entries alone. */
export type Book = {
  lastBatch: number;
  /** Whether a batch's tree has committed to its grams: every later one must. */
  summed: boolean;
  readonly batches: Map<string, Batch>;
  readonly certificates: Map<string, Entry>;
  /** Which certificate is current for which grams. */
  readonly current: Current;
  readonly retirements: Map<string, { entry: Entry; grams: bigint }>;
  readonly revokedCertificates: Set<string>;
  readonly revokedBatches: Set<string>;
  readonly keys: Map<string, { publicKey: string; from: string; until: string | null }>;
  readonly audit: Map<string, string>;
  /** Whether a day's book has had a root over what everybody holds: every later one must. */
  bound: boolean;
  issued: bigint;
  retired: bigint;
  cancelled: bigint;
};

export const emptyBook = (): Book => ({
  lastBatch: 0,
  summed: false,
  batches: new Map(),
  certificates: new Map(),
  current: new Current(),
  retirements: new Map(),
  revokedCertificates: new Set(),
  revokedBatches: new Set(),
  keys: new Map(),
  audit: new Map(),
  bound: false,
  issued: 0n,
  retired: 0n,
  cancelled: 0n,
});

/** Takes grams out of circulation; a sentence when they were never issued or are gone already. */
const taken = (book: Book, { batch: number, first, last }: Span, why: string): string | null => {
  const batch = book.batches.get(number);
  if (!batch) return `${why} takes grams of batch ${number}, which was never issued`;
  if (last > batch.grams)
    return `${why} takes grams up to ${last} of batch ${number}, which has ${batch.grams}`;
  const at = placeIn(batch.gone, first);
  const [before, after] = [batch.gone[at - 1], batch.gone[at]];
  if ((before && before.last >= first) || (after && after.first <= last))
    return `${why} takes grams ${first}-${last} of batch ${number} that were retired or cancelled before`;
  batch.gone.splice(at, 0, { first, last });
  return null;
};

const numberOf = (value: unknown): bigint | null =>
  typeof value === "string" && /^\d{1,18}$/.test(value) ? BigInt(value) : null;

type Rule = (book: Book, entry: Entry) => string | null;

/** Batches are numbered without a gap; one that came to nothing is void. */
const counted = (book: Book, entry: Entry): string | null => {
  const number = Number(entry.batch);
  if (number <= book.lastBatch)
    return `Batch ${entry.batch} was issued before: its serial numbers are given twice`;
  if (number !== book.lastBatch + 1) return `Batch ${book.lastBatch + 1} is missing before ${entry.batch}`;
  book.lastBatch = number;
  return null;
};

const issued: Rule = (book, entry) => {
  const grams = numberOf(entry.grams);
  const tree = entry.tree as { sum?: unknown; size?: unknown } | null;
  if (grams === null) return `Batch ${entry.batch} has no grams`;
  const fault = counted(book, entry);
  book.batches.set(String(entry.batch), { entry, grams, gone: [] });
  book.issued += grams;
  if (fault) return fault;
  if (!tree) return `Batch ${entry.batch} of ${grams} g was issued without trips`;
  const sum = numberOf(tree.sum);
  if (sum === null && book.summed)
    return `Batch ${entry.batch} has a tree that commits to no grams, after others whose trees do`;
  if (sum !== null) book.summed = true;
  if (sum !== null && sum !== grams) return `Batch ${entry.batch} has ${grams} g, its trips give ${sum} g`;
  return entry.certificate === null ? `Batch ${entry.batch} has no certificate` : null;
};

const keyAt = (book: Book, id: unknown, at: string): string | null => {
  const key = book.keys.get(String(id));
  if (!key) return `is signed with ${id}, a key that was never logged`;
  if (at < key.from) return `is dated ${at}, before its key ${id} was in use (${key.from})`;
  return key.until !== null && at >= key.until ? `is signed with ${id}, withdrawn on ${key.until}` : null;
};

const spansOf = (entry: Entry): (Span | null)[] =>
  Array.isArray(entry.ranges) ? entry.ranges.map(readSpan) : [null];

const certified: Rule = (book, entry) => {
  const number = String(entry.number);
  const known = book.certificates.get(number);
  const first = entry.part === undefined || entry.part === 1;
  if (first === (known !== undefined))
    return first
      ? `Certificate ${number} was logged before`
      : `Certificate ${number} begins with a later part`;
  if (first) book.certificates.set(number, entry);
  for (const span of entry.ranges === undefined ? [] : spansOf(entry)) {
    if (!span) return `Certificate ${number} names no grams`;
    const batch = book.batches.get(span.batch);
    if (!batch || span.last > batch.grams)
      return `Certificate ${number} is of grams up to ${span.last} of batch ${span.batch}, which were never issued`;
    book.current.claim(span, number);
  }
  const fault = first ? keyAt(book, entry.key, entry.at) : null;
  return fault && `Certificate ${number} ${fault}`;
};

/** Ranges of a certificate that are passed on; `by` is null where they were before it was made. */
const passedOn: Rule = (book, entry) => {
  const number = String(entry.number);
  const certificate = book.certificates.get(number);
  const by = entry.by === null ? null : String(entry.by);
  if (!certificate) return `Certificate ${number} passes on grams and was never logged`;
  if (by !== null && !book.certificates.has(by))
    return `Certificate ${number} passes on grams to ${by}, which was never logged`;
  for (const span of spansOf(entry)) {
    if (!span) return `The standing of certificate ${number} names no grams`;
    const fault = book.current.pass(span, { number, by, known: certificate.ranges !== undefined });
    if (fault) return fault;
  }
  return null;
};

const leaving =
  (state: "retired" | "cancelled"): Rule =>
  (book, entry) => {
    const why = `${state === "retired" ? "Retirement" : "Cancellation"} ${entry.id}`;
    let sum = 0n;
    let fault: string | null = null;
    for (const span of spansOf(entry)) {
      if (!span) return `${why} names no grams`;
      fault ??= taken(book, span, why);
      sum += span.last - span.first + 1n;
    }
    book[state] += sum;
    if (state === "retired") {
      const before = book.retirements.get(String(entry.id))?.grams ?? 0n;
      book.retirements.set(String(entry.id), { entry, grams: before + sum });
      const total = numberOf(entry.grams);
      if (total !== null && before + sum > total) fault ??= `${why} takes more than its ${total} g`;
    }
    return fault;
  };

const revoked: Rule = (book, entry) => {
  const [set, name] =
    entry.what === "batch"
      ? [book.revokedBatches, String(entry.batch)]
      : [book.revokedCertificates, String(entry.number)];
  if (entry.what === "batch" && !book.batches.has(name))
    return `Batch ${name} is revoked and was never issued`;
  set.add(name);
  return null;
};

const keyed: Rule = (book, entry) => {
  const known = book.keys.size > 0;
  book.keys.set(String(entry.id), { publicKey: String(entry.publicKey), from: entry.at, until: null });
  return known && entry.cross === null
    ? `Key ${entry.id} was added without the signature of one before it`
    : null;
};

const withdrawn: Rule = (book, entry) => {
  const key = book.keys.get(String(entry.id));
  if (!key) return `Key ${entry.id} is withdrawn and was never logged`;
  key.until = entry.at;
  return null;
};

const totalled: Rule = (book, entry) => {
  for (const head of Array.isArray(entry.audit) ? (entry.audit as Record<string, unknown>[]) : [])
    book.audit.set(`${head.chain}/${head.seq}`, String(head.hash));
  const totals = entry.totals as Record<string, unknown> | undefined;
  const holdings = entry.holdings as Record<string, unknown> | undefined;
  if (!holdings && book.bound) return `The book of ${entry.day} has no root over what everybody holds`;
  if (holdings) {
    book.bound = true;
    if (numberOf(holdings.sum) !== book.issued)
      return `The book of ${entry.day} gives out ${holdings.sum} g to its holders, the entries before it ${book.issued} g`;
  }
  for (const state of ["issued", "retired", "cancelled"] as const)
    if (totals && numberOf(totals[state]) !== book[state])
      return `The book of ${entry.day} says ${totals[state]} g ${state}, the entries before it ${book[state]} g`;
  return null;
};

const rules: Readonly<Record<string, Rule>> = {
  batch_issued: issued,
  void: counted,
  certificate: certified,
  retired: leaving("retired"),
  cancelled: leaving("cancelled"),
  revoked,
  key: keyed,
  key_withdrawn: withdrawn,
  book: totalled,
  factor_set: () => null,
  standing: passedOn,
};

/** Reads an entry into the book. A sentence when it cannot be true after those before it; it is read all the same. */
export const readInto = (book: Book, entry: Entry): string | null => {
  const rule = Object.hasOwn(rules, entry.kind) ? rules[entry.kind] : undefined;
  return rule ? rule(book, entry) : `An entry of kind ${entry.kind}, which this monitor does not know`;
};
