import type { Book, Entry, Rule } from "./book.ts";
import { fromBase64url } from "./bytes.ts";
import { cancelled, certified, passedOn, retired } from "./certified.ts";
import { accreditationFault, daysFault } from "./days.ts";
import { isSmallOrder, nameOf } from "./keys.ts";
import { sha256Now } from "./sha256.ts";
import { numberOf } from "./spans.ts";

/** Batches are numbered without a gap; one that came to nothing is void. */
const counted: Rule = (book, entry) => {
  const number = Number(entry.batch);
  if (number <= book.lastBatch)
    return `Batch ${entry.batch} was issued before: its serial numbers are given twice`;
  if (number !== book.lastBatch + 1) return `Batch ${book.lastBatch + 1} is missing before ${entry.batch}`;
  book.lastBatch = number;
  return null;
};

/** Only what was before the log can have come to nothing: since then numbers are given without a gap. */
const voided: Rule = (book, entry) =>
  counted(book, entry) ??
  (book.certificates.size > 0
    ? `Batch ${entry.batch} is void, though numbers are given without a gap since the log began`
    : null);

/** A batch says from when to when it was driven and by whom its auditor is accredited; no later one says less. */
const datedFault: Rule = (book, entry) => {
  const version = typeof entry.v === "number" ? entry.v : 1;
  if (version === 1 && book.batchVersion > 1)
    return `Batch ${entry.batch} does not say from which day to which it was driven`;
  if (version < book.batchVersion)
    return `Batch ${entry.batch} says nothing of its auditor's accreditation, after others that do`;
  book.batchVersion = version;
  return daysFault(entry) ?? accreditationFault(entry);
};

/** A tree of trips stands behind one batch, and has as many as it says; what it sets aside it has. */
const treeFault: Rule = (book, { batch, trips, tree, grams, bufferGrams }) => {
  const { root, size } = Object(tree) as { root?: unknown; size?: unknown };
  const before = book.roots.get(String(root));
  book.roots.set(String(root), before ?? String(batch));
  if (before !== undefined)
    return `Batch ${batch} is of the trips of batch ${before}: they are counted twice`;
  if (trips !== undefined && trips !== size)
    return `Batch ${batch} says that it is of ${trips} trips, its tree has ${size}`;
  const aside = bufferGrams === undefined ? 0n : numberOf(bufferGrams);
  return aside === null || aside > (numberOf(grams) ?? 0n)
    ? `Batch ${batch} sets ${bufferGrams} g aside, it has ${grams} g`
    : null;
};

const issued: Rule = (book, entry) => {
  const grams = numberOf(entry.grams);
  const tree = entry.tree as { sum?: unknown; size?: unknown } | null;
  if (grams === null) return `Batch ${entry.batch} has no grams`;
  const fault = counted(book, entry);
  book.batches.set(String(entry.batch), { entry, grams, gone: [], goneGrams: 0n });
  book.issued += grams;
  if (fault) return fault;
  if (!tree) return `Batch ${entry.batch} of ${grams} g was issued without trips`;
  if (book.factorSets.size > 0 && !book.factorSets.has(String(entry.factorSet)))
    return `Batch ${entry.batch} is counted by ${entry.factorSet}, a factor set that was never logged`;
  const sum = numberOf(tree.sum);
  if (sum === null && book.summed)
    return `Batch ${entry.batch} has a tree that commits to no grams, after others whose trees do`;
  if (sum !== null) book.summed = true;
  if (sum !== null && sum !== grams) return `Batch ${entry.batch} has ${grams} g, its trips give ${sum} g`;
  if (entry.certificate === null) return `Batch ${entry.batch} has no certificate`;
  return treeFault(book, entry) ?? datedFault(book, entry);
};

const revoked: Rule = (book, entry) => {
  const isBatch = entry.what === "batch";
  const name = String(isBatch ? entry.batch : entry.number);
  const [kept, known] = isBatch
    ? [book.revokedBatches, book.batches.has(name)]
    : [book.revokedCertificates, book.certificates.has(name)];
  if (isBatch) book.causeless.delete(name);
  const before = kept.has(name);
  if (!before) kept.set(name, entry);
  const what = isBatch ? "Batch" : "Certificate";
  if (!known) return `${what} ${name} is revoked and was never ${isBatch ? "issued" : "logged"}`;
  const [owed, grams] = [numberOf(entry.owed), isBatch ? (book.batches.get(name)?.grams ?? 0n) : 0n];
  if (owed !== null && owed > grams) return `${what} ${name} has ${grams} g, and ${owed} g are owed for it`;
  return before ? `${what} ${name} was revoked before` : null;
};

const keyed: Rule = (book, entry) => {
  const id = String(entry.id);
  if (book.keys.has(id)) return `Key ${id} was added before`;
  const first = book.keys.size === 0;
  book.keys.set(id, { publicKey: String(entry.publicKey), from: entry.at, until: null });
  if (!first && entry.cross === null) return `Key ${id} was added without the signature of one before it`;
  const bytes = fromBase64url(String(entry.publicKey));
  const own = bytes?.length === 32 && !isSmallOrder(bytes) && id === nameOf(sha256Now(bytes));
  return own ? null : `Key ${id} is not called as its bytes ask for`;
};

const withdrawn: Rule = (book, entry) => {
  const key = book.keys.get(String(entry.id));
  if (!key) return `Key ${entry.id} is withdrawn and was never logged`;
  if (key.until !== null) return `Key ${entry.id} was withdrawn before, on ${key.until}`;
  key.until = entry.at;
  return null;
};

/** A transaction that began before a book was closed may end after it; an hour is more than any takes. */
const hour_ms = 3_600_000;

/** Retirements from before the last book have their certificate by now. */
const uncertifiedFault = (book: Book): string | null => {
  for (const id of book.uncertified) {
    const at = book.retirements.get(id)?.entry.at;
    if (at !== undefined && at < book.floor) return `Retirement ${id} of ${at} has no certificate`;
  }
  return null;
};

const totalled: Rule = (book, entry) => {
  const day = String(entry.day);
  book.books.set(day, entry);
  book.lastClosed = entry.at;
  for (const head of Array.isArray(entry.audit) ? (entry.audit as Record<string, unknown>[]) : [])
    book.audit.set(`${head.chain}/${head.seq}`, String(head.hash));
  const totals = entry.totals as Record<string, unknown> | undefined;
  const holdings = entry.holdings as Record<string, unknown> | undefined;
  if (!holdings && book.bound) return `The book of ${day} has no root over what everybody holds`;
  const late = uncertifiedFault(book);
  if (holdings) {
    book.bound = true;
    book.floor = new Date(Date.parse(entry.at) - hour_ms).toISOString();
    if (numberOf(holdings.sum) !== book.issued)
      return `The book of ${day} gives out ${holdings.sum} g to its holders, the entries before it ${book.issued} g`;
  }
  for (const state of ["issued", "retired", "cancelled"] as const)
    if (totals && numberOf(totals[state]) !== book[state])
      return `The book of ${day} says ${totals[state]} g ${state}, the entries before it ${book[state]} g`;
  if (day <= book.lastDay) return `The book of ${day} comes after that of ${book.lastDay}`;
  book.lastDay = day;
  return late;
};

/** A day's copy of all rows is taken once, when the day is over. */
const copied: Rule = (book, entry) => {
  const day = String(entry.day);
  if (book.snapshots.has(day)) return `The snapshot of ${day} was logged before`;
  book.snapshots.set(day, entry);
  return entry.at.slice(0, 10) > day
    ? null
    : `The snapshot of ${day} is dated ${entry.at}, before that day was over`;
};

const named: Rule = (book, entry) => {
  const [name, hash] = [String(entry.name), String(entry.hash)];
  const known = book.factorSets.get(name);
  book.factorSets.set(name, known ?? hash);
  return known === undefined || known === hash
    ? null
    : `Factor set ${name} is logged with another hash than before: ${hash}, not ${known}`;
};

const rules: Readonly<Record<string, Rule>> = {
  batch_issued: issued,
  void: voided,
  certificate: certified,
  retired,
  cancelled,
  revoked,
  key: keyed,
  key_withdrawn: withdrawn,
  book: totalled,
  snapshot: copied,
  factor_set: named,
  standing: passedOn,
};

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const isMoment = (at: unknown): at is string =>
  typeof at === "string" && moment.test(at) && !Number.isNaN(Date.parse(at));

/** An entry's version is one that was described: 1, and for a batch up to 3. */
const versionFault = ({ kind, v = 1 }: Entry): string | null =>
  Number.isSafeInteger(v) && Number(v) >= 1 && Number(v) <= (kind === "batch_issued" ? 3 : 1)
    ? null
    : `An entry of kind ${kind} in version ${String(v).slice(0, 20)}, which this monitor does not know`;

/** What was entered before a book was closed is not dated after it. */
const futureFault = (book: Book, { kind, at, day }: Entry): string | null => {
  const { latest } = book;
  if (kind === "book" && latest.at > new Date(Date.parse(at) + hour_ms).toISOString())
    return `The book of ${day} was closed on ${at}, after ${latest.place} that is dated ${latest.at}`;
  return null;
};

/** Notes the latest moment that any entry names, for whoever has a clock. */
const noted = (book: Book, entry: Entry): void => {
  const name = entry.batch ?? entry.number ?? entry.id ?? entry.day ?? entry.name ?? "";
  if (entry.at > book.latest.at)
    book.latest = { at: entry.at, place: `an entry of kind ${entry.kind} (${name})` };
};

/**
 * Reads an entry into the book. A sentence when it cannot be true after those before it; it is read all the same.
 */
export const readInto = (book: Book, entry: Entry): string | null => {
  if (!isMoment(entry.at)) return `${String(entry.at).slice(0, 40)} is no moment`;
  const rule = Object.hasOwn(rules, entry.kind) ? rules[entry.kind] : undefined;
  const future = futureFault(book, entry);
  noted(book, entry);
  const early =
    entry.at < book.floor
      ? `It is dated ${entry.at}, before the book of ${book.lastDay} was closed, and was entered after it`
      : null;
  const fault = rule ? rule(book, entry) : `An entry of kind ${entry.kind}, which this monitor does not know`;
  return fault ?? versionFault(entry) ?? early ?? future;
};
